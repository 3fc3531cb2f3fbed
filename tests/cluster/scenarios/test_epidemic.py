"""The epidemic where theory says: its final size, and that every infection leads back to a first case."""

from __future__ import annotations

from itertools import pairwise
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster import Simulation
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.scenario_file import load_scenario

SCENARIO = load_scenario("epidemic").scenario


def opened(**changes: object) -> Simulation:
    parameters = {**SCENARIO.parameters, **{name: changes.pop(name) for name in list(changes) if name in FIELDS}}
    return Simulation.open(SCENARIO.folded(parameters=parameters, **changes))


FIELDS = {"first", "contacts", "transmission", "days", "mixing", "near"}


def fell_ill(simulation: Simulation) -> float:
    simulation.run()
    table = simulation.table("measures")
    found = dict(zip(table["measure"].to_pylist(), table["value"].to_pylist(), strict=True))
    assert found["ill_now"] == 0
    return found["fell_ill"] / 1000


def final_size(reproduction: float, susceptible: float) -> float:
    """Solve z = 1 - s exp(-R0 z), where s were susceptible at the start (Kermack and McKendrick 1927)."""
    size = 0.9
    for _ in range(200):
        size = 1 - susceptible * exp(-reproduction * size)
    return size


@pytest.mark.parametrize("transmission", [30, 40, 60])
def test_who_falls_ill_in_a_mixed_crowd_is_what_the_final_size_equation_says(transmission: int) -> None:
    sizes = [fell_ill(opened(transmission=transmission, seed=seed)) for seed in range(5)]
    expected = final_size(10 * transmission / 1000 * 5, 1 - 10 / 10_000)
    assert np.mean(sizes) == pytest.approx(expected, abs=0.015)


def test_below_one_it_dies_out() -> None:
    assert np.mean([fell_ill(opened(transmission=16, seed=seed)) for seed in range(3)]) < 0.02


def test_neighbours_alone_spread_it_far_less_than_a_mixed_crowd() -> None:
    assert fell_ill(opened(mixing=0)) < 0.5 * fell_ill(opened(mixing=1000))


def test_every_infection_names_its_source_who_was_ill_and_the_event_that_made_it_so() -> None:
    simulation = opened(agents=600, first=3)
    before = simulation.table("agents")
    first = {
        agent for agent, state in zip(*(before[name].to_pylist() for name in ("agent", "state")), strict=True) if state
    }
    simulation.run()
    events = simulation.table("events").to_pylist()
    infections = {event["id"]: event for event in events if event["kind"] == "catch_from"}
    recovered = {event["actor"]: event["time"] for event in events if event["kind"] == "recover"}
    assert len(first) == 3
    assert len({event["actor"] for event in infections.values()}) == len(infections) > 300
    for event in infections.values():
        source = event["target"]
        assert event["time"] <= recovered[source]
        if source in first:
            assert event["cause"] is None
        else:
            cause = infections[event["cause"]]
            assert cause["actor"] == source
            assert cause["time"] < event["time"]


@given(
    agents=st.integers(2, 60),
    seed=st.integers(0, 99),
    transmission=st.integers(0, 1000),
    mixing=st.integers(0, 1000),
    days=st.integers(1, 4),
)
def test_nobody_falls_ill_twice_and_who_recovers_was_ill(
    agents: int, seed: int, transmission: int, mixing: int, days: int
) -> None:
    simulation = opened(
        agents=agents, seed=seed, transmission=transmission, mixing=mixing, days=days, first=1, hours=24 * 10
    )
    states = [simulation.table("agents")["state"].to_pylist()]
    while not simulation.done:
        simulation.step()
        states.append(simulation.table("agents")["state"].to_pylist())
    for before, after in pairwise(states):
        assert all(old <= new for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first": 11, "agents": 10}, "11 first cases among 10"),
        ({"agents": 1, "first": 0}, "there must be two"),
    ],
)
def test_cases_that_cannot_be_are_told(changes: dict[str, int], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        opened(**changes)
