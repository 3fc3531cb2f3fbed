"""Markets: money is neither made nor lost, goods and money change hands together, nothing is sold that one has not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.worlds.action import Action
from worldloom.worlds.builtin import default_actions, market_actions
from worldloom.worlds.errors import StateError
from worldloom.worlds.vocabulary import CARRY_LIMIT, FOOD
from worldloom.worlds.world import World

PENNIES = 20
WISH = st.tuples(
    st.integers(0, 3), st.sampled_from(["offer", "buy", "give", "use", "take"]), st.integers(0, 60), st.integers(1, 99)
)


@pytest.fixture
def market(settle):
    """A world with a market in which everybody stands at it, each with a loaf in hand."""
    return lambda **more: at_market(settle, **more)


def at_market(settle, agents: int = 4, loaves: int = 1) -> World:
    world = settle(agents, pennies=PENNIES, actions=market_actions())
    hall = world.settlement.of_kind("market_hall")[0]
    scene = world._scene
    place = scene.ground.number[hall.id]
    column, row = hall.anchor
    for at in range(agents):
        scene.agents.place[at] = place
        scene.agents.x[at], scene.agents.y[at] = column * 2000 + 1000, row * 2000 + 1000
        for _ in range(loaves):
            scene.items.add("loaf", "a loaf of bread", holder=f"agent-{at}")
    return world


def act(world: World, agent: int, kind: str, **arguments) -> str:
    """Let somebody do something now; return why it was refused, or ""."""
    action = Action(f"agent-{agent}", kind, arguments)
    why = world.refusal(action)
    world.begin_step()
    world.apply([action], 0)
    world.end_step()
    return why


def loaf_of(world: World, agent: int) -> str:
    return next(item.id for item in world.items.held_by(f"agent-{agent}") if item.thing == "loaf")


def test_what_is_offered_is_bought_and_goods_and_money_change_hands(market):
    world = market()
    loaf = loaf_of(world, 0)
    assert not act(world, 0, "offer", item=loaf, price=7)
    assert not act(world, 1, "buy", item=loaf)
    assert world.items[loaf].holder == "agent-1"
    assert (world.purses["agent-0"], world.purses["agent-1"]) == (27, 13)
    (sale,) = world.sales
    assert sale[1:] == ("agent-1", "agent-0", loaf, "loaf", 7)


@pytest.mark.parametrize(
    ("agent", "kind", "arguments", "why"),
    [
        (0, "offer", {"item": "item-99999", "price": 3}, "does not have it"),
        (0, "offer", {"item": "hers", "price": 3}, "does not have it"),
        (0, "offer", {"item": "mine", "price": 0}, "price is not from 1"),
        (0, "offer", {"item": "mine", "price": 100}, "price is not from 1"),
        (1, "buy", {"item": "item-99999"}, "there is no item-99999"),
        (1, "buy", {"item": "hers"}, "nobody sells it"),
        (1, "buy", {"item": "mine"}, "nobody sells it"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(market, agent, kind, arguments, why):
    world = market()
    known = {"mine": loaf_of(world, 0), "hers": loaf_of(world, 1)}
    arguments = {name: known.get(value, value) for name, value in arguments.items()}
    assert why in act(world, agent, kind, **arguments)
    assert set(world.purses.values()) == {PENNIES}


def test_nobody_spends_more_than_the_purse_holds(market):
    world = market(loaves=3)
    act(world, 0, "offer", item=loaf_of(world, 0), price=15)
    assert not act(world, 1, "buy", item=loaf_of(world, 0))
    assert "has not got 15 pennies" in act(world, 1, "buy", item=loaf_of(world, 0))
    assert world.purses["agent-1"] == 5


def test_full_hands_buy_nothing(market):
    world = market(loaves=CARRY_LIMIT)
    act(world, 0, "offer", item=loaf_of(world, 0), price=1)
    assert "cannot carry more" in act(world, 1, "buy", item=loaf_of(world, 0))


def test_who_has_left_the_market_sells_nothing(market):
    world = market()
    loaf = loaf_of(world, 0)
    act(world, 0, "offer", item=loaf, price=3)
    world._scene.agents.place[0] = world._scene.agents.home[0]
    assert "not at the same market" in act(world, 1, "buy", item=loaf)


def test_two_who_want_the_same_thing_at_once_do_not_both_get_it(market):
    world = market()
    loaf = loaf_of(world, 0)
    act(world, 0, "offer", item=loaf, price=3)
    world.begin_step()
    world.apply([Action(f"agent-{agent}", "buy", {"item": loaf}) for agent in (1, 2, 3)], 0)
    world.end_step()
    assert len(world.sales) == 1
    assert sum(world.purses.values()) == 4 * PENNIES


def test_what_sold_out_is_known_by_when_the_last_one_went(market):
    world = market(loaves=2)
    act(world, 0, "offer", item=loaf_of(world, 0), price=2)
    act(world, 1, "buy", item=loaf_of(world, 0))
    (offer,) = world.observe(["agent-0"])[0].trading.offers
    assert (offer.left, offer.sold, offer.out) == (1, 1, 0)
    act(world, 2, "buy", item=loaf_of(world, 0))
    (offer,) = world.observe(["agent-0"])[0].trading.offers
    assert (offer.left, offer.sold, offer.item) == (0, 2, "")
    assert offer.out > 0


@settings(max_examples=40)
@given(wishes=st.lists(WISH, max_size=25))
def test_money_is_conserved_and_no_purse_is_ever_empty_below_nothing(settle, wishes):
    world = at_market(settle, loaves=2)
    for agent, kind, item, price in wishes:
        arguments = {"item": f"item-{item}"}
        arguments |= {"price": price} if kind == "offer" else {"to": f"agent-{item % 4}"} if kind == "give" else {}
        act(world, agent, kind, **arguments)
        assert sum(world.purses.values()) == 4 * PENNIES
        assert min(world.purses.values()) >= 0
    for sale in world.sales:
        assert sale.buyer != sale.seller
        assert sale.price >= 1


@settings(max_examples=40)
@given(wishes=st.lists(WISH, max_size=12))
def test_a_market_comes_back_from_its_state(settle, wishes):
    world = at_market(settle, loaves=2)
    for agent, kind, item, price in wishes:
        act(world, agent, kind, item=f"item-{item}", **({"price": price} if kind == "offer" else {}))
    again = World.from_state(
        world.state(), terrain=world.terrain, settlement=world.settlement, actions=market_actions()
    )
    assert again.digest() == world.digest()
    assert (again.purses, again.sales) == (world.purses, world.sales)


@pytest.mark.parametrize("damage", [{}, {"purses": 3}, {"purses": {}, "asks": {"agent-0": {"loaf": []}}, "sales": []}])
def test_a_damaged_market_is_refused(market, damage):
    world = market()
    state = world.state()
    state["world"]["market"] = damage
    with pytest.raises(StateError):
        World.from_state(state, terrain=world.terrain, settlement=world.settlement)


def test_goods_of_work_belong_to_who_made_them_and_shops_hold_no_food(settle):
    world = settle(8, pennies=PENNIES, actions=market_actions(), start=10 * 3600)
    shops = [place.id for place in world.settlement.places if place.kind in ("bakery", "inn", "market_hall")]
    assert not any(item.thing in FOOD for shop in shops for item in world._scene.items.lying_at(shop))
    world._scene.agents.place[:] = world._scene.agents.work
    for agent in range(8):
        act(world, agent, "work", seconds=7200)
    for _ in range(120):
        world.begin_step()
        world.end_step()
    brought = [item for item in world.items.values() if item.holder]
    assert {item.thing for item in brought} >= {"loaf", "fish", "knife", "stew"}


def test_a_world_without_a_market_is_as_it_was(settle):
    world = settle()
    assert "market" not in world.state()["world"]
    assert world.observe(["agent-0"])[0].trading is None
    assert world.purses == {}
    assert not {"buy", "offer"} & set(default_actions())
    assert "there is no market here" in settle(actions=market_actions()).refusal(
        Action("agent-0", "buy", {"item": "item-0"})
    )
