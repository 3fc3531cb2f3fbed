import io
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.charges import CHARGES, charge_for
from worldloom.generators.image.drawing import Choices
from worldloom.generators.image.heraldry import emblem
from worldloom.generators.image.palette import COLOURS
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.image.raster import to_png
from worldloom.generators.image.signs import LINE, lines_of, sign
from worldloom.generators.image.svg import to_svg
from worldloom.generators.requests import Status

SVG = "{http://www.w3.org/2000/svg}"
SAFE_TAGS = {f"{SVG}{tag}" for tag in ("svg", "title", "g", "clipPath", "polygon", "text")}


def _one(request):
    (answer,) = ProceduralImage().generate([request])
    return answer


def _lettering(payload):
    return [element.text for element in ET.fromstring(payload).iter(f"{SVG}text")]


@pytest.mark.parametrize("charge", sorted(CHARGES))
def test_every_charge_makes_a_readable_sign(ask, charge):
    answer = _one(ask(craft="sign", subject=charge, colour="red", text="Old Loaf"))
    assert (answer.status, answer.media_type) == (Status.OK, "image/svg+xml")
    assert answer.parameters["charge"] == charge
    assert _lettering(answer.payload) == ["Old Loaf"]


def test_an_emblem_is_a_png_of_512_pixels_with_clear_corners_and_a_filled_middle(ask):
    answer = _one(ask(craft="emblem", subject="fish", colour="blue"))
    image = Image.open(io.BytesIO(answer.payload))
    assert (answer.media_type, image.format, image.size, image.mode) == (
        "image/png",
        "PNG",
        (512, 512),
        "RGBA",
    )
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((256, 256))[3] == 255
    assert len(image.getcolors(512 * 512)) > 50


def test_a_plain_emblem_shows_the_colour_that_was_asked():
    for seed in range(60):
        picture, chosen = emblem(Choices(seed, "emblem"), "star", "green")
        if chosen["division"] == "plain":
            break
    image = Image.open(io.BytesIO(to_png(picture))).convert("RGB")
    assert COLOURS["green"] in {colour for _, colour in image.getcolors(512 * 512)}


@pytest.mark.parametrize("craft", ["sign", "emblem"])
def test_the_same_request_gives_the_same_bytes_and_another_seed_others(ask, craft):
    first, again, other = (_one(ask(seed=seed, craft=craft, subject="boat")) for seed in (5, 5, 6))
    assert first == again
    assert first.payload != other.payload


def test_neighbours_change_nothing(ask):
    requests = [ask(seed=seed, craft="emblem") for seed in range(3)]
    together = ProceduralImage().generate(requests)
    assert together == [_one(request) for request in requests]


@pytest.mark.parametrize(
    "text",
    [
        "</text><script>alert(1)</script>",
        "]]>",
        '" onload="x',
        "&amp;&lt;",
        "<!--",
        "a\x00b\x1b[0m",
        "\u202egnirts",
        "<svg/>",
    ],
)
def test_hostile_lettering_stays_lettering(ask, text):
    answer = _one(ask(craft="sign", text=text))
    root = ET.fromstring(answer.payload)
    assert {element.tag for element in root.iter()} <= SAFE_TAGS
    assert all(name[:2] != "on" and "href" not in name for element in root.iter() for name in element.attrib)
    assert b"\x00" not in answer.payload
    assert "\u202e" not in answer.payload.decode()


@settings(max_examples=60)
@given(text=st.text(max_size=200), seed=st.integers(0, 2**64 - 1), subject=st.text(max_size=30))
def test_any_text_gives_a_well_formed_sign_of_safe_elements(text, seed, subject):
    picture, _ = sign(Choices(seed, "sign"), charge_for(subject) or "star", "red", text)
    root = ET.fromstring(to_svg(picture))
    assert {element.tag for element in root.iter()} <= SAFE_TAGS


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_lettering_never_takes_more_than_two_short_lines(text):
    lines = lines_of(text)
    assert len(lines) <= 2
    assert all(0 < len(line) <= LINE + 1 for line in lines)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "craft"),
        ({"craft": "statue"}, "'sign', an 'emblem'"),
        ({"craft": "sign", "colour": "beige"}, "red, blue"),
        ({"craft": "sign", "text": ["a"]}, "text is list"),
        ({"craft": {}}, "craft is dict"),
    ],
)
def test_what_cannot_be_made_is_an_answer_with_its_reason(ask, parameters, reason):
    answer = _one(ask(**parameters))
    assert answer.status is Status.FAILED
    assert reason in answer.detail
    assert not answer.payload


def test_subjects_are_understood_by_their_words():
    assert charge_for("The Old Bakery") == "loaf"
    assert charge_for("blacksmith's forge") == "hammer"
    assert charge_for("fishmonger") == "fish"
    assert charge_for("philosophy") is None


def test_a_subject_without_charge_gets_one_from_the_seed_and_says_which(ask):
    found = {_one(ask(seed=seed, craft="sign", subject="zzz")).parameters["charge"] for seed in range(20)}
    assert len(found) > 3
    assert found <= set(CHARGES)


def test_lettering_is_never_rasterised():
    picture, _ = sign(Choices(1, "sign"), "fish", "red", "Nets")
    with pytest.raises(GeneratorError, match="to_svg"):
        to_png(picture)
