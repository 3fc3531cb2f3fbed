import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from worldloom.generators.image.raster import to_png
from worldloom.generators.image.reading import picture_of
from worldloom.generators.image.svg import to_svg
from worldloom.generators.image.vector import curves, pen
from worldloom.generators.image.vector.draw import draw
from worldloom.generators.image.vector.palette import BARE, FIXED, HAIRS, ROLES, colour_of
from worldloom.generators.image.vector.program import Part, Program, decode
from worldloom.generators.image.vector.vocabulary import SLOTS

SVG = "{http://www.w3.org/2000/svg}"
SAFE_TAGS = {f"{SVG}{tag}" for tag in ("svg", "title", "g", "clipPath", "polygon")}
PLACES = st.integers(0, 63)


def _program(*items):
    return Program("ornament", {"kind": "sun", "tint": "red"}, {}, (Part("ornament", items),))


def _pixels(*items, width=120):
    png = to_png(draw(_program(*items)), width)
    return Image.open(io.BytesIO(png))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_readable_program_becomes_safe_svg_that_reads_back(walk, seed):
    picture = draw(decode(walk(seed)))
    svg = to_svg(picture)
    assert {element.tag for element in ET.fromstring(svg).iter()} <= SAFE_TAGS
    assert picture_of(svg) == picture
    assert Image.open(io.BytesIO(to_png(picture, 24))).size == (24, 24)


@pytest.mark.parametrize("domain", SLOTS)
def test_a_picture_is_the_same_at_any_size(drawn, domain):
    (program,) = drawn(domain, 1)
    small, large = (
        Image.open(io.BytesIO(to_png(draw(program), width))).convert("RGBa").reduce(width // 50) for width in (100, 400)
    )
    apart = np.abs(np.asarray(small, np.int16) - np.asarray(large, np.int16))
    assert apart.mean() < 6


def test_mirror_suffix_and_halves_are_symmetrical():
    items = [
        pen.oval("gold", 44, 20, 5, 3, twin=True),
        pen.line("iron", 6, (36, 40), (44, 50), (50, 44), twin=True),
        pen.half("navy", (40, 54), (46, 60)),
        pen.dome("wine", (32, 4), (40, 6), (36, 12)),
        pen.pair(46, 32, 8, pen.poly("brick", (4, 4), (60, 10), (30, 60))),
    ]
    for shape in draw(_program(*items)).layers[0].shapes:
        assert all(0 <= x <= 1000 for x, _ in shape.points)
    grey = np.asarray(_pixels(*items, width=300).convert("La"), np.int16)
    assert (np.abs(grey - grey[:, ::-1]) > 90).sum() < 60  # of 180,000: rounding at edges


def test_what_is_clipped_stays_inside_and_is_seen_there():
    image = _pixels(pen.clip(pen.oval("navy", 32, 32, 10, 10), pen.box("gold", 2, 2, 60, 30)))
    assert image.getpixel((60, 10))[3] == 0
    assert image.getpixel((60, 50))[:3] == FIXED["gold"]
    assert image.getpixel((60, 70))[:3] == FIXED["navy"]


def test_a_group_is_stamped_at_each_of_its_places():
    image = _pixels(pen.group((12, 32, 16, 52, 32, 16), pen.oval("navy", 32, 32, 30, 30)))
    assert [image.getpixel((x, 60))[3] for x in (20, 60, 100)] == [255, 0, 255]


def test_a_doubled_point_is_a_corner_and_others_are_round():
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert all(point not in square for point in curves.smooth(square, 6))
    corner = curves.smooth([square[0], *square], 6)
    assert square[0] in corner
    assert square[2] not in corner


def test_a_stroke_is_as_wide_as_asked_with_round_ends():
    outline = curves.stroke([(10.0, 10.0), (30.0, 10.0)], 4.0, 6)
    assert {max(y for _, y in outline), min(y for _, y in outline)} == {12.0, 8.0}
    assert (round(min(x for x, _ in outline), 6), round(max(x for x, _ in outline), 6)) == (8.0, 32.0)


@given(st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=10))
def test_edges_of_any_outline_are_finite_and_no_longer_than_it(points):
    outline = curves.smooth([(float(x), float(y)) for x, y in points], 6)
    wide = curves.widened(outline, 0.5)
    assert len(wide) <= len(outline)
    assert all(-2 <= value <= 66 for point in wide for value in point)


def test_shapes_without_area_vanish():
    flat = pen.poly("gold", (5, 5), (5, 5), (5, 5))
    assert not any(layer.shapes for layer in draw(_program(flat, pen.clip(flat, flat))).layers)


def test_paint_of_a_role_has_the_colour_of_its_word_and_tones_of_it():
    words = {"hair": "red", "tint": "blue"}
    assert colour_of("hair", words) == HAIRS["red"]
    assert sum(colour_of("hair.shade", words)) < sum(HAIRS["red"]) < sum(colour_of("hair.light", words))
    assert colour_of("tint.dark", words) != colour_of("tint.dark", {"tint": "red"})
    assert colour_of("gold", {}) == FIXED["gold"]


def test_bare_names_are_paint():
    assert {*FIXED, *(paint for paints in ROLES.values() for paint in paints)} >= BARE
