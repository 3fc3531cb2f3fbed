"""Arrays in a GLB's buffer: each is found again as it was given, and what is there already is not stored again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.exports.glb_buffer import INDICES, GlbBuffer
from worldloom.worlds.exports.solids import Surface
from worldloom.worlds.exports.welding import welded

few_rows = st.lists(st.tuples(*[st.sampled_from((0.0, -0.0, 1.0, 0.1))] * 3), min_size=1, max_size=6)
few_indices = st.lists(st.integers(0, 3), min_size=3, max_size=9)


def read(binary, number: int) -> np.ndarray:
    """An accessor's rows, read as glTF 2.0 section 3.6.2 says."""
    row = binary.accessors[number]
    view = binary.views[row["bufferView"]]
    dtype = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}[row["componentType"]]
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}[row["type"]]
    start, size = view["byteOffset"] + row["byteOffset"], row["count"] * width * np.dtype(dtype).itemsize
    assert start % 4 == 0
    assert row["byteOffset"] + size <= view["byteLength"]
    assert view.get("byteStride", width * np.dtype(dtype).itemsize) == width * np.dtype(dtype).itemsize
    found = np.frombuffer(binary.data[start : start + size], dtype)
    return found if row["type"] == "SCALAR" else found.reshape(-1, width)


@given(st.lists(few_rows, min_size=1, max_size=5), st.lists(few_indices, max_size=5), st.binary(max_size=7))
def test_what_was_added_is_found_again_whatever_it_shares(points, faces, file):
    buffer = GlbBuffer()
    assert buffer.file(file) == 0
    vertices = [np.array(rows, np.float32) for rows in points]
    triangles = [np.array(rows, np.uint16 if len(rows) % 2 else np.uint32) for rows in faces]
    at = [buffer.array("POSITION", rows) for rows in vertices]
    below = [buffer.array(INDICES, rows) for rows in triangles]
    binary = buffer.lay_out()
    for number, rows in zip(at + below, vertices + triangles, strict=True):
        assert read(binary, number).tobytes() == rows.tobytes()
    start = binary.views[0]["byteOffset"]
    assert binary.data[start : start + len(file)] == file


def test_the_same_array_is_one_accessor_and_one_that_begins_another_takes_no_room():
    buffer = GlbBuffer()
    long = np.arange(24, dtype=np.float32).reshape(8, 3)
    numbers = [buffer.array("NORMAL", rows) for rows in (long[:2], long, long[:5], long)]
    assert numbers == [0, 1, 2, 1]
    binary = buffer.lay_out()
    assert len(binary.data) == long.nbytes
    assert [row["byteOffset"] for row in binary.accessors] == [0, 0, 0]
    assert [row["count"] for row in binary.accessors] == [2, 8, 5]


def test_arrays_of_one_use_but_of_two_types_lie_in_two_views():
    buffer = GlbBuffer()
    short, long = np.full((2, 4), 7, np.uint8), np.full((2, 4), 7, np.uint16)
    numbers = [buffer.array("COLOR_0", rows) for rows in (short, long)]
    binary = buffer.lay_out()
    assert [view["byteStride"] for view in binary.views] == [4, 8]
    assert [read(binary, number).tolist() for number in numbers] == [short.tolist(), long.tolist()]


def test_a_bound_of_few_digits_is_the_same_float():
    buffer = GlbBuffer()
    number = buffer.array("POSITION", np.array([[0.1, -12.3456, 1e-8]], np.float32), bounds=True)
    row = buffer.lay_out().accessors[number]
    assert row["min"] == row["max"] == [0.1, -12.3456, 1e-8]


@given(few_rows, few_indices)
def test_a_welded_surface_has_the_same_triangles_and_no_vertex_twice(rows, indices):
    points = np.array(rows, np.float32)
    colours = np.tile(np.arange(4, dtype=np.uint8), (len(rows), 1))
    faces = np.array(indices, np.uint32) % np.uint32(len(rows))
    before = Surface(points, points[::-1].copy(), faces, colours)
    after = welded(before)
    for column in ("points", "normals", "colours"):
        assert np.array_equal(getattr(after, column)[after.indices], getattr(before, column)[before.indices])
    alike = np.concatenate([after.points, after.normals], axis=1)
    assert len(np.unique(alike, axis=0)) == len(alike)
    assert not np.signbit(after.points).any()


def test_a_surface_that_has_each_vertex_once_keeps_its_order():
    points = np.array([[2, 0, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    surface = Surface(points, np.ones((3, 3), np.float32), np.array([0, 1, 2], np.uint32))
    after = welded(surface)
    assert np.array_equal(after.points, points)
    assert after.indices.tolist() == [0, 1, 2]
    assert after.colours is after.texture is after.tangents is None
