import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.board import board_png
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.image.reading import picture_of
from worldloom.generators.image.svg import to_svg
from worldloom.generators.requests import Request


def sign(seed: int, text: str = "Bread <&> Fish") -> bytes:
    request = Request("image", "make", "agent-0", 0, 0, seed, "", parameters={"craft": "sign", "text": text})
    return ProceduralImage().generate([request])[0].payload


@given(seed=st.integers(0, 2**64 - 1), text=st.text(max_size=30))
def test_a_sign_read_back_is_written_the_same(seed, text):
    svg = sign(seed, text)
    assert to_svg(picture_of(svg)) == svg


def test_a_board_shows_its_lettering():
    with_text = Image.open(io.BytesIO(board_png(sign(1), 384)))
    without = Image.open(io.BytesIO(board_png(sign(1, ""), 384)))
    assert with_text.size == (384, without.size[1])
    assert with_text.tobytes() != without.tobytes()


@pytest.mark.parametrize(
    "svg",
    [
        b"",
        b"<svg/>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        sign(1).replace(b"<polygon", b"<script"),
        sign(1).replace(b"</svg>", b"<image href='x'/></svg>"),
        sign(1).replace(b'fill="#', b'fill="red', 1),
        sign(1)[:-20],
    ],
)
def test_svg_that_is_not_ours_is_refused(svg):
    with pytest.raises(GeneratorError):
        picture_of(svg)
