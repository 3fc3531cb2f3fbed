"""Buying and selling as actions, and what one sees of a market. Who asks what price, and who pays it, minds decide.

Truth is here: one sells what one holds, where there is a market; one buys from who is there, for what is asked, with
what is in the purse. Goods and money change hands in one event or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .actions import ActionKind, Argument
from .columns import Activity
from .items import Item
from .market import DEAREST, MARKETS, Market, goods_of
from .observation import Offer, Trading, Ware
from .scene import Scene
from .vocabulary import CARRY_LIMIT, LIGHT

Arguments = Mapping[str, Any]

OFFER_SECONDS, BUY_SECONDS = 5, 20


def _is_at_market(scene: Scene, row: int) -> bool:
    place = int(scene.agents.place[row])
    return place >= 0 and scene.ground.places[place].kind in MARKETS


def _cannot_offer(scene: Scene, row: int, arguments: Arguments) -> str:
    item = scene.items.get(arguments["item"])
    if scene.market is None:
        return "there is no market here"
    if item is None or item.holder != scene.agents.ids[row]:
        return "does not have it"
    return "" if _is_at_market(scene, row) else "is not at the market"


def _offer(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    item, price, seller = scene.items[arguments["item"]], arguments["price"], scene.agents.ids[row]
    _market(scene).ask(seller, item, price, scene.time)
    scene.occupy(row, Activity.BUSY, OFFER_SECONDS, cause)
    detail = {"thing": item.thing, "name": item.name, "artifact": item.artifact, "price": price}
    scene.happen(row, "offer", target=item.id, cause=cause, duration=OFFER_SECONDS, detail=detail)
    return ""


def _cannot_buy(scene: Scene, row: int, arguments: Arguments) -> str:
    item = scene.items.get(arguments["item"])
    if scene.market is None:
        return "there is no market here"
    if item is None:
        return f"there is no {arguments['item']}"
    seller = scene.agents.row.get(item.holder)
    if seller is None or seller == row or not scene.market.price(item.holder, item):
        return "nobody sells it"
    if not _is_at_market(scene, row) or scene.agents.place[row] != scene.agents.place[seller]:
        return f"{item.holder} is not at the same market"
    return _cannot_afford(scene, scene.agents.ids[row], scene.market.price(item.holder, item))


def _cannot_afford(scene: Scene, buyer: str, price: int) -> str:
    if _market(scene).purses[buyer] < price:
        return f"has not got {price} pennies"
    hands = sum(item.thing not in LIGHT for item in scene.items.held_by(buyer))
    return "cannot carry more" if hands >= CARRY_LIMIT else ""


def _buy(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    item, buyer = scene.items[arguments["item"]], scene.agents.ids[row]
    seller = scene.agents.row[item.holder]
    last = sum(goods_of(each) == goods_of(item) for each in scene.items.held_by(item.holder)) == 1
    sale = _market(scene).settle(scene.time, buyer, item.holder, item, last=last)
    scene.items.move_to_agent(item.id, buyer)
    scene.occupy(row, Activity.BUSY, BUY_SECONDS, cause)
    detail = {"thing": item.thing, "name": item.name, "artifact": item.artifact, "item": item.id, "price": sale.price}
    witnesses = [*scene.watch(row), seller]
    # The seller looks up: what sells so fast may be worth more.
    seconds, wakes = BUY_SECONDS, [seller]
    scene.happen(
        row, "buy", target=sale.seller, cause=cause, duration=seconds, detail=detail, witnesses=witnesses, wakes=wakes
    )
    return ""


def seen_of_market(scene: Scene, row: int) -> Trading | None:
    """Return what an agent knows of purse, own prices, and the wares around it; None in a world without a market."""
    market = scene.market
    if market is None:
        return None
    agent = scene.agents.ids[row]
    mine = scene.items.held_by(agent)
    offers = []
    for goods, ask in market.asks.get(agent, {}).items():
        alike = [item for item in mine if goods_of(item) == goods]
        offers.append(Offer(goods, alike[0].id if alike else "", ask.price, len(alike), ask.sold, ask.since, ask.out))
    at_market = _is_at_market(scene, row)
    return Trading(market.purses[agent], tuple(offers), _wares(scene, row) if at_market else (), at_market)


def _wares(scene: Scene, row: int) -> tuple[Ware, ...]:
    """Return what others sell here, one of each kind and seller; of several alike not everybody sees the same."""
    market, agents = _market(scene), scene.agents
    found = []
    for other in (agents.place == agents.place[row]).nonzero()[0].tolist():
        seller = agents.ids[other]
        if other == row or seller not in market.asks:
            continue
        kinds: dict[str, list[Item]] = {}
        for item in scene.items.held_by(seller):
            if market.price(seller, item):
                kinds.setdefault(goods_of(item), []).append(item)
        for alike in kinds.values():
            item = alike[row % len(alike)]
            found.append(Ware(item.id, item.thing, item.name, market.price(seller, item), seller))
    return tuple(found)


def _market(scene: Scene) -> Market:
    assert scene.market is not None  # the checks refuse before
    return scene.market


TRADING = (
    ActionKind(
        "offer", {"item": Argument("item"), "price": Argument("integer", least=1, most=DEAREST)}, _offer, _cannot_offer
    ),
    ActionKind("buy", {"item": Argument("item")}, _buy, _cannot_buy),
)
