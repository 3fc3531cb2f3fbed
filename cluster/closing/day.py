"""How a run went by, as numbers for small charts: what people did, said and needed. No markup here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from worldloom.cluster.snapshots import read_commit, times
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.folder import snapshot_commit, snapshot_part
from worldloom.provenance.ids import agent_id
from worldloom.provenance.storage import Storage
from worldloom.worlds.clock import HOUR, MINUTE, time_of_day

from .record import Record

DOINGS = ("sleeping", "resting", "working", "making", "walking", "eating", "else")
"""What the chart tells apart, from the bottom up."""
NEEDS = ("hunger", "tiredness", "company")
WIDTH, HEIGHT, TALL = 720, 150, 44
"""Size of the charts in their own units: width, height of shares, height of talk."""
_SLOTS = 96


class Band(NamedTuple):
    """One doing as an SVG path, and its share of the whole time in percent."""

    name: str
    path: str
    percent: int


class Bar(NamedTuple):
    """Utterances of a slot: a rectangle, and how many."""

    x: float
    y: float
    width: float
    height: float
    said: int


class Mark(NamedTuple):
    """An hour on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Day:
    """Two charts of one width: shares of people by doing, utterances; `most` is the tallest bar's count."""

    bands: tuple[Band, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    most: int
    slot_minutes: int


class _Stretch(NamedTuple):
    start: int
    end: int
    doing: str


def read_day(record: Record) -> Day | None:
    """Return the charts of a run; None where no time passed or nobody was there."""
    agents = [persona["agent"] for persona in record.personas]
    if record.end <= record.start or not agents:
        return None
    slot = max(5 * MINUTE, -(-(record.end - record.start) // _SLOTS // MINUTE) * MINUTE)
    count = -(-(record.end - record.start) // slot)
    shares = _shares(record, agents, slot, count)
    spoken = [0] * count
    for said in record.said:
        if record.start <= said.row.time < record.end:
            spoken[(said.row.time - record.start) // slot] += 1
    return Day(
        bands=tuple(_bands(shares, (record.end - record.start) * len(agents))),
        bars=tuple(_bars(spoken)),
        marks=tuple(_marks(record.start, record.end)),
        most=max(spoken),
        slot_minutes=slot // MINUTE,
    )


def _shares(record: Record, agents: Sequence[str], slot: int, count: int) -> dict[str, list[int]]:
    """Return by doing and slot the seconds that people spent on it; the rest of a slot is `else`."""
    by_agent: dict[str, list[EventRow]] = {agent: [] for agent in agents}
    for row in record.doings:
        if row.actor in by_agent:
            by_agent[row.actor].append(row)
    shares = {name: [0] * count for name in DOINGS}
    for rows in by_agent.values():
        for stretch in stretches(rows, record.start, record.end):
            _spread(shares[stretch.doing], stretch, record.start, slot)
    return shares


def _spread(row: list[int], stretch: _Stretch, start: int, slot: int) -> None:
    first, last = (stretch.start - start) // slot, (stretch.end - 1 - start) // slot
    for place in range(first, last + 1):
        low, high = start + place * slot, start + (place + 1) * slot
        row[place] += min(stretch.end, high) - max(stretch.start, low)


def stretches(rows: Sequence[EventRow], start: int, end: int) -> list[_Stretch]:
    """Return what one agent did from `start` to `end` without gaps: a new doing ends the one before."""
    found: list[_Stretch] = []
    since, until, doing = start, start, "else"
    for row in sorted(rows, key=lambda row: row.time):
        now = doing_of(row)
        if now is None:
            continue
        found += _told(since, min(until, row.time), doing) + _told(max(since, min(until, row.time)), row.time, "else")
        since, until, doing = row.time, row.time + row.duration, now
    found += _told(since, min(until, end), doing) + _told(max(since, min(until, end)), end, "else")
    return [stretch for stretch in found if start <= stretch.start < stretch.end <= end]


def _told(start: int, end: int, doing: str) -> list[_Stretch]:
    return [_Stretch(start, end, doing)] if start < end else []


def doing_of(row: EventRow) -> str | None:
    """Return what an event begins, `else` for what ends a doing, None for what leaves people at what they do."""
    if row.kind == "rest":
        return "sleeping" if isinstance(row.detail, dict) and row.detail.get("asleep") else "resting"
    if row.kind == "use":
        return "eating" if isinstance(row.detail, dict) and row.detail.get("how") == "eaten" else "else"
    if row.kind == "wait" and not row.duration:
        return None
    return _BEGINS.get(row.kind or "")


_BEGINS = {
    "work": "working",
    "make": "making",
    "move": "walking",
    "read": "else",
    "take": "else",
    "give": "else",
    "sing": "else",
    "wait": "else",
    "arrive": "else",
    "finish": "else",
}


def _bands(shares: Mapping[str, list[int]], whole: int) -> list[Band]:
    count = len(shares[DOINGS[0]])
    totals = [max(1, sum(shares[name][place] for name in DOINGS)) for place in range(count)]
    base = [0.0] * count
    bands = []
    for name in DOINGS:
        top = [base[place] + shares[name][place] / totals[place] for place in range(count)]
        percent = round(100 * sum(shares[name]) / whole)
        bands.append(Band(name, _path(base, top), percent))
        base = top
    return bands


def _path(base: Sequence[float], top: Sequence[float]) -> str:
    """Return the outline between two rows of shares, one step a slot."""
    step = WIDTH / len(top)
    upper = [(place * step + side * step, share) for place, share in enumerate(top) for side in (0, 1)]
    lower = [(place * step + side * step, share) for place, share in enumerate(base) for side in (0, 1)]
    points = upper + lower[::-1]
    return "M" + "L".join(f"{x:.1f} {HEIGHT * (1 - share):.1f}" for x, share in points) + "Z"


def _bars(spoken: Sequence[int]) -> list[Bar]:
    step, most = WIDTH / len(spoken), max(1, *spoken)
    return [
        Bar(
            round(place * step + 0.5, 1),
            round(TALL * (1 - count / most), 1),
            round(step - 1, 1),
            _tall(count, most),
            count,
        )
        for place, count in enumerate(spoken)
        if count
    ]


def _tall(count: int, most: int) -> float:
    return round(TALL * count / most, 1)


def _marks(start: int, end: int) -> list[Mark]:
    hours = (end - start) / HOUR
    every = next((step for step in (1, 2, 3, 6, 12, 24) if hours / step <= 9), 24 * -(-int(hours) // 216))
    first = -(-start // (every * HOUR)) * every * HOUR
    return [
        Mark(round((time - start) / (end - start) * WIDTH, 1), f"{time_of_day(time) // HOUR:02d}:00")
        for time in range(first, end + 1, every * HOUR)
    ]


def read_needs(storage: Storage) -> dict[int, dict[str, dict[str, int]]]:
    """Return by time (seconds) and agent the needs (thousandths, 1000: worst) of the snapshots that are on the disk.

    A snapshot that is not whole, or that does not read, is left out: it is no part of what the log proves.
    """
    found = ((time, _needs_at(storage, time)) for time in times(storage))
    return {time: needs for time, needs in found if needs is not None}


def last_needs(storage: Storage) -> dict[int, dict[str, dict[str, int]]]:
    """Return what `read_needs` does, of the last snapshot alone: of a thousand people each takes a second."""
    for time in reversed(times(storage)):
        needs = _needs_at(storage, time)
        if needs is not None:
            return {time: needs}
    return {}


def _needs_at(storage: Storage, time: int) -> dict[str, dict[str, int]] | None:
    if not storage.exists(snapshot_commit(time)):
        return None
    try:
        names = [name for name in read_commit(storage, time)["files"] if name.startswith("agents-")]
        bodies = [parse_canonical(storage.read(snapshot_part(time, name))) for name in sorted(names)]
        return {agent: needs for body in bodies for agent, needs in _needs(body["world"])}
    except (ProvenanceError, KeyError, TypeError, ValueError):
        return None


def _needs(columns: Mapping[str, Any]) -> list[tuple[str, dict[str, int]]]:
    return [
        (agent_id(number), {need: int(columns[need][row]) for need in NEEDS})
        for row, number in enumerate(columns["number"])
    ]
