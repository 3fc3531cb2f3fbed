"""Audits as JUnit XML, which build servers read: a suite a path, a case a check and a file. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET  # only written, never parsed

from .explained import questions
from .findings import NOT_CHECKED, AuditResult, Code, Finding
from .render import shown, verdict_of

_MOST = 200
"""Findings in one case; JSON has all of them."""


def junit(results: Sequence[AuditResult]) -> str:
    """Return one document of all results; no text of evidence can make it ill-formed."""
    root = ET.Element("testsuites", name="worldloom audit")
    for result in results:
        root.append(_suite(result))
    for total in ("tests", "failures", "skipped"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(result: AuditResult) -> ET.Element:
    suite = ET.Element("testsuite", name=shown(result.path))
    cases = [*_checks(result), *_files(result)]
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    properties = ET.SubElement(suite, "properties")
    said = {"verdict": verdict_of(result), "state": str(result.state), "content root": result.content_root}
    for name, value in {**said, "log root": result.log_root}.items():
        if value:
            ET.SubElement(properties, "property", name=name, value=value)
    suite.extend(cases)
    return suite


def _checks(result: AuditResult) -> Iterable[ET.Element]:
    """Yield a case for each check that was made, and for each level that was not."""
    by_step: dict[str, list[Finding]] = {name: [] for name, _ in result.checks}
    levels = {name: str(level) for name, level in result.checks}
    for finding in result.findings:
        by_step.setdefault(finding.step, []).append(finding)
        levels.setdefault(finding.step, str(finding.level))
    for step, findings in by_step.items():
        case = ET.Element("testcase", classname=f"check.{levels[step]}", name=step)
        _say(case, findings, questions().get(step, ""))
        yield case
    for level, verdict in result.levels.items():
        if verdict == NOT_CHECKED:
            case = ET.Element("testcase", classname=f"level.{level}", name=level)
            ET.SubElement(case, "skipped", message="not checked")
            yield case


def _files(result: AuditResult) -> Iterable[ET.Element]:
    """Yield a case for each file of a folder, and of a run for each file that something was found of."""
    if result.parts:
        for part in result.parts:
            case = ET.Element("testcase", classname="file", name=shown(part.path))
            _say(case, part.findings, "")
            yield case
        return
    by_path: dict[str, list[Finding]] = {}
    for finding in result.findings:
        if finding.path:
            by_path.setdefault(finding.path, []).append(finding)
    for path, findings in by_path.items():
        case = ET.Element("testcase", classname="file", name=shown(path))
        _say(case, findings, "")
        yield case


def _say(case: ET.Element, findings: Sequence[Finding], question: str) -> None:
    faults = [finding for finding in findings if finding.code != Code.NOTE]
    notes = [finding for finding in findings if finding.code == Code.NOTE]
    if faults:
        code = min(int(fault.code) for fault in faults)
        first = f"{len(faults)} found: {_line(faults[0])}"
        failure = ET.SubElement(case, "failure", message=first, type=f"exit-{code}")
        failure.text = _lines(faults, question)
    if notes:
        ET.SubElement(case, "system-out").text = _lines(notes, "")


def _lines(findings: Sequence[Finding], question: str) -> str:
    lines = [question] if question else []
    lines += [_line(finding) for finding in findings[:_MOST]]
    lines += [f"… and {len(findings) - _MOST} more"] if len(findings) > _MOST else []
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    where = f"{shown(finding.path)}: " if finding.path else ""
    code = f"{int(finding.code)} " if finding.code != Code.NOTE else ""
    return f"{code}{where}{shown(finding.message)}"
