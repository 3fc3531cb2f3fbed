"""Buying and selling: when somebody thinks of it, what the prompt shows, and what an answer comes to.

In a world without a market none of this is ever asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from worldloom.worlds.clock import MINUTE, clock_text
from worldloom.worlds.observation import Observation, Thing
from worldloom.worlds.vocabulary import FOOD, name_of

from .asking import Prompt, block, plan_line
from .decide import Outcome
from .mind import Mind, Pending
from .plan import Question, Step, Wish
from .prompting import template
from .view import Guide, Labels, cell, needs_line

TRADE_AGAIN = 10 * MINUTE
"""Seconds before somebody who is done with buying and selling thinks of it again."""

TURNS = 4
"""Minutes in which everybody at a market has a turn."""

WARES = 16
"""How many wares a prompt shows: the cheapest of each kind first, then what else is there."""


def come_to(mind: Mind, seen: Observation, step: Step) -> Question | Wish | None:
    """Return the question what to buy or offer, a wait until it is one's turn at the stalls, or None; notes the time.

    Not everybody is served in the same minute; who has just sold something looks at the price at once.
    """
    market = seen.trading
    if market is None or not market.at_market or step.do == "sleep" or seen.doing == "making":
        return None
    sold = any(offer.left and offer.sold for offer in market.offers)
    goes_on = sold or mind.tried in ("buy", "offer")
    if not goes_on and seen.time - mind.asked.get("trade", -TRADE_AGAIN) < TRADE_AGAIN:
        return None
    if not (market.wares or market.offers or seen.carried):
        return None
    turn = (seen.time // MINUTE + mind.number) % TURNS
    if turn and not sold:
        mind.tried = "wait"
        return Wish("wait", {"seconds": (TURNS - turn) * MINUTE, "reason": "waits for a turn at the stalls"})
    mind.asked["trade"] = seen.time
    return Question("trade", "")


def bargain(mind: Mind, guide: Guide, seen: Observation) -> Prompt:
    """Return the prompt that asks what to buy or offer."""
    market = seen.trading
    assert market is not None  # nobody is asked without a market
    labels = Labels()
    form = template("trade")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind, guide, labels),
        purse=market.purse,
        things=block(_carried(labels, seen)),
        stall=block(_stall(labels, seen)),
        wares=block(_wares(labels, guide, seen)),
    )
    return Prompt(text, form.digest, labels)


def trade(pending: Pending, answer: Mapping[str, str]) -> Outcome:
    """Return what the answer to a `trade` prompt comes to."""
    do = answer["do"]
    if do == "go on":
        return Outcome()
    item = pending.labels.of(answer["target"]) if answer["target"].startswith("i") else ""
    if not item:
        return Outcome(fault=f"{do} needs a label of i")
    if do == "buy":
        return Outcome(Wish("buy", {"item": item}))
    if not answer["price"]:
        return Outcome(fault="offer needs a price")
    return Outcome(Wish("offer", {"item": item, "price": int(answer["price"])}))


def _carried(labels: Labels, seen: Observation) -> list[str]:
    """Return a line for each kind of thing that one carries, and how many of it."""
    kinds: dict[tuple[str, str], list[Thing]] = {}
    for thing in seen.carried:
        kinds.setdefault((thing.thing, thing.name), []).append(thing)
    lines = []
    for (kind, name), alike in kinds.items():
        sort = "food" if kind in FOOD else "made" if alike[0].artifact else "ware"
        lines.append(f"{labels.add('i', alike[0].item)} {cell(kind)} | {sort} | {len(alike)} carried | {cell(name)}")
    return lines


def _stall(labels: Labels, seen: Observation) -> list[str]:
    """Return a line for each kind of goods that one sells: what is left of it, what one asks, and how it goes."""
    lines = []
    for offer in seen.trading.offers if seen.trading else ():
        label = labels.add("i", offer.item) if offer.item else "-"
        minutes = ((offer.out or seen.time) - offer.since) // MINUTE
        how = f"{offer.price} pennies | {offer.left} left, {offer.sold} sold in {minutes} minutes"
        lines.append(f"{label} {cell(offer.goods)} | {how} | {cell(name_of(offer.goods))}")
    return lines


def _wares(labels: Labels, guide: Guide, seen: Observation) -> list[str]:
    wares = sorted(seen.trading.wares if seen.trading else (), key=lambda ware: (ware.price, ware.item))
    first: dict[str, str] = {}
    for ware in wares:
        first.setdefault(ware.thing, ware.item)
    wares.sort(key=lambda ware: first[ware.thing] != ware.item)
    return [
        f"{labels.add('i', ware.item)} {cell(ware.thing)} | {ware.price} pennies | {guide.name(ware.seller)} "
        f"| {cell(ware.name)}"
        for ware in wares[:WARES]
    ]
