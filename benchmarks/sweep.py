"""What a sweep costs beside single runs, in CPU seconds, and how much faster two workers on Ray are than one.

The same runs are made one by one with `rehearse` and as a sweep in this process, in memory and without pictures. Two
workers are timed by the wall: where others compute too, that tells of them as well (`load` is in the result).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from harness import Budget, cpu, report
from worldloom.cluster import Placement, sweep
from worldloom.cluster.rehearsal import rehearse
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.sweeping.grid import replicate_seeds
from worldloom.generators.blank import Blank

NO_PICTURES = {"image": "blank", "mesh": "blank", "sound": "blank"}

SCENARIO = '''"""Some people, some hours of a morning; one of them knows of a fair."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="sweep", agents={agents}, hours={hours}, seed=3, world={{"size": 128}}, portraits=False)


@scenario.at(time="06:00")
def fair(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a fair at the inn tonight.")


@scenario.measure("know")
def know(stage: Stage) -> int:
    return sum(any("fair" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
'''


class Settings(NamedTuple):
    runs: int
    agents: int
    hours: int


FULL, SMALL = Settings(8, 10, 4), Settings(2, 2, 1)
BUDGETS: dict[str, Budget] = {}


def figures(settings: Settings) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sweep.py"
        path.write_text(SCENARIO.format(**settings._asdict()))
        _one_by_one(path, 1)  # what is loaded once is not counted
        single = cpu(lambda: _one_by_one(path, settings.runs))
        here = cpu(lambda: _swept(path, settings.runs, Placement(local=True)))
        found = {
            "CPU_seconds_a_run_alone": single / settings.runs,
            "CPU_seconds_a_run_in_a_sweep": here / settings.runs,
            "overhead_of_a_sweep_per_run_ms_CPU": 1000 * (here - single) / settings.runs,
        }
        for workers in (1, 2):
            found[f"seconds_of_the_sweep_on_ray_{workers}_workers"] = _on_ray(path, settings.runs, workers)
        found["speedup_of_2_workers"] = (
            found["seconds_of_the_sweep_on_ray_1_workers"] / found["seconds_of_the_sweep_on_ray_2_workers"]
        )
    return {name: round(value, 3) for name, value in found.items()}


def _one_by_one(path: Path, runs: int) -> None:
    scenario = load_scenario(str(path)).scenario
    blank = {kind: Blank() for kind in NO_PICTURES}
    for seed in replicate_seeds([scenario.seed], runs)[scenario.seed]:
        rehearse(scenario.folded(seed=seed), blank)


def _on_ray(path: Path, runs: int, workers: int) -> float:
    """Seconds of a sweep on a cluster that has begun already, its workers with it."""
    import logging  # noqa: PLC0415

    import ray  # noqa: PLC0415  (heavy)

    mine = not ray.is_initialized()
    if mine:
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    try:
        placement = Placement(address=ray.get_runtime_context().gcs_address)
        _swept(path, workers, placement, workers)
        return _timed(lambda: _swept(path, runs, placement, workers))
    finally:
        if mine:
            ray.shutdown()


def _swept(path: Path, runs: int, placement: Placement, workers: int = 0) -> None:
    result = sweep(path, replicates=runs, generators=NO_PICTURES, placement=placement, workers=workers)
    assert not result.failed, result.failed[0].outcome.error


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    report(__file__, figures(FULL), BUDGETS, FULL)
