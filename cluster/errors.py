"""Every error that cluster raises on wrong input or a machine that fails.

ClusterError
├── ScenarioError     a scenario file that is missing, wrong, or whose code may not run here
├── RunFolderError    an out folder that exists, a run that is not one, or one that cannot go on
├── MomentError       a time that is none, or that a run does not have
├── AskError          a question to nobody, to more than one, or without words
├── SimulationError   a step too many, a breakpoint that fails, a table that there is not
├── SweepError        parameters that cannot be swept, a sweep's folder that is something else
├── ViewError         a live page that cannot listen where it was told, or lacks its library
├── DivergedError     a replayed step that differs from the log
├── ReachError        no Ray cluster at the address, or resources that are not there in time
└── LostWorkerError   a cohort or generator process that died or answers no more

Interrupted           Ctrl-C or a polite kill: a KeyboardInterrupt that names the run
SweepInterrupted      the same for a sweep: how many of its runs were done
"""

from __future__ import annotations

from pathlib import Path


class ClusterError(Exception):
    """Root of the package's errors; `str()` says what was wrong, where, and what to do."""


class ScenarioError(ClusterError):
    """A scenario that cannot be read, is not valid, or whose code may not run here."""


class RunFolderError(ClusterError):
    """A run folder that cannot be begun, resumed or replayed."""


class MomentError(ClusterError):
    """A text that is no simulated time, or a time outside a run."""


class AskError(ClusterError):
    """A question to somebody whom a run does not have, to more than one of its people, or without words."""


class SimulationError(ClusterError):
    """A simulation was asked for what it cannot do: a step after its end, a breakpoint or table that there is not."""


class SweepError(ClusterError):
    """A sweep over what is no parameter or over values that cannot be, or into a folder of something else."""


class ViewError(ClusterError):
    """A live page that cannot be served: its port is taken, its address not of this machine, its extra is missing."""


class DivergedError(ClusterError):
    """A step done again gave other content than the log holds."""


class ReachError(ClusterError):
    """A Ray cluster, or what was asked of it, that is out of reach."""


class LostWorkerError(ClusterError):
    """A worker process that died or did not answer before its deadline."""


class Interrupted(KeyboardInterrupt):
    """A run was stopped by its user; `resumable` once it has a first checkpoint: before that it is not a run yet."""

    def __init__(self, run: Path, *, resumable: bool) -> None:
        super().__init__(str(run))
        self.run = run
        self.resumable = resumable


class SweepInterrupted(KeyboardInterrupt):
    """A sweep was stopped by its user when `done` of its `runs` were done; `out` is its folder, None in memory."""

    def __init__(self, out: Path | None, done: int, runs: int) -> None:
        super().__init__(f"{done} of {runs} runs")
        self.out = out
        self.done = done
        self.runs = runs
