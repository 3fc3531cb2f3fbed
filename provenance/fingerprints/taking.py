"""Takes the fingerprints of a payload by its media type: the one table of which kind gets which. Looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.provenance.errors import FingerprintError

from . import iscc

ISCC = "io.iscc.v0"
"""ISO 24138, entry of C2PA's list of soft binding algorithms."""
PICTURE = "org.worldloom.picture.1"
"""Image-Code's arithmetic over the whole picture, an even border included; in the log only."""
SOUND = "org.worldloom.sound.1"
"""`sounds`; in the log only."""

PICTURES = ("image/png", "image/jpeg", "image/webp")
SOUNDS = ("audio/wav", "audio/flac", "audio/mpeg")
TEXTS = ("text/plain", "text/markdown", "text/x-python", "application/json")

Fingerprints = Mapping[str, tuple[str, ...]]
"""Values by algorithm: `ISCC:…` units under `io.iscc.v0`, 64 hex digits under Worldloom's own."""


def take(payload: bytes, media_type: str) -> dict[str, tuple[str, ...]]:
    """Return the fingerprints of an unsigned payload; none for an empty one.

    What cannot be read for what it shows (no Pillow, a format that soundfile has to read) is told by its bytes alone.
    """
    if not payload:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    units = iscc.data_codes(payload)
    try:
        if media_type in PICTURES:
            from . import pictures  # noqa: PLC0415  (start-up time)

            seen = pictures.codes(pictures.open_picture(payload))
            units.insert(0, seen.iscc)
            found[PICTURE] = (seen.whole,)
        elif media_type in SOUNDS:
            from . import sounds  # noqa: PLC0415

            found[SOUND] = (sounds.sound_code(payload),)
        elif media_type in TEXTS:
            from . import texts  # noqa: PLC0415

            units.insert(0, texts.words_code(payload))
    except FingerprintError:
        pass  # the codes of its bytes stay
    return {ISCC: tuple(units), **found}
