"""Reading what models made: transforms, normals, colours, pictures; and every way in which a file can lie."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.worlds.exports.glb_reader import read_glb
from worldloom.worlds.exports.glb_writer import GlbWriter, Material
from worldloom.worlds.exports.solids import Solid
from worldloom.worlds.land_errors import ExportError


def packed(document: dict, binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def unpacked(data: bytes) -> tuple[dict, bytes]:
    size = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def _crate() -> bytes:
    writer, solid = GlbWriter(), Solid()
    solid.box((-0.5, 0, -0.5), (0.5, 1, 0.5), (120, 80, 40))
    writer.node("crate", writer.mesh("crate", [(solid.surface(), writer.material(Material("wood")))]))
    return writer.to_bytes({})


def test_what_was_written_is_read(crate):
    (part,) = read_glb(crate)
    assert len(part.surface.indices) == 36
    assert part.surface.points.min(0).tolist() == [-0.5, 0, -0.5]
    assert part.surface.points.max(0).tolist() == [0.5, 1, 0.5]
    assert part.material.name == "wood"
    assert part.material.colour == (0.5, 0.3, 0.1, 1.0)
    assert part.surface.colours is not None
    assert part.picture is None


def test_transforms_are_applied_down_the_tree():
    writer, solid = GlbWriter(), Solid()
    solid.box((0, 0, 0), (1, 1, 1), (1, 2, 3))
    mesh = writer.mesh("box", [(solid.surface(), writer.material(Material("m")))])
    half = 2**-0.5
    parent = writer.node("up", at=(10, 0, 0), quaternion=(0, round(half, 6), 0, round(half, 6)), scale=2.0)
    writer.node("down", mesh, at=(0, 3, 0), parent=parent)
    (part,) = read_glb(writer.to_bytes({}))
    # A quarter turn about Y takes +X to -Z.
    assert part.surface.points.min(0) == pytest.approx((10, 6, -2), abs=1e-4)
    assert part.surface.points.max(0) == pytest.approx((12, 8, 0), abs=1e-4)
    assert np.linalg.norm(part.surface.normals, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_mirrored_part_keeps_its_outside(crate):
    document, binary = unpacked(crate)
    document["nodes"][0]["scale"] = [-1, 1, 1]
    (part,) = read_glb(packed(document, binary))
    corners = part.surface.points[part.surface.indices].reshape(-1, 3, 3)
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward = corners.mean(1) - part.surface.points.mean(0)
    assert ((faces * outward).sum(1) > 0).all()


def test_normals_are_made_where_none_are_given(crate):
    document, binary = unpacked(crate)
    del document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]
    (part,) = read_glb(packed(document, binary))
    (given_part,) = read_glb(crate)
    assert part.surface.normals == pytest.approx(given_part.surface.normals, abs=1e-5)


def test_a_picture_comes_with_its_coordinates(png):
    writer, solid = GlbWriter(), Solid()
    solid.box((0, 0, 0), (1, 1, 1), (255, 255, 255))
    plain = solid.surface()
    textured = type(plain)(
        plain.points, plain.normals, plain.indices, None, np.zeros((len(plain.points), 2), np.float32)
    )
    material = writer.material(Material("m", picture=writer.image(png, "image/png")))
    writer.node("box", writer.mesh("box", [(textured, material)]))
    (part,) = read_glb(writer.to_bytes({}))
    assert part.picture == (png, "image/png")
    assert part.surface.texture is not None


def lies(crate: bytes) -> dict[str, bytes]:
    def changed(*path, value) -> bytes:
        document, binary = unpacked(crate)
        at = document
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        return packed(document, binary)

    document, binary = unpacked(crate)
    many = {**document, "nodes": [{"children": [n + 1, n + 1]} for n in range(30)] + [{"mesh": 0}]}
    return {
        "nothing": b"",
        "another magic": b"glTX" + crate[4:],
        "version 1": crate[:4] + struct.pack("<I", 1) + crate[8:],
        "a length that is not the file's": crate + b"\0\0\0\0",
        "cut off": crate[:-4],
        "no JSON": crate[:20] + b"\xff" * 40 + crate[60:],
        "a list instead of an object": packed([], b""),
        "no scene": changed("scenes", value=[]),
        "an empty scene": changed("scenes", 0, "nodes", value=[]),
        "a node that is not there": changed("scenes", 0, "nodes", value=[9]),
        "a node before the first": changed("scenes", 0, "nodes", value=[-1]),
        "a node that is its own child": changed("nodes", 0, "children", value=[0]),
        "a billion nodes out of thirty": packed(many, binary),
        "a view beyond the buffer": changed("bufferViews", 0, "byteLength", value=10**9),
        "a view before the buffer": changed("bufferViews", 0, "byteOffset", value=-4),
        "a huge count": changed("accessors", 0, "count", value=10**12),
        "a negative count": changed("accessors", 0, "count", value=-1),
        "a count that is text": changed("accessors", 0, "count", value="24"),
        "an offset beyond": changed("accessors", 0, "byteOffset", value=10**6),
        "an unknown component": changed("accessors", 0, "componentType", value=1),
        "an unknown shape": changed("accessors", 0, "type", value="MAT9"),
        "sparse": changed("accessors", 0, "sparse", value={}),
        "indices that are floats": changed("meshes", 0, "primitives", 0, "indices", value=0),
        "indices beyond the vertices": packed(document, binary[:-72] + b"\xff\xfe" * 36),
        "lines only": changed("meshes", 0, "primitives", 0, "mode", value=1),
        "a kilometre wide": changed("nodes", 0, "scale", value=[5000, 1, 1]),
        "a scale that is no number": changed("nodes", 0, "scale", value=["a", 1, 1]),
        "a matrix of three": changed("nodes", 0, "matrix", value=[1, 0, 0]),
        "a colour that is not finite": changed(
            "materials", 0, "pbrMetallicRoughness", "baseColorFactor", value=[float("nan"), 1, 1, 1]
        ),
        "required extensions": changed("extensionsRequired", value=["KHR_draco_mesh_compression"]),
    }


CASES = list(lies(_crate()))


@pytest.mark.parametrize("case", CASES)
def test_a_lie_is_refused(crate, case):
    with pytest.raises(ExportError):
        read_glb(lies(crate)[case])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_byte_does_worse_than_a_refusal(crate, data):
    changed = bytearray(crate)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(crate) - 1))] = data.draw(st.integers(0, 255))
    try:
        parts = read_glb(bytes(changed))
    except ExportError:
        return
    for part in parts:
        assert np.isfinite(part.surface.points).all()
        assert part.surface.indices.max() < len(part.surface.points)
