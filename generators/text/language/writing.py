"""Answers requests with the engine: reads prompts, writes a round's answers side by side, each by its own chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from worldloom.generators.requests import Request
from worldloom.generators.sequence.sampling import choose, noise

from .choices import Vocabulary, Words, Writer
from .engine import ROWS, Engine
from .learning import prompt_tokens
from .model import MAX_ANSWER, MAX_TOKENS
from .prompts import case_of, labels_of
from .tokens import SPECIAL, Tokens
from .values import answer_of, form_of

WIDTHS = (256, 320, 384, 512, MAX_TOKENS)
"""Places of a batch's rows; a request takes the first that its prompt and the longest answer fit into."""
SHORT_ANSWER = 80
"""Tokens of the longest answer that is one object."""


class Sampling(NamedTuple):
    """Softmax temperatures and nucleus, in hundredths: of words, and of choices among words, labels and times."""

    words: int = 80
    choices: int = 50
    top_p: int = 92


class _Row:
    """One request on its way."""

    def __init__(self, request: Request, vocabulary: Vocabulary, sampling: Sampling) -> None:
        form = form_of(request.schema)
        self.seed, self._sampling = request.seed, sampling
        self.prompt = prompt_tokens(vocabulary.tokens, request.prompt)
        long = form.plain or form.list_name
        self.longest = MAX_ANSWER if long else SHORT_ANSWER
        self.writer = Writer(form, labels_of(case_of(request.prompt)), vocabulary, self.longest - 2)
        self.form = form
        self.written: list[int] = []

    @property
    def width(self) -> int:
        return next(width for width in WIDTHS if len(self.prompt) + self.longest <= width)

    def take(self, logits: Any, words: Any) -> None:
        """Choose the next token from the model's logits, float32 (words,)."""
        options = self.writer.options()
        if isinstance(options, Words):
            numbers = np.concatenate((words[options.lines], np.array(options.ends, np.int64)))
        else:
            numbers = np.array(options, np.int64)
        at = 0
        if len(numbers) > 1:
            uniform = noise(self.seed, len(self.written))
            warmth = self._sampling.words if isinstance(options, Words) else self._sampling.choices
            at = choose(logits[numbers], uniform, warmth / 100, self._sampling.top_p / 100)
        self.written.append(int(numbers[at]))
        self.writer.push(self.written[-1])

    @property
    def done(self) -> bool:
        return self.writer.done or len(self.written) >= self.longest


class Scribe:
    """A model that writes answers. Not for two threads at once."""

    def __init__(self, model: Any, tokens: Tokens) -> None:
        self._engine = Engine(model, MAX_TOKENS)
        self._vocabulary = Vocabulary(tokens)
        texts = [tokens.decode([number]) for number in range(len(tokens.words))]
        plain = list(range(len(SPECIAL), len(texts)))
        self._words = {
            True: np.array(plain, np.int64),
            False: np.array([number for number in plain if "\n" not in texts[number]], np.int64),
        }

    def answer(self, requests: Sequence[Request]) -> list[tuple[str, int]]:
        """Return each request's answer with how many tokens it took, in order."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        rows = [_Row(request, self._vocabulary, _sampling_of(request)) for request in requests]
        with torch.inference_mode():
            for width in WIDTHS:
                mine = [row for row in rows if row.width == width]
                for first in range(0, len(mine), ROWS):
                    self._write(mine[first : first + ROWS], width)
        return [(answer_of(row.writer.records(), row.form), len(row.written)) for row in rows]

    def _write(self, rows: list[_Row], width: int) -> None:
        read = [self._engine.read(row.prompt) for row in rows]
        for row, (logits, _, _) in zip(rows, read, strict=True):
            row.take(logits[0].numpy(), self._words)
        batch = self._engine.batch([(keys, values) for _, keys, values in read], width)
        while not all(row.done for row in rows):
            last = [row.written[-1] for row in rows]
            logits = batch.write([*last, *[0] * (ROWS - len(rows))]).numpy()
            for row, mine in zip(rows, logits, strict=False):
                if not row.done:
                    row.take(mine, self._words)


def _sampling_of(request: Request) -> Sampling:
    """Read what a request says of it: `temperature_percent`, `choice_temperature_percent`, `top_p_percent`."""
    asked, usual = request.parameters, Sampling()
    return Sampling(
        int(asked.get("temperature_percent", usual.words)),
        int(asked.get("choice_temperature_percent", usual.choices)),
        int(asked.get("top_p_percent", usual.top_p)),
    )
