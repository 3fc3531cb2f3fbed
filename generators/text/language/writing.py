"""Answers requests with the engine: reads prompts, writes answers side by side, each by its own chance."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from worldloom.generators.requests import Request
from worldloom.generators.sequence.sampling import choose, choose_steadily, noise, noise_of_each

from .choices import Vocabulary, Words, Writer
from .engine import ROWS, Engine, Row
from .guesses import Guesses
from .learning import prompt_tokens
from .model import MAX_ANSWER, MAX_TOKENS
from .prompts import case_of, labels_of
from .tokens import SPECIAL, Tokens
from .values import answer_of, form_of

SHORT_ANSWER = 80
"""Tokens of the longest answer that is one object."""


class Sampling(NamedTuple):
    """Softmax temperatures and nucleus, in hundredths: of words, and of choices among words, labels and times."""

    words: int = 80
    choices: int = 50
    top_p: int = 92


class _Answer:
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
        self.unread: deque[int] = deque()
        """What is written but not yet in the row."""
        self._options = self.writer.options()

    def take(self, logits: Any, words: Any) -> None:
        """Choose the next token from the model's logits, float32 (words,), and take what must follow it."""
        self._push(self._chosen(logits, words))
        while not self.done and len(self._options) == 1 and not isinstance(self._options, Words):
            self._push(self._options[0])

    def go_on(self, logits: Any, guessed: Sequence[int], words: Any) -> int:
        """Take tokens while the logits after them are known, (1 + guessed, words); return how many were guessed."""
        self.take(logits[0], words)
        for right, guess in enumerate(guessed):
            if self.done or self.unread[0] != guess:
                return right
            self.unread.popleft()
            if not self.unread:
                self.take(logits[right + 1], words)
        return len(guessed)

    @property
    def tokens(self) -> list[int]:
        """Beginning of the prompt, which says what is asked, and what is written: what guesses go by."""
        return [*self.prompt[:3], *self.written]

    @property
    def done(self) -> bool:
        return self.writer.done or len(self.written) >= self.longest

    def _chosen(self, logits: Any, words: Any) -> int:
        options, top_p = self._options, self._sampling.top_p / 100
        if isinstance(options, Words):
            ends = np.array(options.ends, np.int64)
            numbers = np.concatenate((words[options.lines], ends))
            uniform = noise(self.seed, len(self.written))
            return int(numbers[choose(logits[numbers], uniform, self._sampling.words / 100, top_p)])
        numbers = np.array(options, np.int64)
        if len(numbers) == 1:
            return int(numbers[0])
        # What is done hangs on what speaks for it: a line less in the prompt must not shift all other choices.
        uniforms = noise_of_each(self.seed, len(self.written), numbers)
        return int(numbers[choose_steadily(logits[numbers], uniforms, self._sampling.choices / 100, top_p)])

    def _push(self, number: int) -> None:
        self.written.append(number)
        self.unread.append(number)
        self.writer.push(number)
        if not self.writer.done:
            self._options = self.writer.options()


class Scribe:
    """A model that writes answers. Not for two threads at once."""

    def __init__(self, model: Any, tokens: Tokens) -> None:
        self._engine = Engine(model, MAX_TOKENS)
        self._vocabulary = Vocabulary(tokens)
        self._guesses = Guesses()
        texts = [tokens.decode([number]) for number in range(len(tokens.words))]
        plain = list(range(len(SPECIAL), len(texts)))
        self._words = {
            True: np.array(plain, np.int64),
            False: np.array([number for number in plain if "\n" not in texts[number]], np.int64),
        }

    def answer(self, requests: Sequence[Request]) -> list[tuple[str, int]]:
        """Return each request's answer with how many tokens it took, in order."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        answers = [_Answer(request, self._vocabulary, _sampling_of(request)) for request in requests]
        # Long ones first: then few are left that write alone.
        waiting = deque(sorted(answers, key=lambda each: -each.longest))
        writing: dict[_Answer, Row] = {}
        with torch.inference_mode():
            while waiting or writing:
                while waiting and len(writing) < ROWS:
                    answer = waiting.popleft()
                    writing[answer] = self._read(answer)
                self._write(writing)
                for each in [each for each in writing if each.done]:
                    self._guesses.note(each.tokens)
                    del writing[each]
        return [(answer_of(each.writer.records(), each.form), len(each.written)) for each in answers]

    def _read(self, answer: _Answer) -> Row:
        """Read a prompt and choose the first token."""
        logits, row = self._engine.read(answer.prompt, answer.longest)
        answer.take(logits.cpu().numpy(), self._words)
        return row

    def _write(self, writing: Mapping[_Answer, Row]) -> None:
        """Do a step: put what is unread into the rows, as much as fits, and what is guessed to follow; then choose."""
        step = [each for each in writing if not each.done for _ in each.unread][:ROWS]
        if not step:
            return
        read = [each.unread.popleft() for each in step]
        parts = {each: [token for owner, token in zip(step, read, strict=True) if owner is each] for each in step}
        guessed = self._guessed(parts, ROWS - len(step))
        fed = [(each, token) for each, mine in parts.items() for token in (*mine, *guessed[each])]
        logits = self._engine.write([writing[each] for each, _ in fed], [token for _, token in fed]).cpu().numpy()
        at = 0
        for each, mine in parts.items():
            if not each.unread:
                right = each.go_on(logits[at + len(mine) - 1 :], guessed[each], self._words)
                writing[each].length -= len(guessed[each]) - right
            at += len(mine) + len(guessed[each])

    def _guessed(self, parts: Mapping[_Answer, Sequence[int]], room: int) -> dict[_Answer, list[int]]:
        """Return what may follow each answer's last token, in rows of the step that would be idle."""
        share = room // len(parts)
        most = {each: 0 if each.unread else min(share, each.longest - len(each.written)) for each in parts}
        return {each: self._guesses.after(each.tokens, most[each]) for each in parts}


def _sampling_of(request: Request) -> Sampling:
    """Read what a request says of it: `temperature_percent`, `choice_temperature_percent`, `top_p_percent`."""
    asked, usual = request.parameters, Sampling()
    return Sampling(
        int(asked.get("temperature_percent", usual.words)),
        int(asked.get("choice_temperature_percent", usual.choices)),
        int(asked.get("top_p_percent", usual.top_p)),
    )
