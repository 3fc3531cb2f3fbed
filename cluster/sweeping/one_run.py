"""One run of a sweep in the process that calls it: a sealed folder, or measures from memory. Spreads nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter

from worldloom.cluster.now import Now
from worldloom.cluster.options import Placement, ResumeOptions, RunOptions, RunResult, Status
from worldloom.cluster.parts import Parts
from worldloom.cluster.rehearsal import Rehearsal, prepare
from worldloom.cluster.replacing import BLANK, replacements
from worldloom.cluster.running import resume, run_anew
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import take_measures
from worldloom.provenance.folder import CHECKPOINT, SCENARIO_PY

from .row import FAILED, MEASURED, SEALED, Outcome, Point

Note = Callable[[str, int], None]
"""Told a run's name and how many of its steps are done."""

NOTE_SECONDS = 0.5
"""Wall time between two notes."""
_LONGEST_ERROR = 500


@dataclass(frozen=True)
class Job:
    """A run to do: into `folder`, or in memory (None), where `blank` kinds get placeholders and measures are taken
    each `every` simulated seconds (0: at the end only).
    """

    name: str
    scenario: Scenario
    source: bytes
    folder: Path | None = None
    home: Path | None = None
    blank: tuple[str, ...] = ()
    every: int = 0


def do_run(job: Job, note: Note) -> Outcome:
    """Do a run from its first step, or from where an interrupted one in its folder stopped.

    Whatever fails in it is its outcome. Ctrl-C comes through as KeyboardInterrupt.
    """
    began = perf_counter()
    note(job.name, 0)
    try:
        return _remembered(job, note, began) if job.folder is None else _kept(job, job.folder, note)
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
        return Outcome(FAILED, seconds=round(perf_counter() - began, 3), error=told, every=job.every)


def _kept(job: Job, folder: Path, note: Note) -> Outcome:
    here, progress = Placement(local=True), _Steps(job.name, note)
    if (folder / CHECKPOINT).is_file():
        own = (folder / SCENARIO_PY).read_bytes() == job.source  # then its code is what would run anyway
        result: RunResult = resume(folder, ResumeOptions(here, trust_code=own, home=job.home), progress)
    else:
        options = RunOptions(out=folder, placement=here, home=job.home)
        result = run_anew(job.scenario, job.source, options, progress, Parts())
    return Outcome(SEALED, result.content_root, dict(result.measures), round(result.seconds, 3))


def _remembered(job: Job, note: Note, began: float) -> Outcome:
    rehearsal = prepare(job.scenario, replacements(dict.fromkeys(job.blank, BLANK)), source=job.source)
    series, steps, start = [], _Steps(job.name, note), job.scenario.start_time
    while (time := rehearsal.conductor.world.time) < rehearsal.end_time:
        rehearsal.conductor.step()
        now = rehearsal.conductor.world.time
        steps.note((now - start) // job.scenario.step_seconds)
        if job.every and (now - start) // job.every > (time - start) // job.every:
            series += _measured(rehearsal)
    rehearsal.end()
    seconds = round(perf_counter() - began, 3)
    return Outcome(MEASURED, rehearsal.root, rehearsal.measures, seconds, every=job.every, series=tuple(series))


def _measured(rehearsal: Rehearsal) -> list[Point]:
    # A village is looked at in a copy: what a measure does there does not happen. Of a crowd it sees columns alone.
    crowd = rehearsal.scenario.crowd is not None
    stage = rehearsal.conductor.stage() if crowd else Now(rehearsal).stage()
    time = rehearsal.conductor.world.time
    return [(time, *pair) for pair in take_measures(rehearsal.scenario.measures, stage).items()]


class _Steps:
    """Progress of one run that passes on how many steps are done, at most every half second."""

    def __init__(self, name: str, note: Note) -> None:
        self._name = name
        self._note = note
        self._next = 0.0

    def phase(self, name: str) -> None:
        """Say nothing."""

    def status(self, status: Status) -> None:
        """Pass on the steps."""
        self.note(status.step)

    def note(self, step: int) -> None:
        """Pass on the steps, if the last note is old enough."""
        if monotonic() >= self._next:
            self._next = monotonic() + NOTE_SECONDS
            self._note(self._name, step)
