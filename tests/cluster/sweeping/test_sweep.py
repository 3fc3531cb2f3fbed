"""A sweep from its parameters to its tables, and what a second call finds."""

from __future__ import annotations

import sys

import pyarrow.parquet as pq
import pytest
from worldloom.cluster import Scenario, Simulation
from worldloom.cluster.errors import RunFolderError, SweepError, SweepInterrupted
from worldloom.provenance.errors import LockedError
from worldloom.provenance.lock import RunLock


def test_one_row_a_run_with_parameters_seed_measures_and_root(swept, fair):
    result = swept(fair, {"agents": [2, 3]}, replicates=2)
    rows = result.table.to_pylist()
    assert [(row["agents"], row["people"], row["replicate"]) for row in rows] == [
        (2, 2, 0),
        (2, 2, 1),
        (3, 3, 0),
        (3, 3, 1),
    ]
    assert all(row["state"] == "measured" and not row["error"] and row["know"] >= 1 for row in rows)
    assert len({row["content_root"] for row in rows}) == 4
    assert result.out is None


def test_a_run_of_a_sweep_is_the_run_that_one_would_make_alone(swept, fair):
    (row,) = swept(fair, {"agents": [3]}, generators={}).table.to_pylist()
    alone = Simulation.open(fair, agents=3)
    alone.run()
    assert row["content_root"] == alone.root


def test_a_scenario_object_can_be_swept_in_memory(swept):
    scenario = Scenario(name="object", agents=2, hours=1, step_seconds=1800, world={"size": 96}, portraits=False)
    scenario.measure("people")(lambda stage: len(stage.agents()))
    assert swept(scenario, {"agents": [1, 2]}).table["people"].to_pylist() == [1, 2]


def test_measures_over_time_are_a_series(swept, fair):
    series = swept(fair, {"agents": [2]}, every=1800).series.to_pylist()
    assert [(row["time"], row["measure"]) for row in series] == [
        (6 * 3600 + 1800, "know"), (6 * 3600 + 1800, "people"), (7 * 3600, "know"), (7 * 3600, "people"),
    ]  # fmt: skip
    assert {row["agents"] for row in series} == {2}


def test_looking_at_measures_on_the_way_changes_nothing(swept, fair):
    often, once = swept(fair, {}, every=1800), swept(fair, {})
    assert often.table["content_root"] == once.table["content_root"]


def test_a_crowd_is_swept_over_its_own_parameters_by_their_short_names(swept):
    result = swept(
        "schelling", {"side": [12], "threshold": [300, 400], "agents": [100]}, every=10 * 3600, generators={}
    )
    rows = result.table.to_pylist()
    assert [row["threshold"] for row in rows] == [300, 400]
    assert not result.failed, result.failed
    assert len({row["content_root"] for row in rows}) == 2
    assert {row["measure"] for row in result.series.to_pylist()} == {"alike", "unhappy"}


def test_a_failed_run_is_a_row_with_its_error_and_the_others_go_on(swept, faulty):
    result = swept(faulty, {"agents": [3, 2]})
    failed, ended = result.table.to_pylist()
    assert failed["state"] == "failed"
    assert "ZeroDivisionError" in failed["error"]
    assert "faulty.py, line" in failed["error"]
    assert failed["people"] is None
    assert ended["people"] == 2
    assert [row.run for row in result.failed] == [failed["run"]]


def test_a_second_call_finds_what_was_done_and_does_the_rest(swept, fair, tmp_path):
    first = swept(fair, {"agents": [2]}, out=tmp_path / "out")
    seen = []
    second = swept(fair, {"agents": [2, 3]}, out=tmp_path / "out", watch=seen.append)
    assert seen[0].found == seen[0].done == 1
    assert second.table.to_pylist()[0] == first.table.to_pylist()[0]
    assert second.table["people"].to_pylist() == [2, 3]
    assert pq.read_table(tmp_path / "out" / "sweep.parquet").to_pylist() == second.table.to_pylist()


def test_failed_runs_and_changed_scenarios_are_run_again(swept, faulty, tmp_path):
    swept(faulty, {"agents": [3]}, out=tmp_path / "out")
    assert swept(faulty, {"agents": [3]}, out=tmp_path / "out", watch=(seen := []).append).failed
    assert seen[0].found == 0
    faulty.write_text(faulty.read_text().replace("< 3", "< 9"))
    assert not swept(faulty, {"agents": [3]}, out=tmp_path / "out").failed


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"state": "measured"}', b"\xff\xfe"])
def test_a_damaged_row_is_no_row(swept, fair, tmp_path, damage):
    first = swept(fair, {}, out=tmp_path / "out")
    next((tmp_path / "out" / "rows").iterdir()).write_bytes(damage)
    second = swept(fair, {}, out=tmp_path / "out", watch=(seen := []).append)
    assert seen[0].found == 0
    assert second.table["content_root"] == first.table["content_root"]


def test_ctrl_c_keeps_what_is_done_and_the_next_call_goes_on(swept, fair, tmp_path, monkeypatch):
    def stop(status):
        if status.done == 1 and status.running:
            raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted) as stopped:
        swept(fair, {"agents": [2, 3, 4]}, out=tmp_path / "out", watch=stop)
    assert (stopped.value.done, stopped.value.runs) == (1, 3)
    seen = []
    assert swept(fair, {"agents": [2, 3, 4]}, out=tmp_path / "out", watch=seen.append).table.num_rows == 3
    assert seen[0].found == 1


def test_the_watcher_sees_every_step_of_every_run_go_by(swept, fair):
    seen = []
    swept(fair, {"agents": [2, 3]}, watch=seen.append)
    assert [status.step for status in seen] == sorted(status.step for status in seen)
    assert (seen[0].step, seen[0].done) == (0, 0)
    assert (seen[-1].step, seen[-1].steps, seen[-1].done, seen[-1].running) == (4, 4, 2, 0)


def test_a_folder_of_something_else_is_refused_and_left_alone(swept, fair, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(RunFolderError, match=r"letter\.txt"):
        swept(fair, {}, out=tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_two_sweeps_do_not_write_one_folder_at_once(swept, fair, tmp_path):
    (tmp_path / "out").mkdir()
    with RunLock(tmp_path / "out"), pytest.raises(LockedError):
        swept(fair, {}, out=tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"keep": True}, "give `out`"),
        ({"keep": True, "out": "x"}, "image=blank"),
        ({"keep": True, "out": "x", "generators": {}, "every": 1800}, "keep=False"),
        ({"every": 7}, "multiple of"),
        ({"every": -1800}, "multiple of"),
    ],
)
def test_wishes_that_exclude_each_other_are_refused(swept, fair, options, fault):
    with pytest.raises(SweepError, match=fault):
        swept(fair, {}, **options)


def test_an_object_cannot_be_kept(swept, tmp_path):
    with pytest.raises(SweepError, match="put it into a file"):
        swept(Scenario(name="object"), {}, keep=True, out=tmp_path, generators={})


def test_without_pandas_a_frame_is_refused_with_what_to_do(swept, fair, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SweepError, match="pip install"):
        swept(fair, {}).frame()


def test_a_frame_is_the_table(swept, fair):
    pytest.importorskip("pandas")
    result = swept(fair, {"agents": [2, 3]})
    assert result.frame()["people"].tolist() == [2, 3]


def test_a_kept_run_is_sealed_has_the_root_of_the_measured_one_and_is_found_again(swept, fair, tmp_path):
    keep = {"keep": True, "out": tmp_path / "out", "generators": {}}
    (row,) = swept(fair, {}, **keep).table.to_pylist()
    assert row["state"] == "sealed"
    assert (tmp_path / "out" / row["folder"] / "SEAL").is_file()
    assert row["content_root"] == swept(fair, {}, generators={}).table["content_root"][0].as_py()
    assert swept(fair, {}, **keep, watch=(seen := []).append).table.to_pylist() == [row]
    assert seen[0].found == 1
