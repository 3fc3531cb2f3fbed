"""Tables of a simulation: typed columns with their meaning, and rows that agree with one another."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from worldloom.cluster import Scenario, Simulation
from worldloom.cluster.errors import ScenarioError, SimulationError
from worldloom.cluster.tables import COLUMNS

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "simulate.md"
QUICK = {"text": "rules", "image": "blank", "mesh": "blank", "sound": "blank"}


def village() -> Scenario:
    scenario = Scenario(name="small", agents=3, hours=3, seed=3, world={"size": 96}, step_seconds=600)

    @scenario.measure("memories")
    def memories(stage):
        return sum(len(stage.memories(agent)) for agent in stage.agents())

    return scenario


@pytest.fixture(scope="module")
def lived() -> Simulation:
    sim = Simulation.open(village(), generators=QUICK)
    sim.run(until="08:30")
    return sim


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_typed_and_tell_what_they_hold(lived, name):
    types = {"int64": pa.int64(), "string": pa.string(), "texts": pa.list_(pa.string())}
    schema = lived.table(name).schema
    assert schema.names == [column.name for column in COLUMNS[name]]
    for column in COLUMNS[name]:
        field = schema.field(column.name)
        assert field.type == types[column.type]
        assert field.metadata[b"meaning"].decode() == column.meaning
    lived.table(name).validate(full=True)


def test_a_table_without_rows_has_its_columns():
    sim = Simulation.open(Scenario(name="still", agents=1, world={"size": 96}), generators=QUICK)
    for name, columns in COLUMNS.items():
        assert sim.table(name).num_columns == len(columns)
        assert len(sim.table(name)) == (name == "agents")


def test_rows_agree_with_what_views_show(lived):
    people = lived.table("agents").to_pylist()
    assert [person["agent"] for person in people] == list(lived.agents)
    for person in people:
        view = lived.agent(person["agent"])
        needs = view.hunger, view.tiredness, view.company
        assert (person["hunger"], person["tiredness"], person["company"]) == needs
        assert (person["place"], person["going"], person["doing"]) == (view.place, view.going, view.doing)
        assert person["memories"] == len(view.memories)
    assert len(lived.table("memories")) == sum(person["memories"] for person in people)


def test_ids_of_one_table_are_found_in_another(lived):
    events = {row["id"]: row for row in lived.table("events").to_pylist()}
    decisions = {row["id"]: row for row in lived.table("decisions").to_pylist()}
    assert len(events) == len(lived.table("events"))
    assert {event for row in decisions.values() for event in row["observed"]} <= set(events)
    assert {row["cause"] for row in events.values() if row["cause"]} <= set(decisions)
    sources = {row["source"] for row in lived.table("memories").to_pylist() if row["source"]}
    assert sources
    assert sources <= set(events) | set(decisions)
    assert all(isinstance(json.loads(row["detail"]), dict) for row in events.values())


def test_a_measure_is_taken_now_and_on_a_copy(lived):
    (row,) = lived.table("measures").to_pylist()
    assert row == {"time": lived.time, "measure": "memories", "value": len(lived.table("memories"))}


def test_a_measure_that_meddles_meddles_with_a_copy():
    scenario = village()
    plain = Simulation.open(scenario, generators=QUICK)

    @scenario.measure("meddling")
    def meddling(stage):
        stage.tell(stage.agents()[0], "Nobody said this.")
        return 1

    sim = plain.fork()
    sim.step()
    assert sim.table("measures").column("value").to_pylist() == [1, len(sim.table("memories"))]
    sim.run(until="08:00")
    plain.run(until="08:00")
    assert sim.root == plain.root


def test_a_measure_that_fails_and_a_table_that_there_is_not_are_told():
    scenario = village()

    @scenario.measure("broken")
    def broken(stage):
        return stage.place("casino").id

    sim = Simulation.open(scenario, generators=QUICK)
    with pytest.raises(ScenarioError, match="there is no casino here"):
        sim.table("measures")
    with pytest.raises(SimulationError, match="'people'; there are: agents, events, memories, decisions, measures"):
        sim.table("people")


def test_the_howto_lists_every_column():
    text = HOWTO.read_text()
    for name, columns in COLUMNS.items():
        for column in columns:
            assert f"| `{name}` | `{column.name}` | {column.type} | {column.meaning} |" in text
