"""Textures tile without a seam, have sides that mipmaps want, the same bytes each time, and sound normals."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from worldloom.worlds.exports import textures
from worldloom.worlds.exports.finishes import LOOKS, Wardrobe
from worldloom.worlds.exports.glb_writer import GlbWriter


def texels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)


@pytest.mark.parametrize("name", textures.names())
def test_a_texture_repeats_without_a_seam(name):
    """From the last row to the first it changes no more than from row to row where it changes most."""
    picture = texels(textures.shade_png(name)).mean(-1)
    for axis in (0, 1):
        steps = np.abs(np.diff(picture, axis=axis)).mean(1 - axis)
        seam = np.abs(np.take(picture, 0, axis) - np.take(picture, -1, axis)).mean()
        assert seam <= max(steps.max() * 1.1, steps.mean() * 3)


@pytest.mark.parametrize("name", textures.names())
def test_a_texture_is_a_light_grey_square_of_a_power_of_two(name):
    picture = texels(textures.shade_png(name))
    assert picture.shape == (256, 256, 3)
    assert 130 < picture.mean() < 250
    assert np.ptp(picture.mean((0, 1))) < 14


@pytest.mark.parametrize("name", [name for name, look in LOOKS.items() if look.depth])
def test_normals_have_length_one_and_point_out_of_the_wall(name):
    picture = texels(textures.normal_png(name, LOOKS[name].depth)) / 127.5 - 1
    assert picture.shape == (128, 128, 3)
    assert np.linalg.norm(picture, axis=-1) == pytest.approx(1, abs=0.08)
    assert picture[..., 2].min() > 0
    assert np.abs(picture[..., :2].mean((0, 1))).max() < 0.06


def test_bytes_are_the_same_each_time_and_small():
    first = {name: textures.shade_png(name) for name in textures.names()}
    textures.shade_png.cache_clear()
    assert {name: textures.shade_png(name) for name in ("thatch", "cobbles")} == {
        name: first[name] for name in ("thatch", "cobbles")
    }
    assert sum(map(len, first.values())) < 600_000


def test_a_look_becomes_one_material_however_often_it_is_worn():
    writer = GlbWriter()
    wardrobe = Wardrobe(writer)
    assert wardrobe.material("thatch") == wardrobe.material("thatch")
    assert wardrobe.material("glass") != wardrobe.material("lit")
    with pytest.raises(KeyError):
        wardrobe.material("velvet")
