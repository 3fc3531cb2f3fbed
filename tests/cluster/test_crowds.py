"""Scenarios of crowds: what may be said of them, what a simulation of one shows, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import Field, ValidationError
from worldloom.cluster import CrowdStage, Scenario, Simulation
from worldloom.cluster.errors import AskError, ScenarioError, SimulationError
from worldloom.cluster.scenario_file import read_folded, run_source
from worldloom.provenance.canonical import canonical
from worldloom.worlds.crowds import Crowd

DRIPS = '''"""Everybody holds some drops; each step who holds the most loses one."""

import numpy as np
from pydantic import Field
from worldloom.cluster import Scenario
from worldloom.worlds.crowds import Crowd


class Drips(Crowd):
    most: int = Field(9, ge=1)

    def begin(self, moment):
        return {"drops": moment.below("drops", self.most) + 1}

    def step(self, columns, moment):
        full = np.flatnonzero(columns["drops"] == columns["drops"].max())
        columns["drops"][full] -= 1
        moment.record("drip", full)


scenario = Scenario(name="drips", agents=5, hours=4, step_seconds=3600, crowd=Drips, parameters={"most": 6})


@scenario.at(time="08:00")
def rain(stage):
    stage.put("drops", [0, 2], stage.parameters["most"])


@scenario.measure("drops")
def drops(stage):
    return int(stage.columns["drops"].sum())
'''


@pytest.fixture
def drips() -> Scenario:
    return run_source(DRIPS.encode(), "drips.py")


class Still(Crowd):
    """Nothing ever happens."""

    size: int = Field(3, ge=1)

    def begin(self, moment):
        return {"size": np.full(moment.agents, self.size)}

    def step(self, columns, moment): ...


def test_a_crowds_scenario_holds_its_name_and_parameters_and_no_generators(drips):
    assert drips.content() == {
        "name": "drips",
        "title": "",
        "agents": 5,
        "start": "06:00",
        "hours": 4,
        "step_seconds": 3600,
        "seed": 7,
        "crowd": "Drips",
        "parameters": {"most": 6},
    }


def test_a_crowds_scenario_is_read_back_with_the_rule_of_its_file(drips):
    changed = drips.folded(parameters={"most": 8}, agents=9)
    read = read_folded(canonical(changed.content()), run_source(DRIPS.encode(), "scenario.py"))
    assert read.content() == changed.content()
    assert read.make_crowd().most == 8
    bare = read_folded(canonical(changed.content()), None)
    with pytest.raises(ScenarioError, match="'Drips' stands in its file"):
        bare.make_crowd()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"parameters": {"size": 0}}, r"parameters\.size: .*greater than or equal to 1.*parameters of Still: size"),
        ({"parameters": {"hat": 1}}, r"parameters\.hat: .*parameters of Still: size"),
        ({"parameters": {"size": 1.5}}, "parameters"),
        ({"parameters": {"si ze": 1}}, "'si ze' is no name of a parameter"),
        ({"parameters": {"size": 2**53}}, "parameters"),
        ({"generators": {"text": "rules"}}, "asks no generator"),
        ({"step_seconds": 5400}, "no whole steps"),
        ({"step_seconds": 7200, "hours": 3}, "no whole steps"),
        ({"crowd": int}, "no class that extends Crowd"),
        ({"crowd": Still()}, "the class itself"),
    ],
)
def test_what_a_crowd_cannot_be_is_refused(fields, said):
    with pytest.raises(ValidationError, match=said):
        Scenario(**{"name": "still", "crowd": Still, "hours": 4, **fields})


def test_only_a_crowd_may_have_steps_longer_than_an_hour():
    assert Scenario(name="still", crowd=Still, hours=48, step_seconds=86_400).steps == 2
    with pytest.raises(ValidationError, match="does not divide an hour"):
        Scenario(name="village", hours=48, step_seconds=86_400)


def test_villages_have_parameters_too():
    seen = []
    scenario = Scenario(name="plain", agents=2, hours=1, parameters={"guests": 3}, world={"size": 96})
    scenario.at(time="06:00")(lambda stage: seen.append(stage.parameters["guests"]))
    scenario.measure("guests")(lambda stage: stage.parameters["guests"] + len(seen))
    simulation = Simulation.open(scenario, generators=dict.fromkeys(("image", "mesh", "sound"), "blank"))
    simulation.run()
    assert simulation.table("measures")["value"].to_pylist() == [4]


def test_a_simulation_of_a_crowd_is_stepped_looked_at_and_forked(drips):
    simulation = Simulation.open(drips)
    assert simulation.agents == tuple(f"agent-{number}" for number in range(5))
    simulation.step()
    twin = simulation.fork()
    before = simulation.root
    simulation.run()
    assert twin.root == before
    twin.run()
    assert twin.root == simulation.root
    assert twin.table("agents").equals(simulation.table("agents"))


def test_its_tables_are_columns_events_and_measures(drips):
    simulation = Simulation.open(drips)
    table = simulation.table("agents")
    assert table.column_names == ["time", "agent", "drops"]
    assert simulation.agent("agent-3").columns == {"drops": table["drops"][3].as_py()}
    simulation.run()
    kinds = simulation.table("events")["kind"].to_pylist()
    assert kinds.count("put") == 1
    assert simulation.table("measures").to_pylist()[0]["measure"] == "drops"


def test_a_series_has_every_measure_at_every_time(drips):
    series = Simulation.open(drips).series(every=3600)
    assert series["time"].to_pylist() == [(6 + hour) * 3600 for hour in range(5)]
    assert series["value"].to_pylist()[-1] > 0
    with pytest.raises(SimulationError, match="a second is the least"):
        Simulation.open(drips).series(every=0)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda simulation: simulation.ask("agent-1", "Why?"), "nobody can be asked"),
        (lambda simulation: simulation.tell("agent-1", "Listen."), "nobody can be asked or told"),
        (lambda simulation: simulation.table("memories"), "a crowd has: agents, events, measures"),
    ],
)
def test_what_needs_a_mind_is_refused(drips, act, said):
    with pytest.raises(SimulationError, match=said):
        act(Simulation.open(drips))


@pytest.mark.parametrize("who", ["agent-5", "agent-x", "Gunda", ""])
def test_nobody_of_that_name_is_told_with_the_ids_that_there_are(drips, who):
    with pytest.raises(AskError, match="agent-0 to agent-4"):
        Simulation.open(drips).agent(who)


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ('columns["drops"][full] -= 1', 'columns["drip"][full] -= 1', r"drips\.py, line 17: KeyError: 'drip'"),
        ('moment.below("drops", self.most) + 1', "None", r"drips\.py: WorldError: begin: column drops is NoneType"),
        (
            'moment.record("drip", full)',
            'moment.record("drip", full + 9)',
            r"drips\.py, line 18: WorldError: events 'drip'",
        ),
        ('stage.put("drops", [0, 2]', 'stage.put("drops", [9]', r"drips\.py, line 26: WorldError: 9 is no agent's"),
        ("return int(", "stage.put('drops', [0], 1); return int(", r"drips\.py, line 31: columns can be set in a hook"),
    ],
)
def test_a_rule_or_hook_that_fails_names_the_line_of_its_file(line, instead, said):
    assert line in DRIPS
    scenario = run_source(DRIPS.replace(line, instead).encode(), "drips.py")
    with pytest.raises(ScenarioError, match=said):
        Simulation.open(scenario).run()


def test_hooks_see_the_crowd_and_its_parameters(drips):
    seen: list[CrowdStage] = []
    drips.at(time="07:00")(seen.append)
    Simulation.open(drips).run()
    assert seen[0].crowd.most == 6
    assert seen[0].parameters == {"most": 6}
