"""What agents perceive now, for many of them at once. Pure: looking changes nothing. Who hears what, actions decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .columns import Activity
from .items import Item
from .nearby import VIEW_MM, Spots, nearest_of_each, within
from .noise import Ints
from .observation import Observation, Person, Thing
from .scene import Scene
from .space import CELL_MM
from .trading import seen_of_market

PEOPLE_LIMIT = 24
"""How many people one takes in at once, the nearest first."""

THINGS_LIMIT = 24
"""How many things lying about one takes in at once: made ones first, then the nearest. Others are not noticed afar."""

ALIKE_LIMIT = 3
"""How many things that look the same one tells apart at once."""

_DOING = tuple(Activity(code).word for code in range(len(Activity)))


def thing_of(item: Item) -> Thing:
    """Return an item as it is seen."""
    return Thing(item.id, item.thing, item.name, item.artifact, item.holder)


def observe(scene: Scene, rows: Sequence[int]) -> list[Observation]:
    """Return one observation for each row, in order."""
    watchers = np.array(rows, np.int64)
    spots = scene.spots()
    mine = Spots(*(values[watchers] for values in spots))
    people = _people(scene, watchers, mine, spots)
    things = _things(scene, watchers, mine)
    agents = scene.agents
    return [
        Observation(
            agent=agents.ids[row],
            time=scene.time,
            place=scene.place(row),
            people=people[at],
            things=things[at],
            carried=tuple(map(thing_of, scene.items.held_by(agents.ids[row]))),
            hunger=int(agents.hunger[row]),
            tiredness=int(agents.tiredness[row]),
            company=int(agents.company[row]),
            happened=scene.inboxes.of(agents.ids[row]),
            addressed_by=scene.addressed.get(agents.ids[row], ""),
            doing=_DOING[agents.activity[row]],
            going=scene.ground.place_id(int(agents.target[row])),
            until=int(agents.busy_until[row]) if scene.busy(row) else scene.time,
            trading=seen_of_market(scene, row),
        )
        for at, row in enumerate(watchers.tolist())
    ]


def _people(scene: Scene, watchers: Ints, mine: Spots, spots: Spots) -> list[tuple[Person, ...]]:
    agents = scene.agents
    # One more than the limit, since everybody stands nearest to themselves.
    pairs = within(mine, spots, VIEW_MM, whole_rooms=True)
    others = watchers[pairs.watcher] != pairs.watched
    pairs = nearest_of_each(type(pairs)(*(values[others] for values in pairs)), PEOPLE_LIMIT)
    found: list[list[Person]] = [[] for _ in watchers]
    doing = agents.activity[pairs.watched].tolist()
    triples = zip(pairs.watcher.tolist(), pairs.watched.tolist(), pairs.distance.tolist(), doing, strict=True)
    for watcher, watched, distance, code in triples:
        found[watcher].append(Person(agents.ids[watched], distance, _DOING[code]))
    return [tuple(people) for people in found]


def item_spots(scene: Scene, cells: Ints) -> Spots:
    """Return where lying items are; `cells` int64[items, 2] holds their columns and rows."""
    column, line = cells[:, 0], cells[:, 1]
    zone = scene.ground.zones(line * scene.ground.columns + column)
    return Spots(column * CELL_MM + CELL_MM // 2, line * CELL_MM + CELL_MM // 2, zone)


def _things(scene: Scene, watchers: Ints, mine: Spots) -> list[tuple[Thing, ...]]:
    items, cells = scene.items.lying
    pairs = within(mine, item_spots(scene, cells), VIEW_MM, whole_rooms=True)
    found: list[list[Item]] = [[] for _ in mine.x]
    for watcher, watched in zip(pairs.watcher.tolist(), pairs.watched.tolist(), strict=True):
        item = items[watched]
        if item.artifact or scene.in_reach(int(watchers[watcher]), item):
            found[watcher].append(item)
    return [_choose(each) for each in found]


def _choose(items: list[Item]) -> tuple[Thing, ...]:
    """Return what one takes in of the items in view, which are ordered by distance."""
    alike: dict[tuple[str, str, str], int] = {}
    chosen = []
    for item in sorted(items, key=lambda item: not item.artifact):
        look = (item.thing, item.name, item.artifact)
        alike[look] = alike.get(look, 0) + 1
        if alike[look] <= ALIKE_LIMIT:
            chosen.append(thing_of(item))
    return tuple(chosen[:THINGS_LIMIT])
