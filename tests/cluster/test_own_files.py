"""What a scenario reads of other files is in its value: a run stands alone, and errors name the file that is wrong."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError
from worldloom.agents.casting import Person
from worldloom.cluster import Placement, ResumeOptions, RunOptions, Scenario, Silent, Simulation, replay, run
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.land import LandGenerator, make_land
from worldloom.cluster.own_files import picture_of, with_files
from worldloom.cluster.scenario_file import load_scenario, read_folded
from worldloom.provenance.canonical import canonical

SOURCE = """from worldloom.cluster import Scenario

scenario = Scenario(
    name="isle", cast="people.csv", hours=1, seed=5, step_seconds=600, portraits=False,
    world={"heightmap": "island.png", "lowest": -8, "highest": 40},
)
"""
PEOPLE = "name,age,job\nMara Kelp,41,innkeeper\nOld Wen,78,\nIda Reed,,baker\n"
BLANK = {"image": "blank", "mesh": "blank", "sound": "blank"}


def island(side: int = 128) -> bytes:
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    inland = 0.82 - np.hypot(x, y) + 0.08 * np.sin(3 * np.arctan2(y, x))
    hill = np.exp(-((x - 0.15) ** 2 + (y + 0.35) ** 2) / 0.06)
    metres = np.clip(10 * inland, -8, 4) + 26 * hill * (inland > 0)
    out = io.BytesIO()
    Image.fromarray(((metres + 8) / 48 * 65535).astype(np.uint16)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def isle(tmp_path) -> Path:
    """A scenario's file with the two files that it names beside it."""
    (tmp_path / "isle.py").write_text(SOURCE)
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "island.png").write_bytes(island())
    return tmp_path / "isle.py"


def test_files_beside_a_scenario_become_its_value(isle):
    scenario = load_scenario(str(isle)).scenario
    assert [person.name for person in scenario.people] == ["Mara Kelp", "Old Wen", "Ida Reed"]
    assert (scenario.agents, scenario.world.size) == (3, 128)
    assert picture_of(scenario.world.heightmap) == island()
    assert read_folded(canonical(scenario.content()), None).content() == scenario.content()


@pytest.mark.slow
def test_a_run_stands_alone_once_it_has_begun(isle, tmp_path):
    local = Placement(local=True)
    done = run(RunOptions(scenario=str(isle), out=tmp_path / "run", placement=local), Silent())
    for name in ("people.csv", "island.png", "isle.py"):
        (tmp_path / name).unlink()
    again = replay(tmp_path / "run", ResumeOptions(placement=local), Silent())
    assert again.content_root == done.content_root


def test_a_simulation_takes_them_too(isle):
    sim = Simulation.open(isle, generators=BLANK)
    assert sim.agent("Mara").persona.job == "innkeeper"
    sim.run()
    assert sim.done


def test_a_scenario_that_reads_nothing_says_nothing_of_it():
    content = Scenario(name="plain").content()
    assert "cast" not in content
    assert set(content["world"]) == {"size", "seed"}


def test_rows_may_stand_in_the_scenario_itself_and_count_the_agents():
    scenario = Scenario(name="two", cast=[{"name": "Ada Kelp"}, {"name": "Bo Reed", "job": "smith"}])
    assert (scenario.agents, scenario.people[1]) == (2, Person(name="Bo Reed", job="smith"))
    assert scenario.folded(agents=9).agents == 9
    with pytest.raises(ValidationError, match=r"cast\.rows\.1\.age"):
        Scenario(name="two", cast=[{"name": "Ada"}, {"name": "Bo", "age": "old"}])
    with pytest.raises(ValidationError, match="'ADA' is somebody's name already"):
        Scenario(name="two", cast=[{"name": "Ada"}, {"name": "ADA"}])


def test_more_agents_than_rows_are_drawn(isle):
    isle.write_text(SOURCE.replace("hours=1", "hours=1, agents=5"))
    assert len(Simulation.open(isle, generators=BLANK).agents) == 5


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("people.csv", None, r"people\.csv: No such file.*cast names a file"),
        ("people.csv", b"name,age\nAda,old\n", r"people\.csv:2:age"),
        ("island.png", None, r"island\.png: No such file"),
        ("island.png", b"GIF89a", r"island\.png: the heightmap is no PNG"),
    ],
)
def test_a_wrong_file_is_named(isle, name, data, fault):
    path = isle.parent / name
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(ScenarioError, match=fault):
        load_scenario(str(isle))


def test_a_size_beside_a_heightmap_must_be_its_own(isle):
    isle.write_text(SOURCE.replace('"lowest"', '"size": 256, "lowest"'))
    with pytest.raises(ScenarioError, match=r"island\.png: has 128 pixels a side, and world\.size is 256"):
        load_scenario(str(isle))


def test_files_that_nobody_read_are_no_guess():
    unread = Scenario(name="isle", cast="people.csv", world={"heightmap": "island.png"})
    with pytest.raises(ScenarioError, match=r"people\.csv.*nobody has read yet"):
        _ = unread.people
    with pytest.raises(ScenarioError, match=r"island\.png.*nobody has read yet"):
        make_land(LandGenerator(), unread)


def test_a_land_without_room_for_a_village_says_what_it_lacks(tmp_path):
    cliff = np.full((64, 64), 255, np.uint8)
    cliff[:3] = 0
    Image.fromarray(cliff).save(tmp_path / "cliff.png")
    scenario = with_files(Scenario(name="cliff", world={"heightmap": "cliff.png", "highest": 900}), tmp_path)
    with pytest.raises(ScenarioError, match="no village finds room on the heightmap"):
        make_land(LandGenerator(), scenario)


@pytest.mark.parametrize("lines", [["%%%"], ["ü"], ["QQ"]])
def test_what_stands_in_a_foreign_scenario_json_is_checked(lines):
    with pytest.raises(ScenarioError, match="not a picture"):
        picture_of(lines)
