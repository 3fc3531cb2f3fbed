"""Made things in the exported world: models as they are, pictures on boards, writing as letters."""

from __future__ import annotations

import math

import numpy as np
from worldloom.worlds.land_errors import ExportError
from worldloom.worlds.space import to_gltf

from .finishes import PLAIN, Wardrobe
from .glb_reader import read_glb
from .glb_writer import GlbWriter, Material
from .hanging import Shown
from .palette import DARK_WOOD, WHITE, WOOD
from .picture import size_of
from .placed import GLB, PICTURES, PlacedProp
from .solids import Solid, Surface

_BOARD = 1.3
"""Longer side of a board's picture in metres."""


class PropShelf:
    """Puts placed props into a document; a thing that stands in several places is stored once."""

    def __init__(self, writer: GlbWriter, wardrobe: Wardrobe) -> None:
        self._writer = writer
        self._painted = wardrobe.material(PLAIN)
        self._meshes: dict[tuple[str, str, bytes, bool], int] = {}

    def add(self, shown: Shown, parent: int) -> None:
        """Add one node; raises ExportError when its data is not what its media type says."""
        prop = shown.prop
        key = (prop.artifact, prop.media_type, prop.data, bool(shown.house))
        if key not in self._meshes:
            try:
                self._meshes[key] = self._mesh(prop, bool(shown.house))
            except ExportError as error:
                raise ExportError(f"{prop.item} ({prop.name}) cannot be placed: {error}") from None
        half = math.radians(-(prop.turn % 360)) / 2
        turn = (0.0, round(math.sin(half), 6) + 0.0, 0.0, round(math.cos(half), 6) + 0.0)
        extras = {"item": prop.item, "artifact": prop.artifact, "media_type": prop.original or prop.media_type}
        extras["kind"] = "made"
        if prop.maker:
            extras["owner"] = prop.maker
        if shown.house:
            extras["hangs_on"] = shown.house
        at = to_gltf(prop.x, prop.y, prop.z)
        self._writer.node(prop.name, self._meshes[key], at=at, quaternion=turn, extras=extras, parent=parent)

    def _mesh(self, prop: PlacedProp, hung: bool) -> int:
        extras = {"artifact": prop.artifact}
        if prop.media_type == GLB:
            return self._writer.mesh(prop.name, self._model(prop), extras)
        if prop.media_type in PICTURES:
            return self._writer.mesh(prop.name, self._board(prop, hung), extras)
        if prop.media_type.startswith("text/"):
            return self._writer.mesh(prop.name, [(_letter(), self._painted)], extras)
        hint = "; give it as PNG" if prop.media_type == "image/svg+xml" else ""
        raise ExportError(f"{prop.media_type} has no shape in a world{hint}")

    def _model(self, prop: PlacedProp) -> list[tuple[Surface, int]]:
        parts = []
        for part in read_glb(prop.data):
            material = part.material
            if part.picture is not None:
                size_of(*part.picture)
                material = material.with_picture(self._writer.image(*part.picture))
            parts.append((part.surface, self._writer.material(material)))
        return parts

    def _board(self, prop: PlacedProp, hung: bool) -> list[tuple[Surface, int]]:
        width, height = size_of(prop.data, prop.media_type)
        across, up = _BOARD * width / max(width, height), _BOARD * height / max(width, height)
        picture = self._writer.image(prop.data, prop.media_type)
        material = self._writer.material(Material(f"picture {prop.item}", rough=0.8, picture=picture))
        lift = 0.0 if hung else _LIFT
        return [(_frame(across / 2, up, lift), self._painted), (_canvas(across / 2, up, lift), material)]


_LIFT = 0.75
"""From the ground to the lower edge of a picture that stands on posts."""


def _frame(half: float, up: float, lift: float) -> Surface:
    """A backboard with a rim, between two posts if it is lifted off the ground."""
    solid = Solid()
    for x in (-half - 0.12, half + 0.12) if lift else ():
        solid.box((x - 0.06, -0.3, -0.08), (x + 0.06, lift + up + 0.2, 0.04), DARK_WOOD)
        solid.box((x - 0.09, lift + up + 0.2, -0.11), (x + 0.09, lift + up + 0.26, 0.07), DARK_WOOD)
    solid.box((-half - 0.06, lift - 0.06, -0.05), (half + 0.06, lift + up + 0.06, 0.0), WOOD)
    for low, high in ((lift - 0.06, lift), (lift + up, lift + up + 0.06)):
        solid.box((-half - 0.06, low, 0.0), (half + 0.06, high, 0.05), DARK_WOOD)
    return solid.surface()


def _canvas(half: float, up: float, lift: float) -> Surface:
    """The picture itself, 1 cm before the board, seen from the front and again from behind."""
    points: list[tuple[float, float, float]] = []
    normals: list[tuple[float, float, float]] = []
    texture: list[tuple[float, float]] = []
    indices: list[int] = []
    for z, front in ((0.012, 1.0), (-0.062, -1.0)):
        start = len(points)
        for x, y in ((-1, 0), (1, 0), (1, 1), (-1, 1)):
            points.append((x * front * half, lift + y * up, z))
            normals.append((0.0, 0.0, front))
            texture.append(((x + 1) / 2, 1.0 - y))
        indices += [start, start + 1, start + 2, start, start + 2, start + 3]
    return Surface(
        np.array(points, np.float32),
        np.array(normals, np.float32),
        np.array(indices, np.uint32),
        texture=np.array(texture, np.float32),
    )


def _letter() -> Surface:
    """A folded sheet with a seal, on a low post so that it can be seen."""
    solid = Solid()
    solid.box((-0.2, -0.2, -0.15), (0.2, 0.6, 0.15), WOOD)
    solid.box((-0.17, 0.6, -0.12), (0.17, 0.625, 0.12), WHITE)
    solid.turned((0.0, 0.625, 0.0), [(0.04, 0), (0.03, 0.015)], 8, (168, 44, 40))
    return solid.surface()
