"""A made thing that stands in an exported world, as a value. Which things stand where is the world's to say."""

from __future__ import annotations

from dataclasses import dataclass

GLB = "model/gltf-binary"
PICTURES = ("image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class PlacedProp:
    """One artifact in the world: `item` is the item's id, `artifact` its hex digest, `data` its unsigned payload.

    (x, y, z) are millimetres in the frame of space.py, z being the ground it stands on; `turn` is degrees clockwise
    seen from above, at 0 its front looks south. GLB is placed as it is, PNG and JPEG hang on a board, text lies there
    as a letter; SVG must be given as PNG.
    """

    item: str
    name: str
    artifact: str
    media_type: str
    data: bytes
    x: int
    y: int
    z: int
    turn: int = 0
    original: str = ""
    """Media type of the artifact where `data` is another form of it: a sign's SVG drawn as PNG."""
    maker: str = ""
    """Id of the agent that made it, "" when nobody is known to have."""
