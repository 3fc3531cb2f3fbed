"""Breakpoints stop a simulation where they say, and a bad one says which it is."""

from __future__ import annotations

import pytest
from worldloom.cluster import Scenario, Simulation
from worldloom.cluster.errors import MomentError, SimulationError

SMALL = Scenario(name="small", agents=2, hours=3, seed=3, world={"size": 96}, step_seconds=600)
SIX = 6 * 3600


@pytest.fixture(scope="module")
def opened() -> Simulation:
    return Simulation.open(SMALL, generators={"text": "rules", "image": "blank", "mesh": "blank", "sound": "blank"})


@pytest.fixture
def sim(opened) -> Simulation:
    return opened.fork()


def test_a_condition_stops_after_every_step_in_which_it_is_true_until_it_is_cleared(sim):
    name = sim.break_when(lambda sim: sim.time >= SIX + 1800)
    assert sim.breakpoints == (name,) == ("breakpoint-1",)
    passed = sim.run()
    assert (passed.breakpoint, passed.steps) == (name, 3)
    assert sim.run(until="08:00").steps == 1
    assert sim.step().breakpoint == name
    sim.clear(name)
    assert sim.run().breakpoint == ""
    assert sim.done


def test_a_time_stops_once_after_the_step_that_reaches_it(sim):
    assert sim.break_at("06:45") == "day 1, 06:45"
    assert sim.break_at(SIX + 5400) == "day 1, 07:30"
    assert (sim.run().breakpoint, sim.clock) == ("day 1, 06:45", "day 1, 06:50")
    assert (sim.run().breakpoint, sim.clock) == ("day 1, 07:30", "day 1, 07:30")
    assert sim.breakpoints == ()
    sim.run()
    assert sim.done


def test_a_time_is_used_up_where_a_condition_stops_too(sim):
    sim.break_when(lambda sim: sim.time == SIX + 1200, name="twenty past")
    sim.break_at("06:20")
    assert sim.run().breakpoint == "twenty past"
    assert sim.breakpoints == ("twenty past",)


def test_a_breakpoint_set_again_replaces_the_first(sim):
    sim.break_when(lambda sim: True, name="x")
    sim.break_when(lambda sim: False, name="x")
    assert sim.breakpoints == ("x",)
    assert sim.step().breakpoint == ""


def test_a_predicate_that_fails_is_named_and_the_simulation_can_go_on(sim):
    sim.break_when(lambda sim: 1 // 0, name="mine")
    with pytest.raises(SimulationError, match="breakpoint 'mine' failed after the step to day 1, 06:10: ZeroDivision"):
        sim.run()
    sim.clear("mine")
    assert sim.run().steps == 17


def test_a_predicate_may_look_and_ask_a_fork_but_not_step(sim):
    sim.break_when(lambda sim: sim.fork().step().events > 0 and "agent-0" in sim.agents, name="ahead")
    assert sim.step().breakpoint == "ahead"
    sim.clear("ahead")
    sim.break_when(lambda sim: sim.step().events > 0, name="pushy")
    with pytest.raises(SimulationError, match=r"breakpoint 'pushy' failed .*a step is going on"):
        sim.step()


def test_what_is_no_breakpoint_is_told(sim):
    with pytest.raises(SimulationError, match="none is set"):
        sim.clear("x")
    sim.break_at("07:00")
    with pytest.raises(SimulationError, match="there are: day 1, 07:00"):
        sim.clear("x")
    with pytest.raises(SimulationError, match="'18:00' is no function of a simulation; for a time there is break_at"):
        sim.break_when("18:00")
    for late in ("06:00", SIX, "day 1, 05:00", "18:00"):
        with pytest.raises(MomentError, match="is not ahead"):
            sim.break_at(late)


def test_a_fork_has_no_breakpoints(sim):
    sim.break_at("07:00")
    assert sim.fork().breakpoints == ()
