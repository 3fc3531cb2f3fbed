"""A land of one's own: heights as drawn, sea from the edge, a village on it; foreign bytes are refused."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from worldloom.worlds.heightmap import LARGEST, read_heights, side_of, terrain_of
from worldloom.worlds.land_errors import TerrainError
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import LAND, RIVER, SEA, Terrain


def island(side: int) -> np.ndarray:
    """Grey values uint16[side, side] of an island with a plain and a hill; black -8 m, white 40 m."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    inland = 0.82 - np.hypot(x, y) + 0.08 * np.sin(3 * np.arctan2(y, x))
    hill = np.exp(-((x - 0.15) ** 2 + (y + 0.35) ** 2) / 0.06)
    metres = np.clip(10 * inland, -8, 4) + 26 * hill * (inland > 0)
    return ((metres + 8) / 48 * 65535).astype(np.uint16)


def png(grey: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def picture() -> bytes:
    return png(island(128))


@pytest.fixture(scope="module")
def terrain(picture) -> Terrain:
    return terrain_of(7, read_heights(picture, -8, 40))


def test_black_and_white_are_the_heights_that_were_asked_for():
    grey = np.zeros((64, 64), np.uint8)
    grey[0, 0] = 255
    heights = read_heights(png(grey), -5, 100)
    assert (heights[0, 0], heights[1, 1], heights.shape) == (100_000, -5000, (64, 64))


def test_a_land_is_where_it_was_drawn(picture, terrain):
    heights = read_heights(picture, -8, 40)
    away = abs(np.diff(terrain.heights[terrain.water == LAND] - heights[terrain.water == LAND]))
    assert terrain.shape == (128, 128)
    assert (terrain.water[0] == SEA).all()
    assert (terrain.water == RIVER).any()
    assert np.median(away) < 500, "rivers cut valleys; the rest stays as drawn"
    assert np.unravel_index(terrain.heights.argmax(), terrain.shape) == np.unravel_index(heights.argmax(), (128, 128))


def test_a_village_finds_room_and_the_bytes_read_back(terrain):
    assert found_settlement(terrain, 7).of_kind("home")
    assert Terrain.from_bytes(terrain.to_bytes()).digest == terrain.digest


def test_the_same_picture_and_seed_give_the_same_land(picture, terrain):
    assert terrain_of(7, read_heights(picture, -8, 40)).digest == terrain.digest
    assert terrain_of(8, read_heights(picture, -8, 40)).digest != terrain.digest


def test_a_hollow_inland_is_no_sea():
    grey = np.full((64, 64), 200, np.uint8)
    grey[:4] = 0
    grey[30:34, 30:34] = 0
    terrain = terrain_of(1, read_heights(png(grey), -8, 40))
    assert (terrain.water[30:34, 30:34] != SEA).all()


@pytest.mark.parametrize("grey", [0, 255])
def test_a_land_without_land_or_without_sea_says_so(grey):
    with pytest.raises(TerrainError, match=r"sea.*lowest"):
        terrain_of(1, read_heights(png(np.full((64, 64), grey, np.uint8)), -8, 40))


def bomb() -> bytes:
    """A PNG that claims 60,000 x 60,000 pixels in a few bytes."""
    head = b"IHDR" + (60_000).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    chunk = (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "no PNG"),
        (b"GIF89a" + bytes(64), "no PNG"),
        (png(np.zeros((64, 65), np.uint8)), "65 x 64 pixels: it is square"),
        (png(np.zeros((63, 63), np.uint8)), "a side is 64"),
        (png(np.zeros((64, 64, 3), np.uint8)), "kind RGB: save it as grey"),
        (png(np.zeros((64, 64), np.uint8))[:50], "damaged"),
        (bomb(), "too large|no PNG"),
    ],
    ids=["nothing", "a GIF", "not square", "too small", "coloured", "cut off", "a bomb"],
)
def test_other_pictures_are_refused(data, fault):
    with pytest.raises(TerrainError, match=fault):
        read_heights(data, -8, 40)


@pytest.mark.parametrize(("lowest", "highest"), [(40, -8), (5, 5), (-101, 3), (0, 1001)])
def test_heights_that_cannot_be_are_refused(picture, lowest, highest):
    with pytest.raises(TerrainError, match="choose"):
        read_heights(picture, lowest, highest)


def test_the_size_is_told_before_anything_is_unpacked(picture):
    assert side_of(picture) == 128 <= LARGEST


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_another_error(data):
    with pytest.raises(TerrainError):
        side_of(b"\x89PNG\r\n\x1a\n" + data)
