"""Small questions about a prompt that follow an answer in training: which line do these words stand in? Never written.

An answer points at lines by their labels a few times; a quiz does it often, so that pointing is learnt from far fewer
lessons. A quiz is QUIZ, some words that stand in one line alone, ANSWER, and that line's label.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence

from .tokens import ANSWER, ITEM, SPECIAL, Tokens

QUIZZES = 8
"""Quizzes of a lesson, if its lines have words of their own for so many."""
_ASKED = (2, 4)
"""Tokens that are asked about, at least and at most."""
_BEGINS, _ASKS = SPECIAL.index(ITEM), SPECIAL.index(ANSWER)
_LINE = re.compile(r"^(?:to: |from: )?([eipmo][1-9][0-9]?)( .*)$", re.MULTILINE)


def quizzes(tokens: Tokens, case: str) -> list[tuple[list[int], list[int]]]:
    """Return (question, label) in numbers for lines of a case; a pure function of the case."""
    dice = random.Random(hashlib.blake2b(case.encode(), digest_size=8).digest())  # noqa: S311  (no secret)
    lines = _LINE.findall(case)
    dice.shuffle(lines)
    told = [tuple(tokens.encode(words)) for _, words in lines]
    asked: list[tuple[list[int], list[int]]] = []
    for (label, _), words in zip(lines, told, strict=True):
        span = _own(words, told, dice)
        if span and len(asked) < QUIZZES:
            asked.append(([_BEGINS, *span, _ASKS], list(tokens.encode(label))))
    return asked


def _own(words: Sequence[int], told: Sequence[Sequence[int]], dice: random.Random) -> Sequence[int]:
    """Return some neighbouring tokens of a line that no other line has; none where three tries found none."""
    for _ in range(3):
        length = min(len(words), dice.randint(*_ASKED))
        start = dice.randrange(len(words) - length + 1)
        span = words[start : start + length]
        if sum(_within(span, line) for line in told) == 1:
            return span
    return ()


def _within(span: Sequence[int], line: Sequence[int]) -> bool:
    many = len(span)
    return any(line[at : at + many] == span for at in range(len(line) - many + 1))
