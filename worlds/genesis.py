"""What lies where when a world begins: larders, shops and tools. Who lives there is the caller's."""

from __future__ import annotations

from .scene import Scene
from .vocabulary import FOUNDING, LARDER, name_of


def found_items(scene: Scene) -> None:
    """Lay out the founding items: by place, in each in the order of the vocabulary."""
    homes = scene.agents.home.tolist()
    for number, place in enumerate(scene.ground.places):
        living_here = homes.count(number)
        wanted = [(founding.thing, founding.number) for founding in FOUNDING if founding.kind == place.kind]
        wanted += [(thing, count * living_here) for thing, count in LARDER if living_here]
        for thing, count in wanted:
            for _ in range(count):
                scene.items.add(thing, name_of(thing), place=place.id, cell=scene.spot_for_item(number))
