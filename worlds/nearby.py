"""Who is near whom: pairs within a range, for many at once. In one room or in the open air; never through a wall."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .ground import OPEN_AIR
from .noise import Ints
from .space import CELL_MM

HEARING_MM = 8_000
"""How far a voice carries, and how far one reaches."""

VIEW_MM = 40_000
"""How far one sees people and things in the open air; indoors one sees the room."""


class Spots(NamedTuple):
    """Where things are: x and y in millimetres, zone a room's number or OPEN_AIR; int64[n] each."""

    x: Ints
    y: Ints
    zone: Ints


class Pairs(NamedTuple):
    """Pairs of (index among the watchers, index among the watched) and their distance in whole millimetres."""

    watcher: Ints
    watched: Ints
    distance: Ints


def within(watchers: Spots, watched: Spots, reach: int, *, whole_rooms: bool) -> Pairs:
    """Return all pairs in one zone at most `reach` mm apart (`whole_rooms`: or in one room), by watcher and distance.

    Equal distances are in the order of the watched. Work grows with the pairs in neighbouring squares of `reach`.
    """
    size = -(-reach // CELL_MM) * CELL_MM
    width = int(max(watchers.x.max(initial=0), watched.x.max(initial=0))) // size + 3
    height = int(max(watchers.y.max(initial=0), watched.y.max(initial=0))) // size + 3
    keys = _keys(watched, size, width, height)
    order = np.argsort(keys, kind="stable")
    mine, theirs = _join(_keys(watchers, size, width, height), keys[order], width)
    theirs = order[theirs]
    dx, dy = watchers.x[mine] - watched.x[theirs], watchers.y[mine] - watched.y[theirs]
    # The root of an integer below 2^52 rounds down right, on every processor: square roots are exact to the last bit.
    distance = np.sqrt(dx * dx + dy * dy).astype(np.int64)
    near = distance <= reach
    if whole_rooms:
        near |= watchers.zone[mine] != OPEN_AIR
    mine, theirs, distance = mine[near], theirs[near], distance[near]
    sort = np.lexsort((theirs, distance, mine))
    return Pairs(mine[sort], theirs[sort], distance[sort])


def around(spots: Spots, one: int, reach: int) -> Ints:
    """Return who is in one's zone at most `reach` mm away, without oneself: `within` for one watcher."""
    dx, dy = spots.x - spots.x[one], spots.y - spots.y[one]
    distance = np.sqrt(dx * dx + dy * dy).astype(np.int64)
    near = (spots.zone == spots.zone[one]) & (distance <= reach)
    near[one] = False
    found = np.flatnonzero(near)
    return found[np.argsort(distance[found], kind="stable")]


def nearest_of_each(pairs: Pairs, limit: int) -> Pairs:
    """Return the first `limit` pairs of each watcher of pairs that are ordered by watcher."""
    starts = np.searchsorted(pairs.watcher, pairs.watcher, "left")
    keep = np.arange(len(pairs.watcher)) - starts < limit
    return Pairs(*(values[keep] for values in pairs))


def _keys(spots: Spots, size: int, width: int, height: int) -> Ints:
    """Number the square that each spot is in, with a rim, so that neighbours never wrap; a room is one square."""
    outdoors = spots.zone == OPEN_AIR
    column = np.where(outdoors, spots.x // size, 0) + 1
    row = np.where(outdoors, spots.y // size, 0) + 1
    keys: Ints = ((spots.zone + 1) * height + row) * width + column
    return keys


def _join(wanted: Ints, keys: Ints, width: int) -> tuple[Ints, Ints]:
    """Return pairs (index in wanted, index in the sorted keys) of equal or neighbouring squares."""
    mine, theirs = [], []
    for offset in (-width - 1, -width, -width + 1, -1, 0, 1, width - 1, width, width + 1):
        low = np.searchsorted(keys, wanted + offset, "left")
        counts = np.searchsorted(keys, wanted + offset, "right") - low
        at = np.repeat(np.arange(len(wanted)), counts)
        within_run = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        mine.append(at)
        theirs.append(low[at] + within_run)
    return np.concatenate(mine), np.concatenate(theirs)
