"""A file that a person edited outside: signed anew, with what it was before as its parent. Reads and writes no disk.

The manifest begins with `c2pa.opened` of the parent and goes on with `c2pa.edited` (docs/adr/0020). The operator signs,
by a key that lives for this one file.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .algorithms import ED25519
from .c2pa_sdk import sdk_context, sdk_error
from .credential import MISSING, Credential
from .digests import file_digest
from .errors import CredentialError
from .fingerprints import ISCC, take
from .making import Edit, Making
from .media import sdk_format
from .model_behind import made_by_model
from .operator_file import Operator
from .parts import PARENT_OF, Part
from .profile import AI_DISCLOSURE, OPENED, TRAINED
from .reading import read_credential
from .recipe import Identity
from .run_authority import RunAuthority
from .signing import CredentialSigner, SignedFile

KIND = "import"
"""What `kind` says in org.worldloom.generation of an edited file."""

COMPOSITE, BY_HAND = "compositeWithTrainedAlgorithmicMedia", "humanEdits"
_ROLE = "editor"


@dataclass(frozen=True)
class Original:
    """What a file was before it was edited: its name, media type, bytes, and the sidecar where it has one."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    sidecar: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Edited:
    """What was done: by whom, with which tool (name and version), in which words; and as which file it is signed.

    `licence` is that of the outcome, the parent's unless given.
    """

    name: str
    media_type: str
    person: str
    tool: str
    tool_version: str = ""
    note: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Imported:
    """The signed file, what its digital source type became, and what the parent's credential was found to be."""

    signed: SignedFile
    source_type: str
    parent: Credential


def sign_edited(
    payload: bytes,
    edited: Edited,
    original: Original,
    operator: Operator,
    *,
    algorithm: str = ED25519,
    doubtful: bool = False,
) -> Imported:
    """Sign an edited file with its original as parent.

    Raises CredentialError for an original without a credential, or with one that does not hold, unless `doubtful`; for
    a file that is as it was signed, or bytes that the format's reader refuses.
    """
    parent = read_credential(original.data, original.media_type, original.sidecar)
    _require(parent, original, doubtful=doubtful)
    if payload == original.data and parent.holds:
        raise CredentialError(
            f"{edited.name}: is byte for byte its original, and its credential holds; nothing to import"
        )
    making = _making(payload, edited, original, parent, doubtful=doubtful)
    authority = RunAuthority(operator, f"{KIND}-{uuid.uuid4().hex[:16]}", 1)
    key = authority.issue(_ROLE, algorithm)
    try:
        signed = CredentialSigner(key).sign(payload, making)
    finally:
        key.destroy()
        authority.destroy()
    return Imported(signed, making.generator.source_type, parent)


def _require(parent: Credential, original: Original, *, doubtful: bool) -> None:
    if parent.state == MISSING or not parent.manifest:
        raise CredentialError(
            f"{original.name}: has no credential that can be read ({', '.join(parent.failures)[:200]}), so nothing of "
            "where it came from can be kept; name the signed original"
        )
    if not parent.holds and not doubtful:
        raise CredentialError(
            f"{original.name}: its credential does not hold ({', '.join(parent.failures)[:200]}); give the original as "
            "it was signed, or take it as it is with --bad-parent: the audit of the import will tell"
        )


def _making(
    payload: bytes,
    edited: Edited,
    original: Original,
    parent: Credential,
    *,
    doubtful: bool,
) -> Making:
    said = parent.generation
    of_parent = _mapping(said.get("generator"))
    manifests = _manifests(original)
    source_type = COMPOSITE if any(map(made_by_model, manifests)) else BY_HAND
    licence = edited.licence or str(of_parent.get("output_licence", ""))
    content = str(said.get("content", ""))
    part = Part(original.name, original.media_type, original.data, original.sidecar, PARENT_OF, content, doubtful)
    disclosure = _disclosure(manifests) if source_type in TRAINED else {}
    return Making(
        title=edited.name,
        media_type=edited.media_type,
        kind=KIND,
        on_behalf="operator",
        generator=Identity("person", edited.person, output_licence=licence, source_type=source_type),
        time=int(said.get("time", 0)) if type(said.get("time", 0)) is int else 0,
        parameters={
            "tool": edited.tool,
            "tool_version": edited.tool_version,
            "note": edited.note,
            "payload": file_digest(payload).hex(),
            "parent_file": file_digest(original.data).hex(),
        },
        parents=(content,) if content else (),
        origin=str(parent.lineage.get("origin", "")),
        action=OPENED,
        parts=(part,),
        fingerprints=take(payload, edited.media_type).get(ISCC, ()),
        edit=Edit(edited.tool, edited.tool_version, edited.note, disclosure),
    )


def _disclosure(manifests: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the nearest manifest says of its model; where parts are only named, that there may be one."""
    told: Mapping[str, Any] = next(
        (each[AI_DISCLOSURE] for each in manifests if isinstance(each.get(AI_DISCLOSURE), Mapping)), {}
    )
    found = {name: str(told[name]) for name in ("modelType", "modelName", "modelIdentifier") if told.get(name)}
    return {"modelType": "c2pa.types.model", "modelName": "unknown"} | found


def _manifests(original: Original) -> list[Mapping[str, Any]]:
    """Return the assertions of each manifest of the original, the active one first."""
    from c2pa import Reader  # noqa: PLC0415  (heavy)

    try:
        name, context = sdk_format(original.media_type), sdk_context(())
        with Reader(name, io.BytesIO(original.data), manifest_data=original.sidecar, context=context) as reader:
            manifests = json.loads(reader.crjson())["manifests"]
    except (sdk_error(), KeyError, ValueError) as error:
        raise CredentialError(f"{original.name}: its credential cannot be read: {error}") from error
    return [_mapping(manifest.get("assertions")) for manifest in manifests]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
