"""The templates' environment: everything is escaped, odd characters are taken out, data: URIs are checked."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from worldloom.provenance.errors import FormatError
from worldloom.provenance.text import clean_text, is_fit
from worldloom.worlds.clock import clock_text

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_DATA_URI = re.compile(r"data:(?:image/(?:png|jpeg|svg\+xml)|audio/wav);base64,[A-Za-z0-9+/]+=*\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*=*")
_POLICY = re.compile(r"'sha256-[A-Za-z0-9+/]+=*'\Z")


@cache
def environment() -> Environment:
    """Return the environment of the page's templates."""
    from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415  (heavy)

    folder = files("worldloom.cluster.closing.templates")
    sources = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".j2")}
    made = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "uri": uri,
        "many": _many,
        "clock": clock_text,
        "bytes": _bytes,
        "policy": _policy,
        "base64": _base64,
    }
    return made


def safe(text: str) -> Markup:
    """Let our own scripts, style and checked data through whole."""
    from markupsafe import Markup  # noqa: PLC0415  (heavy)

    return Markup(text)  # noqa: S704  (only files of this package, blocks of `assets`, and what is checked here)


def uri(text: str) -> Markup:
    """Let a data: URI of a picture or sound through whole; raises FormatError for any other text."""
    if not _DATA_URI.match(text):
        raise FormatError(f"{text[:40]!r} is not a picture's or sound's data: URI")
    return safe(text)


def _base64(text: str) -> Markup:
    """Let a block of base64, which may be long, through whole; raises FormatError for any other text."""
    if not _BASE64.fullmatch(text):
        raise FormatError(f"{text[:40]!r} is not base64")
    return safe(text)


def _policy(text: str) -> Markup:
    if not _POLICY.match(text):
        raise FormatError(f"{text[:40]!r} is not a digest for a policy")
    return safe(text)


def _fit(value: Any) -> Any:
    """Take control and bidirectional characters out of all text that reaches the page; escaping follows."""
    from markupsafe import Markup  # noqa: PLC0415  (heavy)

    if not isinstance(value, str) or isinstance(value, Markup) or is_fit(value):
        return value
    return clean_text(value)


def _many(count: int, one: str, several: str = "") -> str:
    """`1 person`, `2 people`, `1,200 things`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _bytes(size: int) -> str:
    return f"{size:,} bytes" if size < 10_000 else f"{size // 1000:,} kB"
