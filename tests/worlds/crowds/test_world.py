import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.crowds import Crowd, CrowdWorld
from worldloom.worlds.errors import StateError, WorldError


class Walkers(Crowd):
    """Everybody walks on a line; who reaches `far` says so and turns back."""

    far: int = Field(5, ge=1)

    def begin(self, moment):
        return {"at": moment.below("at", self.far), "way": np.ones(moment.agents, np.int64)}

    def step(self, columns, moment):
        columns["at"] += columns["way"]
        turned = np.flatnonzero((columns["at"] >= self.far) | (columns["at"] <= 0))
        columns["way"][turned] *= -1
        moment.record("turn", turned, at=columns["at"][turned])


def world(agents: int = 20, seed: int = 3, **parameters: int) -> CrowdWorld:
    return CrowdWorld.genesis(Walkers(**parameters), seed=seed, agents=agents, start=0, step=60)


def lived(steps: int, **more: int) -> tuple[list[bytes], str]:
    crowd = world(**more)
    blocks = [block.encode() for _ in range(steps) for block in crowd.pass_step()]
    return blocks, crowd.digest()


def test_equal_seeds_live_alike_and_others_do_not():
    assert lived(20) == lived(20)
    assert lived(20) != lived(20, seed=4)


@given(cut=st.integers(0, 12), agents=st.sampled_from([1, 2, 4097]))
def test_a_world_read_from_its_state_goes_on_as_if_nothing_had_happened(cut, agents):
    whole, first = world(agents), world(agents)
    for _ in range(cut):
        whole.pass_step()
        first.pass_step()
    read = CrowdWorld.from_state(parse_canonical(canonical(first.state())), Walkers())
    assert read.digest() == whole.digest()
    assert [block.digest for block in read.pass_step()] == [block.digest for block in whole.pass_step()]
    assert read.digest() == whole.digest()


def test_columns_can_be_read_and_not_written():
    crowd = world()
    with pytest.raises(ValueError, match="read-only"):
        crowd.columns["at"][0] = 9


def test_what_a_scenario_sets_is_an_event_of_the_step():
    crowd = world()
    crowd.put("at", [3, 1], 2)
    with pytest.raises(StateError, match="middle of a step"):
        crowd.state()
    block = crowd.pass_step()[-1]
    assert (block.rows[0].actor, block.rows[0].kind) == ("scenario", "put")
    assert block.rows[0].detail == {"column": "at", "value": 2, "agents": [1, 3]}


@pytest.mark.parametrize(
    ("column", "agents", "said"), [("hat", [0], "at, way"), ("at", [20], "0 to 19"), ("at", [-1], "0 to 19")]
)
def test_what_is_not_there_cannot_be_set(column, agents, said):
    with pytest.raises(WorldError, match=said):
        world().put(column, agents, 1)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (None, "gives no columns"),
        ({}, "gives no columns"),
        ({"a b": np.zeros(4, np.int64)}, "no name of a column"),
        ({"at": [1, 2, 3, 4]}, "is list"),
        ({"at": np.zeros(4)}, r"is float64\[4\]"),
        ({"at": np.zeros(3, np.int64)}, r"int64\[4\]"),
        ({"at": np.zeros((4, 2), np.int64)}, r"int64\[4\]"),
    ],
)
def test_columns_that_are_none_are_refused_by_name(columns, said):
    class Wrong(Crowd):
        def begin(self, moment):
            return columns

        def step(self, columns, moment): ...

    with pytest.raises(WorldError, match=said):
        CrowdWorld.genesis(Wrong(), seed=1, agents=4, start=0, step=60)


def test_a_rule_that_loses_agents_is_caught_in_its_step():
    class Losing(Walkers):
        def step(self, columns, moment):
            columns["at"] = columns["at"][:-1]

    crowd = CrowdWorld.genesis(Losing(), seed=1, agents=4, start=0, step=60)
    with pytest.raises(WorldError, match=r"step: column at .*int64\[4\]"):
        crowd.pass_step()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: state.pop("world"),
        lambda state: state["world"].pop("seed"),
        lambda state: state["world"].update(format=2),
        lambda state: state["world"].update(agents=3),
        lambda state: state["agents"].clear(),
        lambda state: state["agents"]["0"].update(at=["far"] * 20),
        lambda state: state["agents"]["0"].update(at=[1]),
    ],
)
def test_a_state_that_is_none_is_told(spoil):
    state = world().state()
    spoil(state)
    with pytest.raises(StateError):
        CrowdWorld.from_state(state, Walkers())
