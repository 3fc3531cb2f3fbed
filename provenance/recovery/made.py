"""What a run's log says of each file that was made, with its fingerprints. Judges nothing: that is the audit's.

Where the log has no fingerprints (a run from before there were any) they are taken from the stored file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.provenance.audit.payload import payload_candidates
from worldloom.provenance.digests import ARTIFACT, digest_json, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FingerprintError, ProvenanceError
from worldloom.provenance.fingerprints.iscc import DATA_HEADER, PICTURE_HEADER, TEXT_HEADER, unit_bytes
from worldloom.provenance.fingerprints.taking import ISCC, PICTURE, SOUND, take
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

FAMILIES = ("picture", "whole", "text", "data", "sound", "drawn", "drawn_whole")
"""Kinds of code: of a picture without and with its border, words, bytes, sound, a drawing's pixels likewise."""

_OF_HEADER = {PICTURE_HEADER: "picture", TEXT_HEADER: "text", DATA_HEADER: "data"}
_SVG = "image/svg+xml"
_RENDERED = 256


@dataclass(frozen=True)
class Made:
    """One artifact or export: its log entry, where it stands, who made it by what, digests, codes by family (32 bytes).

    `time` is simulated seconds; `who` the persona's name, empty where the run has none of that agent.
    """

    index: int
    kind: str
    path: str
    name: str
    media_type: str
    title: str
    agent: str
    who: str
    time: int
    model: str
    payload: str
    file: str
    codes: Mapping[str, bytes] = field(default_factory=dict)


def made_in(storage: Storage, log: LogReader) -> Iterator[Made]:
    """Yield what the log says was made, in its order; what was erased is left out.

    Raises as LogReader does for a log that cannot be read.
    """
    names: dict[str, str] = {}
    for index, entry in enumerate(log.entries()):
        if entry.kind == EntryKind.GENESIS:
            names = _names(log.content(index))
        elif entry.kind in (EntryKind.ARTIFACT, EntryKind.EXPORT):
            content, evidence = log.content(index), log.evidence(index)
            if isinstance(content, Mapping) and isinstance(evidence, Mapping):
                yield _made(storage, index, entry.kind, content, evidence, names)


def codes_of(fingerprints: Mapping[str, Any]) -> dict[str, bytes]:
    """Return codes by family of fingerprints by algorithm; what has not the form of one is left out."""
    found: dict[str, bytes] = {}
    for code in _texts(fingerprints.get(ISCC)):
        try:
            unit = unit_bytes(code)
        except FingerprintError:
            continue
        if family := _OF_HEADER.get(unit[:2]):
            found[family] = unit[2:]
    for algorithm, family in ((PICTURE, "whole"), (SOUND, "sound")):
        for digits in _texts(fingerprints.get(algorithm)):
            if len(digits) == 64 and not set(digits) - set("0123456789abcdef"):
                found[family] = bytes.fromhex(digits)
    return found


def bare(data: bytes, media_type: str, payload: str) -> bytes:
    """Return a signed file's bytes without the credential in it; `payload` is the digest of what is sought, or empty.

    Of an export no digest tells which of the ways out of a format is the right one: the last has the least left over.
    """
    candidates = [data, *(payload_candidates(data, media_type) or [])]
    right = (each for each in candidates if file_digest(each).hex() == payload) if payload else iter(())
    return next(right, candidates[-1])


def drawn_codes(svg: bytes) -> dict[str, bytes]:
    """Return the codes of an SVG as pixels; none without resvg, or where it cannot be drawn."""
    from worldloom.provenance.fingerprints import pictures  # noqa: PLC0415  (start-up time)

    try:
        picture = pictures.open_picture(pictures.draw(svg, _RENDERED))
    except FingerprintError:
        return {}
    seen = pictures.codes(picture)
    return {"drawn": unit_bytes(seen.iscc)[2:], "drawn_whole": bytes.fromhex(seen.whole)}


def _made(
    storage: Storage,
    index: int,
    kind: int,
    content: Mapping[str, Any],
    evidence: Mapping[str, Any],
    names: Mapping[str, str],
) -> Made:
    recipe = _mapping(content.get("recipe"))
    generator = _mapping(recipe.get("generator"))
    path, media_type = str(evidence.get("path", "")), str(content.get("media_type", ""))
    agent, payload = str(recipe.get("agent", "")), str(content.get("payload", ""))
    exported = kind == EntryKind.EXPORT
    return Made(
        index=index,
        kind=str(recipe.get("kind", "")),
        path=path,
        name=path if exported else digest_json(ARTIFACT, content).hex(),
        media_type=media_type,
        title=str(content.get("title", "")) or (path if exported else ""),
        agent=agent,
        who=names.get(agent, ""),
        time=recipe["time"] if type(recipe.get("time")) is int else 0,
        model=str(generator.get("model") or generator.get("backend") or ""),
        payload=payload,
        file=str(evidence.get("file", "")),
        codes=_codes(storage, path, media_type, payload, evidence),
    )


def _codes(storage: Storage, path: str, media_type: str, payload: str, evidence: Mapping[str, Any]) -> dict[str, bytes]:
    said = evidence.get("fingerprints")
    if isinstance(said, Mapping) and media_type != _SVG:
        return codes_of(said)
    try:
        data = storage.read(path)
    except ProvenanceError:
        return codes_of(_mapping(said))
    found = bare(data, media_type, payload)
    codes = codes_of(said if isinstance(said, Mapping) else take(found, media_type))
    return codes | (drawn_codes(found) if media_type == _SVG else {})


def _names(genesis: Any) -> dict[str, str]:
    personas = _mapping(genesis).get("personas")
    listed = personas if isinstance(personas, list) else []
    return {str(each.get("agent")): str(each.get("name", "")) for each in listed if isinstance(each, Mapping)}


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
