"""News of the scenario `rumour`: how it spreads, and that nobody knows without having been told."""

from __future__ import annotations

import pytest
from worldloom.cluster.rehearsal import Rehearsal, rehearse
from worldloom.cluster.scenario_file import load_scenario
from worldloom.generators.blank import Blank

AGENTS = 20


@pytest.fixture(scope="module")
def day() -> Rehearsal:
    scenario = load_scenario("rumour").scenario
    blank = {kind: Blank() for kind in scenario.generators if kind != "text"}
    return rehearse(scenario.folded(agents=AGENTS), blank)


def counts(day: Rehearsal, word: str) -> list[int]:
    return [count for name, count in sorted(day.measures.items()) if name.startswith(word)]


@pytest.mark.parametrize("word", ["party", "candidate"])
def test_from_one_or_two_to_nearly_all_and_never_fewer(day: Rehearsal, word: str) -> None:
    known = counts(day, word)
    assert known == sorted(known)
    assert 1 <= known[0] <= 3
    assert known[-1] >= 0.8 * AGENTS


def test_what_has_a_time_and_a_place_spreads_faster_than_gossip(day: Rehearsal) -> None:
    assert sum(counts(day, "party")) > sum(counts(day, "candidate"))


@pytest.mark.parametrize("word", ["party", "candidate"])
def test_every_knower_was_told_by_somebody_who_knew(day: Rehearsal, word: str) -> None:
    """The share of claims without a path was 1.3 % in Smallville; here it is none, by construction."""
    minds = day.conductor.minds()
    first: dict[str, tuple[int, str]] = {}
    for agent in day.conductor.village.by_agent:
        heard = [(memory.time, memory.via) for memory in minds.memories(agent) if word in memory.text]
        if heard:
            first[agent] = min(heard)
    sources = [agent for agent, (_, via) in first.items() if not via]
    assert len(sources) == 1
    for agent, (time, via) in first.items():
        if agent not in sources:
            assert first[via][0] <= time, f"{agent} heard it from {via}, who did not know"
