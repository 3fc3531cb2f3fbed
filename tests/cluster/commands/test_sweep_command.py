"""`worldloom sweep` as a user calls it."""

from __future__ import annotations

import json

import pytest
from worldloom.cluster.commands.faults import interrupted
from worldloom.cluster.commands.sweep_view import PlainSweep, watched_sweep
from worldloom.cluster.errors import SweepInterrupted
from worldloom.cluster.sweeping.watching import SweepStatus

SCENARIO = '''"""Two people, half an hour."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="pair", agents=2, hours=1, step_seconds=1800, seed=3, world={"size": 96}, portraits=False)


@scenario.measure("people")
def people(stage: Stage) -> int:
    return 6 // (3 - len(stage.agents()))
'''
BLANK = ("--generator", "image=blank", "--generator", "mesh=blank", "--generator", "sound=blank")
QUICK = ("--local", "--measures-only", *BLANK)


@pytest.fixture
def pair(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pair.py").write_text(SCENARIO)
    return "pair.py"


def test_prints_means_with_intervals_and_where_the_rows_are(worldloom, pair, tmp_path):
    done = worldloom("sweep", pair, "--over", "agents=1,2", "--replicates", 2, *QUICK)
    assert done.status == 0
    assert "4 of 4 runs" in done.out
    assert "3.00 to 3.00" in done.out
    assert "4/4 runs" in done.err
    assert (tmp_path / "sweeps" / "pair" / "sweep.parquet").is_file()


def test_json_is_one_object_and_nothing_else(worldloom, pair):
    done = worldloom("sweep", pair, "--over", "agents=1..2", *QUICK, "--json", "--out", "here")
    value = json.loads(done.out)
    assert done.err == ""
    assert [(row["agents"], row["people"]) for row in value["rows"]] == [(1, 3), (2, 6)]
    assert value["summary"][0]["mean"] == 3


def test_failed_runs_are_told_and_make_the_exit_status(worldloom, pair):
    done = worldloom("sweep", pair, "--over", "agents=2,3", *QUICK)
    assert done.status == 1
    assert "1 of 2 runs" in done.out
    assert "ZeroDivisionError" in done.out


def test_wrong_parameters_are_told_together_before_anything_runs(worldloom, pair, tmp_path):
    done = worldloom("sweep", pair, "--over", "agents=0", "--over", "colour=red", *QUICK)
    assert done.status == 1
    assert "agents=0" in done.err
    assert "colour: is no parameter" in done.err
    assert not (tmp_path / "sweeps").exists()


@pytest.mark.parametrize("wrong", ["agents", "agents=", "=3", "agents=5..1", "agents=1..9999999"])
def test_an_over_that_is_none_is_bad_usage(worldloom, pair, wrong):
    assert worldloom("sweep", pair, "--over", wrong, *QUICK).status == 2


def test_a_parameter_given_twice_is_bad_usage(worldloom, pair):
    assert worldloom("sweep", pair, "--over", "agents=1", "--over", "agents=2", *QUICK).status == 2


def test_after_ctrl_c_one_is_told_how_to_go_on():
    said = interrupted(SweepInterrupted(None, 3, 8))
    assert "3 of 8 runs" in said
    assert "same command again" in said


def test_plain_lines_come_when_a_run_ends(capsys):
    plain = PlainSweep()
    for done, step in ((0, 0), (0, 5), (1, 10)):
        plain.watch(SweepStatus(2, done, 0, 0, 1, step, 20))
    assert capsys.readouterr().err.splitlines() == ["0/2 runs, 1 running, step 0/20", "1/2 runs, 1 running, step 10/20"]


def test_on_a_terminal_one_bar_counts_the_steps_of_all_runs(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with watched_sweep(quiet=False) as watch:
        watch(SweepStatus(3, 1, 0, 1, 1, 10, 30))
    said = capsys.readouterr().err
    assert "1/3 runs, 1 running, 1 failed" in said
    assert "10/30" in said
