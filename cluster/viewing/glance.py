"""What the list of runs tells of one, read without its log's bodies: cheap enough for many runs. Shows nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worldloom.provenance.audit import State
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import ARTIFACTS, CHECKPOINT, RUN_JSON, SCENARIO_JSON, sidecar
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import HOUR, seconds_of
from worldloom.worlds.errors import ClockError

from .follower import state_of


@dataclass(frozen=True)
class Glance:
    """A run at a glance. `started` is wall time in seconds since 1970, `size` bytes, `share` 0 to 1 of its hours.

    `fault` says what is wrong with the folder, or is empty; then the rest may be empty, too.
    """

    state: State
    title: str = ""
    scenario: str = ""
    agents: int = 0
    seed: int = 0
    hours: int = 0
    time: int = 0
    share: float = 0.0
    started: float = 0.0
    size: int = 0
    artifacts: int = 0
    begun: bool = False
    fault: str = ""


class Glances:
    """Looks at folders, and again only at those whose log or state has changed."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[tuple[State, int], Glance]] = {}

    def of(self, folder: Path) -> Glance:
        """Return a run at a glance; what is wrong with it is in the result."""
        try:
            stamp = state_of(folder), (folder / CHECKPOINT).stat().st_mtime_ns
        except (ProvenanceError, OSError):
            return glance(folder)
        known = self._seen.get(folder)
        if known is None or known[0] != stamp:
            known = self._seen[folder] = stamp, glance(folder)
        return known[1]


def glance(folder: Path) -> Glance:
    """Look at a run folder; what is wrong with it is in the result."""
    storage, state = Storage(LocalDisk(folder)), State.INTERRUPTED
    try:
        state = state_of(folder)
        started = (folder / RUN_JSON).stat().st_mtime
        if not storage.exists(SCENARIO_JSON):
            return Glance(state, started=started)
        return _read(storage, state, started, folder)
    except (ProvenanceError, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        return Glance(state, fault=clean_text(str(error), 300))


def _read(storage: Storage, state: State, started: float, folder: Path) -> Glance:
    told: Mapping[str, Any] = parse_canonical(storage.read(SCENARIO_JSON))
    begun = storage.exists(CHECKPOINT)
    start, length = _start(told), int(told["hours"]) * HOUR
    time = _time(storage) if begun else start
    share = 1.0 if state == State.SEALED else min(1.0, max(0.0, (time - start) / max(1, length)))
    names = [path for path in storage.files(ARTIFACTS) if not path.endswith((sidecar(""), ".part"))]
    return Glance(
        state=state,
        title=clean_text(str(told.get("title") or told["name"]), 200),
        scenario=clean_text(str(told["name"]), 64),
        agents=int(told["agents"]),
        seed=int(told["seed"]),
        hours=int(told["hours"]),
        time=time,
        share=share,
        started=started,
        size=_size(folder),
        artifacts=len(names),
        begun=begun,
    )


def _start(told: Mapping[str, Any]) -> int:
    try:
        return seconds_of(str(told["start"]))
    except ClockError:
        return 0


def _time(storage: Storage) -> int:
    """Return the simulated time of the last entry that is committed; one that has none begins at 0 like any other."""
    for attempt in (True, False):
        log = LogReader(storage)
        try:
            return max(log.entry(index).time for index in range(max(0, log.size - 3), log.size))
        except ProvenanceError:
            if not attempt:
                raise
    return 0


def _size(folder: Path) -> int:
    total = 0
    for top, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(top) / name).lstat().st_size
            except OSError:
                continue  # gone meanwhile
    return total
