"""One self-contained HTML page of any number of audits. What they found is provenance's; pieces are the report's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from worldloom.provenance.audit import AuditResult, Code, Finding, State, counted, questions, shown

from .closing.assets import digest, script, source
from .closing.rendering import environment, safe
from .closing.verdict import Level, level_of

MOST_FINDINGS = 1000
"""Findings of a kind that are listed for one path."""

MOST_FILES = 5000
"""Files of a folder that are listed."""

CODES = (
    (0, "clean", "Every level passes but *reproduced*, which may be not checked."),
    (10, "tampered", "Bytes differ from what was signed or logged."),
    (11, "missing", "Something is missing, or has no signature."),
    (12, "log", "The log is inconsistent, not the one expected, or the run was never sealed."),
    (13, "signer unknown", "All is whole, and the signer is nobody whom the auditor trusts."),
)
"""Exit status, word, meaning."""

_HEADLINES = {
    0: "Clean",
    10: "Tampered",
    11: "Missing or unsigned",
    12: "Log inconsistent or unsealed",
    13: "Signer not trusted",
}
_GROUPS = (
    (Code.TAMPERED, "Differs from what was signed or logged", "fail"),
    (Code.MISSING, "Missing or unsigned", "fail"),
    (Code.LOG, "Log inconsistent, or not sealed", "fail"),
    (Code.UNTRUSTED, "Signed by nobody who is trusted", "doubt"),
    (Code.NOTE, "To be told, and no fault", "note"),
)
_STATES = {
    State.SEALED: "a sealed run",
    State.OPEN: "a run that is being written",
    State.INTERRUPTED: "a run without a seal",
    State.BUNDLE: "the bundle of one file of a run",
    State.FILE: "a file",
    State.FOLDER: "a folder of files",
}
_FILE_LEVELS = ("credential", "signer", "ingredients")


class Shown(NamedTuple):
    """A finding as the page shows it."""

    path: str
    message: str
    level: str
    step: str
    question: str


class Group(NamedTuple):
    """Findings of one code, the first of `total`."""

    title: str
    mark: str
    findings: tuple[Shown, ...]
    total: int


class File(NamedTuple):
    """A row of a folder's table; `levels` are (state, mark)."""

    path: str
    mark: str
    word: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PathVerdict:
    """The section of one audited path."""

    path: str
    name: str
    state: str
    mark: str
    word: str
    told: str
    faults: int
    levels: tuple[Level, ...]
    unasked: tuple[str, ...]
    groups: tuple[Group, ...]
    content_root: str
    log_root: str
    files: tuple[File, ...]
    files_total: int


class Page(NamedTuple):
    """The whole page."""

    headline: str
    mark: str
    lede: str
    exit_code: int
    facts: tuple[tuple[str, str], ...]
    verdicts: tuple[PathVerdict, ...]


def audit_page(results: Sequence[AuditResult], version: str, exit_code: int) -> str:
    """Return the page as HTML that loads nothing; `exit_code` is that of all results together."""
    css, code = source("report.css") + source("audit.css"), script("audit.js")
    return (
        environment()
        .get_template("audit_page.html.j2")
        .render(
            page=_page(results, exit_code),
            codes=[(status, word, meaning.replace("*", "")) for status, word, meaning in CODES],
            version=version,
            css=safe(css),
            css_hash=digest(css),
            script=safe(code),
            script_hash=digest(code),
        )
    )


def _page(results: Sequence[AuditResult], exit_code: int) -> Page:
    clean = sum(result.ok for result in results)
    paths = f"{len(results):,} paths were" if len(results) != 1 else "One path was"
    whole = "No fault was found." if not exit_code else "What was found stands below, file by file."
    faults = sum(len(result.faults) for result in results)
    facts = [("Paths clean", f"{clean:,} of {len(results):,}"), ("Faults", f"{faults:,}")]
    files = sum(result.counts.get("judged", 0) for result in results)
    made = sum(result.artifacts for result in results)
    facts += [("Files judged", f"{files:,}")] if files else []
    facts += [("Made things", f"{made:,}")] if made else []
    facts.append(("Exit status", str(exit_code)))
    return Page(
        headline=_HEADLINES.get(exit_code, f"Exit status {exit_code}"),
        mark=_mark(exit_code),
        lede=f"{paths} audited from files alone: every byte, signature and log entry. {whole}",
        exit_code=exit_code,
        facts=tuple(facts),
        verdicts=tuple(map(_verdict, results)),
    )


def _verdict(result: AuditResult) -> PathVerdict:
    parts = sorted(result.parts, key=lambda part: part.ok)
    levels = [level_of(name, state) for name, state in result.levels.items()]
    whole = result.state not in (State.FILE, State.FOLDER)
    unasked = tuple(level.title for level in levels if level.mark == "unchecked" and not whole)
    return PathVerdict(
        path=shown(result.path),
        name=shown(PurePath(result.path).name or result.path),
        state=_STATES[result.state],
        mark=_mark(result.exit_code),
        word=_word(result.exit_code),
        told=_told(result),
        faults=len(result.faults),
        levels=tuple(level for level in levels if level.title not in unasked),
        unasked=unasked,
        groups=tuple(_groups(result.findings)),
        content_root=result.content_root,
        log_root=result.log_root,
        files=tuple(_file(part) for part in parts[:MOST_FILES]),
        files_total=len(parts),
    )


def _told(result: AuditResult) -> str:
    if result.counts:
        return f"A folder: {counted(result)}."
    what = _STATES[result.state].capitalize()
    if not result.content_root:
        return f"{what}."
    return f"{what}: {result.entries:,} log entries, {result.artifacts:,} made things."


def _groups(findings: Sequence[Finding]) -> list[Group]:
    groups = []
    for code, title, mark in _GROUPS:
        found = [finding for finding in findings if finding.code == code]
        if found:
            groups.append(Group(title, mark, tuple(map(_shown, found[:MOST_FINDINGS])), len(found)))
    return groups


def _shown(finding: Finding) -> Shown:
    question = questions().get(finding.step, "")
    return Shown(shown(finding.path), shown(finding.message), str(finding.level), finding.step, question)


def _file(part: AuditResult) -> File:
    states = [part.levels.get(level, "not checked") for level in _FILE_LEVELS]
    levels = tuple((state, state if state in ("pass", "fail") else "unchecked") for state in states)
    return File(shown(part.path), _mark(part.exit_code), _word(part.exit_code), levels)


def _mark(exit_code: int) -> str:
    return {0: "pass", 13: "doubt"}.get(exit_code, "fail")


def _word(exit_code: int) -> str:
    return next((word for code, word, _ in CODES if code == exit_code), str(exit_code))
