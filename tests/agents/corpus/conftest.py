"""Prompts of a small village's morning, as the rules were asked them."""

from __future__ import annotations

import pytest
from worldloom.agents.corpus.lessons import Lessons
from worldloom.agents.rules import Rules
from worldloom.cluster.rehearsal import Rehearsal
from worldloom.cluster.runtime import LocalRuntime
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.village_prompts import Listening
from worldloom.generators.blank import Blank


@pytest.fixture(scope="session")
def prompts() -> tuple[str, ...]:
    scenario = load_scenario("saltmarsh").scenario.folded(seed=41, agents=8, hours=6)
    ear = Listening(Rules())
    makers = {kind: Blank() for kind in scenario.generators} | {"text": ear}
    rehearsal = Rehearsal.begin(scenario, makers, LocalRuntime({}))
    rehearsal.to(rehearsal.end_time)
    return tuple(ear.prompts)


@pytest.fixture(scope="session")
def lessons(prompts: tuple[str, ...]) -> Lessons:
    return Lessons(prompts, 5)
