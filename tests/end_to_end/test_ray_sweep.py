"""A sweep on Ray: the same rows as in one process, whatever dies on the way."""

from __future__ import annotations

import pytest
from worldloom.cluster import Placement, sweep
from worldloom.cluster.errors import SweepInterrupted

NO_PICTURES = {"image": "blank", "mesh": "blank", "sound": "blank"}

SCENARIO = '''"""Two people, half an hour; a third kills the process that computes."""

import os

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="pair", agents=2, hours=1, step_seconds=1800, seed=3, world={"size": 96}, portraits=False)


@scenario.at(time="06:00")
def die(stage: Stage) -> None:
    if len(stage.agents()) > 2:
        os._exit(3)


@scenario.measure("people")
def people(stage: Stage) -> int:
    return len(stage.agents())
'''


@pytest.fixture
def pair(tmp_path):
    path = tmp_path / "pair.py"
    path.write_text(SCENARIO)
    return path


def test_on_ray_a_sweep_has_the_same_rows_and_a_dead_worker_is_one_of_them(ray_address, pair, tmp_path):
    options = {"generators": NO_PICTURES, "out": tmp_path / "out"}
    result = sweep(pair, {"agents": [1, 3, 2]}, placement=Placement(address=ray_address), workers=2, **options)
    first, dead, last = result.table.to_pylist()
    assert "LostWorkerError" in dead["error"]
    here = sweep(pair, {"agents": [1, 2]}, placement=Placement(local=True), generators=NO_PICTURES)
    assert [first["content_root"], last["content_root"]] == here.table["content_root"].to_pylist()


def test_ctrl_c_on_ray_leaves_rows_and_no_task(ray_address, pair, tmp_path):
    def stop(status):
        if status.done == 1:
            raise KeyboardInterrupt

    options = {"generators": NO_PICTURES, "out": tmp_path / "out", "placement": Placement(address=ray_address)}
    with pytest.raises(SweepInterrupted):
        sweep(pair, {"agents": [1, 2], "hours": [1, 2]}, workers=1, watch=stop, **options)
    seen = []
    assert not sweep(pair, {"agents": [1, 2], "hours": [1, 2]}, watch=seen.append, **options).failed
    assert seen[0].found >= 1
