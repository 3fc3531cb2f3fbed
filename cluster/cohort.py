"""Many agents' minds behind one call a round; the same in this process and in a Ray actor. Keeps no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worldloom.agents.cast import Cast
from worldloom.agents.minds import Minds
from worldloom.agents.persona import Persona
from worldloom.agents.turns import Decision, Turn
from worldloom.generators.requests import Answer
from worldloom.provenance.ids import agent_number
from worldloom.provenance.veil import Veil
from worldloom.worlds.observation import Observation

from .embeddings import HASHED_WORDS, embedding_of
from .garbage import uncollected


@dataclass(frozen=True)
class CohortSpec:
    """What a cohort is made from: its own personas, everybody's names, the run's seed, the epoch it serves.

    `embedding` is the specification of what makes the vectors of memories; minds are made `without` those parts; `veil`
    holds the secret of a private run.
    """

    personas: tuple[Persona, ...]
    cast: Cast
    seed: int
    epoch: int = 0
    embedding: str = HASHED_WORDS
    without: tuple[str, ...] = ()
    veil: Veil | None = None

    def minds(self) -> Minds:
        """Return the minds, newly born."""
        return Minds(
            self.personas,
            self.cast,
            self.seed,
            reflection="reflection" not in self.without,
            memory="memory" not in self.without,
            embedding=embedding_of(self.embedding),
            veil=self.veil,
        )


class Cohort:
    """Minds of some agents."""

    def __init__(self, spec: CohortSpec) -> None:
        self._minds = spec.minds()

    def consider(self, time: int, round_: int, observations: Sequence[Observation]) -> list[Turn]:
        """Return one turn for each observation."""
        return self._minds.consider(time, round_, observations)

    def conclude(self, time: int, round_: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:
        """Return one decision for each answer."""
        return self._minds.conclude(time, round_, answers)

    def state(self) -> dict[str, Any]:
        """Return each agent's mind as a canonical JSON value."""
        with uncollected():
            return self._minds.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on the minds of a state; agents that are not of this cohort are passed over."""
        self._minds.restore(state)


def split(personas: Sequence[Persona], cohorts: int) -> list[tuple[Persona, ...]]:
    """Return the personas in at most `cohorts` runs of neighbouring numbers, sizes differing by one at most."""
    ordered = sorted(personas, key=lambda persona: agent_number(persona.agent))
    count = max(1, min(cohorts, len(ordered)))
    base, rest = divmod(len(ordered), count)
    parts, start = [], 0
    for number in range(count):
        end = start + base + (number < rest)
        parts.append(tuple(ordered[start:end]))
        start = end
    return parts
