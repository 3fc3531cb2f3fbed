"""An action of a scenario's own: hooks let people do it, others remember it, a restored world knows it."""

from __future__ import annotations

import pytest
from worldloom.cluster import Scenario, Simulation
from worldloom.cluster.errors import ScenarioError
from worldloom.worlds.actions import Argument
from worldloom.worlds.columns import Activity

BLANK = {"image": "blank", "mesh": "blank", "sound": "blank"}


def bell(hour: str = "06:10", *, times: object = 7) -> Scenario:
    scenario = Scenario(name="bell", agents=4, hours=1, seed=3, world={"size": 96}, step_seconds=600, portraits=False)

    @scenario.action("ring", {"times": Argument("integer", least=1, most=12)})
    def ring(scene, row, arguments, cause):
        seconds = 5 * arguments["times"]
        scene.occupy(row, Activity.BUSY, seconds, cause)
        did = f"rang a bell {arguments['times']} times"
        scene.happen(row, "ring", cause=cause, duration=seconds, detail={"did": did}, witnesses=scene.watch(row))
        return ""

    @scenario.at(time=hour)
    def morning(stage):
        stage.act("agent-0", "ring", times=times)

    return scenario


def test_somebody_does_it_and_remembers_it():
    sim = Simulation.open(bell(), generators=BLANK)
    sim.run()
    rung = [row for row in sim.table("events").to_pylist() if row["kind"] == "ring"]
    assert [(row["actor"], row["duration"], row["cause"]) for row in rung] == [("agent-0", 35, "scenario")]
    who = sim.agent("agent-0")
    (told,) = [memory for memory in who.memories if memory.source == rung[0]["id"]]
    assert told.text.startswith(f"{who.name} rang a bell 7 times at ")
    assert told.kind == "did"


def test_what_cannot_be_done_is_refused_in_the_world_and_told_to_the_hook():
    sim = Simulation.open(bell(times=13), generators=BLANK)
    sim.run(until="06:20")
    reasons = [row["detail"] for row in sim.table("events").to_pylist() if row["kind"] == "wait"]
    assert any("times is not from 1 to 12" in detail for detail in reasons)


def test_a_fork_knows_it_too():
    sim = Simulation.open(bell("06:40"), generators=BLANK)
    sim.run(until="06:20")
    twin = sim.fork()
    twin.run()
    sim.run()
    assert twin.root == sim.root


def test_an_unknown_action_names_those_there_are():
    scenario = Scenario(name="bell", agents=2, hours=1, seed=3, world={"size": 96}, step_seconds=600, portraits=False)
    scenario.at(time="06:00")(lambda stage: stage.act("agent-0", "fly"))
    with pytest.raises(ScenarioError, match="'fly'; there are: give, move"):
        Simulation.open(scenario, generators=BLANK).step()


def test_nothing_is_made_without_a_generator():
    scenario = Scenario(name="bell", agents=2, hours=1, seed=3, world={"size": 96}, step_seconds=600, portraits=False)
    scenario.at(time="06:00")(lambda stage: stage.act("agent-0", "make"))
    with pytest.raises(ScenarioError, match="'make'"):
        Simulation.open(scenario, generators=BLANK).step()


def test_a_name_is_taken_once():
    scenario = bell()
    with pytest.raises(ScenarioError, match="has an action 'ring' already"):
        scenario.action("ring")(lambda *_: "")
    with pytest.raises(ScenarioError, match="'move' exists already"):
        scenario.action("move")(lambda *_: "")
    with pytest.raises(ScenarioError, match="short word in small letters"):
        scenario.action("Ring it")(lambda *_: "")
