"""What an auditor signs: an in-toto statement over one verdict, of the type test-result v0.1. Signs nothing.

The predicate has that type's fields (result, configuration, passed and failed tests, which are the audit's levels) and
one more, `worldloom`, which readers of the type pass over (docs/formats.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from worldloom.provenance import certificates
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.provenance.digests import file_digest, from_hex
from worldloom.provenance.errors import CanonicalError, FormatError

from .findings import FAIL, PASS, AuditResult, Level

STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
PASSED, FAILED = "PASSED", "FAILED"

_LONGEST = 4096
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SAID = {
    "version": int,
    "state": str,
    "exit": int,
    "content_root": str,
    "log_root": str,
    "levels": dict,
    "findings": dict,
    "time": str,
    "demands": dict,
}


@dataclass(frozen=True)
class AuditReceipt:
    """A verdict as it was signed: `subjects` are hex SHA-256 by name, `said` the field `worldloom` of the predicate."""

    subjects: Mapping[str, str]
    result: str
    anchors: tuple[str, ...]
    tool: str
    said: Mapping[str, Any]

    def encode(self) -> bytes:
        """Return the statement, canonical JSON."""
        return canonical(self._json())

    def _json(self) -> dict[str, Any]:
        levels = self.said["levels"]
        return {
            "_type": STATEMENT,
            "subject": [{"name": name, "digest": {"sha256": self.subjects[name]}} for name in sorted(self.subjects)],
            "predicateType": TEST_RESULT,
            "predicate": {
                "result": self.result,
                "configuration": [
                    {"name": "worldloom", "uri": self.tool},
                    *({"name": "anchor", "digest": {"sha256": each}} for each in sorted(self.anchors)),
                ],
                "passedTests": [level for level in sorted(levels) if levels[level] == PASS],
                "failedTests": [level for level in sorted(levels) if levels[level] == FAIL],
                "worldloom": dict(self.said),
            },
        }

    @classmethod
    def decode(cls, data: bytes) -> AuditReceipt:
        """Read a statement in its one byte form; raises FormatError."""
        try:
            told = parse_canonical(data)
            receipt = _receipt(told)
            if receipt.encode() != data:
                raise FormatError("statement: not in its one byte form, or says other tests than its levels")
        except (CanonicalError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise FormatError(f"statement: is none of an audit ({type(error).__name__}: {str(error)[:200]})") from error
        return receipt


def receipt_of(
    result: AuditResult,
    subjects: Mapping[str, str],
    anchors: Sequence[bytes],
    demands: Mapping[str, Any],
    now: datetime | None = None,
) -> AuditReceipt:
    """Return the receipt of a verdict; `demands` (text, integers) says what was asked for besides anchors."""
    known = [each for pem in anchors for each in certificates.load_certificates(pem, "anchor")]
    findings = canonical([finding.to_json() for finding in result.findings])
    said = {
        "version": 1,
        "state": str(result.state),
        "exit": result.exit_code,
        "content_root": result.content_root,
        "log_root": result.log_root,
        "levels": dict(result.levels),
        "findings": {
            "faults": len(result.faults),
            "notes": len(result.findings) - len(result.faults),
            "sha256": file_digest(findings).hex(),
        },
        "time": (now or datetime.now(UTC)).astimezone(UTC).strftime(_TIME),
        "demands": dict(demands),
    }
    anchors_told = tuple(sorted({certificates.fingerprint(each) for each in known}))
    tool = f"pkg:pypi/worldloom@{version('worldloom')}"
    return AuditReceipt(dict(subjects), PASSED if result.ok else FAILED, anchors_told, tool, said)


def _receipt(told: Any) -> AuditReceipt:
    if (told["_type"], told["predicateType"]) != (STATEMENT, TEST_RESULT):
        raise FormatError(f"statement: is no {TEST_RESULT}")
    predicate, said = told["predicate"], told["predicate"]["worldloom"]
    if set(said) != set(_SAID) or any(type(said[name]) is not kind for name, kind in _SAID.items()):
        raise FormatError(f"statement: `worldloom` has the fields {', '.join(_SAID)}")
    datetime.strptime(said["time"], _TIME)  # noqa: DTZ007  (read for its form alone)
    if predicate["result"] != (FAILED if said["exit"] else PASSED) or said["version"] != 1:
        raise FormatError("statement: result and exit code differ, or it is of another version")
    if not set(said["levels"]) <= set(map(str, Level)) or not set(said["findings"]) == {"faults", "notes", "sha256"}:
        raise FormatError("statement: levels or findings are none of an audit")
    tool, *anchors = predicate["configuration"]
    subjects = {_text(each["name"]): _hex(each["digest"]["sha256"]) for each in told["subject"]}
    known = tuple(_hex(each["digest"]["sha256"]) for each in anchors)
    return AuditReceipt(subjects, predicate["result"], known, _text(tool["uri"]), said)


def _hex(text: Any) -> str:
    return from_hex(_text(text)).hex()


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise FormatError("statement: a name or digest is no text")
    return value
