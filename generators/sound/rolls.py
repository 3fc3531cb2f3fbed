"""Tunes as piano rolls on one sheet, for the model card. Not notation, not for runs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .program import written_out
from .theory import milliseconds, triad
from .vocabulary import HIGHEST, LOWEST, METRES, SECTION, Bar, Tune

if TYPE_CHECKING:
    from PIL import ImageDraw

CELL = (232, 120)
"""Pixels of a tune's box."""
_PAPER, _LINE, _SECTION, _INK = (250, 248, 242), (226, 221, 210), (190, 182, 166), (60, 54, 48)
_CHORD = (228, 234, 238)
_STEPS = ((184, 64, 52), (120, 120, 128), (204, 138, 44), (96, 132, 84), (52, 108, 164), (128, 84, 150), (108, 108, 84))
"""A colour for each step of the scale: the tonic is red."""
_HEAD, _MARGIN = 26, 6


def sheet(tunes: Sequence[Tune], columns: int = 8) -> bytes:
    """Return a PNG with the tunes row by row: time to the right, scale steps upwards, triads behind the melody."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  (an extra)

    rows = max(1, -(-len(tunes) // columns))
    picture = Image.new("RGB", (columns * CELL[0], rows * CELL[1]), _PAPER)
    pen = ImageDraw.Draw(picture)
    for number, tune in enumerate(tunes):
        _roll(pen, tune, number % columns * CELL[0], number // columns * CELL[1])
    file = io.BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _roll(pen: ImageDraw.ImageDraw, tune: Tune, left: int, top: int) -> None:
    seconds = round(milliseconds(tune.bars, tune.tempo, tune.metre) / 1000)
    pen.text((left + _MARGIN, top + 2), f"{tune.mood} {tune.form}, {seconds} s", fill=_INK)
    told = f"{tune.metre} at {tune.tempo}, {tune.key} {tune.mode}, {tune.lead}"
    pen.text((left + _MARGIN, top + 13), told, fill=_SECTION)
    width = (CELL[0] - 2 * _MARGIN) / tune.bars
    for place, bar in enumerate(written_out(tune)):
        x = left + _MARGIN + place * width
        pen.line((x, top + _HEAD, x, top + CELL[1] - _MARGIN), fill=_LINE if place % SECTION else _SECTION)
        _bar(pen, bar, METRES[tune.metre], x, width, top)


def _bar(pen: ImageDraw.ImageDraw, bar: Bar, units: int, left: float, width: float, top: int) -> None:
    height = (CELL[1] - _HEAD - _MARGIN) / (HIGHEST - LOWEST + 1)

    def box(degree: int, start: int, length: int, colour: tuple[int, int, int]) -> None:
        y = top + _HEAD + (HIGHEST - degree) * height
        x = left + start * width / units
        pen.rectangle((x, y, max(x, x + length * width / units - 1), y + height - 1), fill=colour)

    for degree in range(LOWEST, HIGHEST + 1):
        if degree % 7 in triad(bar.chord):
            box(degree, 0, units, _CHORD)
    start = 0
    for note in bar.notes:
        if note.degree is not None:
            box(note.degree, start, note.length, _STEPS[note.degree % 7])
        start += note.length
