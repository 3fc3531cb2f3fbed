"""A whole world as one GLB for game engines: ground, water, houses, works, plants and the things that agents made.

Metres, Y up, X east, Z south, the origin at the world's north-western corner. Every node has a name; ids, kinds and
artifact digests stand in `extras`. The same world gives the same bytes on one machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from worldloom.worlds.footing import footing
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import centre_of, to_gltf
from worldloom.worlds.terrain import Terrain

from . import plants as growth
from .glb_writer import GlbWriter, Material
from .ground_mesh import Ground, make_ground, tiles, water
from .hanging import show
from .houses import make_house, place_of, turned
from .placed import PlacedProp
from .props import PropShelf
from .works_mesh import make_bridge, make_crops, make_pier, make_well

_QUARTER = (0.0, -0.707107, 0.0, 0.707107)
_PLANT_TILE = 128


def export_glb(terrain: Terrain, settlement: Settlement, placed: Sequence[PlacedProp]) -> bytes:
    """Return the world as GLB; raises ExportError naming the item when a placed prop's data is unsound."""
    writer = GlbWriter()
    painted = writer.material(Material("painted"))
    ground = make_ground(terrain, settlement)
    _add_land(writer, painted, ground, terrain, settlement)
    _add_houses(writer, painted, terrain, settlement)
    _add_works(writer, painted, ground, terrain, settlement)
    _add_plants(writer, painted, ground, growth.grow(terrain, settlement), settlement)
    _add_places(writer, terrain, settlement)
    if placed:
        shelf, parent = PropShelf(writer, painted), writer.node("made things")
        for shown in show(placed, settlement):
            shelf.add(shown, parent)
    extras = {"name": settlement.name, "terrain": terrain.digest, "settlement": settlement.digest}
    return writer.to_bytes(extras)


def _add_land(writer: GlbWriter, painted: int, ground: Ground, terrain: Terrain, settlement: Settlement) -> None:
    parent = writer.node("ground")
    for (column, row), surface in sorted(tiles(ground, terrain, settlement).items()):
        name = f"ground {column} {row}"
        writer.node(name, writer.mesh(name, [(surface, painted)]), parent=parent)
    parent = writer.node("water")
    look = writer.material(Material("water", rough=0.25))
    for name, surface in water(terrain).items():
        writer.node(name, writer.mesh(name, [(surface, look)]), extras={"kind": name}, parent=parent)


def _add_houses(writer: GlbWriter, painted: int, terrain: Terrain, settlement: Settlement) -> None:
    parent = writer.node("buildings")
    for building in settlement.buildings:
        mesh = writer.mesh(building.name, [(make_house(building, terrain), painted)])
        rooms = [place.id for place in settlement.places if place.building == building.id]
        extras = {"id": building.id, "kind": building.kind, "places": rooms}
        quaternion = _QUARTER if turned(building) else (0.0, 0.0, 0.0, 1.0)
        writer.node(building.name, mesh, at=place_of(building), quaternion=quaternion, extras=extras, parent=parent)


def _add_works(writer: GlbWriter, painted: int, ground: Ground, terrain: Terrain, settlement: Settlement) -> None:
    parent = writer.node("works")
    for place in settlement.places:
        if place.kind == "bridge":
            surface = make_bridge(terrain, place)
        elif place.kind == "harbour":
            surface = make_pier(terrain, place)
        elif place.kind == "well":
            surface = make_well(terrain, place)
        elif place.kind == "field":
            surface = make_crops(ground, place)
        else:
            continue
        mesh = writer.mesh(place.name, [(surface, painted)])
        writer.node(place.name, mesh, extras={"id": place.id, "kind": place.kind}, parent=parent)


def _add_plants(writer: GlbWriter, painted: int, ground: Ground, plants: growth.Plants, settlement: Settlement) -> None:
    parent = writer.node("plants")
    near = growth.near_square(plants, settlement)
    meshes: dict[int, int] = {}
    for row in np.flatnonzero(near).tolist():
        kind = int(plants.kind[row])
        name, shape, _ = growth.SPECIES[kind]
        if kind not in meshes:
            meshes[kind] = writer.mesh(name, [(shape(), painted)])
        up = float(ground.heights[2 * plants.row[row] + 1, 2 * plants.column[row] + 1])
        half = math.pi * int(plants.turn[row]) / 16
        writer.node(
            name,
            meshes[kind],
            at=(float(plants.east[row]), up, float(plants.south[row])),
            quaternion=(0.0, round(math.sin(half), 4), 0.0, round(math.cos(half), 4)),
            scale=float(plants.scale[row]),
            parent=parent,
        )
    far = np.flatnonzero(~near)
    tile = plants.row[far] // _PLANT_TILE * 1000 + plants.column[far] // _PLANT_TILE
    for number in np.unique(tile).tolist():
        surface = growth.bake(plants, far[tile == number], ground.heights)
        if surface is not None:
            name = f"woods {number % 1000} {number // 1000}"
            writer.node(name, writer.mesh(name, [(surface, painted)]), parent=parent)


def _add_places(writer: GlbWriter, terrain: Terrain, settlement: Settlement) -> None:
    """Empty nodes where places are: an engine finds spawn points and labels there."""
    parent = writer.node("places")
    for place in settlement.places:
        at = to_gltf(*centre_of(place.anchor), footing(terrain, settlement, place.anchor))
        extras = {"id": place.id, "kind": place.kind, "building": place.building, "capacity": place.capacity}
        writer.node(place.name, at=at, extras=extras, parent=parent)


__all__ = ["PlacedProp", "export_glb"]
