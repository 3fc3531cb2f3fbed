"""A closer look: is the stored file really what a near code says? Decides by the file itself, not by what the log says.

So a wrong fingerprint in a log leads nowhere as long as the file is there.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from worldloom.provenance.errors import FingerprintError, ProvenanceError
from worldloom.provenance.fingerprints import pictures, texts
from worldloom.provenance.fingerprints.taking import SOUNDS, take

from .asking import Asked
from .held import opened
from .made import Made, bare
from .near import distance
from .thresholds import ALIKE, REACH, UNSEEN


class Look(NamedTuple):
    """Whether it is the same thing, and how alike in per mille; -1: the file could not be looked at."""

    same: bool
    alike: int


_SIDE = 256
_DIFFERENT = Look(same=False, alike=0)


def look(asked: Asked, made: Made, run: Path, family: str, bits: int) -> Look:
    """Compare an asked file with what stands in the run; where that is gone, a short distance has to do."""
    try:
        with opened(run) as storage:
            data = bare(storage.read(made.path), made.media_type, made.payload)
    except ProvenanceError:
        return Look(bits <= UNSEEN[family], -1)
    try:
        if family == "text":
            return _judged("text", texts.alike(texts.read_text(data), asked.text or ""))
        if asked.pictures and family != "data":
            original = pictures.open_picture(pictures.draw(data, _SIDE) if family.startswith("drawn") else data)
            return _judged("picture", max(pictures.alike(original, each) for each in asked.pictures))
        return _by_code(asked, data, made.media_type, family)
    except FingerprintError:
        return _DIFFERENT


def _judged(kind: str, alike: int) -> Look:
    return Look(alike >= ALIKE[kind], alike)


def _by_code(asked: Asked, data: bytes, media_type: str, family: str) -> Look:
    """Take the stored file's code anew, and judge by that."""
    from .made import codes_of  # noqa: PLC0415

    wanted = dict(asked.codes)[family]
    code = codes_of(take(data, media_type)).get(family)
    if code is None or (family == "data" and media_type in SOUNDS and "sound" in dict(asked.codes)):
        return _DIFFERENT
    bits = distance(code, wanted)
    return Look(bits <= REACH[family], round(1000 * (256 - bits) / 256))
