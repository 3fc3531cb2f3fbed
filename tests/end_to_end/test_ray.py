"""The same run on Ray: any number of cohorts, workers and conductors killed, and the content stays the same."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.ray_cluster import RayCluster
from worldloom.cluster.ray_runtime import RayRuntime
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import identities
from worldloom.cluster.session import Session
from worldloom.provenance.audit import audit
from worldloom.provenance.storage import LocalDisk, Storage

SEED = 11


def place_in(folder: Path) -> RunPlace:
    folder.mkdir()
    return RunPlace(Storage(LocalDisk(folder)), Storage(LocalDisk(folder.parent)), folder.name)


@pytest.mark.parametrize(
    "cohorts", [pytest.param(1, marks=pytest.mark.slow), 2, pytest.param(4, marks=pytest.mark.slow)]
)
def test_the_content_root_is_that_of_the_run_in_process(
    ray_address, cohorts, small_file, small_run, keystore_home, tmp_path
):
    options = RunOptions(
        str(small_file), out=tmp_path / "run", placement=Placement(cohorts=cohorts), home=keystore_home
    )
    assert run(options, Silent()).content_root == small_run.content_root


@pytest.mark.slow
def test_with_all_embedded_models_the_content_root_is_that_of_the_run_in_process(
    ray_address, small_file, keystore_home, tmp_path
):
    roots = []
    for name, placement in (("here", Placement(local=True)), ("ray", Placement(cohorts=2))):
        generators = dict.fromkeys(("text", "image", "mesh", "sound"), "embedded")
        options = RunOptions(
            str(small_file), tmp_path / name, agents=4, generators=generators, placement=placement, home=keystore_home
        )
        result = run(options, Silent())
        assert result.state == "sealed"
        assert result.calls["text:embedded"] > 20
        roots.append(result.content_root)
    assert roots[0] == roots[1]


class KillsWorkers(Silent):
    """Progress that kills one worker process at each of some steps."""

    def __init__(self, runtime: RayRuntime, steps: set[int], draw: random.Random) -> None:
        self.runtime, self.steps, self.draw, self.killed = runtime, steps, draw, []

    def status(self, status) -> None:
        if status.step in self.steps:
            self.steps.discard(status.step)
            name, pid = self.draw.choice(sorted(self.runtime.pids().items()))
            os.kill(pid, signal.SIGKILL)
            self.killed.append(name)


@pytest.mark.parametrize("case", [0, *(pytest.param(case, marks=pytest.mark.slow) for case in (1, 2))])
def test_a_killed_worker_costs_nothing_but_time(ray_address, case, small, small_run, keystore, tmp_path):
    draw = random.Random(SEED + case)
    generators = small.scenario.generators
    runtime = RayRuntime(generators, RayCluster("", "kills"), 2)
    watcher = KillsWorkers(runtime, set(draw.sample(range(5, small.scenario.steps), 1 + case % 2)), draw)
    session = Session(place_in(tmp_path / "run"), keystore, runtime, watcher, identities(generators))
    try:
        session.begin(small.scenario, small.source)
        session.finish()
    finally:
        runtime.close()
    assert watcher.killed
    result = audit(tmp_path / "run", anchors=keystore.anchors())
    assert (result.exit_code, result.content_root) == (0, small_run.content_root), f"seed {SEED + case}"


def worldloom(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "worldloom.cluster.commands.main", *arguments]


@pytest.mark.slow
@pytest.mark.parametrize("case", range(3))
def test_a_killed_conductor_is_resumed_while_its_workers_live_on(
    ray_address, case, small_file, small_run, keystore, keystore_home, tmp_path
):
    draw = random.Random(SEED + case)
    folder = tmp_path / "run"
    environment = {**os.environ, "WORLDLOOM_HOME": str(keystore_home)}
    common = ["--cohorts", "2", "--address", ray_address]
    command = worldloom("run", str(small_file), "--out", str(folder), *common)
    for _ in range(1 + case % 2):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not (folder / "log" / "checkpoint").exists() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        time.sleep(draw.uniform(0, 2))
        process.kill()
        process.wait()
        command = worldloom("resume", str(folder), *common)
    done = subprocess.run(
        worldloom("resume", str(folder), *common, "--json"),
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["content_root"] == small_run.content_root, f"seed {SEED + case}"
    assert audit(folder, anchors=keystore.anchors()).exit_code == 0
