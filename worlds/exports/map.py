"""A village's map as PNG: relief, water, woods, ways, houses, what was made and where, names, scale and north.

It shows the village and its neighbourhood, and the whole world small in a corner. The larger names can be read when a
map of 1,600 pixels is shown at 400. The same world gives the same bytes on one machine.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from worldloom.worlds.buildings import Building
from worldloom.worlds.land_errors import ExportError
from worldloom.worlds.places import Place
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import CELL_MM
from worldloom.worlds.terrain import LAND, Terrain

from . import plants as growth
from .houses import STYLES, roof_of
from .map_ground import INK, PAPER, Window, overview, paint_ground
from .map_labels import Box, Label, overlaps, place_labels
from .palette import Colour, blend, shade
from .placed import PlacedProp

_MARGIN = 22
_SMALLEST, _LARGEST = 200, 4096
_RED: Colour = (178, 58, 44)
_GREENS: dict[int, Colour] = {
    0: (112, 152, 84), 1: (96, 136, 74), 2: (74, 118, 86), 3: (134, 164, 96),
    6: (146, 172, 92), 7: (88, 124, 84), 8: (138, 152, 88), 9: (176, 168, 84),
}  # fmt: skip
_OPEN = ("square", "harbour", "bridge", "field", "beach", "wood", "lookout", "well")
_MINOR = ("home", "well")


def draw_map(terrain: Terrain, settlement: Settlement, placed: Sequence[PlacedProp], *, side: int = 1600) -> bytes:
    """Return the map as PNG of `side` x `side` pixels; raises ExportError for a side that no map can have."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    if not _SMALLEST <= side <= _LARGEST:
        raise ExportError(f"a map of {side} pixels: choose {_SMALLEST} to {_LARGEST}")
    window = choose_window(terrain, settlement, side)
    # Lines are drawn twice as large and shrunk: Pillow does not soften them itself.
    large = Window(window.left, window.top, window.side, 2 * side)
    image = Image.fromarray(paint_ground(terrain, settlement, window)).resize((2 * side, 2 * side))
    pen = ImageDraw.Draw(image)
    _draw_plants(pen, terrain, settlement, large)
    for building in settlement.buildings:
        _draw_house(pen, building, large)
    for prop in placed:
        _draw_prop(pen, prop, large)
    image = image.resize((side, side), Image.Resampling.LANCZOS)
    closed = _furnish(image, terrain, settlement, window)
    _write(image, settlement, window, closed)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=3)
    return out.getvalue()


def choose_window(terrain: Terrain, settlement: Settlement, side: int) -> Window:
    """Return the square that holds all places, moved into the world where that is possible."""
    columns = [cell[0] for place in settlement.places for cell in (place.cells[0], place.cells[-1], place.anchor)]
    rows = [cell[1] for place in settlement.places for cell in (place.cells[0], place.cells[-1], place.anchor)]
    reach = max(max(columns) - min(columns), max(rows) - min(rows)) + 2 * _MARGIN
    reach = min(reach, *terrain.shape)
    left = (max(columns) + min(columns)) / 2 - reach / 2
    top = (max(rows) + min(rows)) / 2 - reach / 2
    left = min(max(left, 0), terrain.shape[1] - reach)
    top = min(max(top, 0), terrain.shape[0] - reach)
    return Window(left, top, reach, side)


def _draw_plants(pen: Any, terrain: Terrain, settlement: Settlement, window: Window) -> None:
    plants = growth.grow(terrain, settlement)
    metres = CELL_MM / 1000
    order = np.argsort(plants.south, kind="stable")
    for row in order.tolist():
        x, y = window.at(plants.east[row] / metres, plants.south[row] / metres)
        if not (0 <= x < window.pixels and 0 <= y < window.pixels):
            continue
        kind, size = int(plants.kind[row]), window.scale * float(plants.scale[row])
        if kind < len(_PLANTS):
            _PLANTS[kind](pen, x, y, size, kind)


def _round_tree(pen: Any, x: float, y: float, size: float, kind: int) -> None:
    radius = size * (0.35 if kind in _LOW else 0.8)
    colour = _GREENS[kind]
    pen.ellipse((x - radius * 0.7, y - radius * 0.5, x + radius * 1.4, y + radius * 1.1), fill=(120, 142, 98))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour, outline=blend(colour, INK, 45))
    light = radius * 0.5
    pen.ellipse(
        (x - light * 1.3, y - light * 1.3, x + light * 0.5, y + light * 0.5), fill=blend(colour, (255, 255, 220), 25)
    )


def _conifer(pen: Any, x: float, y: float, size: float, kind: int) -> None:
    colour = _GREENS[kind]
    pen.polygon(
        ((x - size * 0.6, y + size * 0.6), (x + size * 0.6, y + size * 0.6), (x, y - size)),
        fill=colour,
        outline=blend(colour, INK, 45),
    )


def _reeds(pen: Any, x: float, y: float, size: float, _kind: int) -> None:
    width = max(1, round(size * 0.14))
    for lean in (-0.35, 0.0, 0.35):
        pen.line(
            (x + lean * size * 0.4, y + size * 0.3, x + lean * size, y - size * 0.5), fill=(104, 128, 88), width=width
        )


def _boulder(pen: Any, x: float, y: float, size: float, _kind: int) -> None:
    radius = size * 0.4
    pen.ellipse(
        (x - radius, y - radius * 0.7, x + radius, y + radius * 0.7), fill=(186, 182, 172), outline=(120, 114, 104)
    )


_LOW = (3, 9)
_PLANTS = (
    _round_tree, _round_tree, _conifer, _round_tree, _reeds, _boulder, _round_tree, _round_tree, _conifer, _round_tree,
)  # fmt: skip
"""By row of plant_shapes.SPECIES; tufts of grass, the last, are too small for a map."""


def _draw_house(pen: Any, building: Building, window: Window) -> None:
    """A roof seen from above: its sunny half, its shady half, the ridge, a shadow and the door's step."""
    column, row, columns, rows = building.footprint
    left, top = window.at(column + 0.2, row + 0.2)
    right, bottom = window.at(column + columns - 0.2, row + rows - 0.2)
    number = int(building.id.rpartition("-")[2])
    style = STYLES.get(building.kind, STYLES["home"])
    roof = shade(roof_of(style, number).colour, 8, number, 1)
    line = max(2, window.pixels // 800)
    cast = window.scale * 0.5
    pen.polygon(
        (
            (right, top + cast),
            (right + cast, top + cast * 2),
            (right + cast, bottom + cast),
            (left + cast, bottom + cast),
            (left, bottom),
        ),
        fill=(118, 116, 92),
    )
    for door in building.doors:
        x, y = window.at(door[0] + 0.5, door[1] + 0.5)
        half = window.scale * 0.55
        pen.rectangle((x - half, y - half, x + half, y + half), fill=style.door[0].colour)
    pen.rectangle((left, top, right, bottom), fill=roof)
    middle = ((left + right) / 2, (top + bottom) / 2)
    light, dark = blend(roof, (255, 250, 230), 28), blend(roof, INK, 22)
    if building.ridge == "x":
        pen.rectangle((left, top, right, middle[1]), fill=light)
        pen.rectangle((left, middle[1], right, bottom), fill=dark)
        pen.line((left, middle[1], right, middle[1]), fill=blend(roof, INK, 60), width=line)
    else:
        pen.rectangle((left, top, middle[0], bottom), fill=light)
        pen.rectangle((middle[0], top, right, bottom), fill=dark)
        pen.line((middle[0], top, middle[0], bottom), fill=blend(roof, INK, 60), width=line)
    pen.rectangle((left, top, right, bottom), outline=blend(roof, INK, 75), width=line)
    if building.kind == "chapel":
        x, y, arm = *middle, window.scale * 0.9
        pen.line((x - arm * 0.6, y - arm * 0.3, x + arm * 0.6, y - arm * 0.3), fill=PAPER, width=line * 2)
        pen.line((x, y - arm, x, y + arm), fill=PAPER, width=line * 2)


def _draw_prop(pen: Any, prop: PlacedProp, window: Window) -> None:
    x, y = window.at(prop.x / CELL_MM, prop.y / CELL_MM)
    size = max(window.pixels / 240, window.scale * 0.5)
    pen.polygon(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), fill=_RED, outline=PAPER)


def _font(size: int) -> Any:
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.load_default(size)


def _furnish(image: Any, terrain: Terrain, settlement: Settlement, window: Window) -> list[Box]:
    """Draw frame, title, scale, north arrow and the small world; returns the boxes that they cover."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen, unit = ImageDraw.Draw(image), window.pixels / 1600
    rim = round(26 * unit)
    side = window.pixels
    for inset, colour, width in (
        (0, PAPER, rim),
        (rim, INK, max(1, round(4 * unit))),
        (round(10 * unit), INK, max(1, round(2 * unit))),
    ):
        pen.rectangle((inset, inset, side - 1 - inset, side - 1 - inset), outline=colour, width=width)
    small = round(330 * unit)
    names = _font(max(12, round(92 * unit)))
    left, top, right, bottom = pen.textbbox((0, 0), settlement.name, font=names)
    title = right - left + 60 * unit, bottom - top + 50 * unit
    corners = _corners(terrain, settlement, window, rim + 16 * unit, (title, (small, small)))
    _title(pen, corners[0], title, settlement.name, names, unit, (left, top))
    _small_world(image, pen, corners[1], small, terrain, window)
    closed = [(*corners[0], corners[0][0] + title[0], corners[0][1] + title[1])]
    closed.append((*corners[1], corners[1][0] + small, corners[1][1] + small))
    closed += _scale_and_north(pen, window, rim, unit, closed)
    return closed


def _corners(
    terrain: Terrain, settlement: Settlement, window: Window, edge: float, sizes: tuple[tuple[float, float], ...]
) -> list[tuple[float, float]]:
    """Choose corners for boxes: where they hide the fewest houses, places and least land; the title stays on top."""
    side, chosen, used = window.pixels, [], set()
    for at, (width, height) in enumerate(sizes):
        spots = {
            (right, low): (side - edge - width if right else edge, side - edge - height if low else edge)
            for low in ((0,) if at == 0 else (0, 1))
            for right in (0, 1)
        }
        free = {key: spot for key, spot in spots.items() if key not in used}
        key = min(free, key=lambda k: (_hidden(terrain, settlement, window, free[k], (width, height)), k))
        used.add(key)
        chosen.append(free[key])
    return chosen


def _hidden(
    terrain: Terrain, settlement: Settlement, window: Window, spot: tuple[float, float], size: tuple[float, float]
) -> int:
    box = (*spot, spot[0] + size[0], spot[1] + size[1])
    places = sum(overlaps(box, _box_of(window, place)) for place in settlement.places)
    cells = [int(v / window.scale + base) for v, base in zip(box, (window.left, window.top) * 2, strict=True)]
    land = terrain.water[max(cells[1], 0) : cells[3], max(cells[0], 0) : cells[2]] == LAND
    return places * 1000 + int(100 * land.mean() if land.size else 0)


def _box_of(window: Window, place: Place) -> Box:
    columns, rows = [cell[0] for cell in place.cells], [cell[1] for cell in place.cells]
    return (*window.at(min(columns), min(rows)), *window.at(max(columns) + 1, max(rows) + 1))


def _title(
    pen: Any,
    at: tuple[float, float],
    size: tuple[float, float],
    name: str,
    font: Any,
    unit: float,
    offset: tuple[float, float],
) -> None:
    box = (*at, at[0] + size[0], at[1] + size[1])
    pen.rounded_rectangle(box, round(14 * unit), fill=PAPER, outline=INK, width=max(1, round(4 * unit)))
    pen.text((at[0] + 30 * unit - offset[0], at[1] + 25 * unit - offset[1]), name, font=font, fill=INK)


def _small_world(image: Any, pen: Any, at: tuple[float, float], size: int, terrain: Terrain, window: Window) -> None:
    x, y = round(at[0]), round(at[1])
    image.paste(overview(terrain, size), (x, y))
    per_cell = size / max(terrain.shape)
    width = max(1, round(size / 80))
    box = (
        x + window.left * per_cell,
        y + window.top * per_cell,
        x + (window.left + window.side) * per_cell,
        y + (window.top + window.side) * per_cell,
    )
    pen.rectangle(box, outline=_RED, width=width)
    pen.rectangle((x, y, x + size, y + size), outline=INK, width=width)


def _scale_and_north(pen: Any, window: Window, rim: float, unit: float, closed: list[Box]) -> list[Box]:
    """Draw a scale bar with a north arrow beside it in the first free lower or upper corner."""
    metres = next(m for m in (200, 100, 50, 20) if m / 2 * window.scale < window.pixels * 0.3 or m == 20)
    bar, tall = metres / (CELL_MM / 1000) * window.scale, 110 * unit
    width = bar + 190 * unit
    edge, side = rim + 16 * unit, window.pixels
    spots = [
        (edge, side - edge - tall),
        (side - edge - width, side - edge - tall),
        (side - edge - width, edge),
        (edge, edge),
    ]
    x, y = next(s for s in spots if not any(overlaps((*s, s[0] + width, s[1] + tall), other) for other in closed))
    box = (x, y, x + width, y + tall)
    pen.rounded_rectangle(box, round(14 * unit), fill=PAPER, outline=INK, width=max(1, round(3 * unit)))
    left, middle = x + 30 * unit, y + 74 * unit
    for part in range(4):
        fill = INK if part % 2 == 0 else PAPER
        ends = (left + bar * part / 4, middle, left + bar * (part + 1) / 4, middle + 14 * unit)
        pen.rectangle(ends, fill=fill, outline=INK, width=max(1, round(2 * unit)))
    font = _font(max(10, round(40 * unit)))
    pen.text((left, middle - 10 * unit), "0", font=font, fill=INK, anchor="ls")
    pen.text((left + bar, middle - 10 * unit), f"{metres} m", font=font, fill=INK, anchor="rs")
    tip = x + width - 62 * unit
    pen.polygon(((tip, y + 14 * unit), (tip - 20 * unit, y + 68 * unit), (tip, y + 54 * unit)), fill=INK)
    pen.polygon(((tip, y + 14 * unit), (tip + 20 * unit, y + 68 * unit), (tip, y + 54 * unit)), fill=PAPER, outline=INK)
    pen.text((tip, y + 100 * unit), "N", font=font, fill=INK, anchor="ms")
    return [box]


def _write(image: Any, settlement: Settlement, window: Window, closed: list[Box]) -> None:
    """Write the names of places, important ones first and larger; made things are marks without names: too many."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen, unit = ImageDraw.Draw(image), window.pixels / 1600
    labels = []
    for label in _labels(settlement, window, unit):
        left, top, right, bottom = pen.textbbox((0, 0), label.text, font=_font(label.size), anchor="ls")
        labels.append((label, right - left + 4 * unit, bottom - top + 6 * unit))
    houses = [_box_of(window, place) for place in settlement.places if place.building]
    margin = 40 * unit
    frame = (margin, margin, window.pixels - margin, window.pixels - margin)
    for written in place_labels(labels, houses, closed, frame):
        label, box = written.label, written.box
        if written.led:
            near = min(max(label.at[0], box[0]), box[2]), min(max(label.at[1], box[1]), box[3])
            pen.line((*label.at, *near), fill=INK, width=max(1, round(2 * unit)))
        font, stroke = _font(label.size), max(1, round(label.size / 9))
        colour = blend(INK, (52, 84, 60), 70) if label.italic else INK
        at = box[0] + 2 * unit, box[3] - 3 * unit
        bottom = pen.textbbox((0, 0), label.text, font=font, anchor="ls")[3]
        pen.text(
            (at[0], at[1] - bottom),
            label.text,
            font=font,
            fill=colour,
            anchor="ls",
            stroke_width=stroke,
            stroke_fill=PAPER,
        )


def _labels(settlement: Settlement, window: Window, unit: float) -> list[Label]:
    major, middle, minor = (max(floor, round(size * unit)) for floor, size in ((10, 42), (9, 30), (8, 20)))
    found: list[tuple[int, Label]] = []
    for place in settlement.places:
        left, top, right, bottom = _box_of(window, place)
        centre = (left + right) / 2, (top + bottom) / 2
        rank = 0 if place.kind in ("square", "harbour", "inn", "bridge") else 1 if place.kind not in _MINOR else 2
        inside = place.kind in ("square", "field", "wood", "beach")
        clear = (0.0, -(major if rank == 0 else middle) / 2) if inside else ((right - left) / 2, (bottom - top) / 2)
        size = (major, middle, minor)[rank]
        found.append(
            (rank, Label(place.name, centre, (clear[0] + 6 * unit, clear[1] + 4 * unit), size, place.kind in _OPEN))
        )
    least = 9 if unit < 0.5 else 1
    return [label for rank, label in sorted(found, key=lambda pair: pair[0]) if label.size >= least or rank < 2]
