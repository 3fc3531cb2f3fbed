"""Scripts, style and large files as the page holds them: joined, packed, and named in its policy. Draws no markup.

The page's own scripts are ES modules; a page without a network cannot import, so they are joined into one. Whatever
else it holds is data in blocks that no browser runs.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from worldloom.provenance.text import clean_text, is_fit

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z0-9]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:class|function|const|async) )", re.MULTILINE)
VIEWER = "three.bundle.js"


def source(name: str) -> str:
    """Return a file of the page by its name, such as `player.js`."""
    return files("worldloom.cluster.closing.page").joinpath(name).read_text("utf-8")


@cache
def script(entry: str = "main.js") -> str:
    """Return a module and all that it imports as one script, each file once, before those that need it."""
    parts: dict[str, str] = {}
    _join(entry, parts)
    body = "\n".join(parts.values())
    return f'(() => {{\n"use strict";\n{body}\n}})();'


def _join(name: str, parts: dict[str, str]) -> None:
    text = source(name)
    for imported in _IMPORT.findall(text):
        if imported not in parts:
            _join(imported, parts)
    parts[name] = f"// {name}\n" + _EXPORT.sub("", _IMPORT.sub("", text))


def digest(text: str) -> str:
    """Return a script's or style's source expression for a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def packed(data: bytes) -> str:
    """Return bytes as gzip in base64, the same for the same bytes."""
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode()


@cache
def viewer() -> str:
    """Return the viewer's library, packed."""
    return packed(source(VIEWER).encode())


@cache
def viewer_digest() -> str:
    """Return the source expression of the viewer's library once it is unpacked."""
    return digest(source(VIEWER))


def block(value: Any) -> str:
    """Return a JSON value for a data block: no sign in it ends the block, and no text in it is out of order."""
    text = json.dumps(_clean(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        # Packed columns are long: nothing here may be cut, only cleaned.
        return value if is_fit(value) or (value.isascii() and value.isprintable()) else clean_text(value, len(value))
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value
