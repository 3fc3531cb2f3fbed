"""Puts houses, works, things of the open air and plants into a document as nodes. Makes no shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from worldloom.worlds.places import Place
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.terrain import Terrain

from . import plants as growth
from .fences import around_field, around_house, open_ground
from .finishes import PLAIN, Wardrobe
from .glb_writer import GlbWriter
from .ground_mesh import Ground
from .houses import House, make_house, place_of, turned
from .lamps import Lamp
from .landmarks import make_landmark
from .plant_shapes import SPECIES
from .solids import Point, Solid
from .street import pieces
from .watchtower import make_watchtower
from .works_mesh import make_bridge, make_crops, make_pier, make_well

_QUARTER = -math.pi / 2
_PLANT_TILE = 128
_HOUSE_SHARE, _PLANT_SHARE = 0.06, 0.05
"""Shares of the picture below which a house or a plant is drawn coarsely."""


def about_up(radians: float) -> tuple[float, float, float, float]:
    """Return the quaternion of a turn about the up axis, four digits: the platform's last bit of sine is hidden."""
    return 0.0, round(math.sin(radians / 2), 4) + 0.0, 0.0, round(math.cos(radians / 2), 4) + 0.0


@dataclass
class Stage:
    """One document with what is shown in it; lights are collected and added last, under one node."""

    writer: GlbWriter
    wardrobe: Wardrobe
    ground: Ground
    terrain: Terrain
    settlement: Settlement
    owners: Mapping[str, Sequence[str]]
    _shining: list[tuple[str, Point, float, Solid | None, tuple[Lamp, ...]]] = field(default_factory=list)

    def mesh(self, name: str, solid: Solid) -> int:
        """Add a solid as a mesh."""
        return self.writer.mesh(name, self.wardrobe.dress(solid.parts()))

    def shine(self, name: str, at: Point, turn: float, lit: Solid | None, lamps: Sequence[Lamp]) -> None:
        """Note what shines by night at a node's place: lit panes and lamps in its frame."""
        if lamps or (lit is not None and lit.parts()):
            self._shining.append((name, at, turn, lit, tuple(lamps)))

    def add_lights(self) -> None:
        """Add the node `lights` with everything noted."""
        parent = self.writer.node("lights", extras={"kind": "lights", "switch": "show by night, hide by day"})
        for name, at, turn, lit, lamps in self._shining:
            panes = self.mesh(f"{name} windows", lit) if lit is not None and lit.parts() else None
            node = self.writer.node(
                f"light of {name}", panes, at=at, quaternion=about_up(turn), extras={"kind": "light"}, parent=parent
            )
            for lamp in lamps:
                light = self.writer.light("lamp", lamp.colour, lamp.candela, lamp.reach)
                self.writer.node(f"lamp of {name}", at=lamp.at, light=light, extras={"kind": "lamp"}, parent=node)


def add_houses(stage: Stage) -> None:
    """Add every house under `buildings`, with a coarse one for afar, its fence and its lights."""
    writer, settlement = stage.writer, stage.settlement
    parent = writer.node("buildings", extras={"kind": "buildings"})
    free = open_ground(stage.terrain, settlement)
    fences = []
    for building in settlement.buildings:
        house: House = make_house(building, stage.terrain)
        rooms = [place for place in settlement.places if place.building == building.id]
        turn = _QUARTER if turned(building) else 0.0
        node = writer.node(
            building.name,
            at=place_of(building),
            quaternion=about_up(turn),
            extras={"id": building.id, "kind": building.kind, **_owned(stage, rooms)},
            parent=parent,
        )
        near = writer.node(building.name, stage.mesh(building.name, house.near), parent=node)
        far = writer.mesh(f"{building.name} far", stage.wardrobe.dress(house.far.parts()))
        writer.coarser(near, building.name, far, _HOUSE_SHARE)
        stage.shine(building.name, place_of(building), turn, house.lit, house.lamps)
        if building.kind == "home" and (fence := around_house(stage.ground, building, free)):
            fences.append((building.name, fence, {"kind": "fence", "building": building.id}))
    fences += [
        (place.name, rails, {"kind": "fence", "place": place.id})
        for place in settlement.of_kind("field")
        if (rails := around_field(stage.ground, place, free))
    ]
    parent = writer.node("fences", extras={"kind": "fences"})
    for name, fence, extras in fences:
        writer.node(f"fence of {name}", stage.mesh(f"fence of {name}", fence), extras=extras, parent=parent)


def _owned(stage: Stage, rooms: Sequence[Place]) -> dict[str, Any]:
    owners = sorted({owner for room in rooms for owner in stage.owners.get(room.id, ())})
    return {"places": [room.id for room in rooms], **({"owner": owners} if owners else {})}


def add_works(stage: Stage) -> None:
    """Add what was built in the open under `works`."""
    parent = stage.writer.node("works", extras={"kind": "works"})
    terrain, ground = stage.terrain, stage.ground
    for place in stage.settlement.places:
        lamps: Sequence[Lamp] = ()
        landmark = make_landmark(ground, stage.settlement, place)
        if landmark is not None:
            solid = landmark
        elif place.kind == "bridge":
            solid = make_bridge(terrain, place)
        elif place.kind == "harbour":
            solid = make_pier(terrain, place)
        elif place.kind == "well":
            solid = make_well(terrain, place)
        elif place.kind == "field":
            solid = make_crops(ground, place)
        elif place.kind == "lookout":
            solid, lamps = make_watchtower(ground, place)
        else:
            continue
        extras = {"id": place.id, "kind": place.kind}
        stage.writer.node(place.name, stage.mesh(place.name, solid), extras=extras, parent=parent)
        stage.shine(place.name, (0.0, 0.0, 0.0), 0.0, None, lamps)


def add_open_air(stage: Stage) -> None:
    """Add lamps, stalls, boats and goods under `open air`; those of one shape share their mesh."""
    parent = stage.writer.node("open air", extras={"kind": "open air"})
    meshes: dict[str, int] = {}
    for piece in pieces(stage.ground, stage.terrain, stage.settlement):
        if piece.mesh not in meshes:
            meshes[piece.mesh] = stage.mesh(piece.mesh, piece.make())
        extras = {"kind": piece.kind, **({"place": piece.place} if piece.place else {})}
        at = (round(piece.at[0], 3), round(piece.at[1], 3), round(piece.at[2], 3))
        stage.writer.node(
            piece.name, meshes[piece.mesh], at=at, quaternion=about_up(piece.turn), extras=extras, parent=parent
        )
        stage.shine(piece.name, at, piece.turn, None, piece.lamps)


def add_plants(stage: Stage, plants: growth.Plants) -> None:
    """Add plants under `plants`: near the square as nodes that share meshes, farther off baked into woods."""
    writer, ground = stage.writer, stage.ground
    parent = writer.node("plants", extras={"kind": "plants"})
    near = growth.near_people(plants, stage.settlement)
    meshes: dict[int, tuple[int, int | None]] = {}
    for row in np.flatnonzero(near).tolist():
        kind = int(plants.kind[row])
        species = SPECIES[kind]
        if kind not in meshes:
            fine = writer.mesh(species.name, stage.wardrobe.dress(species.near()))
            plain = stage.wardrobe.material(PLAIN)
            far = writer.mesh(f"{species.name} far", [(species.far(), plain)]) if species.far else None
            meshes[kind] = fine, far
        east, south = float(plants.east[row]), float(plants.south[row])
        node = writer.node(
            species.name,
            meshes[kind][0],
            at=(east, ground.at(east, south), south),
            quaternion=about_up(int(plants.turn[row]) * math.pi / 8),
            scale=float(plants.scale[row]),
            parent=parent,
        )
        far_mesh = meshes[kind][1]
        if far_mesh is not None:
            writer.coarser(node, species.name, far_mesh, _PLANT_SHARE)
    far_rows = np.flatnonzero(~near)
    tile = plants.row[far_rows] // _PLANT_TILE * 1000 + plants.column[far_rows] // _PLANT_TILE
    for number in np.unique(tile).tolist():
        shapes = growth.bake(plants, far_rows[tile == number], ground.heights)
        if shapes:
            name = f"woods {number % 1000} {number // 1000}"
            mesh = writer.mesh(name, [(surface, stage.wardrobe.material(PLAIN)) for surface in shapes])
            writer.node(name, mesh, extras={"kind": "woods"}, parent=parent)
