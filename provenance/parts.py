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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import jumbf
from .digests import file_digest
from .errors import CredentialError, FormatError
from .media import sdk_format

LIMIT = 65_536
"""Bytes that embedded parts take in one credential: eight or nine of the full profile."""

_TOLD = 2_560
"""Bytes that a part takes besides its store: the action, and what reading it over its bytes found (`_plain`)."""

MOST = 256
"""Parts of one credential; of more, the first are named, and how many more there are."""

PARENT_OF = "parentOf"
"""The one part that an edited file was before; it is always embedded, for an action has to name it."""

RELATIONS = {"componentOf": "wasDerivedFrom", "inputTo": "used", PARENT_OF: "wasDerivedFrom"}
"""C2PA's word and W3C PROV's for how a part entered."""


@dataclass(frozen=True, slots=True)
class Part:
    """One signed file; `content` is its hex content digest in the log, `sidecar` where its credential stands beside.

    `doubtful`: it is taken though its credential does not hold; what was found is recorded, and fails the whole.
    """

    title: str
    media_type: str
    data: bytes = field(repr=False)
    sidecar: bytes | None = field(default=None, repr=False)
    relation: str = "componentOf"
    content: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A part's manifest store as it was read: bytes, active manifest, its instance id, C2PA state and results.

    `assertions` are the labels of what each manifest in it says.
    """

    store: bytes = field(repr=False)
    manifest: str
    instance: str
    state: str
    results: Mapping[str, Any] = field(repr=False)
    assertions: Mapping[str, Sequence[str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A part whose manifest store goes into the whole's own."""

    part: Part
    read: Read


@dataclass(frozen=True, slots=True)
class Placed:
    """Parts as a manifest carries them: embedded ones, references for the rest, and how many are not named at all."""

    embedded: tuple[Embedded, ...] = ()
    references: tuple[dict[str, str], ...] = ()
    unnamed: int = 0


NO_PARTS = Placed()


def place(parts: Sequence[Part], context: Any, limit: int = LIMIT) -> Placed:
    """Decide for each part where it goes; raises CredentialError for one whose own credential does not hold."""
    embedded, references, room = [], [], limit
    held: dict[str, Sequence[str]] = {}
    for part in parts[:MOST]:
        if part.relation not in RELATIONS:
            raise CredentialError(
                f"part {part.title[:80]!r}: relation {part.relation[:40]!r} is none of {list(RELATIONS)}"
            )
        read = read_part(part, context)
        if not part.doubtful:
            _require_whole(part, read)
        # One manifest with its prompt, as a part, and without, in another part, do not go into one store.
        alike = all(held.get(manifest, labels) == labels for manifest, labels in read.assertions.items())
        if part.relation == PARENT_OF or (alike and len(read.store) + _TOLD <= room):
            embedded.append(Embedded(part, read))
            room -= len(read.store) + _TOLD
            held.update(read.assertions)
        else:
            references.append(_reference(part, read))
    return Placed(tuple(embedded), tuple(references), max(0, len(parts) - MOST))


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


def read_part(part: Part, context: Any) -> Read:
    """Read a part's credential, inside or beside, over its bytes; raises CredentialError where there is none."""
    from c2pa import C2paError, Reader  # noqa: PLC0415  (heavy)

    try:
        name = sdk_format(part.media_type)
        with Reader(name, io.BytesIO(part.data), manifest_data=part.sidecar, context=context) as reader:
            told = json.loads(reader.json())
            label = str(told["active_manifest"])
            instance, results = str(told["manifests"][label]["instance_id"]), _plain(told["validation_results"])
            state, store = str(reader.get_validation_state()), part.sidecar
            if store is None:
                whole = io.BytesIO()
                reader.resource_to_stream(f"self#jumbf=/c2pa/{label}", whole)
                store = whole.getvalue()
        assertions = jumbf.assertions(store)
    except (C2paError, FormatError, KeyError, TypeError, ValueError) as error:
        raise CredentialError(f"part {part.title[:80]!r}: has no credential that can be read ({error})") from error
    return Read(store, label, instance, state, results, assertions)


def _plain(results: Any) -> Any:
    """Return validation results without their explanations, which say what the codes say: half of the bytes."""
    if isinstance(results, dict):
        return {key: _plain(value) for key, value in results.items() if key != "explanation"}
    return [_plain(each) for each in results] if isinstance(results, list) else results
