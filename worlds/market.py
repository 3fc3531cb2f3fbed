"""A market's books: what is in everybody's purse, what is asked for which goods, what was sold. Moves no goods.

Money is whole pennies. It comes into the world at its beginning and goes from purse to purse: there is no other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import StateError
from .items import Item

MARKETS = ("market_hall", "square")
"""Kinds of place where one can buy and sell."""

DEAREST = 99
"""Highest price of one thing, in pennies."""


class Ask(NamedTuple):
    """Somebody's price for one kind of goods: pennies, asked since (seconds), how many were sold at it, and when the
    last of them went (seconds; 0 while some are left).
    """

    price: int
    since: int
    sold: int = 0
    out: int = 0


class Sale(NamedTuple):
    """One thing sold: when (seconds), who to whom (agents), which item, what it is, for how many pennies."""

    time: int
    buyer: str
    seller: str
    item: str
    thing: str
    price: int


@dataclass
class Market:
    """The books of one world. `asks` holds prices by seller and kind of goods (`goods_of`)."""

    purses: dict[str, int]
    asks: dict[str, dict[str, Ask]] = field(default_factory=dict)
    sales: list[Sale] = field(default_factory=list)

    @classmethod
    def opened(cls, agents: Iterable[str], pennies: int) -> Market:
        """Return the books of a world in which everybody begins with so many pennies."""
        return cls(dict.fromkeys(agents, pennies))

    def price(self, seller: str, item: Item) -> int:
        """Return what the seller asks for an item, in pennies; 0 when it is not for sale."""
        ask = self.asks.get(seller, {}).get(goods_of(item))
        return 0 if ask is None else ask.price

    def ask(self, seller: str, item: Item, price: int, time: int) -> None:
        """Note a seller's price for an item and all that are alike."""
        self.asks.setdefault(seller, {})[goods_of(item)] = Ask(price, time)

    def settle(self, time: int, buyer: str, seller: str, item: Item, *, last: bool) -> Sale:
        """Move the price from purse to purse and note the sale; the item must be for sale and the money there.

        `last`: the seller has no more of the kind.
        """
        asks, goods = self.asks[seller], goods_of(item)
        price = asks[goods].price
        self.purses[buyer] -= price
        self.purses[seller] += price
        asks[goods] = asks[goods]._replace(sold=asks[goods].sold + 1, out=time if last else 0)
        sale = Sale(time, buyer, seller, item.id, item.thing, price)
        self.sales.append(sale)
        return sale

    def state(self) -> dict[str, Any]:
        """Return the books as a JSON value."""
        asks = {seller: {goods: list(ask) for goods, ask in mine.items()} for seller, mine in self.asks.items()}
        return {"purses": dict(self.purses), "asks": asks, "sales": [list(sale) for sale in self.sales]}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Market:
        """Read what `state` gave; raises StateError."""
        try:
            asks = {seller: {goods: Ask(*ask) for goods, ask in mine.items()} for seller, mine in state["asks"].items()}
            return cls(dict(state["purses"]), asks, [Sale(*sale) for sale in state["sales"]])
        except (KeyError, TypeError, AttributeError) as error:
            raise StateError(f"market of a world state: {type(error).__name__}: {error}") from error


def goods_of(item: Item) -> str:
    """Return the kind of goods that an item is: what somebody made by hand is a kind of its own."""
    return item.id if item.artifact else item.thing
