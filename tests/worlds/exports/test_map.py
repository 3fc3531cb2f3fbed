"""The map: a PNG of the asked size, the same again, with every place named and no name over another."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from worldloom.worlds.exports import map as map_module
from worldloom.worlds.exports.map import choose_window, draw_map
from worldloom.worlds.exports.map_labels import Label, overlaps, place_labels
from worldloom.worlds.land_errors import ExportError

SIDE = 600
spots = st.integers(0, 400)


@pytest.fixture(scope="module")
def picture(hamlet, placed) -> bytes:
    return draw_map(hamlet.terrain, hamlet.settlement, placed, side=SIDE)


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_it_is_a_png_of_the_size_asked_for(picture):
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.size, image.mode) == ("PNG", (SIDE, SIDE), "RGB")


def test_the_same_world_gives_the_same_bytes(hamlet, placed, picture):
    assert draw_map(hamlet.terrain, hamlet.settlement, placed, side=SIDE) == picture


def test_all_places_lie_in_the_window(hamlet):
    window = choose_window(hamlet.terrain, hamlet.settlement, SIDE)
    for place in hamlet.settlement.places:
        for column, row in place.cells:
            x, y = window.at(column + 0.5, row + 0.5)
            assert 0 < x < SIDE
            assert 0 < y < SIDE


def test_sea_is_blue_and_land_is_green(hamlet):
    window = choose_window(hamlet.terrain, hamlet.settlement, SIDE)
    image = pixels(draw_map(hamlet.terrain, hamlet.settlement, (), side=SIDE))
    rows, columns = np.nonzero(hamlet.terrain.water == 1)
    sea = [window.at(c + 0.5, r + 0.5) for c, r in zip(columns.tolist(), rows.tolist(), strict=True)]
    colours = np.array([image[int(y), int(x)] for x, y in sea if 60 < x < SIDE - 60 and 60 < y < SIDE - 60])
    blue = (colours[:, 2] > colours[:, 0]).mean()
    assert blue > 0.75


def test_a_made_thing_changes_the_map_where_it_stands(hamlet, placed):
    bare = pixels(draw_map(hamlet.terrain, hamlet.settlement, (), side=SIDE))
    with_it = pixels(draw_map(hamlet.terrain, hamlet.settlement, placed[:1], side=SIDE))
    window = choose_window(hamlet.terrain, hamlet.settlement, SIDE)
    x, y = window.at(placed[0].x / 2000, placed[0].y / 2000)
    assert (bare[int(y), int(x)] != with_it[int(y), int(x)]).any()


def test_every_place_is_named_and_no_name_covers_another(hamlet, monkeypatch):
    found = []

    def spy(labels, obstacles, closed, frame):
        written = place_labels(labels, obstacles, closed, frame)
        found.append((written, closed))
        return written

    monkeypatch.setattr(map_module, "place_labels", spy)
    draw_map(hamlet.terrain, hamlet.settlement, (), side=1600)
    written, closed = found[0]
    assert sorted(label.label.text for label in written) == sorted(p.name for p in hamlet.settlement.places)
    boxes = [label.box for label in written]
    for at, box in enumerate(boxes):
        assert not any(overlaps(box, other) for other in boxes[:at] + closed)


@pytest.mark.parametrize("side", [0, 199, 5000])
def test_a_size_that_no_map_can_have_is_refused(hamlet, side):
    with pytest.raises(ExportError, match="choose 200 to 4096"):
        draw_map(hamlet.terrain, hamlet.settlement, (), side=side)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(5, 120), st.integers(5, 30)), max_size=30)
)
def test_names_never_overlap_nor_leave_the_frame(rows):
    labels = [(Label("x", (float(x), float(y)), (3.0, 3.0), 10), float(w), float(h)) for x, y, w, h in rows]
    closed = [(0.0, 0.0, 90.0, 40.0)]
    written = place_labels(labels, [(100.0, 100.0, 200.0, 200.0)], closed, (0.0, 0.0, 400.0, 400.0))
    boxes = [label.box for label in written]
    for at, box in enumerate(boxes):
        assert 0 <= box[0] < box[2] <= 400
        assert 0 <= box[1] < box[3] <= 400
        assert not any(overlaps(box, other) for other in boxes[:at] + closed)
