"""From lessons (prompt, answer) to batches and their loss. Knows no village and no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .model import MAX_ANSWER, MAX_PROMPT
from .prompts import case_of, fitted
from .tokens import ANSWER, END, FIELD, ITEM, PAD, SPECIAL, Tokens
from .values import form_of, records_of

_PAD, _END, _FIELD, _ITEM, _ANSWER = (SPECIAL.index(word) for word in (PAD, END, FIELD, ITEM, ANSWER))


READ_PART, READ_WEIGHT = 0.25, 0.2
"""How many of a prompt's tokens are guessed, too, and what that counts beside the answers."""


class Example(NamedTuple):
    """A lesson in numbers: `tokens` are prompt, answer mark and answer; `start` is the place of the answer's first."""

    tokens: Sequence[int]
    start: int


def prompt_tokens(tokens: Tokens, prompt: str) -> list[int]:
    """Return what the model reads before it answers."""
    return [*fitted(case_of(prompt), tokens.encode, MAX_PROMPT - 1), _ANSWER]


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
    before = prompt_tokens(tokens, prompt)
    return Example([*before, *answer_tokens(tokens, answer, schema)], len(before))


def batch_of(examples: Sequence[Example]) -> tuple[Any, Any]:
    """Return (tokens, targets), integer tensors of shape (rows, width): targets are -100 wherever nothing is learnt."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    width = max(len(each.tokens) for each in examples)
    numbers = torch.full((len(examples), width), _PAD)
    targets = torch.full((len(examples), width), -100)
    for row, each in enumerate(examples):
        numbers[row, : len(each.tokens)] = torch.tensor(each.tokens)
        targets[row, each.start - 1 : len(each.tokens) - 1] = torch.tensor(each.tokens[each.start :])
    return numbers, targets


def loss(model: Any, batch: tuple[Any, Any]) -> Any:
    """Return the mean loss in nats over the answers' tokens, and a share of that over some of the prompts'.

    Prompts repeat names and labels; guessing them teaches the model to look back, which pointing needs. Padding stands
    on the right, so nothing looks at it.
    """
    import torch  # noqa: PLC0415

    numbers, targets = batch
    hidden = model.model(numbers, use_cache=False).last_hidden_state
    learnt = targets >= 0
    answers = torch.nn.functional.cross_entropy(model.lm_head(hidden[learnt]), targets[learnt])
    following = torch.nn.functional.pad(numbers[:, 1:], (0, 1), value=_PAD)
    read = (following != _PAD) & ~learnt & (torch.rand(numbers.shape) < READ_PART)
    prompts = torch.nn.functional.cross_entropy(model.lm_head(hidden[read]), following[read])
    return answers + READ_WEIGHT * prompts
