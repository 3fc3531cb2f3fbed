"""Which runs a sweep has, and what is refused before any of them begins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.errors import SweepError
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.sweeping.grid import plan, replicate_seeds

BASES = st.lists(st.integers(0, 2**53 - 1), min_size=1, max_size=6)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(name="grid", agents=5, seed=7, world={"size": 96})


def test_every_combination_is_run_the_last_parameter_fastest(scenario):
    found = plan(scenario, b"", {"agents": [2, 3], "hours": [1, 4]}, 2)
    assert [(*each.parameters.values(), each.replicate) for each in found] == [
        (agents, hours, number) for agents in (2, 3) for hours in (1, 4) for number in (0, 1)
    ]
    assert all(each.scenario.agents == each.parameters["agents"] for each in found)
    assert all(each.scenario.hours == each.parameters["hours"] for each in found)


def test_parts_of_fields_are_parameters_and_leave_the_rest_of_the_field(scenario):
    (first, second) = plan(scenario.folded(world={"size": 96, "seed": 4}), b"", {"world.size": [64, 128]}, 1)
    assert (first.scenario.world.size, second.scenario.world.size) == (64, 128)
    assert first.scenario.world.seed == second.scenario.world.seed == 4
    (rules, uniform) = plan(scenario, b"", {"generators.text": ["rules", "uniform"]}, 1)
    assert (rules.scenario.generators["text"], uniform.scenario.generators["text"]) == ("rules", "uniform")
    assert rules.scenario.generators["image"] == uniform.scenario.generators["image"] == "procedural"


def test_hooks_and_measures_come_along(scenario):
    scenario.at(time="07:00")(lambda stage: None)
    scenario.measure("one")(lambda stage: 1)
    (run,) = plan(scenario, b"", {"agents": [2]}, 1)
    assert len(run.scenario.hooks_at(7 * 3600)) == 1
    assert list(run.scenario.measures) == ["one"]


@given(BASES, st.integers(1, 12))
def test_seeds_of_replicates_are_all_different_and_begin_with_the_scenarios_own(bases, replicates):
    seeds = replicate_seeds(bases, replicates)
    assert all(seeds[base][0] == base for base in bases)
    every = [seed for each in seeds.values() for seed in each]
    assert len(every) == len(set(every)) == len(set(bases)) * replicates
    assert all(0 <= seed < 2**53 for seed in every)


@given(BASES, st.integers(1, 6), st.integers(0, 6))
def test_more_replicates_leave_the_first_ones_as_they_are(bases, replicates, more):
    few, many = replicate_seeds(bases, replicates), replicate_seeds(bases, replicates + more)
    assert all(many[base][:replicates] == few[base] for base in bases)


def test_the_seeds_stay_what_they_are():
    """Frozen: a second call of an old sweep must find its runs."""
    assert replicate_seeds([7], 3)[7] == (7, 7472309519222912, 379531501996695)


def test_replicates_have_the_same_seeds_in_every_combination(scenario):
    found = plan(scenario, b"", {"agents": [2, 3]}, 3)
    assert [each.scenario.seed for each in found[:3]] == [each.scenario.seed for each in found[3:]]


def test_a_swept_seed_is_the_base_of_its_replicates(scenario):
    found = plan(scenario, b"", {"seed": range(3)}, 2)
    assert [each.scenario.seed for each in found if each.replicate == 0] == [0, 1, 2]
    assert len({each.scenario.seed for each in found}) == 6


def test_a_run_has_the_same_name_in_every_sweep_and_no_other_has_it(scenario):
    few, many = plan(scenario, b"", {"agents": [3]}, 1), plan(scenario, b"", {"agents": [2, 3, 4]}, 2)
    assert few[0].name in {each.name for each in many}
    assert len({each.name for each in many}) == len(many)
    assert plan(scenario, b"changed", {"agents": [3]}, 1)[0].name != few[0].name
    assert plan(scenario, b"", {"agents": [3]}, 1, ("image",))[0].name != few[0].name


@pytest.mark.parametrize("value", ["../../x", "x" * 500, "CON", "-rf", ".", "ünï"])
def test_hostile_values_make_harmless_names(value):
    scenario = Scenario(name="grid", world={"size": 96})
    (run,) = plan(scenario, b"", {"title": [value[:200]]}, 1)
    assert len(run.name) < 100
    assert set(run.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert run.name[0] not in ".-"


def test_text_that_no_content_may_hold_is_refused(scenario):
    with pytest.raises(SweepError, match=r"U\+202E"):
        plan(scenario, b"", {"title": ["fair", "\u202egnp"]}, 1)


def test_numbers_of_numpy_are_numbers(scenario):
    assert [each.scenario.agents for each in plan(scenario, b"", {"agents": np.arange(1, 3)}, 1)] == [1, 2]


def test_all_faults_are_told_together(scenario):
    over = {"agents": [0, 3], "colour": [1], "world.sise": [2], "generators.text": ["nobody", "rules"]}
    with pytest.raises(SweepError) as told:
        plan(scenario, b"", over, 1)
    for fault in ("agents=0", "colour: is no parameter of grid", "world has no sise; it has size, seed", "nobody"):
        assert fault in str(told.value)


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"agents": []}, "no values"),
        ({"agents": 3}, "give a list"),
        ({"generators.text": "rules"}, "give a list"),
        ({"agents": [3, 3]}, "given twice"),
        ({"name": ["a"]}, "is no parameter"),
        ({"_hooks": [1]}, "is no parameter"),
        ({"world.size.x": [1]}, "has no x"),
        ({"know": [1]}, "is no parameter"),
        ({"step_seconds": [7]}, "does not divide an hour"),
        ({"agents": range(1, 60_000), "hours": [1, 2]}, "at most 100000"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_its_reason(scenario, over, fault):
    with pytest.raises(SweepError, match=fault):
        plan(scenario, b"", over, 1)


def test_no_replicate_at_all_is_refused(scenario):
    with pytest.raises(SweepError, match="at least 1"):
        plan(scenario, b"", {}, 0)


def test_a_measure_that_would_hide_a_column_is_refused(scenario):
    scenario.measure("seconds")(lambda stage: 1)
    with pytest.raises(SweepError, match="measure seconds"):
        plan(scenario, b"", {}, 1)
