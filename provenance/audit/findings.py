"""What an audit says: findings, levels, exit codes. Values only; the checks are `steps`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any


class Level(StrEnum):
    """What a check is about; each level passes, fails or is not checked."""

    BYTES = "bytes"
    CREDENTIAL = "credential"
    SIGNER = "signer"
    INGREDIENTS = "ingredients"
    LOG = "log"
    REPRODUCED = "reproduced"


PASS, FAIL, NOT_CHECKED = "pass", "fail", "not checked"


class Code(IntEnum):
    """Exit codes, which are the codes of findings too; of several the lowest wins, and NOTE counts for nothing."""

    NOTE = 0
    TAMPERED = 10
    MISSING = 11
    LOG = 12
    UNTRUSTED = 13


class State(StrEnum):
    """What an audited path is; of runs only a sealed one can be clean.

    A bundle shows one file of a sealed run, and a single file has no log to be part of.
    """

    SEALED = "sealed"
    OPEN = "open"
    INTERRUPTED = "interrupted"
    BUNDLE = "bundle"
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True)
class Finding:
    """One fault (or note): its level, its exit code, the path inside what was audited (or `""`), and why.

    `step` is the name of the check that found it.
    """

    level: Level
    code: Code
    path: str
    message: str
    step: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON value."""
        return {
            "level": str(self.level),
            "code": int(self.code),
            "path": self.path,
            "message": self.message,
            "step": self.step,
        }


@dataclass(frozen=True)
class AuditResult:
    """The verdict on one path. Roots are hex, empty where the log could not be read.

    `parts` are the verdicts on what lies in a folder of media, and `counts` how many files of it were judged; `checks`
    names the checks that were made, with their levels.
    """

    path: str
    state: State
    content_root: str = ""
    log_root: str = ""
    entries: int = 0
    artifacts: int = 0
    levels: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    parts: tuple[AuditResult, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[tuple[str, Level], ...] = ()

    @property
    def faults(self) -> list[Finding]:
        """The findings that are more than notes."""
        return [finding for finding in self.findings if finding.code != Code.NOTE]

    @property
    def exit_code(self) -> int:
        """0 clean, else the lowest code of all faults; being reproduced is no condition of being clean."""
        codes = [int(finding.code) for finding in self.faults if finding.level != Level.REPRODUCED]
        return min(codes, default=0)

    @property
    def ok(self) -> bool:
        """Whether it is clean."""
        return self.exit_code == 0

    def to_json(self) -> dict[str, Any]:
        """Return a JSON value with the fields of `worldloom audit --json`."""
        return {
            "path": self.path,
            "ok": self.ok,
            "state": str(self.state),
            "content_root": self.content_root,
            "log_root": self.log_root,
            "entries": self.entries,
            "artifacts": self.artifacts,
            "levels": dict(self.levels),
            "findings": [finding.to_json() for finding in self.findings],
            **({"counts": dict(self.counts), "files": [_in_short(part) for part in self.parts]} if self.counts else {}),
        }


def _in_short(part: AuditResult) -> dict[str, Any]:
    return {"path": part.path, "state": str(part.state), "exit": part.exit_code, "levels": dict(part.levels)}


def levels_of(checked: Iterable[Level], findings: Sequence[Finding]) -> dict[str, str]:
    """Return the verdict of each level: of those that were checked, and of those with a fault."""
    seen = set(checked)
    failed = {finding.level for finding in findings if finding.code != Code.NOTE}
    return {str(level): FAIL if level in failed else PASS if level in seen else NOT_CHECKED for level in Level}
