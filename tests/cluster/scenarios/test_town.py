"""The scenario `town`, small and one market long: money stays, goods come from work, what is scarce is dear."""

from __future__ import annotations

import json
from statistics import mean

import pytest
from worldloom.cluster import Simulation

NO_PICTURES = {"image": "blank", "mesh": "blank", "sound": "blank"}
AGENTS, HOURS = 12, 6


@pytest.fixture(scope="module")
def morning() -> Simulation:
    sim = Simulation.open("town", agents=AGENTS, hours=HOURS, generators=NO_PICTURES)
    sim.run()
    return sim


def measure(sim: Simulation, name: str) -> int:
    return next(row["value"] for row in sim.table("measures").to_pylist() if row["measure"] == name)


def events(sim: Simulation, kind: str) -> list[dict]:
    return [
        event | {"detail": json.loads(event["detail"])}
        for event in sim.table("events").to_pylist()
        if event["kind"] == kind
    ]


def test_people_trade_and_money_is_conserved(morning: Simulation) -> None:
    assert measure(morning, "trades") >= 10
    assert measure(morning, "buyers") >= AGENTS // 2
    assert measure(morning, "money") == 60 * AGENTS
    assert 0 < measure(morning, "gini") < 600


def test_every_sold_thing_has_a_path_to_who_made_it_and_to_what_was_decided(morning: Simulation) -> None:
    """From the sale back: to the buyer's decision, from hand to hand, to the work that brought it forth."""
    decisions = {row["id"]: row for row in morning.table("decisions").to_pylist()}
    made = {item: event for event in events(morning, "produce") for item in event["detail"]["items"]}
    holder = {item: event["actor"] for item, event in made.items()}
    for sale in sorted(events(morning, "buy"), key=lambda event: event["time"]):
        choice = decisions[sale["cause"]]
        assert (choice["purpose"], choice["action"], choice["agent"]) == ("trade", "buy", sale["actor"])
        item = sale["detail"]["item"]
        assert json.loads(choice["arguments"]) == {"item": item}
        assert holder[item] == sale["target"], "sold by somebody else than who had it"
        assert decisions[made[item]["cause"]]["agent"] == made[item]["actor"]
        holder[item] = sale["actor"]


def test_nobody_pays_another_price_than_was_asked(morning: Simulation) -> None:
    offers = events(morning, "offer")
    for sale in events(morning, "buy"):
        prices = {
            event["detail"]["price"]
            for event in offers
            if event["actor"] == sale["target"]
            and event["detail"]["thing"] == sale["detail"]["thing"]
            and event["time"] <= sale["time"]
        }
        assert sale["detail"]["price"] in prices


def test_sales_are_remembered_by_both(morning: Simulation) -> None:
    sale = events(morning, "buy")[0]
    for who in (sale["actor"], sale["target"]):
        (memory,) = [memory for memory in morning.agent(who).memories if memory.source == sale["id"]]
        assert " bought " in memory.text
        assert "penn" in memory.text


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 9])
def test_what_is_scarce_is_dearer_than_what_there_is_plenty_of(seed: int) -> None:
    """The law of supply and demand, over a whole day: goods of which few were made cost more than plentiful ones."""
    sim = Simulation.open("town", seed=seed, generators=NO_PICTURES)
    sim.run()
    made: dict[str, int] = {}
    for event in events(sim, "produce"):
        thing = event["detail"]["thing"]
        made[thing] = made.get(thing, 0) + len(event["detail"]["items"])
    prices: dict[str, list[int]] = {}
    for sale in events(sim, "buy"):
        prices.setdefault(sale["detail"]["thing"], []).append(sale["detail"]["price"])
    scarce = [price for thing, found in prices.items() if made[thing] <= 8 for price in found]
    plenty = [price for thing, found in prices.items() if made[thing] >= 20 for price in found]
    assert mean(scarce) > mean(plenty)
