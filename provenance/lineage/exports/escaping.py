"""Makes hostile text harmless in each language that lineage is written in. One function a language."""

from __future__ import annotations

import re
from html import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_MERMAID = re.compile(r"[^\w .,:+()/-]|_(?=_)", re.ASCII)


def xml_text(text: str) -> str:
    """Return text with what no XML document may hold replaced; a writer of XML escapes the rest."""
    return _NOT_XML.sub("\ufffd", text)


def xml(text: str) -> str:
    """Return text as it may stand between tags or in an attribute."""
    return escape(xml_text(text), quote=True)


def flat(text: str, most: int) -> str:
    """Return text on one line, cut to `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def dot(text: str) -> str:
    """Return text as a quoted string of DOT that is shown as it is."""
    escaped = xml_text(text).replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", "\\n")
    return f'"{escaped}"'


def mermaid(text: str) -> str:
    """Return text as it may stand between quotes in Mermaid: all that could mean something as numbered entities."""
    shown = (f"#{ord(character)};" if ord(character) < 128 else character for character in xml_text(text))
    return "".join(
        character if not _MERMAID.match(character) or ord(character) >= 128 else entity
        for character, entity in zip(xml_text(text), shown, strict=True)
    )


def local_name(text: str) -> str:
    """Return text as the local part of a qualified name of PROV: other bytes than letters, digits, _ and - as %XX."""
    parts = (chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))
    return "".join(parts)
