"""Follows a run folder that may be growing, and never touches it: no lock, no write, only what is committed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from worldloom.provenance.audit import State
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.folder import CHECKPOINT, SEAL, read_run
from worldloom.provenance.lock import is_locked
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage

from .story import Story

_TRIES = 3
"""How often the log is read anew because its writer committed meanwhile, which removes what an old checkpoint needs."""
_PACE_SECONDS = 20.0
"""Wall time over which the pace is measured."""
_FRESH_SECONDS = 0.5
ODD_BODY = (KeyError, TypeError, ValueError, AttributeError)
"""What hostile bodies can raise while they are folded in."""


def state_of(folder: Path) -> State:
    """Return what a run folder is now: sealed, open (somebody writes it) or interrupted; raises StorageError."""
    if (folder / SEAL).is_file():
        return State.SEALED
    return State.OPEN if is_locked(folder) else State.INTERRUPTED


@dataclass
class Follower:
    """One run, read up to its last checkpoint; several pages may share it, from several threads.

    `fault` says why the log cannot be read further, or is empty. `version` changes when the story or the state does.
    """

    folder: Path
    story: Story = field(default_factory=Story)
    state: State = State.INTERRUPTED
    begun: bool = False
    fault: str = ""
    version: int = 0
    run_id: str = ""
    _lock: Lock = field(default_factory=Lock)
    _pace: deque[tuple[float, int]] = field(default_factory=deque)
    _looked: float = 0.0
    _broken: str = ""

    def __post_init__(self) -> None:
        self.storage = Storage(LocalDisk(self.folder))

    def look(self) -> None:
        """Read what was committed since the last look. What is wrong with the folder becomes `fault`."""
        with self._lock:
            if self.version and monotonic() - self._looked < _FRESH_SECONDS:
                return
            before = self.state, self.story.entries, self.fault, self.begun
            try:
                self._look()
                self.fault = ""
            except (ProvenanceError, OSError) as error:
                self.fault = str(error)
            self._looked = monotonic()
            self._keep_pace()
            if before != (self.state, self.story.entries, self.fault, self.begun) or not self.version:
                self.version += 1

    @contextmanager
    def still(self, *, wait: bool) -> Iterator[bool]:
        """Keep the story as it is for a reader; where somebody reads on, wait for them, or yield False at once."""
        held = self._lock.acquire(blocking=wait)
        try:
            yield held
        finally:
            if held:
                self._lock.release()

    @property
    def pace(self) -> float:
        """Simulated seconds per second of wall time, of late; 0 where that is not known."""
        if self.state != State.OPEN or len(self._pace) < 2:
            return 0.0
        (began, first), (now, last) = self._pace[0], self._pace[-1]
        return (last - first) / (now - began) if now - began > 1 else 0.0

    @property
    def seconds_left(self) -> int | None:
        """Wall seconds until the last step at this pace; None where that is not known."""
        pace = self.pace
        return round((self.story.end - self.story.time) / pace) if pace > 0 else None

    def _look(self) -> None:
        self.state = state_of(self.folder)
        run_id = read_run(self.storage).run_id
        if run_id != self.run_id:  # another run took the folder's place
            self.run_id, self.story, self._broken = run_id, Story(), ""
        self.begun = self.storage.exists(CHECKPOINT)
        for attempt in range(_TRIES if self.begun else 0):
            log = LogReader(self.storage)
            try:
                self._read(log)
            except ProvenanceError:
                if attempt + 1 == _TRIES or self.storage.read(CHECKPOINT) == log.raw_checkpoint:
                    raise
            else:
                break

    def _read(self, log: LogReader) -> None:
        if self._broken:  # what was folded in half cannot be gone on from
            raise FormatError(self._broken)
        for index in range(self.story.entries, log.size):
            entry = log.entry(index)
            stored = log.stored(index)
            content = log.content(index) if stored.content is not None else None
            evidence = log.evidence(index) if stored.evidence is not None else None
            try:
                self.story.take(entry, content, evidence)
            except ODD_BODY as error:
                self._broken = f"log entry {index} is not what its kind should be ({type(error).__name__}: {error})"
                raise FormatError(self._broken) from error

    def _keep_pace(self) -> None:
        now = monotonic()
        if self.state != State.OPEN or not self.story.scenario:
            self._pace.clear()
            return
        self._pace.append((now, self.story.time))
        while now - self._pace[0][0] > _PACE_SECONDS and len(self._pace) > 2:
            self._pace.popleft()


class Followers:
    """Followers by folder, made when a run is first looked at."""

    def __init__(self) -> None:
        self._by_folder: dict[Path, Follower] = {}
        self._lock = Lock()

    def of(self, folder: Path) -> Follower:
        """Return the one follower of a run folder."""
        with self._lock:
            return self._by_folder.setdefault(folder, Follower(folder))
