"""The meshes of a made GLB, checked: what agents' models write is judged here before it enters an exported world.

Read are static triangles with positions, normals, colours, texture coordinates and metallic-roughness materials with a
base colour picture; whatever else a file holds is left out. Nothing is trusted: every bound is checked first.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.worlds.land_errors import ExportError

from .glb_writer import Material
from .solids import Surface

_TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_DEEPEST = 32
_MOST_VERTICES = 500_000
_MOST_NODES = 2000
_FARTHEST = 1000.0


@dataclass(frozen=True, eq=False)
class Part:
    """One surface with its material; `picture` is (bytes, media type) of the base colour or none."""

    surface: Surface
    material: Material
    picture: tuple[bytes, str] | None


def read_glb(data: bytes) -> tuple[Part, ...]:
    """Return the parts of the default scene with all transforms applied; raises ExportError for anything unsound."""
    try:
        return _Reader(*_chunks(data)).parts()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, struct.error) as error:
        raise ExportError(f"not a sound GLB: {type(error).__name__} {error}") from None


def _chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    if len(data) < 20 or data[:4] != b"glTF":
        raise ExportError("not a GLB: its first four bytes are not 'glTF'")
    version, total, length, kind = struct.unpack_from("<III4s", data, 4)
    if version != 2 or total != len(data) or kind != b"JSON" or 20 + length > total:
        raise ExportError("not a GLB of version 2, or cut off")
    document = json.loads(data[20 : 20 + length])
    if not isinstance(document, dict):
        raise ExportError("not a sound GLB: its JSON is no object")
    if document.get("extensionsRequired"):
        raise ExportError(f"the GLB requires extensions, and none is read: {document['extensionsRequired']}")
    at = 20 + length
    if at == total:
        return document, b""
    size, kind = struct.unpack_from("<I4s", data, at)
    if kind != b"BIN\0" or at + 8 + size > total:
        raise ExportError("not a sound GLB: its second chunk is no buffer, or cut off")
    return document, data[at + 8 : at + 8 + size]


class _Reader:
    def __init__(self, document: Mapping[str, Any], binary: bytes) -> None:
        self._document = document
        self._binary = binary
        self._found: list[Part] = []
        self._vertices = 0
        self._nodes = 0

    def parts(self) -> tuple[Part, ...]:
        scene = self._document["scenes"][self._document.get("scene", 0)]
        for node in scene.get("nodes", []):
            self._visit(node, np.eye(4), 0)
        if not self._found:
            raise ExportError("the GLB shows nothing: its scene holds no triangles")
        return tuple(self._found)

    def _visit(self, index: int, above: NDArray[np.float64], depth: int) -> None:
        self._nodes += 1
        if depth > _DEEPEST or self._nodes > _MOST_NODES or index < 0:
            raise ExportError(f"not a sound GLB: over {_MOST_NODES} nodes, deeper than {_DEEPEST}, or in a circle")
        node = self._document["nodes"][index]
        matrix = above @ _matrix(node)
        if "mesh" in node:
            for primitive in self._document["meshes"][node["mesh"]]["primitives"]:
                if primitive.get("mode", 4) == 4:
                    self._found.append(self._part(primitive, matrix))
        for child in node.get("children", []):
            self._visit(child, matrix, depth + 1)

    def _view(self, index: int) -> tuple[bytes, int]:
        view = self._document["bufferViews"][index]
        start, length = view.get("byteOffset", 0), view["byteLength"]
        if view["buffer"] != 0 or start < 0 or length < 0 or start + length > len(self._binary):
            raise ExportError("not a sound GLB: a view reaches beyond the buffer")
        return self._binary[start : start + length], view.get("byteStride", 0)

    def _accessor(self, index: int) -> NDArray[Any]:
        accessor = self._document["accessors"][index]
        if "sparse" in accessor:
            raise ExportError("the GLB has sparse accessors, and none is read")
        dtype, width = np.dtype(_TYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]]
        count, offset = accessor["count"], accessor.get("byteOffset", 0)
        data, stride = self._view(accessor["bufferView"])
        stride = stride or dtype.itemsize * width
        last = offset + stride * (count - 1) + dtype.itemsize * width
        if count < 1 or count > 4 * _MOST_VERTICES or offset < 0 or stride < dtype.itemsize * width or last > len(data):
            raise ExportError("not a sound GLB: an accessor reaches beyond its view")
        rows: NDArray[Any] = np.ndarray((count, width), dtype, data, offset, (stride, dtype.itemsize))
        if accessor.get("normalized") and dtype.kind in "iu":
            return np.maximum(rows / np.iinfo(dtype).max, -1.0)
        return rows

    def _part(self, primitive: Mapping[str, Any], matrix: NDArray[np.float64]) -> Part:
        attributes = primitive["attributes"]
        points = self._accessor(attributes["POSITION"]).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        self._vertices += len(points)
        if not np.isfinite(points).all() or abs(points).max() > _FARTHEST or self._vertices > _MOST_VERTICES:
            raise ExportError(f"the GLB is too large: over {_FARTHEST:.0f} m or {_MOST_VERTICES} vertices")
        indices = np.arange(len(points))
        if "indices" in primitive:
            given = self._accessor(primitive["indices"])
            if given.dtype.kind != "u" or given.shape[1] != 1:
                raise ExportError("not a sound GLB: indices that are no unsigned integers")
            indices = given[:, 0].astype(np.int64)
        indices = indices[: len(indices) // 3 * 3]
        if not len(indices) or indices.max() >= len(points) or indices.min() < 0:
            raise ExportError("not a sound GLB: indices beyond the vertices, or none")
        if np.linalg.det(matrix[:3, :3]) < 0:
            indices = indices.reshape(-1, 3)[:, ::-1].ravel()
        normals = self._normals(attributes, matrix, points, indices)
        material, picture = self._material(primitive)
        colours = texture = None
        if "COLOR_0" in attributes:
            rows = np.clip(self._accessor(attributes["COLOR_0"]).astype(np.float64), 0, 1)
            colours = np.full((len(points), 4), 65535, np.uint16)
            colours[:, : rows.shape[1]] = np.round(rows * 65535)
        if picture is not None:
            texture = self._accessor(attributes["TEXCOORD_0"]).astype(np.float32).reshape(len(points), 2)
        surface = Surface(points.astype(np.float32), normals, indices.astype(np.uint32), colours, texture)
        return Part(surface, material, picture)

    def _normals(
        self,
        attributes: Mapping[str, int],
        matrix: NDArray[np.float64],
        points: NDArray[np.float64],
        indices: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        if "NORMAL" in attributes:
            given = self._accessor(attributes["NORMAL"]).astype(np.float64).reshape(len(points), 3)
            normals = given @ np.linalg.pinv(matrix[:3, :3])
        else:
            corners = points[indices].reshape(-1, 3, 3)
            faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            normals = np.zeros_like(points)
            np.add.at(normals, indices, np.repeat(faces, 3, axis=0))
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        upward = np.where(length > 1e-12, normals / np.maximum(length, 1e-12), (0.0, 1.0, 0.0))
        return np.nan_to_num(upward).astype(np.float32)

    def _material(self, primitive: Mapping[str, Any]) -> tuple[Material, tuple[bytes, str] | None]:
        if "material" not in primitive:
            return Material("plain"), None
        entry = self._document["materials"][primitive["material"]]
        surface = entry.get("pbrMetallicRoughness", {})
        red, green, blue, opaque = (_share(v) for v in surface.get("baseColorFactor", (1, 1, 1, 1)))
        glow_red, glow_green, glow_blue = (_share(v) for v in entry.get("emissiveFactor", (0, 0, 0)))
        picture = None
        if "baseColorTexture" in surface and "TEXCOORD_0" in primitive["attributes"]:
            texture = self._document["textures"][surface["baseColorTexture"]["index"]]
            image = self._document["images"][texture["source"]]
            picture = self._view(image["bufferView"])[0], str(image["mimeType"])
        material = Material(
            str(entry.get("name", ""))[:80],
            (red, green, blue, opaque),
            _share(surface.get("roughnessFactor", 1)),
            _share(surface.get("metallicFactor", 1)),
            (glow_red, glow_green, glow_blue),
            bool(entry.get("doubleSided", False)),
            "BLEND" if entry.get("alphaMode") == "BLEND" else "OPAQUE",
        )
        return material, picture


def _share(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ExportError("not a sound GLB: a factor is not finite")
    return min(1.0, max(0.0, number))


def _matrix(node: Mapping[str, Any]) -> NDArray[np.float64]:
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = (float(v) for v in node.get("rotation", (0, 0, 0, 1)))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix
