"""Steps about what was made: credentials, what they say, who signed, which parts they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from worldloom.provenance.bundle_parts import references_of
from worldloom.provenance.credential import INVALID, MISSING, TRUSTED, VALID, Credential
from worldloom.provenance.profile import ACTIONS, GENERATION, LINEAGE, SOURCE_TYPES
from worldloom.provenance.trust import OPERATOR, chain_faults

from .delivered import Delivered
from .edited import edit_faults, is_edited
from .findings import Code
from .opened import Fault, OpenRun

_JUDGED_HERE = frozenset({"signingCredential.untrusted", "signingCredential.expired"})
"""C2PA status codes about trust and time, which `trust` and `signers` judge, at the time that the auditor names."""

_LONGEST_TITLE = 200


def credential_fault(credential: Credential) -> tuple[str, Code] | None:
    """Say what is wrong with a credential but for its signer; None for one that covers its bytes."""
    why = ", ".join(credential.failures)[:300]
    if credential.hidden:
        return f"its credential holds bytes that nobody signed: {'; '.join(credential.hidden)[:300]}", Code.TAMPERED
    if credential.state == MISSING:
        return "has no credential", Code.MISSING
    signer_only = credential.failures and set(credential.failures) <= _JUDGED_HERE
    if credential.state not in (TRUSTED, VALID) and not (credential.state == INVALID and signer_only):
        return f"its credential is {credential.state.lower()}: {why}", Code.TAMPERED
    if credential.frame and not is_foreign(credential):
        return f"the frame around its credential was changed: {'; '.join(credential.frame)[:300]}", Code.TAMPERED
    return None


def claim_faults(credential: Credential) -> Iterator[str]:
    """Say where a credential leaves Worldloom's profile: created assertions, first action, digital source type."""
    missing = {ACTIONS, GENERATION, LINEAGE} - set(credential.created)
    if missing or not any(label.startswith("c2pa.hash.") for label in credential.created):
        yield f"its signer does not stand for {', '.join(sorted(missing)) or 'a hash of the bytes'}"
    if credential.gathered:
        yield f"carries assertions that nobody stands for: {', '.join(credential.gathered)[:200]}"
    if is_edited(credential):
        yield from edit_faults(credential)
        return
    if credential.action != "c2pa.created":
        yield f"begins with action {credential.action[:80]!r}"
    generator = credential.generation.get("generator")
    named = generator.get("source_type") if isinstance(generator, Mapping) else None
    if credential.source_type != SOURCE_TYPES.get(str(named)):
        yield f"digital source type {credential.source_type[:120]!r} is not that of its generator, {str(named)[:80]!r}"


def is_foreign(credential: Credential) -> bool:
    """Whether a credential is of another tool: nothing in it says that Worldloom made the file, or claims to."""
    labels = {label.partition("__")[0] for label in (*credential.created, *credential.gathered)}
    return not labels & {GENERATION, LINEAGE}


def ingredient_faults(credential: Credential) -> Iterator[str]:
    """Say which ingredients do not hold, which the C2PA SDK does not count against the file itself."""
    for each in credential.ingredients:
        failures = [code for code in each.failures if code not in _JUDGED_HERE]
        if failures:
            yield f"ingredient {each.title[:80]!r} does not hold: {', '.join(failures)[:300]}"
        elif not (each.bound or each.of_model or is_foreign(credential)):
            yield f"ingredient {each.title[:80]!r} is bound to no bytes"


def ingredient_signer_faults(credential: Credential, anchors: Sequence[bytes], at: datetime) -> Iterator[str]:
    """Say which ingredients were signed by nobody whom the auditor trusts."""
    for each in credential.ingredients:
        faults = chain_faults(each.chain_pem, anchors, at) if each.chain_pem else []
        if faults:
            yield f"ingredient {each.title[:80]!r}: {faults[0]}"


def credentials(run: OpenRun) -> Iterator[Fault]:
    """Every delivered file has a credential that covers its bytes."""
    for each, credential in _read(run):
        fault = credential_fault(credential)
        if fault is not None:
            yield Fault(each.path, *fault)


def claims(run: OpenRun) -> Iterator[Fault]:
    """Every credential says what the entry of its file says, as the signer's own word."""
    for each, credential in _holding(run):
        said = credential.generation
        for why in claim_faults(credential):
            yield Fault(each.path, why)
        for name, value in each.says.items():
            if said.get(name) != value:
                yield Fault(each.path, f"its credential says {name} {str(said.get(name))[:200]!r}, its entry otherwise")
        if "content" not in each.says and said.get("content") not in _contents(each):
            yield Fault(each.path, f"its credential names content {str(said.get('content'))[:80]!r}, not its entry's")
        if credential.lineage.get("origin") != run.origin:
            yield Fault(each.path, "its credential is of another run's log")
        if each.parents is not None and credential.lineage.get("parents") != each.parents:
            yield Fault(each.path, "its credential names other parents than its entry")
        if each.title is not None and credential.title != (each.title[:_LONGEST_TITLE] or each.says["kind"]):
            yield Fault(each.path, f"its credential has title {credential.title[:80]!r}")


def _contents(each: Delivered) -> tuple[str, ...]:
    """Content digests that a credential may name where its entry does not settle which: its entry's, or none."""
    return ("",) if each.entry is None else ("", each.entry)


def signers(run: OpenRun) -> Iterator[Fault]:
    """Every delivered file is signed by a key that trust/ certifies, with manifest and serial as its entry says."""
    chains = {each.chain_pem for each in run.signers}
    for each, credential in _holding(run):
        amended = each.entry is None and run.amendments.changed(each.path)  # whose signer `redactors` judges
        if credential.chain_pem not in chains and not amended:
            yield Fault(each.path, f"is signed with certificate {credential.serial}, which is not in trust/")
        said = each.evidence
        found = (credential.manifest, credential.serial)
        if said is not None and (said["manifest"], said["serial"]) != found:
            yield Fault(each.path, "its entry names another manifest or certificate", Code.TAMPERED)


def trust_folder(run: OpenRun) -> Iterator[Fault]:
    """trust/ holds certificates of this run only, each issued by an authority of the run."""
    for path, why in run.trust.faults:
        yield Fault(path, why)
    if run.run is None:
        return
    for each in run.trust.certificates:
        if each.role != OPERATOR and each.run_id != run.run.run_id:
            yield Fault(each.path, f"is a certificate of run {each.run_id[:80]!r}")


def trust(run: OpenRun) -> Iterator[Fault]:
    """Every certificate that signs for the run chains to an anchor, at the time that the auditor names."""
    for each in run.signers:
        # A trusted timestamp shows that the seal existed then, so that is when its signers had to be valid.
        for why in chain_faults(each.chain_pem, run.anchors, run.stamped or run.at):
            yield Fault(each.path, why)
    if not run.signers:
        yield Fault("trust/", "holds no certificate of a signer")


def ingredients(run: OpenRun) -> Iterator[Fault]:
    """Every ingredient of every credential holds: those inside, and those that it names by their hashes.

    The SDK sees of what is inside the manifest only; the file itself, where the run has it, is looked at here.
    """
    by_digest, by_manifest = {}, {}
    for each in run.delivered:
        by_digest[run.digest(each.path)] = each
        if each.evidence is not None:  # what was redacted since is named as it was
            by_digest[each.evidence["file"]] = each
            by_manifest[each.evidence["manifest"]] = each
    for each, credential in _holding(run):
        for why in ingredient_faults(credential):
            yield Fault(each.path, why)
        for why in ingredient_signer_faults(credential, run.anchors, run.stamped or run.at):
            yield Fault(each.path, why, Code.UNTRUSTED)
        for ingredient in credential.ingredients:
            part = by_manifest.get(ingredient.manifest) if ingredient.manifest else None
            if part is not None and not _stands(run, part, ingredient.manifest):
                yield Fault(each.path, f"part {ingredient.title[:80]!r} ({part.path}) does not hold")
        for reference in references_of(credential):
            part = by_digest.get(str(reference.get("file")))
            if part is None:
                yield Fault(each.path, f"part {str(reference.get('title'))[:80]!r} is not in the run as it was signed")
            elif not _stands(run, part, str(reference.get("manifest"))):
                yield Fault(each.path, f"part {str(reference.get('title'))[:80]!r} ({part.path}) does not hold")


def _stands(run: OpenRun, part: Delivered, manifest: str) -> bool:
    """Whether a part's file is there as it was signed, or was erased by its operator, which `evidence` tells."""
    if part.path not in run.present:
        return bool(part.evidence and run.amendments.erased(part.evidence["file"], part.path))
    found = run.credential(part.path, part.media_type, part.sidecar)
    return found is not None and credential_fault(found) is None and found.manifest == manifest


def _read(run: OpenRun) -> Iterator[tuple[Delivered, Credential]]:
    for each in run.delivered:
        if each.unsigned:
            continue  # which `evidence` judges
        credential = run.credential(each.path, each.media_type, each.sidecar)
        if credential is not None:
            yield each, credential


def _holding(run: OpenRun) -> Iterator[tuple[Delivered, Credential]]:
    """Yield those files whose credential covers their bytes; what the others say is nobody's word."""
    return ((each, credential) for each, credential in _read(run) if credential_fault(credential) is None)
