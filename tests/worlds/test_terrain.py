"""The land: the same from the same seed everywhere, whole, and read back from its bytes or refused."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.worlds.biomes import Biome
from worldloom.worlds.land_errors import TerrainError
from worldloom.worlds.rivers import RIVER_DEPTH_MM
from worldloom.worlds.terrain import LAND, RIVER, SEA, SMALLEST, Terrain, make_terrain

DIGEST = "import sys; from worldloom.worlds.terrain import make_terrain; from worldloom.worlds.settlement import *; "
DIGEST += "t = make_terrain(5, 128); print(t.digest, found_settlement(t, 5).digest)"
EXP = "import numpy as np; print(np.exp(np.linspace(-8, 8, 4096)).tobytes().hex())"


def output_of(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def land() -> Terrain:
    return make_terrain(7, 512)


def test_a_kilometre_of_land_has_everything(land):
    assert land.shape == (512, 512)
    shares = np.bincount(land.biome.ravel(), minlength=len(Biome)) / land.biome.size
    assert (shares > 0).all()
    assert 0.1 < shares[Biome.SEA] < 0.5
    assert (land.water == RIVER).any()
    assert land.heights.max() > 60_000


def test_sea_lies_below_and_land_above(land):
    assert (land.heights[land.water == SEA] < 0).all()
    assert (land.heights[land.water == LAND] > 0).all()
    assert ((land.biome == Biome.SEA) == (land.water == SEA)).all()


def test_a_river_reaches_the_sea_and_its_surface_never_lies_under_it(land):
    from scipy.ndimage import binary_dilation, label

    river, sea = land.water == RIVER, land.water == SEA
    parts, _ = label(river, np.ones((3, 3)))
    touching = np.unique(parts[binary_dilation(sea, np.ones((3, 3))) & river])
    assert len(touching[touching > 0]) >= 1
    assert (land.heights[river] + RIVER_DEPTH_MM >= 0).all()
    # The mouth is lower than every other part of its river.
    main = parts == touching[touching > 0][0]
    mouth = land.heights[main & binary_dilation(sea, np.ones((3, 3)))].min()
    assert mouth == land.heights[main].min()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert make_terrain(3, 96).to_bytes() == make_terrain(3, 96).to_bytes()
    assert make_terrain(3, 96).digest != make_terrain(4, 96).digest


def test_land_and_village_do_not_depend_on_the_processor():
    plain = output_of(DIGEST)
    assert len(plain.split()) == 2
    assert output_of(DIGEST, OPENBLAS_CORETYPE="Haswell") == plain
    off = " ".join(found_features())
    if off:
        # The switch does something: numpy's own exponential changes with it.
        assert output_of(EXP, NPY_DISABLE_CPU_FEATURES=off) != output_of(EXP)
        assert output_of(DIGEST, NPY_DISABLE_CPU_FEATURES=off) == plain


def found_features() -> list[str]:
    """The AVX-512 features that numpy dispatches to on this machine."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return [name for name in __cpu_dispatch__ if __cpu_features__.get(name) and name.startswith(("AVX512", "X86_V4"))]


def test_bytes_round_trip(land):
    again = Terrain.from_bytes(land.to_bytes())
    assert again.to_bytes() == land.to_bytes()
    assert again.digest == land.digest
    for name in ("heights", "biome", "water"):
        layer = getattr(again, name)
        assert layer.dtype == getattr(land, name).dtype
        assert np.array_equal(layer, getattr(land, name))
        assert not layer.flags.writeable


@pytest.fixture(scope="module")
def small_bytes() -> bytes:
    return make_terrain(1, SMALLEST).to_bytes()


class Blob:
    """Bytes that a failing example does not print."""

    def __init__(self, data: bytes) -> None:
        self.data = data


@pytest.fixture(scope="module")
def blob(small_bytes) -> Blob:
    return Blob(small_bytes)


def hostile(data: bytes) -> dict[str, bytes]:
    header = data.index(b"\x93NUMPY")
    return {
        "nothing": b"",
        "another first line": b"worldloom/terrain/2\n" + data[header:],
        "cut off in the last layer": data[:-1],
        "cut off in the first header": data[: header + 20],
        "a byte more": data + b"\0",
        "a grid of 8192 x 8192 that is not there": data.replace(b"(64, 64)", b"(8192, 8192)", 1),
        "a side beyond the largest": data.replace(b"(64, 64)", b"(9999, 64)", 1),
        "a negative side": data.replace(b"(64, 64)", b"(-4, 64)", 1),
        "floats": data.replace(b"<i4", b"<f4", 1),
        "objects, which would be unpickled": data.replace(b"'<i4'", b"'|O' ", 1),
        "big-endian": data.replace(b"<i4", b">i4", 1),
        "columns first": data.replace(b"'fortran_order': False", b"'fortran_order': True ", 1),
        "code in the header": data.replace(b"(64, 64)", b"(64,exit())", 1),
        "npy version 2": data.replace(b"\x93NUMPY\x01", b"\x93NUMPY\x02", 1),
        "an unknown kind of water": data[:-1] + b"\x07",
    }


@pytest.mark.parametrize("case", list(hostile(b"\x93NUMPY")))
def test_hostile_bytes_are_refused(small_bytes, case):
    data = hostile(small_bytes)[case]
    assert data != small_bytes
    with pytest.raises(TerrainError):
        Terrain.from_bytes(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_is_another_terrain_or_refused(blob, data):
    small_bytes = blob.data
    at = data.draw(st.integers(0, 1000) | st.integers(0, len(small_bytes) - 1))
    changed = bytearray(small_bytes)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        terrain = Terrain.from_bytes(bytes(changed))
    except TerrainError:
        return
    assert terrain.to_bytes() == bytes(changed)


@pytest.mark.parametrize("size", [SMALLEST - 1, 0, -5, 8193])
def test_a_size_that_cannot_be_made_says_which_can(size):
    with pytest.raises(TerrainError, match="choose 64 to 8192"):
        make_terrain(1, size)


def test_each_layer_is_an_npy_file_that_numpy_reads(land):
    import io

    file = io.BytesIO(land.to_bytes())
    assert file.readline() == b"worldloom/terrain/1\n"
    for layer in (land.heights, land.biome, land.water):
        start = file.tell()
        assert np.array_equal(np.load(file, allow_pickle=False), layer)
        end = file.tell()
        written = io.BytesIO()
        np.lib.format.write_array(written, np.ascontiguousarray(layer), version=(1, 0))
        assert file.getvalue()[start:end] == written.getvalue()


def test_a_window_of_the_land_is_a_terrain(land):
    part = land.part(slice(10, 40), slice(5, 25))
    assert part.shape == (30, 20)
    assert np.array_equal(part.heights, land.heights[10:40, 5:25])
