"""What lineage answers with: rows, pages of them, orphans, differences. Values only; nothing is looked up here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from .kinds import NodeKind, prov_type


class Row(NamedTuple):
    """One node of an answer.

    `entry` is its log index (-1: none of its own), `time` simulated seconds (None: no time), `agent` on whose account
    it is ("" for none). `depth` counts the edges to what was asked about; `via` is the next node on the way there and
    `relation` how the one rests on the other, both "" for the node that was asked about.
    """

    id: str
    kind: NodeKind
    what: str
    time: int | None = None
    agent: str = ""
    entry: int = -1
    depth: int = 0
    relation: str = ""
    via: str = ""

    @property
    def prov(self) -> str:
        """The PROV type: `activity`, `agent` or `entity`."""
        return prov_type(self.kind)


@dataclass(frozen=True)
class Page:
    """Rows of an answer, nearest first, ties in the order of the log. `of` are the nodes that were asked about.

    `after` is what to hand to the same question for the rows that follow, "" where there are none.
    """

    of: tuple[str, ...]
    rows: tuple[Row, ...]
    after: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Row:
        return self.rows[place]

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows' ids."""
        return tuple(row.id for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {"of": list(self.of), "rows": [row._asdict() for row in self.rows], "after": self.after}


class Why(StrEnum):
    """Why something is an orphan."""

    ERASED = "its body was erased"
    UNKNOWN = "something refers to it, and the log does not hold it"
    LOOSE = "it rests on nothing"
    FILE = "a file that no entry of the log names"


class Orphan(NamedTuple):
    """A node, or a file by its path in the run folder, whose line leads nowhere; `what` is the node in words."""

    id: str
    why: Why
    what: str = ""


class Change(NamedTuple):
    """A node of two runs about which their logs say different things: facts by name, `causes` among them."""

    id: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """How the lineage of two runs differs, in the order of each log.

    `since` is how many nodes, told in the same order and with the same causes, both begin with. Each of the three lists
    ends at the limit that was asked for; `more` says that one does. `counts` maps each kind of node to how many either
    run has.
    """

    same: bool
    since: int
    only_first: tuple[Row, ...]
    only_second: tuple[Row, ...]
    changed: tuple[Change, ...]
    more: bool
    counts: Mapping[str, tuple[int, int]]

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "same": self.same,
            "since": self.since,
            "only_first": [row._asdict() for row in self.only_first],
            "only_second": [row._asdict() for row in self.only_second],
            "changed": [change._asdict() for change in self.changed],
            "more": self.more,
            "counts": {kind: list(both) for kind, both in self.counts.items()},
        }
