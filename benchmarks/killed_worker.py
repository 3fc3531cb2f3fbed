"""How long a run on Ray needs to be back where it was after one of its workers was killed, and that it lost no step.

Budget: back within 30 s, no lost step (docs/design.md, Budgets). A cohort's process is killed (SIGKILL) near
the end of an hour, when most must be done again: the run notices when it next needs that cohort, goes back to the last
snapshot with fresh workers and replays against its log. The clock on the wall runs from the signal until the run is
past every step that it had reached. The content root must be that of the same run in process.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from harness import Budget, report
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.options import Status
from worldloom.cluster.ray_cluster import RayCluster
from worldloom.cluster.ray_runtime import RayRuntime
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import identities
from worldloom.cluster.scenario_file import LoadedScenario, load_scenario
from worldloom.cluster.session import Session
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage


class Settings(NamedTuple):
    agents: int
    hours: int
    cells: int
    killed_after_step: int
    cohorts: int = 2
    seed: int = 7


BUDGETS = {"seconds_until_past_the_killed_step": Budget(30), "lost_steps": Budget(0)}
FULL = Settings(agents=25, hours=2, cells=256, killed_after_step=110)
SMALL = Settings(agents=6, hours=1, cells=128, killed_after_step=40)
SCENARIO = """from worldloom.cluster import Scenario

scenario = Scenario(
    name="killed", agents={agents}, hours={hours}, seed={seed}, world={{"size": {cells}}}, portraits=False
)
"""


class Killer(Silent):
    """Kills a cohort after one step, and notes when the run was past every step that it had reached before."""

    def __init__(self, runtime: RayRuntime, step: int) -> None:
        self._runtime, self._step = runtime, step
        self.killed_at = self.passed_at = 0.0
        self.reached = 0
        self.lost = False
        self.again: list[int] = []
        """Steps after the loss was noticed, in order, to the first new one."""

    def phase(self, name: str) -> None:
        self.lost |= name.startswith("lost a worker")

    def status(self, status: Status) -> None:
        if self.lost and not self.passed_at:
            self.again.append(status.step)
            if status.step > self.reached:
                self.passed_at = time.perf_counter()
        self.reached = max(self.reached, status.step)
        if not self.killed_at and status.step == self._step:
            pid = self._runtime.pids()["cohort-0"]
            self.killed_at = time.perf_counter()
            os.kill(pid, signal.SIGKILL)


def disturbed(loaded: LoadedScenario, folder: Path, home: Path, settings: Settings) -> tuple[Killer, str]:
    """The run with a killed worker, and its content root."""
    folder.mkdir()
    generators = loaded.scenario.generators
    runtime = RayRuntime(generators, RayCluster("", "killed"), settings.cohorts)
    killer = Killer(runtime, settings.killed_after_step)
    place = RunPlace(Storage(LocalDisk(folder)), Storage(LocalDisk(folder.parent)), folder.name)
    session = Session(place, Keystore.open(home), runtime, killer, identities(generators))
    try:
        session.begin(loaded.scenario, loaded.source)
        session.finish()
    finally:
        runtime.close()
    return killer, LogReader(place.storage).content_root().hex()


def figures(settings: Settings) -> dict[str, float | str]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file, home = folder / "killed.py", folder / "home"
        file.write_text(SCENARIO.format(**settings._asdict()))
        options = RunOptions(str(file), out=folder / "undisturbed", placement=Placement(local=True), home=home)
        undisturbed = run(options, Silent()).content_root
        killer, content_root = disturbed(load_scenario(str(file)), folder / "disturbed", home, settings)
    if content_root != undisturbed:
        raise SystemExit(f"the killed worker changed the run: content root {content_root}, not {undisturbed}")
    if not killer.passed_at:
        raise SystemExit(f"no worker was lost after step {settings.killed_after_step}, or the run ended with that")
    expected = set(range(killer.again[0], killer.again[-1] + 1))
    return {
        "seconds_until_past_the_killed_step": round(killer.passed_at - killer.killed_at, 1),
        "lost_steps": len(expected - set(killer.again)),
        "steps_done_again": len(killer.again) - 1,
        "content_root_equal": "yes",
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
