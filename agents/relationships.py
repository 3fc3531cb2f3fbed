"""How well one agent knows others, as whole numbers that grow with what they share. Not what they know about them.

Closeness goes from 0 (a stranger) to 1,000. Every meeting closes part of what is missing, so that it never arrives;
a day without any loosens it a little, down to what family and work keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worldloom.provenance.errors import IdError
from worldloom.provenance.ids import agent_number

from .cast import Cast
from .errors import MindStateError
from .persona import Persona

CLOSEST = 1000
FAMILY = 800
COLLEAGUE = 350
MOST = 150
"""How many acquaintances one keeps; the least close goes first."""

SHARES = {"meet": 1, "talk": 4, "gift": 10}
"""What one encounter closes, in hundredths of the closeness still missing."""

_DAY = 86_400
_LOOSENS = 5
"""Closeness lost in a day without an encounter."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How close two are (0..1000), how often they met, when last (seconds), and below what it does not loosen."""

    closeness: int
    times: int
    last: int
    floor: int = 0

    def at(self, time: int) -> int:
        """Return the closeness at a time in seconds."""
        days = max(0, time - self.last) // _DAY
        return max(self.floor, self.closeness - _LOOSENS * days)


class Relationships:
    """The ties of one agent to others."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self._ties: dict[str, Tie] = {}

    @classmethod
    def of(cls, persona: Persona, cast: Cast, time: int = 0) -> Relationships:
        """Return the ties somebody begins with: family, and the nearest in number of those at the same workplace."""
        made = cls(persona.agent)
        number = agent_number(persona.agent)
        colleagues = sorted(cast.workers(persona.work), key=lambda other: abs(agent_number(other) - number))
        colleague, family = Tie(COLLEAGUE, 0, time, COLLEAGUE // 2), Tie(FAMILY, 0, time, FAMILY)
        made._ties |= dict.fromkeys(colleagues[: MOST // 5], colleague)
        made._ties |= dict.fromkeys(persona.household, family)
        made._ties.pop(persona.agent, None)
        return made

    def closeness(self, other: str, time: int) -> int:
        """Return how well the agent knows another at a time: 0 (not at all) to 1,000."""
        tie = self._ties.get(other)
        return tie.at(time) if tie is not None else 0

    def tie(self, other: str) -> Tie | None:
        """Return the tie to another; None to a stranger."""
        return self._ties.get(other)

    def share(self, other: str, what: str, time: int) -> int:
        """Take in an encounter (`meet`, `talk`, `gift`) at a time and return the new closeness.

        Raises ValueError for another encounter. One's own company makes no tie.
        """
        if what not in SHARES:
            raise ValueError(f"{what!r} is no encounter; there are {', '.join(SHARES)}")
        if other == self.agent:
            return CLOSEST
        tie = self._ties.get(other, Tie(0, 0, time))
        now = tie.at(time)
        grown = now + max(1, (CLOSEST - now) * SHARES[what] // 100) if now < CLOSEST else now
        self._ties[other] = Tie(grown, tie.times + 1, max(tie.last, time), tie.floor)
        if len(self._ties) > MOST:
            self._drop_one(time, other)
        return grown

    def _drop_one(self, time: int, but: str) -> None:
        least = min(
            (other for other in self._ties if other != but),
            key=lambda other: (self._ties[other].at(time), self._ties[other].last, -agent_number(other)),
        )
        del self._ties[least]

    def closest(self, time: int, count: int = MOST) -> Sequence[str]:
        """Return whom the agent knows, closest first; of equals the lower number first."""
        known = sorted(self._ties, key=lambda other: (-self._ties[other].at(time), agent_number(other)))
        return known[:count]

    def state(self) -> dict[str, Any]:
        """Return the ties as a canonical JSON value: [closeness, times, last, floor] by agent id."""
        ties = ((other, self._ties[other]) for other in sorted(self._ties, key=agent_number))
        return {other: [tie.closeness, tie.times, tie.last, tie.floor] for other, tie in ties}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on the ties of a state; raises MindStateError and changes nothing."""
        try:
            ties = {}
            for other in sorted(state, key=agent_number):
                closeness, times, last, floor = state[other]
                if not 0 <= floor <= closeness <= CLOSEST:
                    raise ValueError(f"closeness {closeness} to {other}")
                ties[other] = Tie(closeness, times, last, floor)
        except (IdError, TypeError, ValueError) as error:
            raise MindStateError(f"the acquaintances of {self.agent} cannot be restored: {error}") from error
        self._ties = ties
