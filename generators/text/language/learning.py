"""From lessons (prompt, answer) to batches and their loss. Knows no village and no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .model import MAX_ANSWER, MAX_PROMPT, MAX_TOKENS
from .prompts import case_of, fitted
from .quizzes import quizzes
from .tokens import ANSWER, END, FIELD, ITEM, PAD, SPECIAL, Tokens
from .values import form_of, records_of

_PAD, _END, _FIELD, _ITEM, _ANSWER = (SPECIAL.index(word) for word in (PAD, END, FIELD, ITEM, ANSWER))


READ_PART, READ_WEIGHT = 0.25, 0.2
"""How many of a prompt's tokens are guessed, too, and what that counts beside the answers."""


QUIZ_WEIGHT = 0.5
"""What quizzes count beside the answers."""


class Example(NamedTuple):
    """A lesson in numbers: `tokens` are prompt, answer mark, answer and quizzes.

    `answer` and `quizzes` are the places whose tokens are learnt.
    """

    tokens: Sequence[int]
    answer: Sequence[int]
    quizzes: Sequence[int]


class Batch(NamedTuple):
    """Integer tensors of shape (rows, width): tokens, and the next ones to learn, -100 wherever nothing is learnt."""

    tokens: Any
    answers: Any
    quizzes: Any


def prompt_tokens(tokens: Tokens, prompt: str, most: int = MAX_PROMPT) -> list[int]:
    """Return what the model reads before it answers, at most so many tokens."""
    return [*fitted(case_of(prompt), tokens.encode, most - 1), _ANSWER]


def answer_tokens(tokens: Tokens, answer: str, schema: Mapping[str, Any]) -> list[int]:
    """Return an answer's tokens, end included: values ended by FIELD, records by ITEM, the answer by END."""
    records = records_of(answer, form_of(schema))
    numbers: list[int] = []
    for place, record in enumerate(records):
        for at, value in enumerate(record):
            numbers += [*([_FIELD] * (at > 0)), *tokens.encode(value)]
        numbers.append(_ITEM if place + 1 < len(records) else _END)
    return (numbers or [_END])[:MAX_ANSWER]


def example(tokens: Tokens, prompt: str, answer: str, schema: Mapping[str, Any]) -> Example:
    """Return a lesson in numbers."""
    numbers = prompt_tokens(tokens, prompt)
    start = len(numbers)
    numbers += answer_tokens(tokens, answer, schema)
    answered, quizzed = range(start, len(numbers)), list[int]()
    for question, label in quizzes(tokens, case_of(prompt)):
        begin = len(numbers) + len(question)
        if begin + len(label) <= MAX_TOKENS:
            quizzed += range(begin, begin + len(label))
            numbers += [*question, *label]
    return Example(numbers, answered, quizzed)


def batch_of(examples: Sequence[Example]) -> Batch:
    """Return lessons side by side; padding stands on the right, so nothing looks at it."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    width = max(len(each.tokens) for each in examples)
    numbers = np.full((len(examples), width), _PAD, np.int64)
    for row, each in enumerate(examples):
        numbers[row, : len(each.tokens)] = each.tokens
    answers = _targets(numbers, [each.answer for each in examples])
    quizzed = _targets(numbers, [each.quizzes for each in examples])
    return Batch(*(torch.from_numpy(each) for each in (numbers, answers, quizzed)))


def _targets(numbers: np.ndarray, places: Sequence[Sequence[int]]) -> np.ndarray:
    """Return what is to be guessed before each of the places."""
    targets = np.full_like(numbers, -100)
    for row, mine in enumerate(places):
        at = np.asarray(mine, np.int64)
        targets[row, at - 1] = numbers[row, at]
    return targets


def loss(model: Any, batch: Batch) -> Any:
    """Return the mean loss in nats over the answers' tokens, and shares of that over quizzes and some of the prompts.

    Prompts repeat names and labels; guessing them teaches the model to look back, which pointing needs.
    """
    import torch  # noqa: PLC0415

    numbers, answers, quizzed = batch
    following = torch.nn.functional.pad(numbers[:, 1:], (0, 1), value=_PAD)
    chosen = (torch.rand(numbers.shape) < READ_PART).to(numbers.device)
    reading = following.masked_fill((following == _PAD) | (answers >= 0) | (quizzed >= 0) | ~chosen, -100)
    # Half the digits in the products, more speed where the processor has them; sums stay whole.
    with torch.autocast(numbers.device.type, torch.bfloat16):
        hidden = model.model(numbers, use_cache=False).last_hidden_state
        parts = [_guessing(model, hidden, targets) for targets in (answers, quizzed, reading)]
    return parts[0] + QUIZ_WEIGHT * parts[1] + READ_WEIGHT * parts[2]


def _guessing(model: Any, hidden: Any, targets: Any) -> Any:
    """Return the mean loss over the targets; 0 where there are none."""
    import torch  # noqa: PLC0415

    learnt = targets >= 0
    logits = model.lm_head(hidden[learnt]).float()
    return torch.nn.functional.cross_entropy(logits, targets[learnt], reduction="sum") / learnt.sum().clamp(min=1)
