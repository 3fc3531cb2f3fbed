"""Signed files that a made thing was put together from: as ingredients inside its manifest, or as hashed references.

An ingredient brings its whole manifest store with it, so a history that embeds its history grows without bound. Parts
are embedded, in order, while their stores together stay under a limit; those beyond it are named in
org.worldloom.lineage by the hashes of their file and manifest store, which binds as firmly and costs 300 bytes. Whoever
holds the files resolves them; the audit of a run does. A prompt stays in the one file that was made from it: the copy
of that file's manifest is redacted of it, so that nobody has to hunt it in all that was built on it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import jumbf
from .digests import file_digest
from .errors import CredentialError, FormatError
from .media import sdk_format

LIMIT = 65_536
"""Bytes of embedded manifest stores in one credential: about ten of the full profile."""

EMBEDDED_DATA = "c2pa.embedded-data"
"""Label of the assertion in which a prompt travels."""

RELATIONS = {"componentOf": "wasDerivedFrom", "inputTo": "used"}
"""C2PA's word and W3C PROV's for how a part entered."""


@dataclass(frozen=True, slots=True)
class Part:
    """One signed file; `content` is its hex content digest in the log, `sidecar` where its credential stands beside."""

    title: str
    media_type: str
    data: bytes = field(repr=False)
    sidecar: bytes | None = field(default=None, repr=False)
    relation: str = "componentOf"
    content: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A part's manifest store as it was read: bytes, active manifest, its instance id, C2PA state and results.

    `prompts` are the JUMBF URIs of all embedded data in it.
    """

    store: bytes = field(repr=False)
    manifest: str
    instance: str
    state: str
    results: Mapping[str, Any] = field(repr=False)
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """A part whose manifest store goes into the whole's own."""

    part: Part
    read: Read


@dataclass(frozen=True, slots=True)
class Placed:
    """Parts as a manifest carries them: embedded ones, and references for the rest (integers and text)."""

    embedded: tuple[Embedded, ...] = ()
    references: tuple[dict[str, str], ...] = ()


NO_PARTS = Placed()


def place(parts: Sequence[Part], context: Any, limit: int = LIMIT) -> Placed:
    """Decide for each part where it goes; raises CredentialError for one whose own credential does not hold."""
    embedded, references, room = [], [], limit
    for part in parts:
        if part.relation not in RELATIONS:
            raise CredentialError(
                f"part {part.title[:80]!r}: relation {part.relation[:40]!r} is none of {list(RELATIONS)}"
            )
        read = _read(part, context)
        _require_whole(part, read)
        if len(read.store) <= room:
            embedded.append(Embedded(part, read))
            room -= len(read.store)
        else:
            references.append(_reference(part, read))
    return Placed(tuple(embedded), tuple(references))


def _require_whole(part: Part, read: Read) -> None:
    if read.state not in ("Trusted", "Valid"):
        raise CredentialError(
            f"part {part.title[:80]!r}: its credential is {read.state.lower()}; build on whole files only"
        )


def _reference(part: Part, read: Read) -> dict[str, str]:
    return {
        "title": part.title,
        "relation": RELATIONS[part.relation],
        "content": part.content,
        "file": file_digest(part.data).hex(),
        "manifest": read.manifest,
        "manifest_sha256": file_digest(read.store).hex(),
    }


def _read(part: Part, context: Any) -> Read:
    """Read a part's credential, inside or beside, over its bytes."""
    from c2pa import C2paError, Reader  # noqa: PLC0415  (heavy)

    try:
        name = sdk_format(part.media_type)
        with Reader(name, io.BytesIO(part.data), manifest_data=part.sidecar, context=context) as reader:
            told = json.loads(reader.json())
            label = str(told["active_manifest"])
            instance, results = str(told["manifests"][label]["instance_id"]), dict(told["validation_results"])
            state, store = str(reader.get_validation_state()), part.sidecar
            if store is None:
                whole = io.BytesIO()
                reader.resource_to_stream(f"self#jumbf=/c2pa/{label}", whole)
                store = whole.getvalue()
        prompts = tuple(_prompts(store))
    except (C2paError, FormatError, KeyError, TypeError, ValueError) as error:
        raise CredentialError(f"part {part.title[:80]!r}: has no credential that can be read ({error})") from error
    return Read(store, label, instance, state, results, prompts)


def _prompts(store: bytes) -> Iterator[str]:
    for manifest, labels in jumbf.assertions(store).items():
        for label in labels:
            if label.startswith(EMBEDDED_DATA):
                yield f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/{label}"
