import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from worldloom.cluster import Scenario
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.scenario_file import load_scenario, read_folded, run_source, shipped_names
from worldloom.provenance.canonical import canonical


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(name="small", agents=6, hours=3)


def test_a_scenario_is_frozen_and_counts_its_steps(scenario):
    assert (scenario.start_time, scenario.steps) == (6 * 3600, 180)
    with pytest.raises(ValidationError):
        scenario.agents = 7


def test_hooks_run_in_the_step_that_holds_their_time(scenario):
    @scenario.at(day=1, time="06:10")
    def hook(stage) -> None: ...

    assert scenario.hooks_at(6 * 3600 + 600) == [hook]
    assert scenario.folded(step_seconds=3600).hooks_at(6 * 3600 + 600) == [hook]
    assert not scenario.hooks_at(6 * 3600)


def test_folding_keeps_hooks_and_checks_again(scenario):
    scenario.measure("nobody")(lambda stage: 0)
    folded = scenario.folded(seed=9, agents=None, generators={"text": "recorded:x"})
    assert (folded.seed, folded.agents, folded.generators["text"]) == (9, 6, "recorded:x")
    assert list(folded.measures) == ["nobody"]
    with pytest.raises(ValidationError):
        scenario.folded(agents=0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agents", 0),
        ("hours", 0),
        ("start", "25:00"),
        ("step_seconds", 7),
        ("seed", -1),
        ("generators", {"smell": "x"}),
        ("without", ("soul",)),
    ],
)
def test_what_cannot_be_is_refused(field, value):
    with pytest.raises(ValidationError, match=field):
        Scenario(name="small", **{field: value})


def test_a_measure_has_one_name_and_a_hook_a_day(scenario):
    scenario.measure("counted")(lambda stage: 1)
    with pytest.raises(ScenarioError, match="counted"):
        scenario.measure("counted")
    with pytest.raises(ScenarioError, match="day 0"):
        scenario.at(day=0, time="06:00")
    with pytest.raises(ScenarioError, match="noon"):
        scenario.at(time="noon")


@given(seed=st.integers(0, 2**53 - 1), agents=st.integers(1, 100_000), hours=st.integers(1, 200))
def test_scenario_json_reads_back_as_it_was(seed, agents, hours):
    scenario = Scenario(name="small", seed=seed, agents=agents, hours=hours)
    assert read_folded(canonical(scenario.content()), None).content() == scenario.content()


def test_what_minds_lack_is_recorded_and_a_whole_mind_says_nothing_of_it():
    assert "without" not in Scenario(name="small").content()
    less = Scenario(name="small", without=("memory",))
    assert less.content()["without"] == ["memory"]
    assert read_folded(canonical(less.content()), None).without == ("memory",)


def test_saltmarsh_ships_with_the_values_that_its_page_promises():
    loaded = load_scenario("saltmarsh")
    scenario = loaded.scenario
    assert loaded.shipped
    assert "saltmarsh" in shipped_names()
    assert (scenario.agents, scenario.hours, scenario.start, scenario.step_seconds, scenario.seed) == (
        25, 24, "06:00", 60, 7,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = (\n", "line 1"),
        ("x = 1\n", "leaves no `scenario`"),
        ("\n\n1 / 0\n", "line 3: ZeroDivisionError"),
        (
            "from worldloom.cluster import Scenario\n\nscenario = Scenario(name='a', colour='red')\n",
            "line 3: colour.*fields are name",
        ),
        ("from worldloom.cluster import Scenario\nscenario = Scenario(name='a',\n  agents=0)\n", "line 2: agents"),
        ("import nothing_of_that_name\n", "line 1: ModuleNotFoundError"),
    ],
)
def test_errors_point_into_the_users_own_lines(source, fault):
    with pytest.raises(ScenarioError, match=rf"mine\.py.*{fault}"):
        run_source(source.encode(), "mine.py")


def test_a_missing_scenario_names_those_that_ship():
    with pytest.raises(ScenarioError, match="saltmarsh"):
        load_scenario("no/such/file.py")


def test_folding_without_generators_keeps_those_of_the_scenario() -> None:
    scenario = Scenario(name="a", generators={"text": "recorded:elsewhere"})
    assert scenario.folded(generators={}).generators["text"] == "recorded:elsewhere"
    assert scenario.folded(generators={"image": "recorded:x"}).generators["text"] == "recorded:elsewhere"
