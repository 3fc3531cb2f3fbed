"""Tests of the world as a whole: genesis, state and digest, invariants under any actions, other processors."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.action import Action
from worldloom.worlds.chance import one_below
from worldloom.worlds.errors import StateError, WorldError
from worldloom.worlds.vocabulary import CRAFTS, FOOD
from worldloom.worlds.world import Resident, World

DIGEST = "cd" * 32
MADE = {"subject": "a gull", "artifact": DIGEST, "media_type": "image/png", "title": "Gull"}


def some_action(world, seen, luck):
    """One of the things an agent could do, most of them possible; `luck` picks."""
    places = world.settlement.places
    wishes = [
        ("move", {"to": places[luck % len(places)].id}),
        ("work", {"seconds": 1800 + luck % 1800}),
        ("rest", {"seconds": 60 + luck % 3600}),
        ("wait", {"seconds": 60 + luck % 600, "reason": "looks around"}),
        ("make", {"craft": CRAFTS[luck % 4], "seconds": 120, **MADE}),
        ("take", {"item": f"item-{luck % 70}"}),
    ]
    for person in seen.people[:2]:
        wishes.append(("say", {"to": person.agent, "text": f"Hello {luck}", "source": ""}))
        wishes += [("give", {"item": thing.item, "to": person.agent}) for thing in seen.carried[:2]]
    wishes += [("take", {"item": thing.item}) for thing in seen.things[:2]]
    wishes += [("use", {"item": thing.item}) for thing in (*seen.things[:2], *seen.carried[:2])]
    kind, arguments = wishes[luck // 7 % len(wishes)]
    return Action(seen.agent, kind, arguments, f"decision-{seen.time}-{seen.agent[6:]}-0")


def live(world, steps, luck=0, order=1):
    """Let the world go on for some steps in which everybody who looks up does something; returns all blocks."""
    blocks = []
    for _ in range(steps):
        world.begin_step()
        awake = list(world.due())
        for round_ in range(4):
            observations = world.observe(awake)
            world.acknowledge(awake)
            actions = [
                some_action(world, seen, one_below(luck, "test", 10**6, seen.time, int(seen.agent[6:]), round_))
                for seen in observations
            ]
            world.apply(actions[::order], round_)
            awake = [agent for agent, _ in world.addressed()][::order]
            if not awake:
                break
        blocks += world.end_step()
    return blocks


def check(world, born):
    """What must hold of every world at any time; `born` are the ids of items that ever were."""
    for item in world.items.values():
        assert bool(item.holder) != bool(item.place)
        holders = [agent for agent in world.agents.ids if item.id in {held.id for held in world.items.held_by(agent)}]
        assert holders == ([item.holder] if item.holder else [])
        lying = [place.id for place in world.settlement.places if item in world.items.lying_at(place.id)]
        assert lying == ([item.place] if item.place else [])
        if item.place:
            assert item.cell in world.settlement.place(item.place).cells
    gone = born - set(world.items)
    assert all(item not in world.items for item in gone)
    agents = world.agents
    assert world.settlement.walkable[agents.line, agents.column].all()
    for need in (agents.hunger, agents.tiredness, agents.company):
        assert need.min() >= 0
        assert need.max() <= 1000


def test_at_the_beginning_everybody_is_at_home_and_there_is_food_where_it_belongs(settle):
    world = settle(6)
    assert world.time == 21_600
    assert world.due() == world.agents.ids == tuple(f"agent-{n}" for n in range(6))
    assert (world.agents.place == world.agents.home).all()
    homes = {f"place-{number}" for number in world.agents.home.tolist()}
    for kind in ("bakery", "market_hall", "inn"):
        place = world.settlement.of_kind(kind)[0].id
        assert any(item.thing in FOOD for item in world.items.lying_at(place)), kind
    for place in homes:
        assert sum(item.thing in FOOD for item in world.items.lying_at(place)) == 6
    assert [item.thing for item in world.items.lying_at(world.settlement.of_kind("smithy")[0].id)] == ["hammer"] * 2
    check(world, set(world.items))


def test_agents_are_in_the_order_of_their_numbers_whatever_order_they_come_in(hamlet):
    home, work = hamlet.settlement.of_kind("home")[0].id, hamlet.settlement.of_kind("inn")[0].id
    residents = [Resident(f"agent-{n}", home, work) for n in (10, 9, 2)]
    worlds = [
        World.genesis(seed=1, **hamlet._asdict(), residents=order, start=0) for order in (residents, residents[::-1])
    ]
    assert worlds[0].agents.ids == ("agent-2", "agent-9", "agent-10")
    assert worlds[0].digest() == worlds[1].digest()


@pytest.mark.parametrize(
    ("residents", "more", "message"),
    [
        ([Resident("agent-0", "place-99", "place-0")], {}, "agent-0: 'place-99' is no place"),
        ([Resident("agent-0", "place-0", "home")], {}, "'home' is no place"),
        ([Resident("agent-0", "place-0", "place-0")] * 2, {}, "same number"),
        ([], {"step": 0}, "steps of 0 s"),
        ([], {"step": 3601}, "steps of 3601 s"),
        ([], {"start": -1}, "starts at -1 s"),
    ],
)
def test_worlds_that_cannot_be_are_refused(hamlet, residents, more, message):
    with pytest.raises(WorldError, match=message):
        World.genesis(**{"seed": 1, **hamlet._asdict(), "residents": residents, "start": 0, **more})


def test_a_world_without_people_goes_on(hamlet):
    world = World.genesis(seed=1, **hamlet._asdict(), residents=[], start=0)
    assert world.due() == ()
    assert world.end_step() == []
    assert World.from_state(world.state(), **hamlet._asdict()).digest() == world.digest()


def test_the_same_seed_gives_the_same_world_and_another_seed_another(settle):
    one, two, other = settle(), settle(), settle(seed=8)
    blocks = [live(world, 30) for world in (one, two, other)]
    assert blocks[0] == blocks[1] != blocks[2]
    assert one.digest() == two.digest() != other.digest()


def test_the_order_of_agents_actions_and_questions_does_not_matter(settle):
    one, two = settle(12), settle(12)
    assert live(one, 60) == live(two, 60, order=-1)
    assert one.digest() == two.digest()


@settings(deadline=None, max_examples=12)
@given(luck=st.integers(0, 2**32), before=st.integers(0, 40), after=st.integers(1, 40), agents=st.integers(1, 12))
def test_a_saved_world_goes_on_as_if_nothing_had_been(settle, hamlet, luck, before, after, agents):
    world = settle(agents, seed=luck % 1000)
    live(world, before, luck)
    saved = canonical(world.state())
    again = World.from_state(parse_canonical(saved), **hamlet._asdict())
    assert canonical(again.state()) == saved
    assert again.digest() == world.digest()
    assert live(again, after, luck) == live(world, after, luck)
    assert canonical(again.state()) == canonical(world.state())


@settings(deadline=None, max_examples=12)
@given(luck=st.integers(0, 2**32), agents=st.integers(1, 12))
def test_whatever_people_do_nothing_is_lost_doubled_or_out_of_bounds(settle, luck, agents):
    world = settle(agents)
    born = set(world.items)
    for _ in range(4):
        eaten, made = set(), set()
        alive = set(world.items)
        for block in live(world, 15, luck):
            for row in block.rows:
                block_items = row.detail.get("items", []) if row.kind == "produce" else []
                made |= {row.target} if row.kind == "make" else set(block_items)
                eaten |= {row.target} if row.detail.get("how") == "eaten" else set()
        assert set(world.items) == (alive | made) - eaten
        assert not made & born
        born |= made
        check(world, born)


def test_first_sight_of_a_thing_put_up_is_an_event_and_happens_once(settle):
    world = settle(4)
    world.apply([Action("agent-0", "make", {"craft": "sign", "seconds": 60, **MADE})], 0)
    assert [row.kind for block in world.end_step() for row in block.rows] == ["make", "finish"]
    (sign,) = [item for item in world.items.values() if item.artifact]
    world.apply([Action("agent-0", "use", {"item": sign.id})], 0)
    (seen,) = [row for block in world.end_step() for row in block.rows if row.kind == "see"]
    assert (seen.actor, seen.target, seen.detail["artifact"], seen.detail["maker"]) == (
        "agent-1",
        sign.id,
        DIGEST,
        "agent-0",
    )
    assert [row for _ in range(5) for block in world.end_step() for row in block.rows] == []
    world.apply([Action("agent-2", "move", {"to": sign_place(world, sign)})], 0)
    rows = [row for _ in range(6) for block in world.end_step() for row in block.rows if row.kind == "see"]
    assert [(row.actor, row.target) for row in rows] == [("agent-2", sign.id)]


def sign_place(world, sign):
    return world.items[sign.id].place


def test_a_state_cannot_be_taken_within_a_step(settle):
    world = settle()
    world.apply([Action("agent-0", "rest", {})], 0)
    with pytest.raises(StateError, match="middle of a step"):
        world.state()
    world.end_step()
    world.state()


def test_a_seed_of_any_size_is_kept_exactly(settle, hamlet):
    world = settle(seed=2**200 + 1)
    assert World.from_state(world.state(), **hamlet._asdict()).seed == 2**200 + 1


def spoilt(state, change):
    copy = json.loads(json.dumps(state))
    change(copy)
    return copy


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("world"),
        lambda state: state["world"].pop("time"),
        lambda state: state["world"].update(format=2),
        lambda state: state["world"].update(terrain="ab" * 32),
        lambda state: state["world"].update(settlement="ab" * 32),
        lambda state: state["world"].update(next_item=1),
        lambda state: state["world"]["items"].append(state["world"]["items"][0]),
        lambda state: state["world"]["items"][0].update(holder="agent-0"),
        lambda state: state["world"]["items"][0].update(cell=[1]),
        lambda state: state["world"]["items"][0].pop("name"),
        lambda state: state["agents"]["0"].pop("hunger"),
        lambda state: state["agents"]["0"]["hunger"].pop(),
        lambda state: state["agents"]["0"]["hunger"].__setitem__(0, "much"),
        lambda state: state["agents"]["0"]["hunger"].__setitem__(0, 10**30),
        lambda state: state["agents"]["0"].pop("inboxes"),
        lambda state: state["agents"]["0"]["causes"].pop(),
        lambda state: state["agents"]["0"].update(seen={"item-1": [77]}),
    ],
)
def test_what_is_no_state_of_this_land_is_refused(settle, hamlet, change):
    state = settle().state()
    with pytest.raises(WorldError):
        World.from_state(spoilt(state, change), **hamlet._asdict())


PROGRAM = """
import hashlib, json, sys
import numpy as np
from worldloom.worlds.action import Action
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain
from worldloom.worlds.world import Resident, World

terrain = make_terrain(7, 96)
settlement = found_settlement(terrain, 7)
places = settlement.places
homes = settlement.of_kind("home")
residents = [Resident(f"agent-{n}", homes[n % len(homes)].id, places[5 + n % 6].id) for n in range(40)]
world = World.genesis(seed=7, terrain=terrain, settlement=settlement, residents=residents, start=21600)
digests = []
for step in range(90):
    world.begin_step()
    due = world.due()
    seen = world.observe(due)
    world.acknowledge(due)
    actions = []
    for at, each in enumerate(seen):
        if each.things and step % 3 == 0:
            actions.append(Action(each.agent, "use", {"item": each.things[0].item}))
        elif each.people and step % 3 == 1:
            actions.append(Action(each.agent, "say", {"to": each.people[0].agent, "text": "Good day"}))
        else:
            actions.append(Action(each.agent, "move", {"to": places[(step * 5 + at) % len(places)].id}))
    world.apply(actions, 0)
    digests += [block.digest.hex() for block in world.end_step()]
floats = np.exp(np.linspace(-5, 5, 4096)).tobytes()
print(json.dumps({
    "exp": hashlib.sha256(floats).hexdigest(),
    "world": world.digest(),
    "terrain": terrain.digest,
    "settlement": settlement.digest,
    "blocks": hashlib.sha256("".join(digests).encode()).hexdigest(),
}))
"""


def avx512_names():
    """Names of numpy's dispatched AVX-512 groups that this machine has (X86_V4 since numpy 2.4): to be switched off."""
    umath = sys.modules.get("numpy._core._multiarray_umath") or sys.modules["numpy.core._multiarray_umath"]
    has = umath.__cpu_features__
    return [
        name for name in umath.__cpu_dispatch__ if has.get(name) and (name.startswith("AVX512") or name == "X86_V4")
    ]


def in_another_process(**environment):
    clean = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


def test_the_world_is_the_same_on_another_kind_of_processor():
    names = avx512_names()
    if not names:
        pytest.skip("this processor has no AVX-512 that numpy could be told not to use")
    plain = in_another_process()
    other = in_another_process(OPENBLAS_CORETYPE="Haswell", NPY_DISABLE_CPU_FEATURES=" ".join(names))
    assert plain.pop("exp") != other.pop("exp"), "np.exp did not change, so this comparison shows nothing"
    assert plain == other


def test_arrays_of_the_world_hold_integers_only(settle):
    world = settle()
    assert {getattr(world.agents, name).dtype for name in vars(world.agents) if name not in ("ids", "row")} == {
        np.dtype(np.int64)
    }
