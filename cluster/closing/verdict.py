"""What the audit before the seal found, level by level, and what each level proves and does not. Checks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from worldloom.provenance.audit import AuditResult, Finding
from worldloom.provenance.folder import sidecar

MOST_FINDINGS = 200

LEVELS: Mapping[str, tuple[str, str, str]] = {
    "bytes": (
        "Bytes",
        "Every file is, byte for byte, the one that the signed log names.",
        "That what the files show is true of anything outside this simulation.",
    ),
    "credential": (
        "Credentials",
        "Every made file carries a C2PA credential whose signature and hashes hold.",
        "Who stands behind the signer: that is the next level.",
    ),
    "signer": (
        "Signer",
        "The certificates lead to an operator whom the auditor trusts.",
        "That the operator was honest: whoever holds every key can sign another story.",
    ),
    "ingredients": (
        "Ingredients",
        "The prompt and the model that a file names as its ingredients are bound into its credential, unchanged.",
        "That the model was trained on what its makers say.",
    ),
    "log": (
        "Log",
        "Every thing is included in one log that only ever grew, and whose head is signed.",
        "That no other log of this run was shown to somebody else; witnesses are for that.",
    ),
    "reproduced": (
        "Reproduced",
        "Somebody computed the run again and got the same content.",
        "Anything, until they have: run worldloom replay.",
    ),
}
"""Title, what a pass proves, what it does not, by level of the audit."""


class Level(NamedTuple):
    """A row of the verdict; `mark` is `pass`, `fail` or `unchecked`."""

    title: str
    state: str
    mark: str
    proves: str
    not_proved: str


@dataclass(frozen=True)
class Verdict:
    """The audit's result as the page tells it: levels, then faults (`total` of them), then notes that are no faults."""

    levels: tuple[Level, ...]
    faults: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    total: int
    credential: str
    steps: Mapping[str, str]
    """By path the name of the first check that it failed."""

    @classmethod
    def of(cls, audit: AuditResult) -> Verdict:
        """Read an audit's result."""
        levels = [level_of(str(name), str(state)) for name, state in audit.levels.items()]
        seal = Level(
            "Seal",
            "not checked here",
            "unchecked",
            "Nothing in the folder was changed, added or removed since the end of the run.",
            "This page is older than its seal, which covers it: only worldloom audit can check that.",
        )
        faults = tuple(audit.faults)
        notes = tuple(finding for finding in audit.findings if finding not in faults)
        steps: dict[str, str] = {}
        for fault in faults:
            steps.setdefault(fault.path, fault.step or str(fault.level))
        state = str(audit.levels.get("credential", "not checked"))
        return cls((*levels, seal), faults[:MOST_FINDINGS], notes[:MOST_FINDINGS], len(faults), state, steps)

    def of_file(self, path: str) -> tuple[str, bool]:
        """Return what to say of one file's credential, and whether all is well."""
        fault = self.steps.get(path) or self.steps.get(sidecar(path)) if path else "missing"
        if fault:
            return f"fault: {fault}", False
        return {"pass": ("credential valid", True), "fail": ("no fault found in this file", True)}.get(
            self.credential, ("credential not checked", False)
        )


def level_of(name: str, state: str) -> Level:
    """Return what a level of the audit is called, and what it proves."""
    title, proves, not_proved = LEVELS.get(name, (name, "", ""))
    return Level(title, state, state if state in ("pass", "fail") else "unchecked", proves, not_proved)
