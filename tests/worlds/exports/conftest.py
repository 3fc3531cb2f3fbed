"""What the export tests share: props of each kind, and a small reader of GLB written from the standard."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from worldloom.worlds.exports.glb_writer import GlbWriter, Material
from worldloom.worlds.exports.placed import PlacedProp
from worldloom.worlds.exports.solids import Solid
from worldloom.worlds.space import centre_of


def read_document(data: bytes) -> dict[str, Any]:
    """Return the JSON of a GLB (glTF 2.0 section 4.4)."""
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    return json.loads(data[20 : 20 + size])


@pytest.fixture(scope="session")
def document_of() -> Callable[[bytes], dict[str, Any]]:
    return read_document


@pytest.fixture(scope="session")
def crate() -> bytes:
    """A GLB as a model would make it: one box with a material."""
    writer, solid = GlbWriter(), Solid()
    solid.box((-0.5, 0, -0.5), (0.5, 1, 0.5), (120, 80, 40))
    material = writer.material(Material("wood", (0.5, 0.3, 0.1, 1.0), 0.7))
    writer.node("crate", writer.mesh("crate", [(solid.surface(), material)]))
    return writer.to_bytes({})


@pytest.fixture(scope="session")
def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="session")
def placed(hamlet, crate, png) -> tuple[PlacedProp, ...]:
    """A crate twice, a board, a letter; all on the square."""
    x, y = centre_of(hamlet.settlement.square)
    z = int(hamlet.terrain.heights[hamlet.settlement.square[1], hamlet.settlement.square[0]])
    glb = "model/gltf-binary"
    return (
        PlacedProp("item-3", "a crate", "aa" * 32, glb, crate, x, y, z, 90),
        PlacedProp("item-4", "another", "aa" * 32, glb, crate, x + 3000, y, z),
        PlacedProp("item-5", "Sign of the <Red> Cow", "bb" * 32, "image/png", png, x, y + 4000, z),
        PlacedProp("item-6", "letter", "cc" * 32, "text/plain", b"Dear Mara", x, y - 4000, z),
    )
