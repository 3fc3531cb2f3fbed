"""Audits that a page asked for, each in a thread: how far one is, and what it found. The judging is provenance's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from worldloom.provenance.audit import AuditResult, audit
from worldloom.provenance.errors import ProvenanceError


@dataclass
class Audit:
    """One audit: the check that it is at, of how many; then its result, or why there is none."""

    began: float = field(default_factory=monotonic)
    check: str = ""
    number: int = 0
    of: int = 0
    result: AuditResult | None = None
    fault: str = ""
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.result is not None or bool(self.fault)

    @property
    def share(self) -> float:
        """Part of the checks that are done, 0 to 1."""
        return 1.0 if self.done else max(0, self.number - 1) / self.of if self.of else 0.0

    def note(self, check: str, number: int, of: int) -> None:
        """Note that a check begins."""
        self.check, self.number, self.of = check, number, of


@dataclass
class Audits:
    """The last audit of each run folder; one at a time of each."""

    _by_folder: dict[Path, Audit] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, folder: Path) -> Audit | None:
        """Return the last audit of a folder."""
        return self._by_folder.get(folder)

    def begin(self, folder: Path, anchors: Sequence[bytes]) -> Audit:
        """Begin an audit, or return the one that goes on."""
        with self._lock:
            going = self._by_folder.get(folder)
            if going is not None and not going.done:
                return going
            begun = self._by_folder[folder] = Audit()
        Thread(target=_judge, args=(begun, folder, list(anchors)), daemon=True).start()
        return begun


def _judge(going: Audit, folder: Path, anchors: list[bytes]) -> None:
    try:
        result = audit(folder, anchors=anchors, told=going.note)
        going.seconds = monotonic() - going.began
        going.result = result
    except (ProvenanceError, OSError) as error:
        going.fault = str(error)
