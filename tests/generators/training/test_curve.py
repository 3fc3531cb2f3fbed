import io
import json

import pytest
from PIL import Image
from worldloom.generators.training.curve import Point, draw, from_json, interval, to_json


def test_points_survive_their_file():
    points = [Point(10, 1.25, 3e-3, 0.5), Point(20, 0.1, 1e-3, 1.25)]
    rows = json.loads(to_json(points))
    assert from_json([row.values() for row in rows]) == points


@pytest.mark.parametrize("losses", [[5.0, 2.0, 0.1], [1.0, 1.0, 1.0], [0.5, -0.5, 0.0], [3.0], []])
def test_any_curve_can_be_drawn(losses):
    points = [Point(step, loss, 1e-3, step) for step, loss in enumerate(losses, 1)]
    picture = Image.open(io.BytesIO(draw(points, "a title")))
    blue = sum(count for count, colour in picture.getcolors(1 << 16) if colour == (0x1F, 0x5F, 0xA8))
    assert picture.size == (640, 320)
    assert (blue > 0) == bool(losses)


def test_a_falling_loss_falls_in_the_picture():
    picture = Image.open(io.BytesIO(draw([Point(step, 10 / step, 0, 0) for step in range(1, 50)], "")))
    pixels = picture.load()
    line = {x: y for x in range(70, 620) for y in range(320) if pixels[x, y] == (0x1F, 0x5F, 0xA8)}
    assert line[100] < line[300] < line[600]


@pytest.mark.parametrize(("steps", "between"), [(1, 1), (200, 1), (201, 2), (8000, 40)])
def test_a_curve_has_two_hundred_points_at_most(steps, between):
    assert interval(steps) == between
