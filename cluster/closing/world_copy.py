"""A smaller copy of world.glb for the report: numbers rounded so that they pack well. No evidence."""

from __future__ import annotations

import json
import struct
from typing import Any, NamedTuple

import numpy as np
from worldloom.provenance.storage import Storage

from .assets import packed

MOST_PACKED = 7_500_000
"""Characters of the packed world on a page: with all else at its bounds the page stays below 15 MB."""
_HEAD, _CHUNK = 12, 8
_MAGIC = b"glTF"
_ROUNDED = {"POSITION": 256, "NORMAL": 64, "TEXCOORD_0": 4096}
"""Parts of a unit that floats of an attribute keep."""
_FLOAT, _U16 = 5126, 5123
_SIZE = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, _FLOAT: 4}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


class WorldCopy(NamedTuple):
    """The packed copy, "" where there is none, with its size in characters; `note` says why there is none."""

    packed: str
    size: int
    note: str = ""


def world_copy(storage: Storage, path: str, most: int = MOST_PACKED) -> WorldCopy:
    """Return the packed copy of an exported world."""
    if not storage.exists(path):
        return WorldCopy("", 0, f"{path} is missing.")
    text = packed(rounded(storage.read(path)))
    if len(text) > most:
        note = (
            f"{path} is too large for this page ({len(text) / 1e6:.1f} MB packed); any viewer of glTF opens the file."
        )
        return WorldCopy("", len(text), note)
    return WorldCopy(text, len(text))


def rounded(glb: bytes) -> bytes:
    """Return a GLB whose positions, normals, texture coordinates and colours are coarser; others come back as given."""
    try:
        length = struct.unpack_from("<I", glb, _HEAD)[0]
        tree = json.loads(glb[_HEAD + _CHUNK : _HEAD + _CHUNK + length])
        data = bytearray(glb)
        start = _HEAD + _CHUNK + length + _CHUNK
        for accessor, name in _attributes(tree).items():
            _round(data, start, tree, tree["accessors"][accessor], name)
    except (struct.error, ValueError, KeyError, IndexError, TypeError):
        return glb  # an audit before the seal says what is wrong with it
    return bytes(data) if glb[:4] == _MAGIC else glb


def _attributes(tree: Any) -> dict[int, str]:
    """Return the accessors of all vertices with what each was first used for."""
    parts = (part for mesh in tree.get("meshes", ()) for part in mesh["primitives"])
    found: dict[int, str] = {}
    for name, accessor in (use for part in parts for use in part["attributes"].items()):
        found.setdefault(accessor, name)
    return found


def _round(data: bytearray, start: int, tree: Any, accessor: Any, name: str) -> None:
    view = tree["bufferViews"][accessor["bufferView"]]
    row = _WIDTH[accessor["type"]] * _SIZE[accessor["componentType"]]
    if view.get("byteStride", row) != row or accessor.get("sparse"):
        return  # something else lies between its rows
    at = start + view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    count = accessor["count"] * _WIDTH[accessor["type"]]
    if accessor["componentType"] == _FLOAT and name in _ROUNDED:
        floats = np.frombuffer(data, "<f4", count, at)
        floats[:] = np.round(floats * _ROUNDED[name]) / _ROUNDED[name]
    elif accessor["componentType"] == _U16 and name == "COLOR_0":
        colours = np.frombuffer(data, "<u2", count, at)
        colours[:] = (colours >> 8) * 257
