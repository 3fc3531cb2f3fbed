"""Forks: a new run that shares another's past up to a moment and goes its own way from there (docs/adr/0010-forks.md).

The past is computed again from the recorded answers of the parent and must come to the content root that it had then.
"""

from __future__ import annotations

from pathlib import Path

from worldloom.provenance.keys import Keystore
from worldloom.provenance.parent import Parent
from worldloom.worlds.clock import clock_text

from .errors import MomentError, RunFolderError
from .finished import FinishedRun
from .moments import moment_of
from .options import ForkOptions, Progress, RunOptions, RunResult
from .parts import Parts
from .running import run_anew
from .scenario import Scenario
from .scenario_file import fold
from .shared_past import Shared

ALWAYS_SHARED = 2
"""Contents that come before every step: scenario and genesis."""


def fork(folder: Path, options: ForkOptions, progress: Progress) -> RunResult:
    """Run on from a moment of a sealed run, in a new folder, until that is sealed.

    Raises MomentError for a time that the run does not have, RunFolderError for what cannot be forked, DivergedError
    where the past does not come out again, and what `running.run` raises.
    """
    parts = Parts()
    parent = FinishedRun.open(folder, sealed=True)
    _check_log(parent)
    scenario = parent.scenario(Keystore.open(options.home), trust_code=options.trust_code)
    time = moment_of(options.at, scenario, parent.end_time)
    changed = fold(scenario, str(folder), hours=options.hours, generators=dict(options.generators))
    _check_left(changed, time)
    shared = Shared(parent_at(parent, time), parent.logged, parent.answers(), parent.veil)
    where = RunOptions(out=options.out, placement=options.placement, home=options.home)
    return run_anew(changed, parent.source, where, progress, parts, shared)


def parent_at(run: FinishedRun, time: int) -> Parent:
    """Return what a fork at a time (the beginning of a step, in seconds) says of the run that it is a fork of."""
    later = (number for number, known in enumerate(run.logged) if number >= ALWAYS_SHARED and known.time >= time)
    count = next(later, len(run.logged))
    size = run.indices[count - 1] + 1
    return Parent(
        run=run.run_id,
        origin=run.origin,
        time=time,
        content_count=count,
        content_root=run.log.content_tree.root(count).hex(),
        log_size=size,
        log_root=run.log.tree.root(size).hex(),
        scenario=run.told,
    )


def _check_log(run: FinishedRun) -> None:
    if not run.log.signed_by or run.log.root() != run.log.checkpoint.root:
        raise RunFolderError(
            f"{run.folder}: its log is not what its checkpoint signs, so it has no past to share; see `worldloom audit`"
        )


def _check_left(scenario: Scenario, time: int) -> None:
    end = scenario.start_time + scenario.steps * scenario.step_seconds
    if time >= end:
        hours = (time - scenario.start_time) // 3600 + 1
        raise MomentError(
            f"nothing is left to run at {clock_text(time)}: the fork ends at {clock_text(end)}; choose an earlier "
            f"--at, or let it last longer with --hours {hours} or more"
        )
