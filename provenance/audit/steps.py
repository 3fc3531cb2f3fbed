"""The lists of all checks by name: of a run, of a zip, of a single file. A check is a function of what was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from . import (
    amendment_steps,
    beside,
    descent_steps,
    file_steps,
    log_steps,
    made_steps,
    order_step,
    past_step,
    profile_steps,
    revealed_steps,
    revoked_steps,
    single,
    stamp_steps,
)
from .beside import OpenZip
from .findings import Code, Finding, Level
from .opened import Fault, OpenRun
from .single import OpenFile

Opened = TypeVar("Opened")


@dataclass(frozen=True)
class Step(Generic[Opened]):
    """A named check: what level its findings have, which code unless they say another, and the function."""

    name: str
    level: Level
    code: Code
    check: Callable[[Opened], Iterable[Fault]]

    def findings(self, run: Opened) -> list[Finding]:
        """Run the check. What no check foresaw is a finding as well, for evidence may not end an audit."""
        found: list[Finding] = []
        try:
            for path, message, code in self.check(run):
                found.append(self._finding(path, message, self.code if code is None else code))
        except Exception as error:  # hostile files: any other outcome than a finding would hide the rest
            found.append(self._finding("", f"{UNFORESEEN} {type(error).__name__}: {error}", Code.TAMPERED))
        return found

    def _finding(self, path: str, message: str, code: Code) -> Finding:
        return Finding(self.level, code, path, message, self.name)


UNFORESEEN = "cannot be checked:"
"""How the message of a finding begins that no check made; a test sees to it that none comes up."""

STEPS: tuple[Step[OpenRun], ...] = (
    Step("run-file", Level.BYTES, Code.TAMPERED, file_steps.run_file),
    Step("names", Level.BYTES, Code.TAMPERED, file_steps.names),
    Step("sizes", Level.BYTES, Code.TAMPERED, file_steps.sizes),
    Step("sealed", Level.LOG, Code.LOG, log_steps.sealed),
    Step("seal", Level.LOG, Code.TAMPERED, log_steps.seal),
    Step("sealed-files", Level.BYTES, Code.TAMPERED, file_steps.sealed_files),
    Step("trust-folder", Level.SIGNER, Code.UNTRUSTED, made_steps.trust_folder),
    Step("trust", Level.SIGNER, Code.UNTRUSTED, made_steps.trust),
    Step("revoked", Level.SIGNER, Code.UNTRUSTED, revoked_steps.revoked),
    Step("stamp", Level.SIGNER, Code.UNTRUSTED, stamp_steps.stamp),
    Step("checkpoint", Level.LOG, Code.LOG, log_steps.checkpoint),
    Step("entries", Level.LOG, Code.LOG, log_steps.entries),
    Step("log-root", Level.LOG, Code.LOG, log_steps.log_root),
    Step("hash-tiles", Level.LOG, Code.LOG, log_steps.hash_tiles),
    Step("content-root", Level.LOG, Code.LOG, log_steps.content_root),
    Step("expected-root", Level.LOG, Code.LOG, log_steps.expected_root),
    Step("bodies", Level.BYTES, Code.TAMPERED, file_steps.bodies),
    Step("shapes", Level.LOG, Code.LOG, log_steps.shapes),
    Step("kinds", Level.LOG, Code.LOG, log_steps.kinds),
    Step("order", Level.LOG, Code.LOG, order_step.order),
    Step("past", Level.LOG, Code.LOG, past_step.past),
    Step("counts", Level.LOG, Code.LOG, log_steps.counts),
    Step("certificates", Level.LOG, Code.LOG, log_steps.certificates),
    Step("answers", Level.BYTES, Code.TAMPERED, file_steps.answers),
    Step("blobs", Level.BYTES, Code.TAMPERED, file_steps.blobs),
    Step("scenario", Level.BYTES, Code.TAMPERED, file_steps.scenario),
    Step("snapshots", Level.BYTES, Code.TAMPERED, file_steps.snapshots),
    Step("evidence", Level.BYTES, Code.TAMPERED, file_steps.evidence),
    Step("orphans", Level.BYTES, Code.TAMPERED, file_steps.orphans),
    Step("payloads", Level.BYTES, Code.TAMPERED, file_steps.payloads),
    Step("credentials", Level.CREDENTIAL, Code.TAMPERED, made_steps.credentials),
    Step("claims", Level.CREDENTIAL, Code.TAMPERED, made_steps.claims),
    Step("profile", Level.CREDENTIAL, Code.MISSING, profile_steps.profile),
    Step("signers", Level.SIGNER, Code.UNTRUSTED, made_steps.signers),
    Step("ingredients", Level.INGREDIENTS, Code.TAMPERED, made_steps.ingredients),
    Step("parents", Level.INGREDIENTS, Code.LOG, descent_steps.parents),
    Step("makers", Level.INGREDIENTS, Code.LOG, descent_steps.makers),
    Step("references", Level.INGREDIENTS, Code.LOG, descent_steps.references),
    Step("amendments", Level.LOG, Code.TAMPERED, log_steps.amendments),
    Step("amended", Level.BYTES, Code.TAMPERED, amendment_steps.amended),
    Step("kept", Level.BYTES, Code.TAMPERED, amendment_steps.kept),
    Step("redactions", Level.CREDENTIAL, Code.TAMPERED, amendment_steps.redactions),
    Step("redactors", Level.SIGNER, Code.UNTRUSTED, amendment_steps.redactors),
    Step("revealed", Level.CREDENTIAL, Code.TAMPERED, revealed_steps.revealed),
)
"""All checks of a run, in the order of their findings."""

_OF_SEAL = ("sealed", "seal", "sealed-files", "stamp", "expected-root")
BEFORE_SEAL = tuple(step for step in STEPS if step.name not in _OF_SEAL)
"""All that can be checked before the seal is written."""

ZIP_STEPS: tuple[Step[OpenZip], ...] = (
    Step("zip-form", Level.BYTES, Code.TAMPERED, beside.zip_form),
    Step("zip-seal", Level.LOG, Code.TAMPERED, beside.zip_seal),
    Step("zip-credential", Level.CREDENTIAL, Code.TAMPERED, beside.zip_credential),
    Step("zip-signer", Level.SIGNER, Code.UNTRUSTED, beside.zip_signer),
    Step("zip-revoked", Level.SIGNER, Code.UNTRUSTED, revoked_steps.zip_revoked),
    Step("zip-profile", Level.CREDENTIAL, Code.MISSING, profile_steps.zip_profile),
)
"""What is checked of a zip besides the run in it."""

FILE_STEPS: tuple[Step[OpenFile], ...] = (
    Step("file-credential", Level.CREDENTIAL, Code.TAMPERED, single.credential),
    Step("file-claims", Level.CREDENTIAL, Code.TAMPERED, single.claims),
    Step("file-signer", Level.SIGNER, Code.UNTRUSTED, single.signer),
    Step("file-revoked", Level.SIGNER, Code.UNTRUSTED, revoked_steps.file_revoked),
    Step("file-profile", Level.CREDENTIAL, Code.MISSING, profile_steps.file_profile),
    Step("file-ingredients", Level.INGREDIENTS, Code.TAMPERED, single.ingredients),
    Step("file-redaction", Level.CREDENTIAL, Code.TAMPERED, amendment_steps.file_redaction),
    Step("file-redactor", Level.SIGNER, Code.UNTRUSTED, amendment_steps.file_redactor),
    Step("file-revealed", Level.CREDENTIAL, Code.TAMPERED, revealed_steps.file_revealed),
    Step("file-root", Level.LOG, Code.LOG, single.expected_root),
)
"""What is checked of a single file."""
