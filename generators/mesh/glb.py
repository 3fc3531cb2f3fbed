"""A primitive program as binary glTF 2.0, one material a word. The same program, the same bytes."""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .materials import LOOKS, Material
from .shapes import UNIT, Solid, solid
from .vocabulary import KINDS, Program

_SMOOTH = 0.7
"""Cosine between faces (about 45 degrees) above which an edge is rounded in shading."""

Corners = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Triangle corners: places (n, 3) in UNIT-ths of a bin, unit normals (n, 3)."""


def to_glb(program: Program) -> bytes:
    """Return the prop as GLB in metres, Y up, standing on the ground at the origin."""
    groups = {name: _welded(corners) for name, corners in sorted(triangles(program).items())}
    binary, primitives = bytearray(), []
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []
    for number, (places, normals, indices) in enumerate(groups.values()):
        # One division of whole numbers a coordinate: IEEE rounding is the same everywhere.
        metres = (places * KINDS[program.kind]).astype(np.float64) / (UNIT * 1000)
        columns: list[tuple[NDArray[Any], dict[str, Any]]] = [
            (metres.astype("<f4"), {"componentType": 5126, "type": "VEC3"}),
            (normals.astype("<f4"), {"componentType": 5126, "type": "VEC3"}),
            (indices.astype("<u4"), {"componentType": 5125, "type": "SCALAR"}),
        ]
        columns[0][1].update(min=columns[0][0].min(0).tolist(), max=columns[0][0].max(0).tolist())
        first = len(accessors)
        for place, (data, shape) in enumerate(columns):
            raw = data.tobytes()
            target = 34963 if place == 2 else 34962
            views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(raw), "target": target})
            accessors.append({"bufferView": len(views) - 1, "count": len(data), **shape})
            binary += raw
        primitives.append(
            {
                "attributes": {"POSITION": first, "NORMAL": first + 1},
                "indices": first + 2,
                "material": number,
            }
        )
    document = {
        "asset": {"version": "2.0", "generator": "Worldloom"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": f"{program.size} {program.colour} {program.kind}"}],
        "meshes": [{"name": program.kind, "primitives": primitives}],
        "materials": [_material(name, LOOKS[name]) for name in groups],
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": views,
        "accessors": accessors,
    }
    return _pack(json.dumps(document, separators=(",", ":"), sort_keys=True).encode(), bytes(binary))


def triangles(program: Program) -> dict[str, Corners]:
    """Return the triangle corners of each material, three rows a triangle."""
    found: dict[str, list[Corners]] = defaultdict(list)
    for part in program.primitives:
        found[part.material] += [corners for body in solid(part) if len((corners := _corners(body))[0])]
    return {
        name: (
            np.concatenate([places for places, _ in parts]),
            np.concatenate([normals for _, normals in parts]),
        )
        for name, parts in found.items()
        if parts
    }


def _corners(body: Solid) -> Corners:
    vertices, faces = np.array(body[0], np.int64), body[1]
    rows = [(face[0], face[i], face[i + 1]) for face in faces for i in range(1, len(face) - 1)]
    triples = np.array(rows, np.int64)
    points = vertices[triples]
    cross = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    keep = np.any(cross != 0, axis=1)
    triples, points, cross = triples[keep], points[keep], cross[keep].astype(np.float64)
    flat = cross / np.sqrt((cross * cross).sum(1, keepdims=True))
    return points.reshape(-1, 3), _shading(triples, cross, flat)


def _shading(triples: NDArray[np.int64], cross: NDArray[np.float64], flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a normal a corner: the area-weighted mean of the faces around it that bend little."""
    around: dict[int, list[int]] = defaultdict(list)
    for face, triple in enumerate(triples.tolist()):
        for vertex in triple:
            around[vertex].append(face)
    normals = np.empty((len(triples) * 3, 3))
    for face, triple in enumerate(triples.tolist()):
        for corner, vertex in enumerate(triple):
            near = around[vertex]
            bend = flat[near] * flat[face]
            close = bend[:, 0] + bend[:, 1] + bend[:, 2] > _SMOOTH
            total = cross[near][close].sum(0)
            length = np.sqrt((total * total).sum())
            normals[face * 3 + corner] = np.round(total / length, 4)
    return normals + 0.0  # no negative zeros: they would show in the bytes


def _welded(corners: Corners) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Join corners that are equal in place and normal, in order of first use."""
    places, normals = corners
    keys = np.concatenate([places, np.round(normals * 10_000).astype(np.int64)], axis=1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return places[first], normals[first], inverse.reshape(-1)


def _material(name: str, look: Material) -> dict[str, Any]:
    colour = [_linear(channel) for channel in (look.red, look.green, look.blue)]
    entry: dict[str, Any] = {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*colour, 1.0],
            "metallicFactor": look.metal / 100,
            "roughnessFactor": look.rough / 100,
        },
    }
    if look.glow:
        entry["emissiveFactor"] = [round(channel * look.glow / 100, 4) for channel in colour]
    return entry


def _linear(channel: int) -> float:
    # glTF factors are linear light (section 3.9.2); four digits hide the platform's last bit of pow.
    share = channel / 255
    return round(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4, 4)


def _pack(document: bytes, binary: bytes) -> bytes:
    document += b" " * (-len(document) % 4)
    binary += b"\0" * (-len(binary) % 4)
    total = 12 + 8 + len(document) + 8 + len(binary)
    head = struct.pack("<4sII", b"glTF", 2, total) + struct.pack("<I4s", len(document), b"JSON")
    return head + document + struct.pack("<I4s", len(binary), b"BIN\0") + binary
