"""The shape of every body of the log: which fields, of which type. Not for whether what they say is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from worldloom.provenance.digests import from_hex
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _integer(value: Any) -> bool:
    return type(value) is int


def _digest(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(from_hex(value))
    except FormatError:
        return False


def _digest_or_none(value: Any) -> bool:
    return value == "" or _digest(value)


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _map_of(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _record(**fields: Check) -> Check:
    return lambda value: isinstance(value, dict) and not _wrong_field(value, fields)


def _wrong_field(value: Mapping[str, Any], fields: Mapping[str, Check]) -> str:
    """Return the first field that is missing or of another type; `""` where all are right."""
    return next((name for name, check in fields.items() if name not in value or not check(value[name])), "")


def _optional(check: Check, **fields: Check) -> Check:
    """As `check`, and each of the fields, where it is there, of its type."""
    return lambda value: check(value) and all(test(value[name]) for name, test in fields.items() if name in value)


_NAMED = _record(
    backend=_text,
    model=_text,
    weights=_digest_or_none,
    template=_digest_or_none,
    repeatable=lambda value: isinstance(value, bool),
    weights_licence=_text,
    output_licence=_text,
    source_type=_text,
    model_type=_text,
)
_IDENTITY = _optional(_NAMED, training=_record(origin=_text, index=_integer, root=_digest))
_MADE = _record(
    kind=_text,
    generator=_IDENTITY,
    request=_digest_or_none,
    prompt=_text,
    agent=_text,
    time=_integer,
    purpose=_text,
    occurrence=_integer,
    seed=lambda value: isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20,
    parameters=_mapping,
    parents=_list_of(_digest),
    inputs=_list_of(_digest),
)
_RECIPE = _optional(_MADE, veil=_digest)
_BASIS = _record(id=_text, source=_text)
_CONTENT: Mapping[int, tuple[str, Mapping[str, Check]]] = {
    EntryKind.SCENARIO: (
        "scenario",
        {"scenario": _mapping, "source": _digest, "generators": _map_of(_IDENTITY)},
    ),
    EntryKind.GENESIS: (
        "genesis",
        {"state": _digest, "personas": _list_of(_record(agent=_text)), "parents": _list_of(_digest)},
    ),
    EntryKind.DECISION: (
        "decision",
        {
            "id": _text,
            "agent": _text,
            "round": _integer,
            "request": _digest,
            "answer": _digest,
            "action": _mapping,
            "memories": _list_of(_BASIS),
            "observed": _list_of(_text),
            "generator": _text,
            "parents": _list_of(_digest),
        },
    ),
    EntryKind.ARTIFACT: (
        "artifact",
        {"payload": _digest, "media_type": _text, "title": _text, "recipe": _RECIPE},
    ),
    EntryKind.EXPORT: ("export", {"path": _text, "media_type": _text, "recipe": _RECIPE, "state": _digest}),
    EntryKind.END: ("end", {"state": _digest, "counts": _map_of(_integer)}),
}
_VILLAGE: Mapping[str, Check] = {"terrain": _digest, "settlement": _digest}
_CROWD: Mapping[str, Check] = {"crowd": _map_of(_integer), "agents": _integer}
_FILE: tuple[str, Mapping[str, Check]] = (
    "file",
    {"path": _text, "file": _digest, "sidecar": _digest_or_none, "manifest": _text, "serial": _text},
)
_FINGERPRINTS = _map_of(_list_of(_text))
"""Of a file's evidence; runs from before have none."""
_EVIDENCE: Mapping[int, tuple[str, Mapping[str, Check]]] = {
    EntryKind.START: ("start", {"wall": _text, "epoch": _integer, "software": _mapping, "numeric_class": _mapping}),
    EntryKind.CERTIFICATE: ("certificate", {"role": _text, "serial": _text, "path": _text, "sha256": _digest}),
    EntryKind.SNAPSHOT: ("snapshot", {"path": _text, "files": _map_of(_digest), "content_count": _integer}),
    EntryKind.SCENARIO: _FILE,
    EntryKind.ARTIFACT: _FILE,
    EntryKind.EXPORT: _FILE,
}


def content_fault(kind: int, body: Any) -> str:
    """Say what is wrong with a content body that was read; `""` for a right one. Of plug-ins' only links are read."""
    fault = _fault(_CONTENT.get(kind), body)
    if fault or not _links(body):
        return fault or "names what it descends from or was made from otherwise than as lists of digests"
    if kind != EntryKind.GENESIS:
        return ""
    return _wrong(body, _CROWD if "crowd" in body else _VILLAGE)


def _links(body: Any) -> bool:
    """Whether parents and inputs, where a body of any kind names some, can be followed."""
    if not isinstance(body, dict):
        return True
    recipe = body.get("recipe", {})
    if not isinstance(recipe, dict):
        return False
    named = (body.get("parents", []), recipe.get("parents", []), recipe.get("inputs", []))
    return all(map(_list_of(_text), named))


def evidence_fault(kind: int, body: Any) -> str:
    """Say what is wrong with an evidence body (None: the entry has none); `""` for a right one."""
    fault = _fault(_EVIDENCE.get(kind), body)
    if not fault and "fingerprints" in (body or {}) and not _FINGERPRINTS(body["fingerprints"]):
        return "its field 'fingerprints' is of another type"
    return fault


def _fault(shape: tuple[str, Mapping[str, Check]] | None, body: Any) -> str:
    if shape is None:
        return ""
    type_, fields = shape
    if not isinstance(body, dict) or body.get("type") != type_:
        return f"is no body of type {type_!r}"
    return _wrong(body, fields)


def _wrong(body: Mapping[str, Any], fields: Mapping[str, Check]) -> str:
    wrong = _wrong_field(body, fields)
    return f"its field {wrong!r} is missing or of another type" if wrong else ""
