"""How much of what was decided, made and said differs between two runs, and where they part. Judges no signature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .diff_side import Item, Side
from .finished import FinishedRun
from .parting import Parting, differing, find_parting, relation


class Share(NamedTuple):
    """How two collections overlap: sizes, how many are in both, each counted as often as it occurs."""

    first: int
    second: int
    common: int

    @property
    def differing(self) -> float:
        """Share that is not in both, 0 to 1: 1 - 2 common / (first + second), Dice's coefficient turned round."""
        whole = self.first + self.second
        return 1 - 2 * self.common / whole if whole else 0.0

    @classmethod
    def of(cls, first: Sequence[str], second: Sequence[str]) -> Share:
        """Compare two collections as multisets."""
        common = Counter(first) & Counter(second)
        return cls(len(first), len(second), common.total())


@dataclass(frozen=True)
class Compared:
    """Decisions, made things or words of two runs: over the whole runs, and from where they part on."""

    whole: Share
    later: Share
    only_first: tuple[Item, ...]
    only_second: tuple[Item, ...]


@dataclass(frozen=True)
class DiffResult:
    """How two runs differ. `scenario` maps what differs in their first entries to both values as text.

    `relation` says in words how they descend from each other; `parting` is None for runs of the same content.
    """

    runs: tuple[Path, Path]
    relation: str
    scenario: Mapping[str, tuple[str, str]]
    parting: Parting | None
    counts: Mapping[str, tuple[int, int]]
    measures: Mapping[str, tuple[int | None, int | None]]
    decisions: Compared
    things: Compared
    words: Compared
    nameless: Compared

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        parts = {name: getattr(self, name) for name in ("decisions", "things", "words", "nameless")}
        return {
            "runs": [str(run) for run in self.runs],
            "relation": self.relation,
            "same": self.parting is None and not self.scenario,
            "scenario": {name: list(both) for name, both in self.scenario.items()},
            "parting": self.parting._asdict() if self.parting else None,
            "counts": {name: list(both) for name, both in self.counts.items()},
            "measures": {name: list(both) for name, both in self.measures.items()},
            **{name: _json(part) for name, part in parts.items()},
        }


def diff(first: Path, second: Path) -> DiffResult:
    """Compare two finished runs; raises RunFolderError, or what reading a damaged log raises."""
    runs = FinishedRun.open(first), FinishedRun.open(second)
    one, two = (Side.read(run) for run in runs)
    parting = find_parting(*runs)
    since = parting.time if parting else one.run.end_time + 1
    names = dict.fromkeys([*one.counts, *two.counts])
    measures = dict.fromkeys([*one.measures, *two.measures])
    return DiffResult(
        runs=(first, second),
        relation=relation(*runs),
        scenario=_differences(runs[0].told, runs[1].told),
        parting=parting,
        counts={name: (one.counts.get(name, 0), two.counts.get(name, 0)) for name in names},
        measures={name: (one.measures.get(name), two.measures.get(name)) for name in measures},
        decisions=_compared(one.decisions, two.decisions, since, lambda item: item.key),
        things=_compared(one.things, two.things, since, lambda item: item.key),
        words=_compared(one.words, two.words, since, lambda item: item.key),
        nameless=_compared(one.words, two.words, since, lambda item: item.nameless),
    )


def _differences(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {name: (_text(both[0]), _text(both[1])) for name, both in differing(one, two) if name != "parent"}


def _text(value: Any) -> str:
    if isinstance(value, Mapping) and "backend" in value:
        return f"{value['backend']}/{value.get('model', '')}"
    return "" if value is None else str(value)


def _compared(first: Sequence[Item], second: Sequence[Item], since: int, key: Callable[[Item], str]) -> Compared:
    def share(time: int) -> Share:
        sides = ([key(item) for item in side if item.time >= time] for side in (first, second))
        return Share.of(*sides)

    return Compared(share(-1), share(since), _only(first, second, key), _only(second, first, key))


def _only(side: Sequence[Item], other: Sequence[Item], key: Callable[[Item], str]) -> tuple[Item, ...]:
    """Return what one side has more often than the other, in its order."""
    left = Counter(map(key, other))
    found = []
    for item in side:
        left[key(item)] -= 1
        if left[key(item)] < 0:
            found.append(item)
    return tuple(found)


def _json(part: Compared) -> dict[str, Any]:
    shares = {
        name: {**share._asdict(), "differing": round(share.differing, 4)}
        for name, share in (("whole", part.whole), ("later", part.later))
    }
    only = {"only_first": part.only_first, "only_second": part.only_second}
    return shares | {
        name: [{"time": item.time, "agent": item.agent, "what": item.words} for item in items]
        for name, items in only.items()
    }
