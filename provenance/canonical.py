"""The one byte form of a JSON value: RFC 8785 (JCS) without floats. Not for files that people edit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from .errors import CanonicalError
from .text import MAX_TEXT, is_fit, require_text

MAX_INTEGER = 2**53 - 1
"""RFC 8785 follows ECMAScript numbers: integers beyond this lose digits in other readers, so they are refused."""

_FORM: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":"), "allow_nan": False, "check_circular": False}
_DUMPS = json.JSONEncoder(**_FORM).encode
_DUMPS_SORTED = json.JSONEncoder(**_FORM, sort_keys=True).encode
_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_SCALARS = frozenset({str, int, bool, type(None)})
_PLAIN_ESCAPES = frozenset({b'"', b"n"})
_BACKSLASH = ord("\\")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _prepare(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise CanonicalError(f"{where}: integer {value} is beyond 2^53 - 1; write it as text")
        return int(value)
    if isinstance(value, str):
        try:
            return require_text(value)
        except CanonicalError as error:
            raise CanonicalError(f"{where}: {error}") from None
    if isinstance(value, Mapping):
        return _prepare_map(value, where)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_prepare(item, f"{where}[{index}]") for index, item in enumerate(value)]
    raise CanonicalError(f"{where}: {type(value).__name__} has no canonical form; use integers, text, lists and maps")


def _prepare_map(value: Mapping[Any, Any], where: str) -> dict[str, Any]:
    for key in value:
        if not isinstance(key, str):
            raise CanonicalError(f"{where}: key {key!r} is not text")
    # RFC 8785 section 3.2.3: by UTF-16 code units; for ASCII keys that is the plain order.
    keys = sorted(value, key=None if all(map(str.isascii, value)) else _utf16)
    return {require_text(key): _prepare(value[key], f"{where}.{key}") for key in keys}


def _written(value: Any) -> bytes | None:
    """Bytes in a tenth of the time that `_prepare` takes, texts unchecked; None for what orjson may write otherwise."""
    try:
        data = orjson.dumps(value, option=_STRICT)
    except orjson.JSONEncodeError:  # nested deeper than it goes, an integer beyond the limit, a key that is no text
        return None
    return data if _is_of_json(value) else None


def _is_of_json(value: Any) -> bool:
    """Whether a value is of Python's own JSON types without floats, keys apart. It must end, as what was written does.

    A list of what is left to look at takes half the time of a call for each map and list.
    """
    left: list[Iterable[Any]] = [(value,)]
    for inner in left:
        for each in inner:
            kind = type(each)
            if kind in _SCALARS:
                continue
            if kind is list or kind is tuple:
                left.append(each)
            elif kind is dict:
                left.append(each.values())
            else:
                return False
    return True


def _is_print(data: bytes) -> bool:
    """Whether JSON holds nothing but printable ASCII and line feeds, so no text that is unfit or keys to be reordered.

    Almost every value is so, and a few looks at its bytes are faster than one at each of its texts.
    """
    if not data.isascii() or b"\x7f" in data:
        return False
    if b"\\" in data and not _PLAIN_ESCAPES.issuperset(each[:1] for each in data.split(b"\\")[1:]):
        return False
    return len(data) <= MAX_TEXT or not _has_long_text(data)


def _has_long_text(data: bytes) -> bool:
    """Whether a text of JSON is, or may be, longer than texts may be: between quotes, those in texts apart."""
    quote, end = 0, len(data)
    while end - quote > MAX_TEXT + 1:
        following = data.rfind(b'"', quote + 1, quote + MAX_TEXT + 2)
        while following > 0 and data[following - 1] == _BACKSLASH:
            following = data.rfind(b'"', quote + 1, following)
        if following < 0:
            return True
        quote = following
    return False


def _is_plain(value: Any) -> bool:
    """Whether a value is of Python's own JSON types with ASCII keys, and within all limits."""
    if type(value) is dict:
        for key in value:
            # ASCII keys: sorted by code points, which for them is the order of UTF-16 code units.
            if type(key) is not str or not key.isascii() or not key.isprintable() or len(key) > MAX_TEXT:
                return False
        return _are_plain(value.values())
    return _are_plain(value if type(value) in (list, tuple) else (value,))


def _are_plain(values: Iterable[Any]) -> bool:
    for value in values:
        kind = type(value)
        if kind is str:
            # The first line is what `is_fit` finds of most texts, without the call.
            if not (value.isascii() and value.isprintable() and len(value) <= MAX_TEXT) and not is_fit(value):
                return False
        elif kind is int:
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                return False
        elif kind is dict or kind is list or kind is tuple:
            if not _is_plain(value):
                return False
        elif value is not None and kind is not bool:
            return False
    return True


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of None, booleans, integers, text, lists and maps of them; raises CanonicalError."""
    data = _written(value)
    if data is not None and _is_print(data):
        return data
    if _is_plain(value):
        return _DUMPS_SORTED(value).encode() if data is None else data
    return _DUMPS(_prepare(value, "value")).encode()


def parse_canonical(data: bytes) -> Any:
    """Read bytes that must be in canonical form, exactly; raises CanonicalError."""
    try:
        value = orjson.loads(data)
        # What a strict writer makes the same bytes of is the value that any other reader reads there.
        if _written(value) == data and (_is_print(data) or _is_plain(value)):
            return value
    except (orjson.JSONDecodeError, RecursionError):
        pass  # the slower way says why not
    return _parsed(data)


def _parsed(data: bytes) -> Any:
    try:
        value = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not canonical JSON: {error}") from error
    if again != data:
        raise CanonicalError("not canonical JSON: the bytes differ from the value's canonical form")
    return value


def _no_float(text: str) -> Any:
    raise CanonicalError(f"number {text} is not an integer")
