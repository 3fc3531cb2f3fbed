"""Bodies enclose room whatever way they lie, and textures lie on them to scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.exports.solids import Finish, Laying, Solid, Surface, tangents_of

RED = (200, 30, 30)
metres = st.floats(-20, 20).map(lambda value: round(value, 2))
points = st.tuples(metres, metres, metres)


def volume(surface: Surface) -> float:
    """What a closed surface encloses; negative when it is inside out."""
    a, b, c = np.moveaxis(surface.points[surface.indices].reshape(-1, 3, 3).astype(float), 1, 0)
    return float((a * np.cross(b, c)).sum() / 6)


@given(points, points, st.floats(0.05, 1))
def test_a_beam_encloses_its_room_in_any_direction(start, end, thick):
    length = float(np.linalg.norm(np.subtract(end, start)))
    if length < 0.5:
        return
    solid = Solid()
    solid.beam(start, end, thick, RED)
    assert volume(solid.surface()) == pytest.approx(length * thick * thick, rel=0.05, abs=0.05)


@given(points, st.tuples(*[st.floats(0.1, 9)] * 3))
def test_a_box_encloses_its_room(low, size):
    solid = Solid()
    solid.box(low, tuple(np.add(low, size)), RED)
    assert volume(solid.surface()) == pytest.approx(float(np.prod(size)), rel=0.02, abs=0.05)


@given(st.integers(3, 12), st.lists(st.tuples(st.floats(0, 3), st.floats(0.05, 2)), min_size=2, max_size=5))
def test_a_turned_body_is_closed_and_faces_outward(sides, steps):
    heights = np.cumsum([rise for _, rise in steps]).tolist()
    profile = [(round(radius, 2), round(up, 2)) for (radius, _), up in zip(steps, heights, strict=True)]
    if max(radius for radius, _ in profile) < 0.2:
        return
    solid = Solid()
    solid.turned((1.0, 2.0, 3.0), profile, sides, RED)
    surface = solid.surface()
    assert volume(surface) > 0
    corners = np.round(surface.points[surface.indices].reshape(-1, 3, 3).astype(float), 3)
    edges: dict[tuple, int] = {}
    for one, two, three in corners.tolist():
        for a, b in ((one, two), (two, three), (three, one)):
            if a != b:
                edges[(*a, *b)] = edges.get((*a, *b), 0) + 1
    assert all(edges.get((*key[3:], *key[:3]), 0) == count for key, count in edges.items())


def test_a_texture_is_upright_on_walls_and_as_on_a_map_on_floors():
    solid = Solid({"boards": Laying(2.0, raised=True)})
    solid.box((0, 0, 0), (4, 6, 2), Finish("boards", RED))
    part = solid.parts()["boards"]
    for normal, point, spot in zip(part.normals, part.points, part.texture, strict=True):
        if abs(normal[1]) < 0.5:
            assert spot[1] == pytest.approx(-point[1] / 2)
        elif normal[1] > 0:
            assert spot.tolist() == pytest.approx([point[0] / 2, point[2] / 2])
    assert part.tangents is not None
    bitangents = np.cross(part.normals, part.tangents[:, :3])
    assert bitangents[abs(part.normals[:, 1]) < 0.5][:, 1] == pytest.approx(1)


def test_what_has_no_laying_has_no_texture():
    solid = Solid()
    solid.box((0, 0, 0), (1, 1, 1), Finish("boards", RED))
    assert solid.parts()["boards"].texture is None
    assert solid.surface().tangents is None


def test_a_polygon_without_area_is_left_out():
    solid = Solid()
    solid.box((0, 0, 0), (1, 1, 1), RED)
    before = len(solid.surface().points)
    solid.polygon([(0, 0, 0), (1, 0, 0), (2, 0, 0)], RED)
    assert len(solid.surface().points) == before


def test_tangents_of_level_ground_point_east():
    normals = np.array([(0, 1, 0), (0.6, 0.8, 0)], np.float32)
    tangents = tangents_of(normals)
    assert tangents[0].tolist() == [1, 0, 0, 1]
    assert tangents[1, :3] @ normals[1] == pytest.approx(0, abs=1e-6)
