"""What a surface is made of: a texture's name and the colour it is tinted with. How textures look: textures.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .glb_writer import GlbWriter, Material
from .palette import Colour, blend, shade
from .solids import Finish, Laying, Solid, Surface
from .textures import casement_png, lit_png, normal_png, shade_png


class Look(NamedTuple):
    """How a texture is laid on: metres across one tile, roughness, depth of its normals in texels (0: none)."""

    metres: float
    rough: float = 0.9
    depth: float = 0.0
    along: bool = False
    """Whether its grain follows a polygon's longest edge."""


LOOKS: dict[str, Look] = {
    "plaster": Look(3.0),
    "planks": Look(1.8, 0.85),
    "clapboard": Look(1.8, 0.85),
    "timber": Look(1.2, 0.85, along=True),
    "rubble": Look(2.6, 0.95, 5.0),
    "brick": Look(1.6, 0.95),
    "cobbles": Look(2.4, 0.9, 4.0),
    "thatch": Look(2.6, 1.0, 4.0),
    "shingles": Look(2.4, 0.9, 4.0),
    "slates": Look(2.6, 0.7, 4.0),
    "pantiles": Look(2.2, 0.8, 5.0),
    "grass": Look(5.0, 1.0),
    "sand": Look(6.0, 1.0),
    "gravel": Look(4.0, 1.0),
    "rock": Look(5.0, 0.95),
    "leaves": Look(1.5, 1.0),
    "needles": Look(1.6, 1.0),
}
"""By texture. `plain` is no texture, `glass` a window as it is by day, `lit` its light by night."""

THIN = {"pickets": "planks", "rails": "timber"}
"""Looks of boards so thin that both sides of one face are seen, by the look whose texture they have."""

PLAIN, GLASS, LIT, FORGE, LAMP = "plain", "glass", "lit", "forge", "lamp"

_SPECIAL: dict[str, Material] = {
    PLAIN: Material("painted"),
    FORGE: Material("forge fire", (1.0, 0.45, 0.12, 1.0), glow=(1.0, 0.30, 0.05)),
    LAMP: Material("lamp light", (1.0, 0.8, 0.5, 1.0), glow=(1.0, 0.72, 0.36)),
}


LAYINGS = {name: Laying(look.metres, look.along, look.depth > 0) for name, look in LOOKS.items()}
LAYINGS |= {thin: LAYINGS[look] for thin, look in THIN.items()} | {GLASS: Laying(1.0), LIT: Laying(1.0)}


def solid() -> Solid:
    """Return an empty solid on which every look's texture lies as LOOKS has it."""
    return Solid(LAYINGS)


class Wardrobe:
    """Gives each look its material in one document, made when it is first asked for."""

    def __init__(self, writer: GlbWriter) -> None:
        self._writer = writer

    def dress(self, parts: Mapping[str, Surface]) -> list[tuple[Surface, int]]:
        """Return surfaces by look with the materials' indices, as `GlbWriter.mesh` wants them."""
        return [(surface, self.material(look)) for look, surface in parts.items()]

    def material(self, look: str) -> int:
        """Return the index of the look's material; raises KeyError for a look that is not known."""
        if look in _SPECIAL:
            return self._writer.material(_SPECIAL[look])
        if look in (GLASS, LIT):
            return self._window(look == LIT)
        woven, writer = THIN.get(look, look), self._writer
        laid = LOOKS[woven]
        picture = writer.image(shade_png(woven), "image/png", tiled=True)
        normals = writer.image(normal_png(woven, laid.depth), "image/png", tiled=True) if laid.depth else None
        return writer.material(
            Material(look, rough=laid.rough, picture=picture, normals=normals, double_sided=look in THIN)
        )

    def way(self, look: str) -> int:
        """Return the material of a road: the look, clear where its vertices are."""
        picture = self._writer.image(shade_png(look), "image/png", tiled=True)
        return self._writer.material(Material(f"{look} road", rough=0.95, picture=picture, alpha="BLEND"))

    def water(self) -> int:
        """Return the material of water: smooth, rippled, clear where its vertices are."""
        normals = self._writer.image(normal_png("water", 6.0), "image/png", tiled=True)
        return self._writer.material(Material("water", rough=0.08, normals=normals, alpha="BLEND"))

    def _window(self, lit: bool) -> int:
        if not lit:
            picture = self._writer.image(casement_png(), "image/png")
            return self._writer.material(Material("window", rough=0.25, picture=picture))
        glow = self._writer.image(lit_png(), "image/png")
        return self._writer.material(
            Material("lit window", rough=0.5, picture=glow, glow=(1.0, 0.85, 0.6), glow_picture=glow)
        )


def shaded(finish: Finish, spread: int, *keys: int) -> Finish:
    """Return the finish a little lighter or darker; the keys decide."""
    return Finish(finish.look, shade(finish.colour, spread, *keys))


def blended(finish: Finish, other: Finish, percent: int) -> Finish:
    """Return the finish with `percent` of the other's colour."""
    return Finish(finish.look, blend(finish.colour, other.colour, percent))


def timber(*colour: int) -> Finish:
    """Sawn or hewn wood of a colour, its grain along the longest edge."""
    red, green, blue = colour
    return Finish("timber", (red, green, blue))


OAK = timber(104, 76, 54)
DARK_OAK = timber(78, 57, 42)
DEAL = timber(186, 150, 106)
WEATHERED = timber(150, 138, 122)
RUBBLE = Finish("rubble", (182, 176, 164))
DARK_RUBBLE = Finish("rubble", (140, 135, 128))
ASHLAR = Finish("brick", (196, 190, 178))
BRICK = Finish("brick", (172, 104, 80))
IRON_WORK = Finish(PLAIN, (58, 60, 64))
BRASS = Finish(PLAIN, (206, 172, 88))
COPPER = Finish("slates", (118, 166, 146))
PALE = Finish(PLAIN, (238, 232, 218))
BOARDS = Finish("planks", (182, 150, 110))


def plain(colour: Colour) -> Finish:
    """A painted surface."""
    return Finish(PLAIN, colour)
