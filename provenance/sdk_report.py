"""What the SDK's report says of a credential, as `Credential`. Opens no file; trusts no form that it does not check."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from . import certificates, jumbf
from .credential import Credential, IngredientFinding
from .errors import FormatError
from .frames import frame_faults
from .model_behind import made_by_model
from .profile import GENERATION, LINEAGE, UNHASHED
from .store_form import hidden_bytes
from .updates import Update, binds, reasons, removed, updated


def told(reader: Any, sidecar: bytes | None, stream: BinaryIO, media_type: str) -> Credential:
    """Return what the SDK's reader found; raises what hostile claims can, where the SDK has let them pass."""
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
