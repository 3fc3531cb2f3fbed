"""A canvas of palette numbers: drawn four times as large, then every pixel is its commonest number. No motif."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .palette import INK, NOTHING, Ramp

SIDE = 32
"""Pixels of a picture in each direction."""
_OVER = 4
_Point = tuple[float, float]


class Canvas:
    """Where a motif is drawn, in pixels from the upper left, back to front; the light comes from the upper left.

    `scale` and `shift` move the whole motif about the middle, `flip` mirrors it.
    """

    def __init__(self, scale: float = 1.0, shift: _Point = (0.0, 0.0), *, flip: bool = False) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

        self._image = Image.new("L", (SIDE * _OVER, SIDE * _OVER), NOTHING)
        self._draw = ImageDraw.Draw(self._image)
        self._scale, self._shift, self._sign = scale, shift, -1 if flip else 1

    def _at(self, x: float, y: float) -> tuple[int, int]:
        middle = SIDE / 2
        across = middle + self._sign * (x - middle) * self._scale + self._shift[0]
        return round(across * _OVER), round((middle + (y - middle) * self._scale + self._shift[1]) * _OVER)

    def poly(self, points: Sequence[_Point], number: int) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._at(x, y) for x, y in points], fill=number)

    def line(self, points: Sequence[_Point], width: float, number: int) -> None:
        """Draw a line `width` pixels wide with round joints."""
        thick = max(_OVER, round(width * _OVER * self._scale))
        corners = [self._at(x, y) for x, y in points]
        self._draw.line(corners, fill=number, width=thick, joint="curve")

    def oval(self, x: float, y: float, a: float, b: float, number: int) -> None:
        """Fill an ellipse of half axes `a` and `b` around a point."""
        (left, top), (right, bottom) = self._at(x - a, y - b), self._at(x + a, y + b)
        self._draw.ellipse((min(left, right), top, max(left, right) - 1, bottom - 1), fill=number)

    def box(self, left: float, top: float, right: float, bottom: float, number: int) -> None:
        """Fill an upright rectangle."""
        self.poly([(left, top), (right, top), (right, bottom), (left, bottom)], number)

    def arc(self, x: float, y: float, a: float, b: float, turn: tuple[int, int], width: float, number: int) -> None:
        """Draw a piece of an ellipse's line; `turn` in degrees, clockwise from the right."""
        (left, top), (right, bottom) = self._at(x - a, y - b), self._at(x + a, y + b)
        first, last = turn if self._sign > 0 else (180 - turn[1], 180 - turn[0])
        box = (min(left, right), top, max(left, right), bottom)
        self._draw.arc(box, first, last, fill=number, width=max(_OVER, round(width * _OVER * self._scale)))

    def slab(self, left: float, top: float, right: float, bottom: float, ramp: Ramp) -> None:
        """Draw a board: bright upper edge, dark lower edge and right side."""
        self.box(left, top, right, bottom, ramp.shadow)
        self.box(left, top, right - 1, bottom - 1, ramp.base)
        self.box(left, top, right - 1, top + 1, ramp.light)

    def drum(self, left: float, top: float, right: float, bottom: float, ramp: Ramp, taper: float = 0.0) -> None:
        """Draw an upright cylinder, its foot narrower on each side by `taper` pixels."""
        width, foot = right - left, right - left - 2 * taper

        def band(first: float, last: float, number: int) -> None:
            low = left + taper
            self.poly(
                [
                    (left + width * first, top),
                    (left + width * last, top),
                    (low + foot * last, bottom),
                    (low + foot * first, bottom),
                ],
                number,
            )

        band(0, 1, ramp.base)
        band(0.12, 0.34, ramp.light)
        band(0.7, 1, ramp.shadow)

    def ball(self, x: float, y: float, a: float, b: float, ramp: Ramp) -> None:
        """Draw a round body with shade and a gleam."""
        self.oval(x, y, a, b, ramp.shadow)
        self.oval(x - a * 0.12, y - b * 0.12, a * 0.86, b * 0.86, ramp.base)
        self.oval(x - a * 0.3, y - b * 0.32, a * 0.5, b * 0.46, ramp.light)
        self.oval(x - a * 0.4, y - b * 0.44, max(0.6, a * 0.2), max(0.6, b * 0.18), ramp.gleam)

    def finished(self) -> Any:
        """Return 32 x 32 palette numbers (uint8) with an ink line around the motif; NOTHING where it is not."""
        import numpy as np  # noqa: PLC0415

        large = np.asarray(self._image)
        numbers = np.unique(large)
        cells = large.reshape(SIDE, _OVER, SIDE, _OVER)
        counts = np.stack([(cells == number).sum((1, 3)) for number in numbers])
        small = numbers[counts.argmax(0)]
        solid = np.pad(small != NOTHING, 1)
        beside = solid[:-2, 1:-1] | solid[2:, 1:-1] | solid[1:-1, :-2] | solid[1:-1, 2:]
        return np.where((small == NOTHING) & beside, INK, small).astype(np.uint8)
