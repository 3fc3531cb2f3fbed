"""The machine: scenarios, the conductor, cohorts and generators on Ray, snapshots, the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .crowd_stage import CrowdStage
    from .diffing import diff
    from .forking import fork
    from .interviewing import ask
    from .options import (
        AskOptions,
        AskResult,
        ForkOptions,
        Placement,
        ReplayResult,
        ResumeOptions,
        RunOptions,
        RunResult,
        Silent,
    )
    from .rehearsal import rehearse
    from .replaying import replay
    from .running import resume, run
    from .scenario import MarketSpec, Scenario, WorldSpec
    from .simulation import Simulation
    from .stage import Stage
    from .sweeping.result import SweepResult
    from .sweeping.sweep import sweep

__all__ = [
    "AskOptions",
    "AskResult",
    "CrowdStage",
    "ForkOptions",
    "MarketSpec",
    "Placement",
    "ReplayResult",
    "ResumeOptions",
    "RunOptions",
    "RunResult",
    "Scenario",
    "Silent",
    "Simulation",
    "Stage",
    "SweepResult",
    "WorldSpec",
    "ask",
    "diff",
    "fork",
    "rehearse",
    "replay",
    "resume",
    "run",
    "sweep",
]

_HOMES = {
    "CrowdStage": "crowd_stage",
    "MarketSpec": "scenario",
    "Scenario": "scenario",
    "WorldSpec": "scenario",
    "Simulation": "simulation",
    "Stage": "stage",
    "ask": "interviewing",
    "diff": "diffing",
    "fork": "forking",
    "rehearse": "rehearsal",
    "replay": "replaying",
    "resume": "running",
    "run": "running",
    "SweepResult": "sweeping.result",
    "sweep": "sweeping.sweep",
}


def __getattr__(name: str) -> Any:
    # Lazily, so that `worldloom --help` and an auditor load neither minds nor worlds.
    from importlib import import_module  # noqa: PLC0415

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES.get(name, 'options')}", __name__), name)
