"""What a check says: MalformedError for unreadable input, else Problem and Result. Knows no format."""

from __future__ import annotations

from dataclasses import dataclass, field


class MalformedError(Exception):
    """Input cannot be read as what it claims to be; the message says where."""


@dataclass(frozen=True)
class Problem:
    """One finding: the step that made it, and what was wrong."""

    step: str
    message: str


@dataclass
class Result:
    """All findings of one verification; `manifest` is the active manifest's label once it is known."""

    problems: list[Problem] = field(default_factory=list)
    manifest: str | None = None
    manifest_count: int = 0

    @property
    def ok(self) -> bool:
        """True when no step found anything."""
        return not self.problems

    @property
    def steps(self) -> set[str]:
        """Names of the steps that found something."""
        return {problem.step for problem in self.problems}
