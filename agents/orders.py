"""What somebody has promised to make for others, until it is made. Making and handing over are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from worldloom.worlds.clock import DAY

from .errors import MindStateError

MOST = 4
"""Orders that somebody keeps in mind; the oldest goes first."""

LONGEST = 3 * DAY
"""Seconds after which nobody waits for it any more."""


class Order(NamedTuple):
    """`by` (agent id) asked for a `thing` (a word of the 3D model); promised at `since` by a decision (`cause`).

    `memory` is the id of what the promising one remembers of it.
    """

    by: str
    thing: str
    since: int
    cause: str
    memory: str = ""

    @property
    def id(self) -> str:
        """What tells orders of one mind apart."""
        return f"order {self.by} {self.thing}"


def add(orders: list[Order], order: Order) -> None:
    """Keep an order in mind; the same one again counts from now."""
    orders[:] = [each for each in orders if each.id != order.id][-(MOST - 1) :]
    orders.append(order)


def promised(orders: Sequence[Order]) -> str:
    """Return why a plan must make room for making, in words; "" when nothing is promised."""
    return f"you promised to make a thing: {orders[0].thing}" if orders else ""


def drop_old(orders: list[Order], time: int) -> None:
    """Forget what nobody waits for any more."""
    orders[:] = [order for order in orders if time - order.since <= LONGEST]


def read_orders(state: Sequence[Sequence[Any]]) -> list[Order]:
    """Read orders from their states; raises MindStateError."""
    try:
        return [Order(*each) for each in state]
    except TypeError as error:
        raise MindStateError(f"not an order: {error}") from error
