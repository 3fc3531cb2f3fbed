import io
import json
import struct
from collections import Counter

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.mesh.glb import to_glb, triangles
from worldloom.generators.mesh.materials import LOOKS
from worldloom.generators.mesh.shapes import UNIT, solid
from worldloom.generators.mesh.source import build, draw_program
from worldloom.generators.mesh.vocabulary import (
    COLOURS,
    KINDS,
    MATERIALS,
    SHAPES,
    SYMMETRIES,
    Primitive,
    Program,
)
from worldloom.generators.sequence.draws import Draws


def _document(glb):
    magic, version, total = struct.unpack_from("<4sII", glb)
    length, kind = struct.unpack_from("<I4s", glb, 12)
    assert (magic, version, total, kind) == (b"glTF", 2, len(glb), b"JSON")
    return json.loads(glb[20 : 20 + length])


def _volume(vertices, faces):
    total = 0
    for face in faces:
        for i in range(1, len(face) - 1):
            a, b, c = (vertices[v] for v in (face[0], face[i], face[i + 1]))
            total += a[0] * (b[1] * c[2] - b[2] * c[1])
            total -= a[1] * (b[0] * c[2] - b[2] * c[0])
            total += a[2] * (b[0] * c[1] - b[1] * c[0])
    return total


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("symmetry", SYMMETRIES)
def test_every_solid_is_closed_faces_outward_and_fills_its_box(shape, symmetry):
    bodies = solid(Primitive(shape, symmetry, "oak", 5, 2, 5, 20, 24, 30))
    assert len(bodies) == {"one": 1, "mx": 2, "mz": 2, "four": 4}[symmetry]
    for vertices, faces in bodies:
        edges = Counter((f[i], f[(i + 1) % len(f)]) for f in faces for i in range(len(f)))
        assert all(count == 1 and edges[b, a] == 1 for (a, b), count in list(edges.items()))
        assert _volume(vertices, faces) > 0
        low, high = np.min(vertices, 0), np.max(vertices, 0)
        assert np.all(abs((high - low) - np.array([20, 24, 30]) * UNIT) <= 2)
        assert abs(int(low[1]) - 2 * UNIT) <= 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_prop_loads_in_another_library_with_its_size_in_metres(kind):
    program = build(kind, "blue", "large", Draws(kind))
    scene = trimesh.load(io.BytesIO(to_glb(program)), file_type="glb")
    extents = scene.extents * 1000 / KINDS[kind]
    tallest = max(part.y + part.b for part in program.primitives)
    assert abs(scene.bounds[1][1] * 1000 / KINDS[kind] - tallest) < 0.1
    assert 10 < max(extents) < 80


def test_materials_are_physically_based_and_named_after_their_words():
    document = _document(to_glb(build("lantern", "red", "small", Draws(1))))
    names = {material["name"] for material in document["materials"]}
    assert {"red", "flame"} <= names
    flame = next(material for material in document["materials"] if material["name"] == "flame")
    assert max(flame["emissiveFactor"]) > 0.5
    for material in document["materials"]:
        look = material["pbrMetallicRoughness"]
        assert all(0 <= value <= 1 for value in (*look["baseColorFactor"], look["metallicFactor"]))


def test_every_material_word_has_a_look():
    assert set(LOOKS) == {*MATERIALS, *COLOURS}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_the_file_is_sound_whatever_the_program(number):
    program, _ = draw_program(3, number)
    glb = to_glb(program)
    assert glb == to_glb(program)
    document = _document(glb)
    assert sum(view["byteLength"] for view in document["bufferViews"]) == document["buffers"][0]["byteLength"]
    for name, (places, normals) in triangles(program).items():
        assert name in LOOKS
        assert len(places) == len(normals)
        assert np.all(abs((normals**2).sum(1) - 1) < 0.001)


def test_a_primitive_too_thin_for_its_outline_does_not_break_the_file():
    thin = tuple(Primitive(shape, "four", "oak", 0, 0, 0, 1, 1, 1) for shape in SHAPES[:14])
    scene = trimesh.load(io.BytesIO(to_glb(Program("mug", "red", "small", thin))), file_type="glb")
    assert np.isfinite(scene.bounds).all()
