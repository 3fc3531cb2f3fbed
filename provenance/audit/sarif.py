"""Audits as SARIF 2.1.0, which code hosts and editors read: a rule a check, a result a finding. Judges nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from .explained import questions
from .findings import AuditResult, Code, Finding, State
from .render import shown

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Code.TAMPERED: "error", Code.MISSING: "error", Code.LOG: "error", Code.UNTRUSTED: "warning"}
_FOLDERS = frozenset({State.SEALED, State.OPEN, State.INTERRUPTED, State.FOLDER})


def sarif(results: Sequence[AuditResult], version: str, exit_code: int) -> dict[str, Any]:
    """Return one SARIF log of all results as a JSON value; `version` is Worldloom's."""
    named = sorted({finding.step for result in results for finding in result.findings})
    places = {name: number for number, name in enumerate(named)}
    driver = {"name": "Worldloom", "semanticVersion": version, "rules": [_rule(name) for name in named]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "results": [_result(result, finding, places) for result in results for finding in result.findings],
        "properties": {"audits": [_verdict(result) for result in results]},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": name, "name": name.title().replace("-", "").replace(".", "")}
    question = questions().get(name)
    return {**rule, "shortDescription": {"text": question}} if question else rule


def _result(result: AuditResult, finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    note = finding.code == Code.NOTE
    where = _where(result, finding)
    return {
        "ruleId": finding.step,
        "ruleIndex": places[finding.step],
        "kind": "informational" if note else "fail",
        "level": "none" if note else _LEVELS[finding.code],
        "message": {"text": f"{shown(finding.path or result.path)}: {shown(finding.message)}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(where)}}}],
        "partialFingerprints": {"worldloomFinding/v1": _fingerprint(finding)},
        "properties": {"exitCode": int(finding.code), "level": str(finding.level)},
    }


def _where(result: AuditResult, finding: Finding) -> str:
    """Return the file that a finding is about: inside a folder, or the audited file itself."""
    if result.state in _FOLDERS and finding.path and os.path.isdir(result.path):  # noqa: PTH112  (one question)
        return f"{result.path}/{finding.path}"
    return result.path


def _uri(path: str) -> str:
    # The bytes of a name, however odd they are, as a relative reference: never a scheme, a query or a fragment.
    return quote(_bytes(path), safe="/")


def _fingerprint(finding: Finding) -> str:
    parts = "\0".join((finding.step, finding.path, finding.message))
    return hashlib.sha256(_bytes(parts)).hexdigest()


def _bytes(text: str) -> bytes:
    """Return the bytes of a name of the file system; of text that can be none, some that stand for it."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def _verdict(result: AuditResult) -> dict[str, Any]:
    return {
        "path": shown(result.path),
        "ok": result.ok,
        "exit": result.exit_code,
        "state": str(result.state),
        "contentRoot": result.content_root,
        "logRoot": result.log_root,
        "levels": dict(result.levels),
    }
