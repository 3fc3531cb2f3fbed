"""What text may be in content: NFC, LF, no control or bidirectional characters, limited length."""

from __future__ import annotations

import unicodedata

from .errors import CanonicalError

MAX_TEXT = 65_536
"""Longest text of one JSON string in content, in code points."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Cn"})


def is_allowed(char: str) -> bool:
    """Whether a character may stand in content; line feed is the one control character that may."""
    if char == "\n":
        return True
    return char not in _BIDI and unicodedata.category(char) not in _FORBIDDEN_CATEGORIES


def is_fit(text: str) -> bool:
    """Whether text is fit for content at the first look, as almost all is; `require_text` looks at each character."""
    if len(text) > MAX_TEXT:
        return False
    # What is printable is of none of the forbidden categories, and bidirectional controls are not printable.
    if not (text.isprintable() or text.replace("\n", "").isprintable()):
        return False
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def require_text(text: str) -> str:
    """Return `text` unchanged, or raise CanonicalError naming the first character that may not stand there."""
    if is_fit(text):
        return text
    if len(text) > MAX_TEXT:
        raise CanonicalError(f"text of {len(text)} characters is longer than {MAX_TEXT}")
    for position, char in enumerate(text):
        if not is_allowed(char):
            raise CanonicalError(f"character U+{ord(char):04X} at {position} of {text[:40]!r} may not stand in content")
    if not unicodedata.is_normalized("NFC", text):
        raise CanonicalError(f"text {text[:40]!r} is not in normal form C")
    return text


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Make hostile text fit for content: NFC, LF, forbidden characters dropped, cut to `limit` code points."""
    if len(text) <= limit and is_fit(text):
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = "".join(char for char in text if is_allowed(char))
    return unicodedata.normalize("NFC", kept)[:limit]
