"""Crowds done again beside their runs: only by code that may be run here, as far as the log tells, equal at the end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.viewing import crowd_charts
from worldloom.cluster.viewing.crowds import CrowdAgain, Crowds
from worldloom.cluster.viewing.follower import Follower

HOURS = 4
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "schelling-1"
    run(RunOptions("schelling", out=folder, agents=400, hours=HOURS, placement=Placement(local=True)), Silent())
    return folder


def followed(folder: Path) -> Follower:
    follower = Follower(folder)
    follower.look()
    assert follower.fault == ""
    return follower


def test_a_crowd_is_seen_as_far_as_its_log_tells_and_ends_as_the_run_did(sealed: Path) -> None:
    follower = followed(sealed)
    seen = Crowds([]).look(follower)
    assert follower.story.is_crowd
    assert seen.picture.startswith(PNG)
    assert (seen.time, seen.equal, seen.note) == (HOURS * 3600, True, "")
    assert [time for time, _ in seen.series["unhappy"]] == [3600 * hour for hour in range(HOURS + 1)]
    assert seen.meant["unhappy"] == "How many would move."
    assert {name: values[-1][1] for name, values in seen.series.items()} == follower.story.measures


def test_a_run_whose_last_state_is_another_is_told(sealed: Path) -> None:
    follower = followed(sealed)
    follower.story.state = "00" * 32
    assert Crowds([]).look(follower).equal is False


def test_code_that_nobody_named_is_not_run(sealed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "foreign-1"
    shutil.copytree(sealed, folder)
    trap = tmp_path / "trap"
    foreign = (folder / "scenario.py").read_bytes() + f"\nopen({str(trap)!r}, 'w')\n".encode()
    (folder / "scenario.py").write_bytes(foreign)
    seen = Crowds(["schelling"]).look(followed(folder))
    assert (seen.picture, seen.series) == (b"", {})
    assert "--scenario" in seen.note
    assert not trap.exists()
    named = tmp_path / "mine.py"
    named.write_bytes(foreign)
    assert Crowds([str(named)]).look(followed(folder)).picture.startswith(PNG)
    assert trap.exists()


def test_a_crowd_goes_no_further_than_the_log_and_for_no_longer_than_it_may() -> None:
    again = CrowdAgain(load_scenario("schelling").scenario)
    again.go_on(0)
    assert again.sight("").time == 0
    again.go_on(7200)
    assert (again.sight("").time, again.sight("").equal) == (7200, None)
    again.go_on(36_000, seconds=0.0)
    assert again.sight("").time == 7200


def test_parameters_that_cannot_be_are_told_and_not_raised(sealed: Path) -> None:
    follower = followed(sealed)
    follower.story.scenario = {**follower.story.scenario, "parameters": {"side": 3, "threshold": 400}}
    seen = Crowds([]).look(follower)
    assert "find no room" in seen.note
    assert seen.picture == b""


def test_curves_are_over_hours_or_days_and_thinned(sealed: Path) -> None:
    story = followed(sealed).story
    scale = crowd_charts.Scale.of(story)
    assert (scale.name, scale.at(story.end), scale.told(3600)) == ("hour", HOURS, "1 hour")
    moves = crowd_charts.events_chart(story, scale)["series"]
    assert [each["name"] for each in moves] == ["move"]
    assert sum(count for _, count in moves[0]["data"]) == story.told["move"]
    long = [(60 * number, number) for number in range(5000)]
    points = crowd_charts.measure_chart(long, scale)["series"][0]["data"]
    assert len(points) <= crowd_charts.MOST_POINTS + 1
    assert points[-1][1] == 4999
    story.scenario = {**story.scenario, "hours": 24 * 30}
    assert crowd_charts.Scale.of(story).name == "day"
