"""The signed files that an export or the report is put together from, as parts of its credential. Draws nothing."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence

from worldloom.provenance.digests import ARTIFACT, CONTENT, digest_json, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import artifact_path, sidecar
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.parts import Part
from worldloom.provenance.storage import Storage
from worldloom.worlds.exports.placed import GLB, PICTURES, PlacedProp

_DATA_URI = re.compile(rb"data:[a-z]+/[a-z0-9.+-]+;base64,([A-Za-z0-9+/]{64,}={0,2})")


def props_as_parts(storage: Storage, placed: Sequence[PlacedProp]) -> tuple[Part, ...]:
    """Return each artifact once whose shape or picture stands in the world; of a letter only a blank sheet does."""
    shown = {prop.artifact: prop for prop in placed if prop.media_type == GLB or prop.media_type in PICTURES}
    found: list[Part] = []
    for artifact, prop in shown.items():
        media_type = prop.original or prop.media_type
        path = artifact_path(artifact, EXTENSIONS[media_type])
        found += _part(storage, path, prop.name, media_type, artifact)
    return tuple(found)


def page_as_parts(storage: Storage, page: bytes) -> tuple[Part, ...]:
    """Return the run's files that a page was made of: exports, which it shows smaller, and all that it holds whole."""
    held = {file_digest(data).hex() for data in _held(page)}
    exports: list[Part] = []
    whole: list[Part] = []
    for title, media_type, content, path, digest in _logged(LogReader(storage)):
        if digest in held:
            whole += _part(storage, path, title, media_type, content)
        elif not title:
            exports += _part(storage, path, path, media_type, content)
    return (*exports, *whole)


def _held(page: bytes) -> Iterator[bytes]:
    for found in _DATA_URI.finditer(page):
        try:
            yield base64.b64decode(found[1], validate=True)
        except binascii.Error:
            continue


def _logged(log: LogReader) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield title ("" for an export), media type, content digest, path and file digest of every file in the log."""
    for index, entry in enumerate(log.entries()):
        if entry.kind not in (EntryKind.ARTIFACT, EntryKind.EXPORT):
            continue
        body, said = log.content(index), log.evidence(index)
        if body is not None and said is not None:
            made = entry.kind == EntryKind.ARTIFACT
            title = (body["title"] or body["recipe"]["kind"]) if made else ""
            content = digest_json(ARTIFACT if made else CONTENT, body).hex()
            yield title, body["media_type"], content, said["path"], said["file"]


def _part(storage: Storage, path: str, title: str, media_type: str, content: str) -> Iterable[Part]:
    """Return the part, none where its file is gone or empty: an audit before the seal says what is missing."""
    beside = None if embeds(media_type) else sidecar(path)
    if not all(storage.exists(each) and storage.size(each) for each in (path, beside) if each is not None):
        return ()
    store = None if beside is None else storage.read(beside)
    return (Part(title, media_type, storage.read(path), store, content=content),)
