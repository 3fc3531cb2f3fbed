"""What lies where when a world begins: larders, shops and tools. Who lives there is the caller's."""

from __future__ import annotations

from .scene import Scene
from .vocabulary import FOOD, FOUNDING, LARDER, name_of


def found_items(scene: Scene) -> None:
    """Lay out the founding items: by place, in each in the order of the vocabulary.

    Where there is a market, no shop holds food for whoever comes by.
    """
    founding = [each for each in FOUNDING if scene.market is None or each.thing not in FOOD]
    homes = scene.agents.home.tolist()
    for number, place in enumerate(scene.ground.places):
        living_here = homes.count(number)
        wanted = [(each.thing, each.number) for each in founding if each.kind == place.kind]
        # A larder holds for those who find room in the house, however many a scenario crowds into it.
        eaters = min(living_here, place.capacity)
        wanted += [(thing, count * eaters) for thing, count in LARDER if eaters]
        things = [thing for thing, count in wanted for _ in range(count)]
        for thing, cell in zip(things, scene.spots_for_items(number, len(things)), strict=True):
            scene.items.add(thing, name_of(thing), place=place.id, cell=cell)
