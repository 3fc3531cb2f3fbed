"""Schelling's model where its published behaviour is known: reference figures are in docs/scenarios.md."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.cluster import Simulation
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.scenario_file import load_scenario

SEEDS = range(10)


def test_mixed_streets_part_to_where_other_implementations_come() -> None:
    """Mesa 3.3.1's Schelling at density 0.8 and threshold 0.4 goes from 0.50 to 0.81 to 0.84 alike."""
    first, last = [], []
    for seed in SEEDS:
        simulation = Simulation.open("schelling", seed=seed)
        first.append(alike(simulation))
        simulation.run()
        last.append(alike(simulation))
    assert 0.48 <= np.mean(first) <= 0.52
    assert 0.81 <= np.mean(last) <= 0.84


def alike(simulation: Simulation) -> float:
    return measures(simulation)["alike"] / 1000


def measures(simulation: Simulation) -> dict[str, int]:
    table = simulation.table("measures")
    return dict(zip(table["measure"].to_pylist(), table["value"].to_pylist(), strict=True))


def test_in_the_end_nobody_is_unhappy() -> None:
    simulation = Simulation.open("schelling")
    simulation.run()
    assert measures(simulation)["unhappy"] == 0


@settings(max_examples=40)
@given(side=st.integers(3, 12), share=st.integers(1, 100), threshold=st.integers(0, 1000), seed=st.integers(0, 999))
def test_nobody_ever_shares_a_cell_and_nobody_is_lost(side: int, share: int, threshold: int, seed: int) -> None:
    agents = max(1, side * side * share // 100)
    scenario = load_scenario("schelling").scenario
    changed = scenario.folded(agents=agents, seed=seed, hours=3, parameters={"side": side, "threshold": threshold})
    simulation = Simulation.open(changed)
    kinds = simulation.table("agents")["kind"].to_pylist()
    simulation.run()
    after = simulation.table("agents")
    cells = after["cell"].to_pylist()
    assert len(set(cells)) == agents
    assert all(0 <= cell < side * side for cell in cells)
    assert after["kind"].to_pylist() == kinds


@pytest.mark.parametrize(("threshold", "moves"), [(0, False), (1000, True)])
def test_who_minds_nothing_stays_and_who_minds_all_goes(threshold: int, moves: bool) -> None:
    scenario = load_scenario("schelling").scenario
    simulation = Simulation.open(scenario.folded(hours=1, parameters={"side": 36, "threshold": threshold}))
    assert bool(simulation.run().events) is moves


def test_too_many_agents_are_told_with_the_number_of_cells() -> None:
    with pytest.raises(ScenarioError, match=r"schelling\.py.*1297 agents find no room on 1296 cells"):
        Simulation.open("schelling", agents=1297)
