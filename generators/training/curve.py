"""The loss curve of a training: its points, its file, and a small drawing of it. Judges nothing."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

POINTS = 200
"""Points of a whole curve, at most one a step."""
_WIDTH, _HEIGHT, _LEFT, _FOOT, _EDGE = 640, 320, 64, 28, 12


class Point(NamedTuple):
    """Mean loss of the steps since the last point, up to and with step number `step`; seconds of training so far."""

    step: int
    loss: float
    rate: float
    seconds: float


def interval(steps: int) -> int:
    """Return how many steps lie between two points."""
    return max(1, -(-steps // POINTS))


def to_json(points: Iterable[Point]) -> bytes:
    """Return curve.json: a list of objects in the order of the steps."""
    rows = [json.dumps({**point._asdict(), "seconds": round(point.seconds, 2)}) for point in points]
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode()


def from_json(values: Iterable[Sequence[Any]]) -> list[Point]:
    """Read points from the lists that a work folder keeps."""
    return [Point(int(step), float(loss), float(rate), float(seconds)) for step, loss, rate, seconds in values]


def draw(points: Sequence[Point], title: str) -> bytes:
    """Return a PNG: loss over steps, the loss on a logarithmic scale where all of it is above zero."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  (heavy)

    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    pen.text((_LEFT, 2), title, fill="black")
    if points:
        scale = _Scale(points)
        for value in scale.ticks():
            y = scale.y(value)
            pen.line([(_LEFT, y), (_WIDTH - _EDGE, y)], fill="#dddddd")
            pen.text((4, y - 6), f"{value:.3g}", fill="#555555")
        for step in (points[0].step, points[-1].step):
            pen.text((min(scale.x(step), _WIDTH - 60), _HEIGHT - _FOOT + 8), f"step {step}", fill="#555555")
        line = [(scale.x(point.step), scale.y(point.loss)) for point in points]
        pen.line(line if len(line) > 1 else line * 2, fill="#1f5fa8", width=2)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


class _Scale:
    """From steps and losses to pixels."""

    def __init__(self, points: Sequence[Point]) -> None:
        losses = [point.loss for point in points]
        self._log = min(losses) > 0
        self._low, self._high = self._of(min(losses)), self._of(max(losses))
        self._last = max(point.step for point in points)

    def _of(self, loss: float) -> float:
        return math.log10(loss) if self._log else loss

    def x(self, step: int) -> float:
        return _LEFT + (_WIDTH - _EDGE - _LEFT) * step / max(1, self._last)

    def y(self, loss: float) -> float:
        span = (self._high - self._low) or 1.0
        return 20 + (_HEIGHT - _FOOT - 20) * (self._high - self._of(loss)) / span

    def ticks(self) -> list[float]:
        values = [self._low + (self._high - self._low) * part / 4 for part in range(5)]
        return [10**value if self._log else value for value in values]
