"""One step of a crowd: its time, its chance, and what is recorded of it. Holds no column and knows no rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.ids import EVENT_BLOCK_IDS, EventId, agent_id
from worldloom.worlds.chance import below, permutation
from worldloom.worlds.errors import WorldError
from worldloom.worlds.events import Journal
from worldloom.worlds.noise import Ints


class Moment:
    """Given to a rule. `time` in seconds, `agents` how many there are. Draws follow from seed, time and purpose."""

    def __init__(self, seed: int, time: int, agents: int, journal: Journal) -> None:
        self.seed = seed
        self.time = time
        self.agents = agents
        self._journal = journal

    @property
    def numbers(self) -> Ints:
        """Everybody's number: int64[agents]."""
        return np.arange(self.agents, dtype=np.int64)

    def below(self, purpose: str, count: int, *keys: Ints | int) -> Ints:
        """Return integers in [0, count): one for each element of the keys, such as agents' numbers (none: one each).

        Equal keys give equal integers within a step, others in the next.
        """
        return below(self.seed, purpose, count, self.time, *(keys or (self.numbers,)))

    def order(self, agents: Ints) -> Ints:
        """Return agents' numbers in the order in which they have their way in this step."""
        return agents[permutation(self.seed, self.time, 0, agents)]

    def record(
        self,
        kind: str,
        agents: Ints,
        *,
        targets: Ints | None = None,
        causes: Sequence[str] | None = None,
        **detail: Ints,
    ) -> list[str]:
        """Record that agents did or suffered something, one event each; returns the events' ids.

        `targets` are numbers of agents, `causes` ids of events, `detail` more integers, all int64[len(agents)]. Raises
        WorldError for lengths that do not agree, and for numbers that are no agent's.
        """
        who, columns = (
            _checked(kind, agents, self.agents),
            {name: list(map(int, each)) for name, each in detail.items()},
        )
        whom = None if targets is None else _checked(kind, targets, self.agents)
        lengths = {len(each) for each in (who, whom, causes, *columns.values()) if each is not None}
        if len(lengths) > 1:
            raise WorldError(
                f"events {kind!r}: agents, targets, causes and details differ in length: {sorted(lengths)}"
            )
        return [
            self._journal.record(
                EventRow(
                    self.time,
                    0,
                    agent_id(number),
                    kind,
                    None if whom is None else agent_id(whom[at]),
                    None,
                    causes[at] or None if causes is not None else None,
                    {name: values[at] for name, values in columns.items()},
                )
            ).id
            for at, number in enumerate(who)
        ]


def rows_of(events: Sequence[str]) -> Ints:
    """Return the rows of events in their blocks: with time and agent they give the ids again (`event_ids`)."""
    return np.array([EventId.parse(event).row for event in events], np.int64)


def event_ids(times: Ints, agents: Ints, rows: Ints) -> list[str]:
    """Return ids of agents' events: "" where the time is negative. All int64, of one length."""
    each = zip(times.tolist(), agents.tolist(), rows.tolist(), strict=True)
    return [str(EventId(time, agent // EVENT_BLOCK_IDS, row)) if time >= 0 else "" for time, agent, row in each]


def _checked(kind: str, agents: Ints, count: int) -> list[int]:
    numbers: list[int] = np.asarray(agents).tolist()
    wrong = next((each for each in numbers if type(each) is not int or not 0 <= each < count), None)
    if wrong is not None:
        raise WorldError(f"events {kind!r}: {wrong!r} is no agent's number; they go from 0 to {count - 1}")
    return numbers
