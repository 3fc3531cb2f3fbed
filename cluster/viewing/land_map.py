"""The land of a run as the live page draws it: a picture, and where on it people stand. Reads the recorded terrain."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

from worldloom.cluster.closing.land import Land, find_land
from worldloom.cluster.errors import ScenarioError
from worldloom.generators.errors import GeneratorError
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import WORLD
from worldloom.provenance.storage import Storage
from worldloom.worlds.errors import WorldError
from worldloom.worlds.exports.map import choose_window, draw_map
from worldloom.worlds.land_errors import LandError
from worldloom.worlds.walking import DIAGONAL_MS, STRAIGHT_MS

from .story import Story
from .whereabouts import Track

if TYPE_CHECKING:
    from worldloom.worlds.exports.map_ground import Window
    from worldloom.worlds.settlement import Settlement
    from worldloom.worlds.space import Cell

MAP = f"{WORLD}map.png"
SIDE = 1200
"""Pixels of the picture."""
_QUALITY = 86
_WHOLE = 10_000
_EDGE = 80
_APART, _APART_OF_MANY, _FEW = 200, 60, 60
"""How far apart people of a place stand, in units of a spot, and up to how many people that is so."""
GOLDEN = 2.399963
"""Golden angle in radians: points set along it are nowhere crowded."""


class Spot(NamedTuple):
    """A point of the picture in ten-thousandths of its side, from its left upper corner."""

    left: int
    top: int


@dataclass(frozen=True)
class LandMap:
    """A run's land with the names of its places, its picture (JPEG), and the window that the picture shows."""

    land: Land
    window: Window
    picture: bytes

    @classmethod
    def of(cls, storage: Storage, story: Story) -> LandMap | None:
        """Build the recorded land again, and draw it where the run has no map yet.

        None where the run has no land, or not the one that it names. Takes some seconds.
        """
        if not story.settlement:
            return None
        try:
            land = find_land(storage, story.scenario, story.settlement).land
            if land is None:
                return None
            picture = exported_map(storage) or small_picture(draw_map(*land, (), side=SIDE), SIDE)
            return cls(land, choose_window(*land, SIDE), picture or b"")
        except (GeneratorError, WorldError, ScenarioError, ProvenanceError):
            return None

    @property
    def settlement(self) -> Settlement:
        """What people built."""
        return self.land.settlement

    def place(self, place: str | None) -> str:
        """Return a place's name; "on the way" for none, the id for one that is not here."""
        if not place:
            return "on the way"
        return self._names.get(place, place)

    @property
    def _names(self) -> Mapping[str, str]:
        return _names_of(self.settlement)

    def spots(self, tracks: Mapping[str, Track], time: int) -> dict[str, Spot]:
        """Return where everybody is at a time (simulated seconds).

        Who is at a place stands around its middle, in the order of arrival; who walks is on the shortest way, as far as
        the time since they left takes them.
        """
        apart = _APART if len(tracks) <= _FEW else _APART_OF_MANY
        return {agent: self.spot(cell, turn, apart) for agent, cell, turn in self.standing(tracks, time)}

    def standing(self, tracks: Mapping[str, Track], time: int) -> Iterator[tuple[str, Cell, int]]:
        """Yield everybody's cell at a time, and how many who came before stand there, too; 0 for who walks."""
        standing: Counter[str] = Counter()
        for agent in sorted(tracks, key=lambda each: tracks[each].turn):
            track = tracks[agent]
            cell = self._on_the_way(track, time)
            if cell is not None:
                yield agent, cell, 0 if track.legs else standing[track.place]
                standing[track.place] += not track.legs

    def spot(self, cell: tuple[int, int], turn: int = 0, apart: int = 0) -> Spot:
        """Return the middle of a cell on the picture, or the place around it of the one whose turn it is.

        It is moved onto the picture where it lies outside.
        """
        x, y = self.window.at(cell[0] + 0.5, cell[1] + 0.5)
        far, angle = apart * sqrt(turn), turn * GOLDEN
        around = (
            x * _WHOLE / self.window.pixels + far * cos(angle),
            y * _WHOLE / self.window.pixels + far * sin(angle),
        )
        return Spot(*(min(_WHOLE - _EDGE, max(_EDGE, round(value))) for value in around))

    def _on_the_way(self, track: Track, time: int) -> Cell | None:
        place = next((each for each in self.settlement.places if each.id == track.place), None)
        if place is None:
            return None
        cell = place.anchor
        for leg in track.legs:
            until = time if leg.stop is None else leg.stop
            cell = _walked(self.settlement, cell, leg.target, until - leg.start)
        return cell


def _walked(settlement: Settlement, cell: Cell, target: str, seconds: int) -> Cell:
    """Return the cell that somebody reaches who walks towards a place for some seconds."""
    try:
        path = settlement.routes.path(cell, target)
    except LandError:
        return cell
    left = seconds * 1000
    for here, after in pairwise(path):
        left -= STRAIGHT_MS if here[0] == after[0] or here[1] == after[1] else DIAGONAL_MS
        if left < 0:
            return here
    return path[-1]


@lru_cache(maxsize=32)
def _names_of(settlement: Settlement) -> Mapping[str, str]:
    return {place.id: place.name for place in settlement.places}


def exported_map(storage: Storage) -> bytes | None:
    """Return the map that a finished run has: the same window, with the things that were put up; None before."""
    return small_picture(storage.read(MAP), SIDE) if storage.exists(MAP) else None


def small_picture(picture: bytes, side: int) -> bytes | None:
    """Return a smaller JPEG of a picture file, None where it is none; `side` in pixels."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  (heavy)

    try:
        image = Image.open(io.BytesIO(picture)).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
