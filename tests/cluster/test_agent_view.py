"""A view of an agent shows the present moment, in words and numbers of whoever looks."""

from __future__ import annotations

import pytest
from worldloom.cluster import Scenario, Simulation

QUICK = {"text": "rules", "image": "blank", "mesh": "blank", "sound": "blank"}


@pytest.fixture(scope="module")
def sim() -> Simulation:
    scenario = Scenario(name="small", agents=4, hours=6, seed=3, world={"size": 96}, step_seconds=600)
    return Simulation.open(scenario, generators=QUICK)


def test_a_view_goes_with_its_simulation(sim):
    sim = sim.fork()
    view = sim.agent("agent-1")
    before = view.hunger, view.memories, view.plan
    assert view.memories == ()
    assert view.plan == ""
    sim.run(until="10:00")
    assert (view.hunger, view.memories, view.plan) != before
    assert len(view.memories) > 0
    assert [memory.time for memory in view.memories] == sorted(memory.time for memory in view.memories)


def test_somebody_is_found_by_id_and_by_name(sim):
    view = sim.agent("agent-2")
    assert view.id == sim.agent(view.name.upper()).id == sim.agent(view.persona.name).id == "agent-2"
    assert repr(view).startswith(f"<{view.name} (agent-2), {view.persona.job}: ")


def test_a_plan_marks_the_step_that_is_on(sim):
    sim = sim.fork()
    sim.run(until="08:00")
    plans = [sim.agent(agent).plan for agent in sim.agents]
    for plan in filter(None, plans):
        (present,) = [line for line in plan.splitlines() if line.endswith(" (now)")]
        assert present <= "day 1, 08:00~"
    assert any(plans)


def test_whom_somebody_is_close_to_comes_first(sim):
    for agent in sim.agents:
        closeness = list(sim.agent(agent).relationships.values())
        assert closeness == sorted(closeness, reverse=True)
        assert all(0 <= value <= 1000 for value in closeness)
    family = [sim.agent(agent) for agent in sim.agents if sim.agent(agent).persona.household]
    for view in family:
        names = {sim.agent(other).name for other in view.persona.household}
        assert set(list(view.relationships)[: len(names)]) == names


def test_nothing_in_a_view_can_be_set(sim):
    with pytest.raises(AttributeError):
        sim.agent("agent-0").hunger = 0
    with pytest.raises(AttributeError):
        sim.time = 0


def test_where_somebody_is_on_the_way_is_told(sim):
    sim = Simulation.open(sim.scenario.folded(step_seconds=60, hours=2), generators=QUICK)
    views = [sim.agent(agent) for agent in sim.agents]
    sim.break_when(lambda sim: any(view.going and not view.place for view in views))
    assert sim.run().breakpoint
    (walker, *_) = [view for view in views if view.going and not view.place]
    assert walker.doing == "walking"
    assert f"on the way to {walker.going}" in repr(walker)
    assert walker.until > 0
