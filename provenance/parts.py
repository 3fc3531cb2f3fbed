"""Signed files that a made thing was put together from: as ingredients inside its manifest, or as hashed references.

An ingredient brings its whole manifest store with it, so a history that embeds its history grows without bound. Parts
are embedded, in order, while their stores together stay under a limit; those beyond it, and those whose credential is a
sidecar, are named in org.worldloom.lineage by the hashes of their file and manifest store, which binds as firmly and
costs 300 bytes. Whoever holds the files resolves them; the audit of a run does.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import jumbf
from .digests import file_digest
from .errors import CredentialError
from .media import embeds, sdk_format

LIMIT = 65_536
"""Bytes of embedded manifest stores in one credential: about ten of the full profile."""

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
class Placed:
    """Parts as a manifest carries them: embedded ones, and references for the rest (integers and text)."""

    embedded: tuple[Part, ...] = ()
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
        store = _store(part, context)
        if embeds(part.media_type) and len(store) <= room:
            embedded.append(part)
            room -= len(store)
        else:
            references.append(_reference(part, store))
    return Placed(tuple(embedded), tuple(references))


def _reference(part: Part, store: bytes) -> dict[str, str]:
    return {
        "title": part.title,
        "relation": RELATIONS[part.relation],
        "content": part.content,
        "file": file_digest(part.data).hex(),
        "manifest": jumbf.active_manifest(store),
        "manifest_sha256": file_digest(store).hex(),
    }


def _store(part: Part, context: Any) -> bytes:
    """Return the manifest store of a part whose credential covers its bytes."""
    from c2pa import C2paError, Reader  # noqa: PLC0415  (heavy)

    try:
        name = sdk_format(part.media_type)
        with Reader(name, io.BytesIO(part.data), manifest_data=part.sidecar, context=context) as reader:
            state = str(reader.get_validation_state())
            label = str(reader.get_active_manifest()["label"])
            whole = io.BytesIO()
            reader.resource_to_stream(f"self#jumbf=/c2pa/{label}", whole)
    except (C2paError, KeyError, TypeError) as error:
        raise CredentialError(f"part {part.title[:80]!r}: has no credential that can be read ({error})") from error
    if state not in ("Trusted", "Valid"):
        raise CredentialError(f"part {part.title[:80]!r}: its credential is {state.lower()}; build on whole files only")
    return part.sidecar if part.sidecar is not None else whole.getvalue()
