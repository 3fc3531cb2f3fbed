"""Which marks of its origin one made thing carries, as found in the run now. Knows no law.

Four layers: signed metadata (the credential), a fingerprint (in log and credential), a label that people see, the log.
Worldloom writes no visible label into what it makes, and no watermark; so none is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worldloom.provenance import certificates
from worldloom.provenance.credential import INVALID, MISSING, Credential
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FingerprintError, ProvenanceError
from worldloom.provenance.fingerprints import ISCC
from worldloom.provenance.fingerprints.soft_binding import SOFT_BINDING, bound_codes
from worldloom.provenance.folder import sidecar
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.profile import AI_DISCLOSURE, TRAINED
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import Storage

INSIDE, BESIDE, NOWHERE = "inside", "beside", "nowhere"
"""Where a credential stands."""

_MADE = (EntryKind.ARTIFACT, EntryKind.EXPORT)
_FAMILIES = {
    "image/png": "pictures",
    "image/jpeg": "pictures",
    "image/webp": "pictures",
    "image/svg+xml": "drawings",
    "audio/wav": "sounds",
    "audio/flac": "sounds",
    "audio/mpeg": "sounds",
    "video/mp4": "films",
    "model/gltf-binary": "solids and worlds",
    "model/vnd.usda": "solids and worlds",
    "model/vnd.usdz+zip": "solids and worlds",
    "text/plain": "texts",
    "text/markdown": "texts",
    "application/json": "data",
}


@dataclass(frozen=True)
class Maker:
    """Who made a thing, as the log says: model or procedure, digest of its weights, both licences, source type."""

    backend: str
    model: str
    weights: str
    weights_licence: str
    output_licence: str
    source_type: str

    @property
    def trained(self) -> bool:
        """Whether a trained model was at work."""
        return self.source_type in TRAINED


@dataclass(frozen=True)
class Marks:
    """The layers. `credential` is its validation state now; `says_model` whether it says that a trained model made it.

    `provider` is the organisation in the signer's certificate, `soft_binding` whether log and credential have the same
    fingerprint, `fingerprints` the algorithms in the log, `timed` whether the credential itself has a time of making.
    """

    where: str
    credential: str
    says_model: bool
    names_system: bool
    has_id: bool
    timed: bool
    provider: str
    fingerprints: tuple[str, ...]
    soft_binding: bool
    logged: bool

    @property
    def holds(self) -> bool:
        """Whether the credential covers the file, whoever signed."""
        return self.where != NOWHERE and self.credential in ("Trusted", "Valid")


@dataclass(frozen=True)
class Marked:
    """One artifact or export with its marks; `index` is its log entry."""

    index: int
    path: str
    title: str
    family: str
    media_type: str
    agent: str
    maker: Maker
    marks: Marks


def marked_in(storage: Storage, anchors: Sequence[bytes] = ()) -> Iterator[Marked]:
    """Yield what the log says was made, in its order, with the marks that the stored files carry.

    Erased bodies are left out. Raises as LogReader does for a log that cannot be read.
    """
    log = LogReader(storage)
    logged = log.root() == log.checkpoint.root
    for index, entry in enumerate(log.entries()):
        if entry.kind not in _MADE:
            continue
        content, evidence = log.content(index), log.evidence(index)
        if isinstance(content, Mapping) and isinstance(evidence, Mapping):
            yield _marked(storage, index, content, evidence, anchors, logged=logged)


def _marked(
    storage: Storage,
    index: int,
    content: Mapping[str, Any],
    evidence: Mapping[str, Any],
    anchors: Sequence[bytes],
    *,
    logged: bool,
) -> Marked:
    recipe = _mapping(content.get("recipe"))
    media_type, path = str(content.get("media_type", "")), str(evidence.get("path", ""))
    return Marked(
        index=index,
        path=path,
        title=str(content.get("title", "")) or path,
        family=_FAMILIES.get(media_type, "other files"),
        media_type=media_type,
        agent=str(recipe.get("agent", "")),
        maker=_maker(_mapping(recipe.get("generator"))),
        marks=_marks(storage, path, media_type, evidence, anchors, logged=logged),
    )


def _maker(said: Mapping[str, Any]) -> Maker:
    names = ("backend", "model", "weights", "weights_licence", "output_licence", "source_type")
    return Maker(**{name: str(said.get(name, "")) for name in names})


def _marks(
    storage: Storage,
    path: str,
    media_type: str,
    evidence: Mapping[str, Any],
    anchors: Sequence[bytes],
    *,
    logged: bool,
) -> Marks:
    credential = _credential(storage, path, media_type, evidence, anchors)
    taken = _mapping(evidence.get("fingerprints"))
    where = NOWHERE if credential.state == MISSING else INSIDE if _embedded(media_type) else BESIDE
    return Marks(
        where=where,
        credential=credential.state,
        says_model=AI_DISCLOSURE in credential.created and credential.source_type.rpartition("/")[2] in TRAINED,
        names_system=bool(_agent(credential).get("name") and _agent(credential).get("version")),
        has_id=bool(credential.manifest),
        timed=bool(_action(credential).get("when")),
        provider=_provider(credential),
        fingerprints=tuple(sorted(map(str, taken))),
        soft_binding=_bound(credential) == tuple(map(str, _list(taken.get(ISCC)))) != (),
        logged=logged,
    )


def _credential(
    storage: Storage, path: str, media_type: str, evidence: Mapping[str, Any], anchors: Sequence[bytes]
) -> Credential:
    """Read and validate; a file that is gone has none, one that is not the logged one has one that does not hold."""
    try:
        data = storage.read(path)
        beside = None if _embedded(media_type) else storage.read(sidecar(path))
    except ProvenanceError:
        return Credential(MISSING)
    if file_digest(data).hex() != evidence.get("file"):
        return Credential(INVALID, ("worldloom.file.other",))
    return read_credential(data, media_type, beside, anchors)


def _embedded(media_type: str) -> bool:
    return media_type in EXTENSIONS and embeds(media_type)


def _action(credential: Credential) -> Mapping[str, Any]:
    actions = _list(_mapping(credential.said.get("c2pa.actions.v2")).get("actions"))
    return _mapping(actions[0]) if actions else {}


def _agent(credential: Credential) -> Mapping[str, Any]:
    return _mapping(_action(credential).get("softwareAgent"))


def _provider(credential: Credential) -> str:
    try:
        leaf = certificates.load_certificates(credential.chain_pem, "leaf")[0] if credential.chain_pem else None
        return certificates.organisation(leaf) if leaf else ""
    except (ProvenanceError, LookupError, ValueError):
        return ""


def _bound(credential: Credential) -> tuple[str, ...]:
    try:
        return bound_codes(credential.said.get(SOFT_BINDING))
    except FingerprintError:
        return ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
