"""Steps over a bundle of one file: its form, its entry, its seal. What it holds of a run the run's own steps judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from worldloom.provenance.artifact_readme import readme
from worldloom.provenance.bundle_layout import (
    CONTENT,
    ENTRY_PROOF,
    EVIDENCE,
    FACTS,
    FILE,
    KINDS,
    README,
    RECEIPT,
    RUN,
    WITNESS_NOTE,
    known_member,
)
from worldloom.provenance.bundle_parts import references_of
from worldloom.provenance.cosignature import Cosigner
from worldloom.provenance.credential import Credential
from worldloom.provenance.digests import CONTENT as OF_CONTENT
from worldloom.provenance.digests import EVIDENCE as OF_EVIDENCE
from worldloom.provenance.digests import digest_bytes
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import CHECKPOINT, SEAL
from worldloom.provenance.log_verifying import UNTRUSTED
from worldloom.provenance.tlog_proof import InclusionProof
from worldloom.provenance.trust import CONDUCTOR
from worldloom.provenance.zip_disk import ZipDisk

from . import amendment_steps, file_steps, log_steps, made_steps, profile_steps, revoked_steps, stamp_steps
from .bundled import OpenBundle
from .demands import NOTHING_MORE, Demands
from .findings import AuditResult, Code, Finding, Level, levels_of
from .made_steps import credential_fault, ingredient_faults, ingredient_signer_faults
from .opened import Fault
from .replayed import receipt_finding
from .steps import Step
from .witnesses import witness_findings


def is_bundle(disk: ZipDisk) -> bool:
    """Whether a zip says that it is a bundle of one file."""
    return FACTS in disk.files()


def form(bundle: OpenBundle) -> Iterator[Fault]:
    """The zip holds what a bundle holds, packed in its one way."""
    if bundle.facts is None:
        yield Fault(FACTS, bundle.facts_fault or "cannot be read")
        return
    for name in bundle.disk.files():
        if not known_member(name, bundle.facts):
            yield Fault(name, "is no member of a bundle")
    for name in (bundle.facts.member, ENTRY_PROOF):
        if bundle.member(name) is None:
            yield Fault(name, "is missing", Code.MISSING)
    if not bundle.packed_well:
        yield Fault("", "is not packed as a bundle is: something was compressed, reordered, added or hidden")
    elif not _own_words(bundle):
        yield Fault(README, "is not what this Worldloom writes; nothing vouches for its words", Code.NOTE)


def entry(bundle: OpenBundle) -> Iterator[Fault]:
    """The entry is in the log under the head that was sealed, and is the one that bundle.json speaks of."""
    if bundle.facts is None or bundle.verdict is None:
        return  # which `form` reports
    for code, why in bundle.verdict.faults:
        if code != UNTRUSTED:  # who signed the head is judged by `trust`
            yield Fault(ENTRY_PROOF, why, Code(code))
    if bundle.verdict.faults and bundle.entry is None:
        return
    kind = None if bundle.entry is None else KINDS.get(bundle.entry.kind)
    if (bundle.verdict.kind, bundle.verdict.index, kind) != ("entry", bundle.facts.index, bundle.facts.kind):
        yield Fault(ENTRY_PROOF, f"does not prove entry {bundle.facts.index}, one of kind {bundle.facts.kind}")
    if bundle.verdict.checkpoint is not None and bundle.verdict.checkpoint.origin != bundle.facts.origin:
        yield Fault(FACTS, f"says log {bundle.facts.origin[:80]!r}, and the proof is of another")
    if _note(bundle) != bundle.read(CHECKPOINT):
        yield Fault(ENTRY_PROOF, f"its head is not the one of {RUN}{CHECKPOINT}")


def bodies(bundle: OpenBundle) -> Iterator[Fault]:
    """The entry's bodies give its digests and have their shape; what is gone is named by an amendment."""
    if bundle.entry is None:
        return
    wanted = ((CONTENT, OF_CONTENT, bundle.entry.content), (EVIDENCE, OF_EVIDENCE, bundle.entry.evidence))
    for name, domain, digest in wanted:
        data = bundle.member(name)
        if data is not None and digest_bytes(domain, data) != digest:
            yield Fault(name, "is not the body that the entry names")
        elif data is None and digest.hex() not in {item for item, _ in bundle.amendments.items}:
            yield Fault(name, "is missing, and no amendment says that it was erased", Code.MISSING)
    for gist in bundle.gists:
        yield from (Fault(FACTS, why, Code.LOG) for why in gist.shapes)


def the_file(bundle: OpenBundle) -> Iterator[Fault]:
    """bundle.json names the file that the entry names, with its media type."""
    if bundle.facts is None:
        return
    if bundle.entry is not None and not bundle.delivered:
        yield Fault(bundle.facts.member, "nothing that is left of its entry says that it is this file", Code.MISSING)
    for each in bundle.delivered:
        if (each.path, each.media_type) != (bundle.facts.path, bundle.facts.media_type):
            yield Fault(FACTS, f"says {bundle.facts.path!r}; the entry says {each.path[:200]!r}, {each.media_type!r}")


def seal(bundle: OpenBundle) -> Iterator[Fault]:
    """SEAL is signed by a conductor of the run and names the file and all that the bundle took from the run."""
    if SEAL not in bundle.present:
        yield Fault(RUN + SEAL, "is missing, so nothing says that the run was finished", Code.LOG)
        return
    if bundle.seal is None:
        yield bundle.seal_fault or Fault(RUN + SEAL, "cannot be read")
        return
    if bundle.seal.origin != bundle.origin:
        yield Fault(RUN + SEAL, f"is of {bundle.seal.origin[:80]!r}, not of {bundle.origin[:80]!r}")
    if not bundle.seal_signers:
        yield Fault(RUN + SEAL, "no key that trust/ certifies for a conductor signed it")
    sealed = {each.path: each.digest for each in bundle.seal.files}
    for path in bundle.files:
        if path == SEAL or path.startswith("amendments/"):
            continue
        if path not in sealed:
            yield Fault(_name(bundle, path), "SEAL names no such file")
        elif bundle.digest(path) != bundle.amendments.digest(sealed[path], path):
            yield Fault(_name(bundle, path), "differs from what was sealed")
    yield Fault(
        "", f"that nothing else belongs to the run is the word of its SEAL, which names {len(sealed)} files", Code.NOTE
    )


def expected_root(bundle: OpenBundle) -> Iterator[Fault]:
    """The sealed content root is the one that the auditor expects, if any."""
    root = "none" if bundle.seal is None else bundle.seal.content_root
    if bundle.expect_root is not None and root != bundle.expect_root:
        yield Fault(RUN + SEAL, f"its content root is {root}, not {bundle.expect_root} as expected")


def ingredients(bundle: OpenBundle) -> Iterator[Fault]:
    """Every ingredient inside the credential holds, and every part that the bundle brings; others lie in the run."""
    for each in bundle.delivered:
        found = None if each.unsigned else bundle.credential(each.path, each.media_type, each.sidecar)
        if found is None or credential_fault(found) is not None:
            continue
        yield from _own_ingredients(bundle, _name(bundle, each.path), found)
        yield from _parts(bundle, each.path, found)


def _own_ingredients(bundle: OpenBundle, name: str, credential: Credential) -> Iterator[Fault]:
    for why in ingredient_faults(credential):
        yield Fault(name, why)
    for why in ingredient_signer_faults(credential, bundle.anchors, bundle.stamped or bundle.at):
        yield Fault(name, why, Code.UNTRUSTED)


def _parts(bundle: OpenBundle, path: str, credential: Credential) -> Iterator[Fault]:
    """Walk the parts that are named by hash: those that the bundle brings are what was signed, and hold themselves."""
    waiting, elsewhere, used = list(references_of(credential)), 0, set[str]()
    while waiting:
        reference = waiting.pop()
        name = bundle.parts.get(str(reference.get("file")))
        if name is None:
            elsewhere += 1
        elif name not in used:
            used.add(name)
            part = bundle.part(name)
            if credential_fault(part) is not None or part.manifest != reference.get("manifest"):
                yield Fault(name, "is not the part that was signed")
                continue
            yield from _own_ingredients(bundle, name, part)
            waiting += references_of(part)
    for name in sorted(set(bundle.parts.values()) - used):
        yield Fault(name, "is a part of nothing that the bundle holds")
    if elsewhere:
        yield Fault(path, f"names {elsewhere} parts by their hashes, which only an audit of its run sees", Code.NOTE)


BUNDLE_STEPS: tuple[Step[OpenBundle], ...] = (
    Step("bundle-form", Level.BYTES, Code.TAMPERED, form),
    Step("run-file", Level.BYTES, Code.TAMPERED, file_steps.run_file),
    Step("names", Level.BYTES, Code.TAMPERED, file_steps.names),
    Step("sizes", Level.BYTES, Code.TAMPERED, file_steps.sizes),
    Step("bundle-seal", Level.LOG, Code.TAMPERED, seal),
    Step("trust-folder", Level.SIGNER, Code.UNTRUSTED, made_steps.trust_folder),
    Step("trust", Level.SIGNER, Code.UNTRUSTED, made_steps.trust),
    Step("revoked", Level.SIGNER, Code.UNTRUSTED, revoked_steps.revoked),
    Step("stamp", Level.SIGNER, Code.UNTRUSTED, stamp_steps.stamp),
    Step("checkpoint", Level.LOG, Code.LOG, log_steps.checkpoint),
    Step("bundle-entry", Level.LOG, Code.TAMPERED, entry),
    Step("expected-root", Level.LOG, Code.LOG, expected_root),
    Step("bundle-bodies", Level.BYTES, Code.TAMPERED, bodies),
    Step("bundle-file", Level.BYTES, Code.TAMPERED, the_file),
    Step("evidence", Level.BYTES, Code.TAMPERED, file_steps.evidence),
    Step("payloads", Level.BYTES, Code.TAMPERED, file_steps.payloads),
    Step("credentials", Level.CREDENTIAL, Code.TAMPERED, made_steps.credentials),
    Step("claims", Level.CREDENTIAL, Code.TAMPERED, made_steps.claims),
    Step("profile", Level.CREDENTIAL, Code.MISSING, profile_steps.profile),
    Step("signers", Level.SIGNER, Code.UNTRUSTED, made_steps.signers),
    Step("bundle-ingredients", Level.INGREDIENTS, Code.TAMPERED, ingredients),
    Step("amendments", Level.LOG, Code.TAMPERED, log_steps.amendments),
    Step("redactions", Level.CREDENTIAL, Code.TAMPERED, amendment_steps.redactions),
    Step("redactors", Level.SIGNER, Code.UNTRUSTED, amendment_steps.redactors),
)
"""All checks of a bundle, in the order of their findings."""


def audit_bundle(
    disk: ZipDisk,
    path: str,
    anchors: Sequence[bytes],
    at: datetime,
    expect_root: str | None = None,
    witnesses: Sequence[Cosigner] = (),
    demands: Demands = NOTHING_MORE,
) -> AuditResult:
    """Judge a bundle at the levels bytes, credential, signer, ingredients and log; the run is not needed."""
    bundle = OpenBundle(disk, anchors=anchors, at=at, expect_root=expect_root, demands=demands)
    findings = [finding for step in BUNDLE_STEPS for finding in step.findings(bundle)]
    findings += witness_findings(bundle.member(WITNESS_NOTE), WITNESS_NOTE, bundle, witnesses)
    checked = [step.level for step in BUNDLE_STEPS]
    receipt = bundle.member(RECEIPT)
    if receipt is not None and bundle.seal is not None:
        found, counts = receipt_finding(receipt, bundle, RECEIPT)
        findings.append(found)
        checked += [Level.REPRODUCED] if counts else []
    head = None if bundle.verdict is None else bundle.verdict.checkpoint
    return AuditResult(
        path=path,
        state=bundle.state,
        content_root=bundle.content_root,
        log_root="" if head is None else head.root.hex(),
        entries=0 if head is None else head.size,
        artifacts=len(bundle.delivered),
        levels=levels_of(checked, findings),
        findings=tuple(_as_member(bundle, finding) for finding in findings),
    )


def _as_member(bundle: OpenBundle, finding: Finding) -> Finding:
    return replace(finding, path=_name(bundle, finding.path)) if finding.path in bundle.files else finding


def _name(bundle: OpenBundle, path: str) -> str:
    """Return the member that stands for a file of the run."""
    facts = bundle.facts
    if facts is not None and path in (facts.path, f"{facts.path}.c2pa"):
        return FILE + path.rpartition("/")[2]
    return RUN + path


def _own_words(bundle: OpenBundle) -> bool:
    """Whether README.txt says what this Worldloom says of such a bundle."""
    if bundle.facts is None or bundle.log is None or bundle.member(bundle.facts.member) is None:
        return True
    members = {name: bundle.member(name) or b"" for name in bundle.disk.files()}
    conductors = [RUN + each.path for each in bundle.trust.certificates if each.role == CONDUCTOR]
    known = [readme(bundle.facts, members, path, bundle.log.size) for path in conductors]
    return not known or members.get(README) in known


def _note(bundle: OpenBundle) -> bytes | None:
    data = bundle.member(ENTRY_PROOF)
    try:
        return None if data is None else InclusionProof.parse(data).note
    except ProvenanceError:
        return None
