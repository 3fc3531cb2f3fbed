"""Lessons for the language model: prompts of villages, varied by a seed, and the rules' answers. Endless, no files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from worldloom.agents.rules import Rules
from worldloom.agents.rules.reading import Dice
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.requests import Request, Status

from .case import Case, take_apart
from .derived import interview, letter, reflection, song
from .gifts import with_gifts
from .strange import estrange
from .variation import vary

VERSION = 3
"""Changes whenever a lesson of the same prompts and seed does, for other reasons than the rules' own words."""

SHARES = {
    "decide": 22,
    "talk": 21,
    "plan": 12,
    "make": 13,
    "letter": 4,
    "reflect": 16,
    "interview": 8,
    "song": 4,
}
"""How many lessons in a hundred are of each purpose."""
STRANGE = 40
"""In how many cases of a hundred memories are told in words that no village uses."""

LOOKED_AGAIN = 50
"""In how many lessons of a hundred on looking back somebody does so on what came to mind at a moment of the day."""

_DERIVED_FROM = ("decide", "talk")
_PURPOSES = tuple(purpose for purpose, share in SHARES.items() for _ in range(share))


class Lesson(NamedTuple):
    """A prompt and the answer to learn; `schema` is the answer's, empty for plain text."""

    purpose: str
    prompt: str
    answer: str
    schema: Mapping[str, Any]


class Lessons:
    """Lesson number n of a seed is a pure function of the village prompts, the seed and n."""

    def __init__(self, prompts: Sequence[str], seed: int) -> None:
        self._seed = seed
        self._rules = Rules()
        self._by_purpose: dict[str, list[Case]] = {}
        for prompt in prompts:
            case = take_apart(prompt)
            self._by_purpose.setdefault(case.purpose, []).append(case)

    def lesson(self, number: int, *, held_out: bool = False) -> Lesson:
        """Return lesson `number`; a case whose answer would mean nothing is passed over for the next one.

        People of a held-out kind (`is_held_out`) are in no other lessons, and nobody else is in held-out ones.
        """
        dice = Dice(_word(self._seed, number))
        while True:
            case = self._case(dice)
            if is_held_out(case) != held_out:
                continue
            purpose, prompt = case.purpose, case.text()
            answer = self._rules.generate([_request(purpose, prompt, dice)])[0]
            schema = SCHEMAS.get(purpose, {})
            if answer.status is Status.OK and not (schema and read_answer(answer.text, schema)[1]):
                return Lesson(purpose, prompt, answer.text, schema)

    def _case(self, dice: Dice) -> Case:
        purpose = dice.pick(_PURPOSES)
        lived = purpose in self._by_purpose and not (purpose == "reflect" and dice.chance(LOOKED_AGAIN))
        source = purpose if lived else dice.pick(_DERIVED_FROM)
        known = self._by_purpose[source]
        case = vary(known[dice.below(len(known))], dice)
        if dice.chance(STRANGE):
            estrange(case, dice)
        if purpose == "reflect":
            return with_gifts(case if lived else reflection(case), dice)
        if lived:
            return case
        if purpose == "interview":
            return interview(case, dice)
        return (letter(case, dice) if purpose == "letter" else song(case, dice)) or case


def is_held_out(case: Case) -> bool:
    """Whether somebody of this job and first manner is never seen in training: one pair in eight."""
    manner = case.fields.get("manner", "").partition(" and ")[0]
    return _word(0, f"{case.fields.get('job', '')}/{manner}") % 8 == 0


def _request(purpose: str, prompt: str, dice: Dice) -> Request:
    return Request("text", purpose, "agent-0", 0, 0, dice.below(1 << 40), prompt)


def _word(seed: int, what: object) -> int:
    """Return 64 bits of a seed and a number or a word."""
    return int.from_bytes(hashlib.blake2b(f"{seed} {what}".encode(), digest_size=8).digest(), "big")
