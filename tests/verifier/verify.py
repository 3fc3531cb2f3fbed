"""A second C2PA verifier, sharing no code with c2pa-rs or worldloom: a table of named steps over one file.

Not for: timestamps, OCSP, fragmented films. What it does not know it reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cryptography import x509

from . import binding, chain, cose, ingredients, redacted, updates
from .carried import Carried
from .containers import find_store
from .jumbf import Box, parse
from .manifest import LINK, Manifest, decode, digest, read_store, resolve
from .result import MalformedError, Problem, Result


@dataclass
class Case:
    """The file under test, and what the steps so far have read from it."""

    data: bytes
    media_type: str
    sidecar: bytes | None
    anchors: list[x509.Certificate]
    at: dt.datetime
    carried: Carried = field(default_factory=lambda: Carried(b""))
    root: Box = field(default_factory=lambda: Box(b"jumb", b""))
    manifests: dict[str, Manifest] = field(default_factory=dict)

    @property
    def active(self) -> Manifest:
        """The last manifest of the store."""
        return list(self.manifests.values())[-1]

    @property
    def bound(self) -> Manifest:
        """The manifest whose hard binding counts."""
        return updates.bound(self.active, self.manifests)

    def sign1(self, manifest: Manifest) -> cose.Sign1:
        """The manifest's signature, read."""
        return cose.read_sign1(manifest.signature.content(b"cbor"), f"{manifest.label} signature")


def step_container(case: Case) -> Iterator[str]:
    """The store is found, once, in a container that is whole."""
    case.carried = find_store(case.data, case.media_type, case.sidecar)
    yield from ()


def step_boxes(case: Case) -> Iterator[str]:
    """Every box fits its parent exactly."""
    case.root = parse(case.carried.store)
    yield from ()


def step_manifests(case: Case) -> Iterator[str]:
    """The boxes are manifests with one claim, one assertion store, one signature."""
    case.manifests = read_store(case.root)
    yield from ()


def step_claim(case: Case) -> Iterator[str]:
    """A claim names its own signature, SHA-256 and a claim generator."""
    for manifest in case.manifests.values():
        claim = manifest.claim
        if claim.get("signature") != f"{LINK}/c2pa/{manifest.label}/c2pa.signature":
            yield f"{manifest.label}: claim points to the signature {claim.get('signature')}"
        if claim.get("alg") != "sha256":
            yield f"{manifest.label}: claim hashes with {claim.get('alg')}"
        if not claim.get("created_assertions") or not claim.get("instanceID"):
            yield f"{manifest.label}: claim without created assertions or instance id"
        if not isinstance(claim.get("claim_generator_info"), dict) or not claim["claim_generator_info"].get("name"):
            yield f"{manifest.label}: claim without claim generator"


def step_assertions(case: Case) -> Iterator[str]:
    """Every claimed assertion is there with the hash that was claimed, but for what another manifest took out."""
    gone = redacted.taken_out(case.manifests)
    for manifest in case.manifests.values():
        for link in manifest.links():
            if redacted.uri_of(manifest, str(link.get("url")).rpartition("/")[2]) in gone:
                continue  # which `redactions` judges
            try:
                if digest(resolve(link, manifest)) != link.get("hash"):
                    yield f"{manifest.label}: {link['url']} differs from its hash"
            except MalformedError as error:
                yield str(error)


def step_redactions(case: Case) -> Iterator[str]:
    """What was taken out is gone, was there to be taken, and an action says why."""
    for manifest in case.manifests.values():
        yield from (f"{manifest.label}: {fault}" for fault in redacted.redaction_faults(manifest, case.manifests))


def step_unclaimed(case: Case) -> Iterator[str]:
    """Every assertion in the store is claimed, once."""
    for manifest in case.manifests.values():
        claimed = sorted(str(link.get("url")).rpartition("/")[2] for link in manifest.links())
        if claimed != sorted(set(claimed)) or set(manifest.assertions) - set(claimed):
            yield f"{manifest.label}: assertions {sorted(manifest.assertions)}, claimed {claimed}"


def step_actions(case: Case) -> Iterator[str]:
    """The signer's own actions begin with the only created or opened, and a created one says from what."""
    for manifest in case.manifests.values():
        actions: list[dict[str, object]] = []
        for box in manifest.named("c2pa.actions", created_only=True):
            actions += decode(box.content(b"cbor"), box.label)["actions"]
        births = [each for each in actions if each.get("action") in ("c2pa.created", "c2pa.opened")]
        if len(births) != 1 or births[0] is not actions[0]:
            yield f"{manifest.label}: {len(births)} created or opened actions, expected one, in front"
        elif births[0]["action"] == "c2pa.created" and not births[0].get("digitalSourceType"):
            yield f"{manifest.label}: created without a digital source type"


def step_hidden(case: Case) -> Iterator[str]:
    """Bytes that no signature covers say nothing."""
    for manifest in case.manifests.values():
        yield from (f"{manifest.label}: {fault}" for fault in cose.hidden_bytes(case.sign1(manifest)))


def step_signature(case: Case) -> Iterator[str]:
    """The leaf's key signed the claim."""
    for manifest in case.manifests.values():
        if not cose.signature_holds(case.sign1(manifest), manifest.claim_bytes):
            yield f"{manifest.label}: signature does not fit the claim"


def step_certificate(case: Case) -> Iterator[str]:
    """The leaf has the C2PA profile."""
    for manifest in case.manifests.values():
        yield from (f"{manifest.label}: {fault}" for fault in chain.leaf_faults(case.sign1(manifest).chain[0]))


def step_time(case: Case) -> Iterator[str]:
    """All certificates of the chain are valid at the time asked for."""
    for manifest in case.manifests.values():
        yield from (f"{manifest.label}: {fault}" for fault in chain.out_of_time(case.sign1(manifest).chain, case.at))


def step_trust(case: Case) -> Iterator[str]:
    """The chain ends in an anchor."""
    for manifest in case.manifests.values():
        if not chain.reaches_anchor(case.sign1(manifest).chain, case.anchors, case.at):
            yield f"{manifest.label}: no chain to a trust anchor"


def step_binding(case: Case) -> Iterator[str]:
    """There is one hard binding of the right shape."""
    base, value = binding.hard_binding(case.bound)
    yield from binding.shape_faults(base, value, case.carried, grown=case.bound is not case.active)


def step_bytes(case: Case) -> Iterator[str]:
    """The file's bytes are the bound ones."""
    base, value = binding.hard_binding(case.bound)
    if case.bound is not case.active:
        value = binding.grown(value, case.carried)
    yield from binding.bytes_faults(base, value, case.carried, case.data)


def step_updates(case: Case) -> Iterator[str]:
    """A manifest that says it only updates another does nothing else."""
    for manifest in case.manifests.values():
        if manifest.is_update:
            yield from (f"{manifest.label}: {fault}" for fault in updates.update_faults(manifest))


def step_ingredients(case: Case) -> Iterator[str]:
    """Each ingredient is what its child saw."""
    for manifest in case.manifests.values():
        for fault in ingredients.ingredient_faults(manifest, case.manifests):
            yield f"{manifest.label}: {fault}"


def step_strays(case: Case) -> Iterator[str]:
    """No manifest is in the store that the active one does not lead to."""
    for label in sorted(set(case.manifests) - ingredients.reachable(case.active, case.manifests)):
        yield f"{label}: no ingredient leads to this manifest"


Step = Callable[[Case], Iterator[str]]

READING: dict[str, Step] = {"container": step_container, "boxes": step_boxes, "manifests": step_manifests}
CHECKS: dict[str, Step] = {
    "claim": step_claim,
    "assertions": step_assertions,
    "redactions": step_redactions,
    "updates": step_updates,
    "unclaimed": step_unclaimed,
    "actions": step_actions,
    "hidden": step_hidden,
    "signature": step_signature,
    "certificate": step_certificate,
    "time": step_time,
    "trust": step_trust,
    "binding": step_binding,
    "bytes": step_bytes,
    "ingredients": step_ingredients,
    "strays": step_strays,
}


def run_step(name: str, step: Step, case: Case) -> list[Problem]:
    """What a step finds; what it cannot read is a finding too."""
    try:
        return [Problem(name, message) for message in step(case)]
    except MalformedError as error:
        return [Problem(name, str(error))]
    except Exception as error:  # hostile CBOR may have any type anywhere; falling over is a finding as well
        return [Problem(name, f"unreadable: {type(error).__name__}: {error}")]


def verify_bytes(
    data: bytes,
    media_type: str,
    sidecar: bytes | None,
    anchors_pem: Sequence[bytes],
    at: dt.datetime | None = None,
) -> Result:
    """Verify one file with its embedded manifest store, or with a sidecar; `at` (aware) is now unless given.

    Bad evidence is in the result. ValueError when an anchor is not PEM.
    """
    anchors = chain.load_anchors(anchors_pem)
    case = Case(data, media_type, sidecar, anchors, at or dt.datetime.now(dt.UTC))
    result = Result()
    for name, step in READING.items():
        result.problems += run_step(name, step, case)
        if result.problems:
            return result
    result.manifest, result.manifest_count = case.active.label, len(case.manifests)
    for name, step in CHECKS.items():
        result.problems += run_step(name, step, case)
    return result
