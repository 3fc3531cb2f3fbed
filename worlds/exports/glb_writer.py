"""Binary glTF 2.0 out of surfaces, materials and nodes; the same calls give the same bytes. No shapes are made here."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .glb_buffer import INDICES, GlbBuffer
from .solids import Surface
from .welding import welded

_LIGHTS, _LOD = "KHR_lights_punctual", "MSFT_lod"
_CLAMP, _REPEAT = 33071, 10497
_ATTRIBUTES = {"NORMAL": "normals", "TANGENT": "tangents", "COLOR_0": "colours", "TEXCOORD_0": "texture"}


@dataclass(frozen=True)
class Material:
    """A metallic-roughness material (glTF 2.0 section 3.9); colour and glow are linear.

    `picture`, `normals` and `glow_picture` are images' numbers: base colour, normal map and emission.
    """

    name: str
    colour: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    rough: float = 0.9
    metal: float = 0.0
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    double_sided: bool = False
    alpha: str = "OPAQUE"
    picture: int | None = None
    normals: int | None = None
    glow_picture: int | None = None

    def with_picture(self, picture: int) -> Material:
        """Return the same material with an image as its base colour."""
        return replace(self, picture=picture)


class GlbWriter:
    """A document under construction; indices are handed out in order of the calls."""

    def __init__(self) -> None:
        self._buffer = GlbBuffer()
        self._document: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("images", "materials", "meshes", "nodes", "textures")
        }
        self._materials: dict[Material, int] = {}
        self._images: dict[bytes, int] = {}
        self._roots: list[int] = []
        self._lights: list[dict[str, Any]] = []
        self._named: Counter[str] = Counter()

    def image(self, data: bytes, media_type: str, *, tiled: bool = False) -> int:
        """Add an image (once, however often it is asked for) and return its number for a Material.

        `tiled` images repeat beyond their edges; of others the edges' texels go on.
        """
        if data not in self._images:
            self._images[data] = self._add("images", {"bufferView": self._buffer.file(data), "mimeType": media_type})
            self._add("textures", {"source": self._images[data], "sampler": int(tiled)})
        return self._images[data]

    def material(self, material: Material) -> int:
        """Add a material, once, and return its index."""
        if material not in self._materials:
            self._materials[material] = self._add("materials", _material(material))
        return self._materials[material]

    def mesh(self, name: str, parts: Sequence[tuple[Surface, int]], extras: Mapping[str, Any] | None = None) -> int:
        """Add a mesh of surfaces with the materials' indices and return its index."""
        primitives = [self._primitive(welded(surface), material) for surface, material in parts]
        return self._add("meshes", {"name": name, "primitives": primitives, **_extras(extras)})

    def node(
        self,
        name: str,
        mesh: int | None = None,
        *,
        at: tuple[float, float, float] = (0.0, 0.0, 0.0),
        quaternion: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0),
        scale: float = 1.0,
        extras: Mapping[str, Any] | None = None,
        parent: int | None = None,
        light: int | None = None,
    ) -> int:
        """Add a node under a parent, else under the scene, and return its index; its name is made unlike all others."""
        node: dict[str, Any] = {"name": self._unique(name), **_extras(extras)}
        if light is not None:
            node["extensions"] = {_LIGHTS: {"light": light}}
        if mesh is not None:
            node["mesh"] = mesh
        if any(at):
            node["translation"] = [_short(value) for value in at]
        if quaternion != (0.0, 0.0, 0.0, 1.0):
            node["rotation"] = [_short(value, 6) for value in quaternion]
        if scale != 1.0:
            node["scale"] = [scale] * 3
        index = self._add("nodes", node)
        siblings = self._roots if parent is None else self._document["nodes"][parent].setdefault("children", [])
        siblings.append(index)
        return index

    def coarser(self, node: int, name: str, mesh: int, share: float) -> int:
        """Give a node with a mesh a coarser one for when it fills less than `share` of the picture (MSFT_lod).

        They are called NAME_LOD0 and NAME_LOD1. The coarse node belongs to no scene: who does not know the extension
        shows the fine one alone.
        """
        fine = self._document["nodes"][node]
        row: dict[str, Any] = {"mesh": mesh}
        row |= {key: fine[key] for key in ("translation", "rotation", "scale") if key in fine}
        fine["name"] = self._unique(f"{name}_LOD0")
        index = self._add("nodes", {"name": self._unique(f"{name}_LOD1"), **row})
        fine.setdefault("extensions", {})[_LOD] = {"ids": [index]}
        fine.setdefault("extras", {})["MSFT_screencoverage"] = [share, 0]
        return index

    def light(self, name: str, colour: tuple[float, float, float], candela: float, reach: float) -> int:
        """Add a point light (KHR_lights_punctual) and return its number; `reach` is in metres."""
        row = {"type": "point", "name": name, "color": list(colour), "intensity": candela, "range": reach}
        if row not in self._lights:
            self._lights.append(row)
        return self._lights.index(row)

    def _unique(self, name: str) -> str:
        self._named[name] += 1
        while self._named[name] > 1 and (candidate := f"{name} {self._named[name]}") in self._named:
            self._named[name] += 1
        if self._named[name] == 1:
            return name
        self._named[candidate] += 1
        return candidate

    def budget(self) -> dict[str, int]:
        """Return what drawing the scene at its finest costs: triangles, draw calls, vertices, lights, bytes by use."""
        meshes, accessor = self._document["meshes"], self._buffer.accessor
        drawn = Counter(node["mesh"] for node in self._shown() if "mesh" in node)
        cost: Counter[str] = Counter()
        for mesh, times in drawn.items():
            for primitive in meshes[mesh]["primitives"]:
                cost["draws"] += times
                cost["triangles"] += times * accessor(primitive["indices"])["count"] // 3
        points = {primitive["attributes"]["POSITION"] for mesh in meshes for primitive in mesh["primitives"]}
        cost["vertices"] = sum(accessor(number)["count"] for number in points)
        cost["texture_bytes"] = self._buffer.file_size()
        cost["mesh_bytes"] = len(self._buffer.lay_out().data) - cost["texture_bytes"]
        cost["lights"] = sum(_LIGHTS in node.get("extensions", {}) for node in self._document["nodes"])
        return dict(sorted(cost.items()))

    def _shown(self) -> Iterator[dict[str, Any]]:
        """Give the nodes of the scene, coarse ones left out."""
        waiting = list(self._roots)
        while waiting:
            node = self._document["nodes"][waiting.pop()]
            waiting += node.get("children", [])
            yield node

    def to_bytes(self, extras: Mapping[str, Any]) -> bytes:
        """Return the whole as GLB (glTF 2.0 section 4.4)."""
        binary = self._buffer.lay_out()
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Worldloom"},
            "scene": 0,
            "scenes": [{"name": "world", "nodes": self._roots, "extras": dict(extras)}],
            "buffers": [{"byteLength": len(binary.data)}],
            "bufferViews": binary.views,
            "accessors": binary.accessors,
            **{name: rows for name, rows in self._document.items() if rows},
        }
        if self._document["images"]:
            wraps = (_CLAMP, _REPEAT)
            document["samplers"] = [{"magFilter": 9729, "minFilter": 9987, "wrapS": w, "wrapT": w} for w in wraps]
        if self._lights:
            document["extensions"] = {_LIGHTS: {"lights": self._lights}}
        used = [_LIGHTS] if self._lights else []
        used += [_LOD] if any(_LOD in node.get("extensions", {}) for node in self._document["nodes"]) else []
        if used:
            document["extensionsUsed"] = used
        text = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
        return _pack(text, binary.data)

    def _add(self, kind: str, row: dict[str, Any]) -> int:
        self._document[kind].append(row)
        return len(self._document[kind]) - 1

    def _primitive(self, surface: Surface, material: int) -> dict[str, Any]:
        attributes = {"POSITION": self._buffer.array("POSITION", surface.points, bounds=True)}
        for name, column in _ATTRIBUTES.items():
            if (values := getattr(surface, column)) is not None:
                attributes[name] = self._buffer.array(name, values)
        # 65,535 itself is the restart value and may not be an index (section 3.7.2.1).
        short = len(surface.points) <= 65535
        indices = surface.indices.astype(np.uint16) if short else surface.indices
        return {"attributes": attributes, "indices": self._buffer.array(INDICES, indices), "material": material}


def _short(value: float, digits: int = 4) -> float:
    """Return a number that is written with as few characters as can be."""
    near = round(value, digits)
    return int(near) if near == int(near) else near


def _extras(extras: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"extras": dict(extras)} if extras else {}


def _material(material: Material) -> dict[str, Any]:
    surface: dict[str, Any] = {"metallicFactor": material.metal, "roughnessFactor": material.rough}
    if material.colour != (1.0, 1.0, 1.0, 1.0):
        surface["baseColorFactor"] = list(material.colour)
    if material.picture is not None:
        surface["baseColorTexture"] = {"index": material.picture}
    entry: dict[str, Any] = {"name": material.name, "pbrMetallicRoughness": surface}
    if material.normals is not None:
        entry["normalTexture"] = {"index": material.normals}
    if any(material.glow):
        entry["emissiveFactor"] = list(material.glow)
    if material.glow_picture is not None:
        entry["emissiveTexture"] = {"index": material.glow_picture}
    if material.double_sided:
        entry["doubleSided"] = True
    if material.alpha != "OPAQUE":
        entry["alphaMode"] = material.alpha
    return entry


def _pack(document: bytes, binary: bytes) -> bytes:
    document += b" " * (-len(document) % 4)
    binary += b"\0" * (-len(binary) % 4)
    total = 12 + 8 + len(document) + 8 + len(binary)
    head = struct.pack("<4sII", b"glTF", 2, total) + struct.pack("<I4s", len(document), b"JSON")
    return head + document + struct.pack("<I4s", len(binary), b"BIN\0") + binary
