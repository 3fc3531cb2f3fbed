from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.beginning import begin
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.rehearsal import rehearse
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import load_scenario


@pytest.mark.parametrize("name", ["quay", "q", "north-shore_2", "a" * 64])
def test_a_new_scenario_has_its_name_and_loads(tmp_path: Path, name: str) -> None:
    loaded = load_scenario(str(begin(name, tmp_path)))
    assert loaded.scenario.name == name
    assert not loaded.shipped


def test_every_field_with_a_plain_value_shows_its_default(tmp_path: Path) -> None:
    """What the file says of itself, that what is left out has the value shown, holds for all but the size."""
    shown, usual = load_scenario(str(begin("quay", tmp_path))).scenario, Scenario(name="quay")
    theirs = {"name", "title", "agents", "world"}
    assert shown.model_dump(exclude=theirs) == usual.model_dump(exclude=theirs)


def test_its_hook_and_its_measure_work(tmp_path: Path) -> None:
    scenario = load_scenario(str(begin("quay", tmp_path))).scenario
    brief = scenario.folded(agents=3, hours=3, step_seconds=1800, world={"size": 96})
    lived = rehearse(brief.folded(generators={"text": "rules"}))
    assert lived.measures["know_of_the_market"] >= 1


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "quay.py").write_text("mine")
    with pytest.raises(ScenarioError, match="is there already"):
        begin("quay", tmp_path)
    assert (tmp_path / "quay.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "Quay", "../quay", "a/b", 'x"+"y', "quay.py", "7days", "a b", "ü", "a" * 65])
def test_what_names_no_scenario_is_refused_and_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="names no scenario"):
        begin(name, tmp_path)
    assert list(tmp_path.rglob("*")) == []


@given(st.text(max_size=12))
def test_whatever_the_name_nothing_lies_outside_of_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str):
    folder = tmp_path_factory.mktemp("outer") / "inner"
    folder.mkdir()
    try:
        path = begin(name, folder)
    except ScenarioError:
        assert list(folder.parent.rglob("*")) == [folder]
    else:
        assert list(folder.parent.rglob("*.py")) == [path]
        assert load_scenario(str(path)).scenario.name == name


def test_names_of_shipped_scenarios_are_taken(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="ships with Worldloom"):
        begin("saltmarsh", tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nowhere"):
        begin("quay", tmp_path / "nowhere")
