"""Portraits and tiles of the backend `procedural`: what was asked is shown, what is not known is refused."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from worldloom.generators.image.board import board_png
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.requests import Request, Status
from worldloom.generators.vocabulary import COLOURS, JOBS, MOODS, THINGS


def one(request):
    (answer,) = ProceduralImage().generate([request])
    return answer


@pytest.mark.parametrize("mood", MOODS)
def test_a_portrait_is_of_who_was_asked_for(ask, mood):
    answer = one(ask(craft="portrait", name="Ida <Marsh> & Söhne", age=61, job="fisher", mood=mood))
    assert (answer.status, answer.media_type) == (Status.OK, "image/svg+xml")
    assert {name: answer.parameters[name] for name in ("age_band", "job", "mood")} == {
        "age_band": "ripe",
        "job": "fisher",
        "mood": mood,
    }
    title = ET.fromstring(answer.payload).find("{http://www.w3.org/2000/svg}title")
    assert title.text == "Portrait of Ida <Marsh> & Söhne"
    picture = Image.open(io.BytesIO(board_png(answer.payload, 96))).convert("RGB")
    assert len(picture.getcolors(96 * 96)) > 20


def test_faces_differ_by_seed_and_not_by_neighbours(ask):
    requests = [ask(seed=seed, craft="portrait", name="x", age=30, job="baker", mood="calm") for seed in range(12)]
    alone = [one(request).payload for request in requests]
    assert len(set(alone)) >= 11
    assert [answer.payload for answer in ProceduralImage().generate(requests[::-1])] == alone[::-1]


def test_what_a_portrait_leaves_open_comes_from_the_seed(ask):
    answers = [one(ask(seed=seed, craft="portrait")) for seed in range(8)]
    assert all(answer.payload for answer in answers)
    assert len({answer.parameters["job"] for answer in answers}) > 2


@pytest.mark.parametrize("thing", THINGS)
def test_a_tile_is_a_picture_of_large_pixels(ask, thing):
    answer = one(ask(craft="tile", thing=thing, colour="red"))
    assert (answer.status, answer.media_type) == (Status.OK, "image/png")
    assert answer.parameters["caption"].startswith(f"a red {thing} on ")
    pixels = np.asarray(Image.open(io.BytesIO(answer.payload)).convert("RGB"))
    assert pixels.shape == (256, 256, 3)
    assert (pixels == pixels[::8, ::8].repeat(8, 0).repeat(8, 1)).all()


def test_a_tiles_colour_may_be_left_to_the_maker(ask):
    assert {one(ask(seed=seed, craft="tile", thing="boat")).parameters["colour"] for seed in range(40)} == set(COLOURS)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"craft": "portrait", "age": -1}, "number of years"),
        ({"craft": "portrait", "age": "old"}, "number of years"),
        ({"craft": "portrait", "age": True}, "number of years"),
        ({"craft": "portrait", "job": "pirate\u202e"}, "job 'pirate"),
        ({"craft": "portrait", "mood": 7}, "mood '7'"),
        ({"craft": "portrait", "name": ["x"]}, "name is list"),
        ({"craft": "tile"}, "a tile of what"),
        ({"craft": "tile", "thing": "dragon"}, "thing 'dragon'"),
        ({"craft": "tile", "thing": "boat", "colour": "<script>"}, "colour '<script>'"),
    ],
)
def test_what_nobody_can_paint_is_refused(ask, wrong, why):
    answer = one(ask(**wrong))
    assert (answer.status, answer.payload) == (Status.FAILED, b"")
    assert why in answer.detail


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(0, 130), st.sampled_from(JOBS), st.text(max_size=60))
def test_whoever_is_painted_the_picture_is_safe_svg(seed, age, job, name):
    told = {"craft": "portrait", "name": name, "age": age, "job": job}
    answer = one(Request("image", "portrait", "agent-0", 0, 0, seed, "", parameters=told))
    root = ET.fromstring(answer.payload)
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "g", "clipPath", "polygon"}
