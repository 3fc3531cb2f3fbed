"""Signs payloads with C2PA credentials and reads them back, through the C2PA SDK. What a manifest says is `profile`.

A credential stands inside the file where its format allows, else in a sidecar (`media`). Reading never raises for bad
evidence: its state and failures are the result.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO

from . import certificates, jumbf
from .bounds import BOUNDS, Bounded, Bounds, size_fault
from .errors import CredentialError, FormatError, KeystoreError
from .foreign_media import carries_inside
from .frames import frame_faults, unhashed
from .keys import SigningKey
from .making import Making
from .media import EXTENSIONS, embeds, sdk_format
from .model_behind import made_by_model
from .parts import NO_PARTS, place
from .profile import CREATED_BASE_LABELS, GENERATION, LINEAGE, UNHASHED, Definition, define
from .sections import length
from .store_form import hidden_bytes
from .updates import Update, binds, reasons, removed, updated

TRUSTED, VALID, INVALID = "Trusted", "Valid", "Invalid"
MISSING, UNREADABLE = "Missing", "Unreadable"

_ODD_EVIDENCE = (
    FormatError,
    KeystoreError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    StopIteration,
)
"""What reading hostile claims can raise here, where the SDK has let them pass."""


@dataclass(frozen=True)
class SignedFile:
    """A file with its credential: embedded in `data`, or in `sidecar`, beside unchanged bytes.

    `manifest` is the C2PA manifest label, `serial` the signing certificate's number in decimal digits. Only an empty
    file has no credential: then both are empty, and `unsigned` says why.
    """

    data: bytes
    sidecar: bytes | None
    manifest: str
    serial: str
    unsigned: str = ""


EMPTY = "empty"
"""Why a file has no credential: a hash of the bytes must cover some (C2PA 2.2, 9.2)."""

EMPTY_FILE = SignedFile(b"", None, "", "", EMPTY)
"""What stands for the one file that cannot be signed; its log entry says why."""


class CredentialSigner:
    """Signs with one key; one a process, since it keeps the SDK's context and signer between calls."""

    def __init__(self, key: SigningKey, anchors: Sequence[bytes] = ()) -> None:
        self._key = key
        self._context = sdk_context(tuple(anchors))
        self._signer: Any = sdk_signer(key)
        key.on_destroy(self.close)

    def sign(self, payload: bytes, making: Making) -> SignedFile:
        """Return the payload with its credential.

        Raises CredentialError for an empty payload, an unknown media type, or bytes that the format's reader refuses;
        KeystoreError when the key is gone.
        """
        if not self._key.alive or self._signer is None:
            raise KeystoreError(f"the key of {self._key.role!r} is gone; {making.title[:80]!r} stays unsigned")
        inside, name = embeds(making.media_type), sdk_format(making.media_type)
        if not payload:
            raise CredentialError(f"{making.title[:80]!r} is empty: there is nothing for a credential to cover")
        placed = place(making.parts, self._context) if making.parts else NO_PARTS
        written = io.BytesIO()
        try:
            definition = define(making, placed, unhashed(payload, making.media_type))
            with self._builder(definition) as builder:
                if not inside:
                    builder.set_no_embed()
                store = builder.sign(self._signer, name, io.BytesIO(payload), written)
        except (sdk_error(), FormatError) as error:
            raise CredentialError(
                f"{making.title[:80]!r} cannot be signed as {making.media_type}: {error}; is the payload whole?"
            ) from error
        data, sidecar = (written.getvalue(), None) if inside else (payload, bytes(store))
        return SignedFile(data, sidecar, definition.label, self._key.serial)

    def close(self) -> None:
        """Let the SDK drop its copy of the key; the key's `destroy` calls this."""
        if self._signer is not None:
            self._signer.close()
            self._signer = None

    def _builder(self, definition: Definition) -> Any:
        from c2pa import Builder  # noqa: PLC0415  (heavy)

        builder = Builder(definition.manifest, context=self._context)
        for name, data in definition.resources.items():
            builder.add_resource(name, io.BytesIO(data))
        return builder


@dataclass(frozen=True)
class IngredientFinding:
    """An ingredient of any manifest in the store, with what its own validation found.

    A tampered ingredient does not make the SDK call its child invalid, hence `failures` here; `manifest` is its own
    manifest's label, or `""`, `chain_pem` who signed that; `instance` its id (of a model the digest of its weights);
    `bound` says whether a hash ties it to a manifest or data that travel with the file, `of_model` whether it is the
    model whose weights the signer's own assertion names: a model does not travel with what it made. `by_model`: its own
    manifest says that a trained model had a hand in it.
    """

    title: str
    relation: str
    of: str
    manifest: str
    instance: str
    bound: bool
    failures: tuple[str, ...]
    chain_pem: bytes = b""
    of_model: bool = False
    by_model: bool = False


@dataclass(frozen=True)
class Credential:
    """What a file's credential says, and how it validates. Everything but the state may be empty.

    `state` is Trusted, Valid (signer unknown), Invalid, Missing or Unreadable; `failures` are C2PA status codes;
    `created` the labels of the signer's own assertions, `said` what those say by label. `generation` and `lineage` are
    theirs only if created. Where something was taken out of the credential later, all this is of the manifest before
    that, and `updates` say who took out what, the last first. `hidden` says where the store of a Worldloom credential
    has bytes that nobody signed and that say something, `frame` where the bytes around any embedded one are not those
    that the SDK writes there; `maker` names the tool that wrote the claim.
    """

    state: str
    failures: tuple[str, ...] = ()
    manifest: str = ""
    serial: str = ""
    chain_pem: bytes = b""
    generation: Mapping[str, Any] = field(default_factory=dict)
    lineage: Mapping[str, Any] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    gathered: tuple[str, ...] = ()
    ingredients: tuple[IngredientFinding, ...] = ()
    source_type: str = ""
    action: str = ""
    title: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    hidden: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    maker: str = ""

    @property
    def holds(self) -> bool:
        """Whether signature and bytes agree, whoever signed."""
        return self.state in (TRUSTED, VALID)


def read_credential(
    data: bytes | BinaryIO,
    media_type: str,
    sidecar: bytes | None,
    anchors: Sequence[bytes] = (),
    bounds: Bounds = BOUNDS,
) -> Credential:
    """Read and validate a credential, at the time of the machine's clock; bad evidence is in the result.

    A large file is given as a stream; `bounds` say how much of it is read. Validity at another time is judged by
    `trust.chain_faults` over `chain_pem`. Raises KeystoreError when an anchor is no certificate.
    """
    from c2pa import Reader  # noqa: PLC0415  (heavy)

    for pem in anchors:
        certificates.load_certificates(pem, "anchor")
    known = media_type in EXTENSIONS
    if sidecar is None and not carries_inside(media_type):
        return Credential(MISSING, ("worldloom.sidecar.missing",))
    name = sdk_format(media_type) if known else media_type
    context = sdk_context(tuple(anchors))
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    fault = size_fault(stream, media_type, sidecar, bounds)
    if fault:
        return Credential(UNREADABLE, (f"worldloom.bounds: {fault}",))
    bounded = Bounded(stream, bounds.calls_in(length(stream), media_type))
    try:
        with Reader(name, bounded, manifest_data=sidecar, context=context) as reader:
            told = _told(reader, sidecar, stream, media_type)
        return told if not bounded.spent else _TOO_MANY
    except sdk_error() as error:
        if bounded.spent:
            return _TOO_MANY
        missing = sidecar is None and type(error).__name__.endswith("ManifestNotFound")
        return Credential(MISSING if missing else UNREADABLE, (f"worldloom.sdk: {error}",))
    except _ODD_EVIDENCE as error:
        return Credential(UNREADABLE, (f"worldloom.report: {type(error).__name__}: {error}",))


_TOO_MANY = Credential(UNREADABLE, ("worldloom.bounds: has more parts than are followed",))


def _told(reader: Any, sidecar: bytes | None, stream: BinaryIO, media_type: str) -> Credential:
    # crJSON is the SDK's one report that keeps lists of small integers; the others turn them into base64 text.
    manifests = {each["label"]: each for each in json.loads(reader.crjson())["manifests"]}
    store = sidecar if sidecar is not None else _embedded_store(reader, next(iter(manifests)))
    top = jumbf.active_manifest(store)
    label, above = updated(manifests, top)
    active = manifests[label]
    claim, assertions = _claim(active), _map(active["assertions"])
    created = _labels(claim.get("created_assertions"))
    action = _first_action(assertions, created or _labels(claim.get("assertions")))  # the latter before version 2
    serial, chain = _signer_of(active, store, label)
    generation = _map(assertions.get(GENERATION)) if GENERATION in created else {}
    hashing = _map(next((manifests[each] for each in above if binds(manifests[each])), active)["assertions"])
    return Credential(
        state=str(reader.get_validation_state()),
        failures=_codes(manifests[top].get("validationResults")),
        manifest=label,
        serial=serial,
        chain_pem=chain,
        generation=generation,
        lineage=_map(assertions.get(LINEAGE)) if LINEAGE in created else {},
        created=created,
        gathered=_labels(claim.get("gathered_assertions")),
        ingredients=tuple(_ingredients(manifests, store)),
        source_type=str(action.get("digitalSourceType", "")),
        action=str(action.get("action", "")),
        title=str(claim.get("dc:title", "")),
        said={label: assertions[label] for label in created if label in assertions},
        updates=tuple(_update(manifests[each], store, each) for each in above),
        hidden=tuple(hidden_bytes(store)) if GENERATION in created else (),
        frame=_frame(stream, media_type, store, hashing, generation) if sidecar is None else (),
        maker=_maker(claim),
    )


def _frame(
    stream: BinaryIO, media_type: str, store: bytes, hashing: Mapping[str, Any], said: Mapping[str, Any]
) -> tuple[str, ...]:
    try:
        return tuple(frame_faults(stream, media_type, store, hashing, said.get(UNHASHED)))
    except FormatError as error:
        return (str(error),)


def _signer_of(manifest: Mapping[str, Any], store: bytes, label: str) -> tuple[str, bytes]:
    """Return the serial number (decimal) and the chain of who signed a manifest."""
    chain = certificates.pem_of_der(jumbf.certificate_chain(store, label))
    serial = certificates.load_certificates(chain, "leaf")[0].serial_number
    if serial != int(manifest["signature"]["certificateInfo"]["serialNumber"], 16):
        raise FormatError(f"manifest {label}: two readings of its signer's certificate")
    return str(serial), chain


def _update(manifest: Mapping[str, Any], store: bytes, label: str) -> Update:
    return Update(label, *_signer_of(manifest, store, label), removed(manifest), reasons(manifest), binds(manifest))


def _embedded_store(reader: Any, manifest: str) -> bytes:
    """Return the manifest store in the file: the SDK answers the URI of any manifest with the whole of it."""
    whole = io.BytesIO()
    reader.resource_to_stream(f"self#jumbf=/c2pa/{manifest}", whole)
    return whole.getvalue()


def _claim(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return _map(manifest.get("claim.v2") or manifest.get("claim"))


def _ingredients(manifests: Mapping[str, Mapping[str, Any]], store: bytes) -> list[IngredientFinding]:
    later: dict[str, tuple[str, ...]] = {}
    for manifest in manifests.values():
        for delta in manifest.get("ingredientDeltas") or ():
            uri = str(delta.get("ingredientAssertionURI", ""))
            later[uri] = later.get(uri, ()) + _codes(delta.get("validationDeltas"))
    found = []
    for of, manifest in manifests.items():
        for name, value in _map(manifest.get("assertions")).items():
            if name.startswith("c2pa.ingredient"):
                codes = later.get(f"self#jumbf=/c2pa/{of}/c2pa.assertions/{name}", ())
                found.append(_ingredient(of, _map(value), codes, manifests, store))
    return found


def _ingredient(
    of: str,
    value: Mapping[str, Any],
    later: tuple[str, ...],
    manifests: Mapping[str, Mapping[str, Any]],
    store: bytes,
) -> IngredientFinding:
    link = _map(value.get("activeManifest") or value.get("c2pa_manifest"))
    label = str(link.get("url", "")).rpartition("/")[2]
    weights = _weights(_map(manifests.get(of)))
    results = _map(value.get("validationResults"))
    failures = _codes(results.get("activeManifest"))
    for delta in results.get("ingredientDeltas") or ():
        failures += _codes(delta.get("validationDeltas"))
    failures += tuple(str(each.get("code", "")) for each in value.get("validationStatus") or ())  # before version 3
    failures += later + _codes(_map(manifests.get(label)).get("validationResults"))
    return IngredientFinding(
        title=str(value.get("dc:title", "")),
        relation=str(value.get("relationship", "")),
        of=of,
        manifest=label,
        instance=str(value.get("instanceID", "")),
        bound=bool(link or _map(value.get("data"))),
        failures=tuple(dict.fromkeys(failures)),
        chain_pem=certificates.pem_of_der(jumbf.certificate_chain(store, label)) if label in manifests else b"",
        of_model=bool(weights) and value.get("instanceID") == f"sha256:{weights}",
        by_model=made_by_model(_map(_map(manifests.get(label)).get("assertions"))),
    )


def _weights(manifest: Mapping[str, Any]) -> str:
    """Return the digest of the weights that a manifest's signer says made the file."""
    created = _labels(_claim(manifest).get("created_assertions"))
    said = _map(_map(manifest.get("assertions")).get(GENERATION)) if GENERATION in created else {}
    return str(_map(said.get("generator")).get("weights", ""))


def _first_action(store: Mapping[str, Any], created: Sequence[str]) -> Mapping[str, Any]:
    for label in created:
        if label.startswith("c2pa.actions"):
            for action in _map(store.get(label)).get("actions", []):
                return _map(action)
    return {}


def _maker(claim: Mapping[str, Any]) -> str:
    """Return name and version of the tool that wrote a claim; before version 2 of claims it is a list or a text."""
    info = claim.get("claim_generator_info")
    first = _map(info[0] if isinstance(info, list) and info else info)
    return f"{first.get('name', '')} {first.get('version', '')}".strip() or str(claim.get("claim_generator", ""))


def _labels(links: Any) -> tuple[str, ...]:
    return tuple(str(link["url"]).rpartition("/")[2] for link in links or ())


def _codes(results: Any) -> tuple[str, ...]:
    return tuple(str(each.get("code", "")) for each in _map(results).get("failure", []))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def sdk_signer(key: SigningKey) -> Any:
    """Return the SDK's signer: with a copy of the key where it is here, else by callback, at 9 KB more a manifest."""
    from c2pa import C2paSignerInfo, C2paSigningAlg, Signer  # noqa: PLC0415  (heavy)

    if key.outside:
        algorithm = getattr(C2paSigningAlg, key.algorithm.upper())
        return Signer.from_callback(key.sign, algorithm, key.chain_pem.decode("ascii"))
    return Signer.from_info(C2paSignerInfo(key.algorithm.encode(), key.chain_pem, key.private_pem(), None))


@lru_cache(maxsize=16)
def sdk_context(anchors: tuple[bytes, ...]) -> Any:
    """Return the SDK's context: these anchors, our created assertions, no network, no thumbnails."""
    from c2pa import Context, Settings  # noqa: PLC0415  (heavy)

    settings: dict[str, Any] = {
        "version": 1,
        # No file makes this process ask the network; checking after signing is the store's.
        "verify": {
            "verify_trust": True,
            "verify_after_sign": False,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": list(CREATED_BASE_LABELS)},
    }
    if anchors:
        settings["trust"] = {"trust_anchors": b"".join(anchors).decode()}
    return Context(Settings.from_dict(settings))


def sdk_error() -> type[Exception]:
    """Return the SDK's error class."""
    from c2pa import C2paError  # noqa: PLC0415  (heavy)

    error: type[Exception] = C2paError
    return error
