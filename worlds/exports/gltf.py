"""A whole world as one GLB for game engines: ground, water, houses, works, plants, lights and what agents made.

Metres, Y up, X east, Z south, the origin at the world's north-western corner. Every node has a name like no other;
ids, kinds, owners and artifact digests stand in `extras`. All that shines by night hangs under the node `lights`, so an
engine switches day and night there. The same world gives the same bytes on one machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worldloom.worlds.footing import footing
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import centre_of, to_gltf
from worldloom.worlds.terrain import Terrain

from . import plants as growth
from .finishes import PLAIN, Wardrobe
from .glb_writer import GlbWriter
from .ground_mesh import make_ground, tiles
from .hanging import show
from .placed import PlacedProp
from .props import PropShelf
from .roads_mesh import roads
from .staging import Stage, add_houses, add_open_air, add_plants, add_works
from .water_mesh import water

Owners = Mapping[str, Sequence[str]]


def export_glb(
    terrain: Terrain, settlement: Settlement, placed: Sequence[PlacedProp], owners: Owners | None = None
) -> bytes:
    """Return the world as GLB; `owners` names the agents that live in or keep a place, by place id.

    Raises ExportError naming the item when a placed prop's data is unsound.
    """
    writer = GlbWriter()
    stage = Stage(writer, Wardrobe(writer), make_ground(terrain, settlement), terrain, settlement, owners or {})
    _add_land(stage)
    add_houses(stage)
    add_works(stage)
    add_open_air(stage)
    add_plants(stage, growth.grow(terrain, settlement))
    _add_places(stage)
    # Before anything that agents named: no title takes the name of the switch.
    stage.add_lights()
    if placed:
        shelf, parent = PropShelf(writer, stage.wardrobe), writer.node("made things")
        for shown in show(placed, settlement):
            shelf.add(shown, parent)
    extras = {"name": settlement.name, "terrain": terrain.digest, "settlement": settlement.digest}
    return writer.to_bytes({**extras, "budget": writer.budget()})


def _add_land(stage: Stage) -> None:
    writer, wardrobe = stage.writer, stage.wardrobe
    parent = writer.node("ground", extras={"kind": "ground"})
    for (column, row), tile in tiles(stage.ground, stage.terrain, stage.settlement).items():
        name = f"ground {column} {row}"
        node = writer.node(name, writer.mesh(name, wardrobe.dress(tile.near)), parent=parent)
        writer.coarser(node, name, writer.mesh(f"{name} far", [(tile.far, wardrobe.material(PLAIN))]), 0.12)
    parent = writer.node("roads", extras={"kind": "roads"})
    for look, surface in roads(stage.ground, stage.terrain, stage.settlement).items():
        name = f"{look} roads"
        writer.node(name, writer.mesh(name, [(surface, wardrobe.way(look))]), extras={"kind": "road"}, parent=parent)
    parent = writer.node("water", extras={"kind": "water"})
    for name, surface in water(stage.terrain).items():
        mesh = writer.mesh(name, [(surface, wardrobe.water())])
        writer.node(name, mesh, extras={"kind": name}, parent=parent)


def _add_places(stage: Stage) -> None:
    """Empty nodes where places are: an engine finds spawn points and labels there."""
    parent = stage.writer.node("places")
    for place in stage.settlement.places:
        at = to_gltf(*centre_of(place.anchor), footing(stage.terrain, stage.settlement, place.anchor))
        extras = {"id": place.id, "kind": place.kind, "building": place.building, "capacity": place.capacity}
        owners = list(stage.owners.get(place.id, ()))
        extras |= {"owner": owners} if owners else {}
        stage.writer.node(f"place {place.name}", at=at, extras=extras, parent=parent)


__all__ = ["PlacedProp", "export_glb"]
