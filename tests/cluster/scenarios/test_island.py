"""The scenario `island`, on a small one: its people reach far places, see them, and remember it."""

from __future__ import annotations

import json

import pytest
from worldloom.cluster import Simulation
from worldloom.cluster.scenario_file import load_scenario

NO_PICTURES = {"image": "blank", "mesh": "blank", "sound": "blank"}


@pytest.fixture(scope="module")
def day() -> Simulation:
    scenario = load_scenario("island").scenario
    world = scenario.world.model_dump() | {"size": 192}
    sim = Simulation.open(scenario.folded(world=world, hours=9, portraits=False), generators=NO_PICTURES)
    sim.run()
    return sim


def test_far_places_are_reached_seen_and_remembered(day: Simulation) -> None:
    measures = {row["measure"]: row["value"] for row in day.table("measures").to_pylist()}
    assert measures["places_seen"] >= 3
    looks = [event for event in day.table("events").to_pylist() if event["kind"] == "look"]
    assert measures["looks"] == len(looks)
    for look in looks:
        assert look["place"] == look["target"]
        mine = [memory for memory in day.agent(look["actor"]).memories if memory.source == look["id"]]
        assert json.loads(look["detail"])["did"] in mine[0].text


def test_the_four_are_who_the_scenario_says(day: Simulation) -> None:
    people = {day.agent(agent).name: day.agent(agent).persona for agent in day.agents}
    assert list(people) == ["Ebba Skerry", "Anselm Rowe", "Mare Holm", "Jory Holm"]
    assert people["Mare Holm"].home == people["Jory Holm"].home


def test_a_coast_says_nothing_of_its_kind_so_that_older_runs_stay_what_they_are() -> None:
    assert "kind" not in load_scenario("saltmarsh").scenario.content()["world"]
    assert load_scenario("island").scenario.content()["world"]["kind"] == "island"
