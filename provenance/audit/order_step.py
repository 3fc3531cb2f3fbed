"""The step about the order of content (docs/formats.md, Entries): what may follow what. Not for what content says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import IdError
from worldloom.provenance.ids import WORLD_RANGE, agent_number, decision_id

from .gists import Block, Decided, Gist, Made
from .opened import Fault, OpenRun

LAST_ROUND = 8
"""A step has a first round and at most this many later ones (docs/design.md, section 5)."""


def order(run: OpenRun) -> Iterator[Fault]:
    """Scenario, genesis, what fills its slots, steps (rounds of decisions, artifacts, then events), exports, end."""
    walk = _Walk()
    for gist in run.gists:
        if not gist.content:
            continue
        fault = walk.follow(gist)
        if fault:
            yield Fault(gist.path, f"entry {gist.index}: {fault}")
    if run.seal is not None and run.entries is not None and not walk.ended:
        yield Fault("log/checkpoint", "the log is sealed and has no `end`")


@dataclass
class _Walk:
    """Where the walk over content stands: at which step, in which round, what came last there."""

    number: int = 0
    time: int = -1
    ended: bool = False
    exports: bool = False
    seen: set[bytes] = field(default_factory=set)
    round: int = 0
    decider: int = -1
    """The last agent whose decision came in this round."""

    maker: int = -1
    """The last agent whose artifact came in this round."""

    payload: str = ""
    """What that artifact's payload is: a second one of the same agent must have been made from it."""

    genesis: str = ""
    """Hex content digest of genesis."""

    slots: bool = False
    """Whether nothing has followed genesis but artifacts that fill its slots."""

    slot: int = -1
    """The last agent for whom a slot of genesis was filled."""

    ranges: list[int] = field(default_factory=list)
    """Ranges of the event blocks of this step."""

    def follow(self, gist: Gist) -> str:
        """Take the next content; returns why it may not stand here, or `""`."""
        number = self.number
        self.number += 1
        if self.ended:
            return "content after `end`"
        if gist.content in self.seen:
            return "the same content twice"
        self.seen.add(gist.content)
        if gist.time < self.time:
            return f"is of time {gist.time}, after content of {self.time}"
        if gist.time > self.time:
            self.time, self.round, self.decider, self.maker, self.ranges = gist.time, 0, -1, -1, []
        first = {0: EntryKind.SCENARIO, 1: EntryKind.GENESIS}.get(number)
        if (gist.kind if gist.kind in (EntryKind.SCENARIO, EntryKind.GENESIS) else None) != first:
            return "content begins with the scenario and then genesis, each once"
        return self._of_kind(gist)

    def _of_kind(self, gist: Gist) -> str:
        kind, said = gist.kind, gist.said
        if kind == EntryKind.GENESIS:
            self.genesis, self.slots = gist.content.hex(), True
        elif kind == EntryKind.ARTIFACT and isinstance(said, Made) and said.parents == (self.genesis,):
            return self._slot(said, gist.time)
        elif kind != EntryKind.ARTIFACT or gist.read:  # an erased artifact may have filled a slot
            self.slots = False
        if kind == EntryKind.END:
            self.ended = True
        elif kind == EntryKind.EXPORT:
            self.exports = True
        elif self.exports:
            return "after the exports only `end` may come"
        elif isinstance(said, Decided):
            return self._decision(said, gist.time)
        elif isinstance(said, Made):
            return self._artifact(said, gist)
        elif isinstance(said, Block):
            return self._events(said)
        return ""

    def _decision(self, said: Decided, time: int) -> str:
        round_ = said.round
        try:
            agent = agent_number(said.agent)
        except IdError as error:
            return str(error)
        if said.id != decision_id(time, agent, round_):
            return f"decision {said.id[:80]!r} is of {said.agent}, round {round_}, at {time} s"
        if self.ranges or not self.round <= round_ <= LAST_ROUND:
            return f"a decision of round {round_} after round {self.round}, or after the events of its step"
        if round_ > self.round:
            self.round, self.decider, self.maker = round_, -1, -1
        if self.maker >= 0 or agent <= self.decider:
            return f"the decision of agent-{agent} after that of agent-{max(self.decider, self.maker)} or its artifact"
        self.decider = agent
        return ""

    def _artifact(self, said: Made, gist: Gist) -> str:
        try:
            agent = agent_number(said.agent)
        except IdError as error:
            return str(error)
        if said.time != gist.time:
            return f"an artifact of {said.time} s in an entry of {gist.time} s"
        if self.ranges:
            return "an artifact after the events of its step"
        read, self.payload = self.payload, said.payload
        if agent == self.maker and read in gist.inputs:
            return ""  # a song: its tune follows its words
        if agent <= self.maker:
            # A round without decisions shows by its artifacts alone, which begin again with the lowest agent.
            self.round += 1
            if self.round > LAST_ROUND:
                return f"the artifact of agent-{agent} after that of agent-{self.maker}"
        self.maker = agent
        return ""

    def _slot(self, said: Made, time: int) -> str:
        """Take an artifact that fills a slot of genesis: one an agent, by number."""
        try:
            agent = agent_number(said.agent)
        except IdError as error:
            return str(error)
        if said.time != time:
            return f"an artifact of {said.time} s in an entry of {time} s"
        if not self.slots:
            return f"a slot of genesis, of {said.agent}, is filled after the world has begun to move"
        if agent <= self.slot:
            return f"a slot of agent-{agent} after that of agent-{self.slot}"
        self.slot = agent
        return ""

    def _events(self, block: Block) -> str:
        ranges = self.ranges
        # The range of scenario and world stands before or after all ranges of agents.
        after_world = WORLD_RANGE in ranges[1:] or block.range in ranges
        if after_world or (block.range != WORLD_RANGE and ranges and block.range < ranges[-1]):
            return f"events of range {block.range} after those of ranges {ranges}"
        ranges.append(block.range)
        return ""
