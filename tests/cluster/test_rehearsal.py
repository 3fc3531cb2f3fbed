"""A run in memory gives what a run on disk gives, step by step."""

from __future__ import annotations

import pytest
from worldloom.cluster.rehearsal import Rehearsal, rehearse
from worldloom.cluster.runtime import LocalRuntime, Remote, identities
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.snapshots import Snapshot
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.registry import resolve

SCENARIO = Scenario(name="small", agents=4, hours=2, seed=3, world={"size": 96})


class Told:
    """The text generator, with all that passed through it."""

    def __init__(self):
        self.inner = resolve("text", "rules")
        self.asked = []

    @property
    def identity(self):
        return self.inner.identity

    def generate(self, requests):
        self.asked += requests
        return self.inner.generate(requests)


def begun() -> Rehearsal:
    runtime = LocalRuntime(SCENARIO.generators)
    makers = {kind: Remote(runtime, kind, who) for kind, who in identities(SCENARIO.generators).items()}
    return Rehearsal.begin(SCENARIO, makers, runtime)


@pytest.fixture(scope="module")
def whole() -> Rehearsal:
    return rehearse(SCENARIO)


def test_a_generator_object_takes_the_place_of_a_specification_and_changes_nothing(whole):
    told = Told()
    again = rehearse(SCENARIO, {"text": told})
    assert again.root == whole.root
    assert len(told.asked) == whole.conductor.counts.decisions > 10


def test_watch_sees_every_step(whole):
    times = []
    rehearse(SCENARIO, watch=lambda conductor: times.append(conductor.world.time))
    assert times == [SCENARIO.start_time + 60 * (step + 1) for step in range(SCENARIO.steps)]
    assert times[-1] == whole.end_time


def test_minds_can_be_made_without_memory_or_looking_back():
    day = Scenario(name="small", agents=10, hours=16, seed=3, world={"size": 96}, step_seconds=300)
    purposes = {}
    for without in ((), ("reflection",), ("memory",)):
        told = Told()
        lived = rehearse(day.folded(without=without), {"text": told})
        purposes[without] = {request.purpose for request in told.asked}
        minds = lived.conductor.minds()
        remembered = sum(len(minds.memories(who.agent)) for who in lived.minded.village.personas)
        assert (remembered == 0) == ("memory" in without)
    assert "reflect" in purposes[()]
    assert "reflect" not in purposes["reflection",]


def test_a_seed_changes_the_root(whole):
    assert rehearse(SCENARIO.folded(seed=4)).root != whole.root


def test_a_rehearsal_that_goes_on_from_a_state_ends_like_one_that_began_at_the_start(whole):
    first = begun()
    first.to(SCENARIO.start_time + 3600)
    conductor = first.conductor
    state = conductor.world.state(), first.runtime.state(), conductor.state()
    later = begun()
    later.go_on_from(Snapshot(conductor.world.time, first.ledger.position, 0, *state))
    later.to(later.end_time)
    assert later.conductor.world.digest() == whole.conductor.world.digest()
    assert later.runtime.state() == whole.runtime.state()
    assert later.conductor.counts == whole.conductor.counts


def test_an_unknown_generator_is_told():
    with pytest.raises(UnknownGeneratorError, match="no text generator is called 'oracle'"):
        rehearse(SCENARIO, {"text": "oracle"})
