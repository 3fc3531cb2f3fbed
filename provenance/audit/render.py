"""An audit's verdict as text for people. JSON is `AuditResult.to_json`; colours and tables are the command line's."""

from __future__ import annotations

from .findings import AuditResult, Code

MOST = 50
"""Findings that are printed; JSON has all of them."""


def render(result: AuditResult, *, most: int = MOST) -> str:
    """Return the verdict, its levels and its findings as lines; text from evidence is shown escaped."""
    lines = [f"{verdict_of(result)}: {shown(result.path)} ({result.state})"]
    if result.content_root:
        lines.append(f"  {result.entries:,} log entries, {result.artifacts:,} artifacts")
        lines.append(f"  content root {result.content_root}")
        lines.append(f"  log root     {result.log_root}")
    if result.counts:
        lines.append(f"  {counted(result)}")
    lines += [f"  {level:<12} {verdict}" for level, verdict in result.levels.items()]
    for finding in result.findings[:most]:
        word = "note" if finding.code == Code.NOTE else f"{int(finding.code)} {finding.level}"
        where = f"{shown(finding.path)}: " if finding.path else ""
        lines.append(f"  {word}, {finding.step}: {where}{shown(finding.message)}")
    if len(result.findings) > most:
        lines.append(f"  … and {len(result.findings) - most} more; --format json has all")
    return "\n".join(lines) + "\n"


def verdict_of(result: AuditResult) -> str:
    """Return the verdict in capital letters, with its exit code."""
    return "CLEAN" if result.ok else f"NOT CLEAN ({result.exit_code})"


def counted(result: AuditResult) -> str:
    """Return what was judged in a folder of media, in words."""
    counts = result.counts
    return (
        f"{counts['files']:,} files and runs: {counts['judged']:,} judged, of which {counts['clean']:,} clean; "
        f"{counts['without_credential']:,} without a credential, {counts['not_looked_at']:,} of other kinds"
    )


def shown(text: str) -> str:
    """Return text without line ends, control or bidirectional characters, which evidence could use to deceive."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
