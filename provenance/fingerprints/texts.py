"""What a text is recognised by: the Text-Code of ISO 24138, and a closer look at the words of two texts."""

from __future__ import annotations

from difflib import SequenceMatcher

from worldloom.provenance.errors import FingerprintError

from .iscc import text_code

LONGEST = 262_144
"""Bytes of the longest text that gets a code of its words; longer ones are told by their bytes."""

_FEWEST = 24
"""Characters, spaces apart, below which a text says too little to be told from others."""
_MOST_WORDS = 20_000


def read_text(data: bytes) -> str:
    """Return UTF-8 as text; raises FingerprintError for other bytes, and for texts too short or too long."""
    if len(data) > LONGEST:
        raise FingerprintError(f"a text of {len(data)} bytes is longer than gets a code of its words ({LONGEST})")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FingerprintError("no text in UTF-8") from error
    if len("".join(text.split())) < _FEWEST:
        raise FingerprintError(f"a text of fewer than {_FEWEST} characters cannot be told from others")
    return text


def words_code(data: bytes) -> str:
    """Return the Text-Code of UTF-8 bytes; raises FingerprintError as `read_text` does."""
    return text_code(read_text(data))


def alike(original: str, other: str) -> int:
    """Return in per mille which part of both texts' words stands in both in the same order, 0 to 1000."""
    one, two = (text.casefold().split()[:_MOST_WORDS] for text in (original, other))
    return round(1000 * SequenceMatcher(None, one, two, autojunk=False).ratio())
