"""At a market: when somebody thinks of buying and selling, what the prompt shows, what answers come to."""

from __future__ import annotations

import json

import pytest
from worldloom.agents.bargaining import trade
from worldloom.agents.mind import Pending
from worldloom.agents.plan import Wish
from worldloom.agents.rules import Rules
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.agents.view import Labels
from worldloom.generators.requests import Request

PROMPT = """You are a villager at the market.
task: trade
you: Alda Venn
age: 40
job: {job}
needs: hunger {hunger}, tiredness none, loneliness none
plan: none
purse: {purse} pennies
things:
{things}
stall:
{stall}
wares:
{wares}
answer:"""


def answer(seed: int = 1, **fields) -> dict[str, str]:
    lines = {"job": "smith", "hunger": "none", "purse": 60, "things": "", "stall": "", "wares": ""} | fields
    request = Request("text", "trade", "agent-0", 0, 0, seed, PROMPT.format(**lines), SCHEMAS["trade"])
    value, why = read_answer(Rules().generate([request])[0].text, SCHEMAS["trade"])
    assert why == ""
    return value


KNIFE = "i1 knife | ware | 3 carried | a knife"
WARES = "i2 net | 9 pennies | Bo Lund | a net\ni3 loaf | 6 pennies | Cai Orr | a loaf of bread"


def test_one_sells_what_ones_work_brings_forth_and_nothing_else():
    found = answer(things=KNIFE)
    assert (found["do"], found["target"]) == ("offer", "i1")
    assert found["price"] == "8"
    assert answer(things=KNIFE, job="baker")["do"] == "go on"


@pytest.mark.parametrize(("carried", "price"), [(1, "10"), (2, "10"), (4, "6"), (12, "3")])
def test_who_brings_little_asks_more_for_each_than_who_brings_much(carried, price):
    assert answer(things=f"i1 knife | ware | {carried} carried | a knife")["price"] == price


@pytest.mark.parametrize(
    ("how", "price"),
    [
        ("10 pennies | 2 left, 3 sold in 10 minutes", "12"),  # would be gone in less than the time it ought to last
        ("10 pennies | 1 left, 1 sold in 5 minutes", "12"),
        ("10 pennies | 6 left, 0 sold in 20 minutes", "8"),
        ("10 pennies | 9 left, 1 sold in 20 minutes", "8"),
        ("99 pennies | 2 left, 3 sold in 10 minutes", "99"),
        ("1 pennies | 2 left, 0 sold in 90 minutes", ""),
        ("10 pennies | 6 left, 0 sold in 5 minutes", ""),
        ("10 pennies | 0 left, 6 sold in 5 minutes", ""),
    ],
)
def test_what_sells_fast_becomes_dear_and_what_is_left_over_cheap(how, price):
    assert answer(things=KNIFE, stall=f"i1 knife | {how} | a knife")["price"] == price


def test_the_hungry_buy_food_first():
    for seed in range(20):
        assert answer(seed, wares=WARES, hunger="strong")["target"] == "i3"
    assert {answer(seed, wares=WARES)["target"] for seed in range(20)} == {"i2", "i3"}


def test_nobody_buys_what_is_not_worth_its_price_or_what_one_has():
    assert answer(wares=WARES, purse=20)["do"] == "go on"
    assert answer(wares=WARES, things="i1 net | ware | 1 carried | a net", purse=36)["target"] == "i3"
    fed = "i5 fish | food | 1 carried | a fish\ni6 stew | food | 1 carried | a bowl of stew"
    assert {answer(seed, wares=WARES, things=fed)["target"] for seed in range(9)} == {"i2"}


def test_of_the_same_goods_the_cheapest_is_bought():
    wares = "i2 net | 9 pennies | Bo Lund | a net\ni3 net | 4 pennies | Cai Orr | a net"
    assert answer(wares=wares)["target"] == "i3"


@pytest.fixture
def pending():
    labels = Labels()
    labels.add("i", "item-7")
    return Pending("trade", "", "", "", labels, seen=None, observed=())


@pytest.mark.parametrize(
    ("found", "wish"),
    [
        ({"do": "buy", "target": "i1", "price": ""}, Wish("buy", {"item": "item-7"})),
        ({"do": "offer", "target": "i1", "price": "12"}, Wish("offer", {"item": "item-7", "price": 12})),
    ],
)
def test_an_answer_becomes_an_action_of_the_world(pending, found, wish):
    assert read_answer(json.dumps(found), SCHEMAS["trade"])[1] == ""
    assert trade(pending, found).wish == wish


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"do": "buy", "target": "i9", "price": ""}, "needs a label"),
        ({"do": "buy", "target": "", "price": ""}, "needs a label"),
        ({"do": "offer", "target": "i1", "price": ""}, "needs a price"),
    ],
)
def test_an_answer_that_means_nothing_has_its_fault(pending, found, fault):
    assert fault in trade(pending, found).fault


@pytest.mark.parametrize("price", ["0", "-3", "100", "5.5", "1e3", "free", "٣"])
def test_a_price_that_is_none_obeys_no_schema(price):
    text = json.dumps({"do": "offer", "target": "i1", "price": price})
    assert read_answer(text, SCHEMAS["trade"])[1]
