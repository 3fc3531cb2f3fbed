"""What an agent perceives at one moment, as values. Computing it is `observe`; understanding it is the mind's part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from worldloom.provenance.events_block import EventRow


class Happening(NamedTuple):
    """An event with its id and the agents that perceive it, by number."""

    id: str
    row: EventRow
    seen_by: tuple[str, ...]


class Person(NamedTuple):
    """Somebody in view: id, distance in millimetres, and what they are doing (an activity's name)."""

    agent: str
    distance: int
    doing: str


class Thing(NamedTuple):
    """An item in view or carried: id, what it is, its name, hex digest of its artifact or "", who holds it or ""."""

    item: str
    thing: str
    name: str
    artifact: str
    holder: str


class Ware(NamedTuple):
    """Something that somebody here sells: item, what it is, its name, pennies, the seller."""

    item: str
    thing: str
    name: str
    price: int
    seller: str


class Offer(NamedTuple):
    """What one sells oneself: the kind of goods, an item of it or "", pennies, how many are left, how many were sold at
    this price, since when it is asked, when the last one went (seconds; 0 while some are left).
    """

    goods: str
    item: str
    price: int
    left: int
    sold: int
    since: int
    out: int


class Trading(NamedTuple):
    """One's purse in pennies, one's own offers, the wares of others here; `at_market`: whether one can trade here."""

    purse: int
    offers: tuple[Offer, ...]
    wares: tuple[Ware, ...]
    at_market: bool


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything one agent perceives when it wakes; time in seconds, needs in thousandths (1000: worst).

    `place` is the id of the place it stands in, "" on the way. `things` are made things in view and others in reach,
    `happened` events perceived since it last woke, oldest first, its own doings among them. `addressed_by` is who spoke
    to it in the last round and waits for an answer, else "". `doing` is its activity's name, `going` the place it walks
    to or "", `until` the second when what it does ends (a walk's: as expected when it set out); not after `time` when
    it is free. `trading` is None in a world without a market.
    """

    agent: str
    time: int
    place: str
    people: tuple[Person, ...]
    things: tuple[Thing, ...]
    carried: tuple[Thing, ...]
    hunger: int
    tiredness: int
    company: int
    happened: tuple[Happening, ...]
    addressed_by: str = ""
    doing: str = "idle"
    going: str = ""
    until: int = 0
    trading: Trading | None = None
