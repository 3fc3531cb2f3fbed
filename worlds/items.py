"""Things that can be held or lie somewhere, each in one hand or on one cell. What one may do with them: handling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from worldloom.provenance.ids import Id

from .errors import StateError
from .noise import Ints
from .space import Cell

_NO_CELL: Cell = (-1, -1)


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in the world: held by the agent `holder`, or lying on `cell` of `place`; the other is "".

    `thing` is what it is (`loaf`, `sign`), `name` how it reads, `artifact` the hex digest of what was made for it or
    "", `media_type` that artifact's, `maker` the agent that made it or "". `up`: it hangs or stands for all to see and
    cannot be taken. `mood` is that of a portrait or song, "" for others.
    """

    id: str
    thing: str
    name: str
    holder: str = ""
    place: str = ""
    cell: Cell = _NO_CELL
    artifact: str = ""
    media_type: str = ""
    maker: str = ""
    up: bool = False
    mood: str = ""

    def __post_init__(self) -> None:
        if bool(self.holder) == bool(self.place) or (self.cell == _NO_CELL) != bool(self.holder):
            raise StateError(f"{self.id}: an item has a holder, or a place and a cell, and never both or neither")

    @property
    def number(self) -> int:
        """The number in its id."""
        return Id.parse(self.id, "item").number

    def content(self) -> dict[str, Any]:
        """Return the item as a JSON value."""
        return {
            "id": self.id,
            "thing": self.thing,
            "name": self.name,
            "holder": self.holder,
            "place": self.place,
            "cell": list(self.cell),
            "artifact": self.artifact,
            "media_type": self.media_type,
            "maker": self.maker,
            "up": self.up,
            "mood": self.mood,
        }


class Items(Mapping[str, Item]):
    """All items by id, in order of their numbers; finds what somebody holds and what lies at a place. No id returns."""

    def __init__(self, first: int = 0) -> None:
        self.next = first
        self._items: dict[str, Item] = {}
        self._held: dict[str, dict[str, None]] = {}
        self._lying: dict[str, dict[str, None]] = {}
        self._cells: tuple[tuple[Item, ...], Ints] | None = None

    def __getitem__(self, item: str) -> Item:
        return self._items[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def add(self, thing: str, name: str, **where: Any) -> Item:
        """Bring a new item into the world; `where` are further fields of Item."""
        item = Item(f"item-{self.next}", thing, name, **where)
        self.next += 1
        self._put(item)
        return item

    def move_to_agent(self, item: str, agent: str) -> None:
        """Put an item into an agent's hands."""
        self._replace(item, holder=agent, place="", cell=_NO_CELL, up=False)

    def move_to_place(self, item: str, place: str, cell: Cell, *, up: bool = False) -> None:
        """Lay an item down at a place, or put it up there."""
        self._replace(item, holder="", place=place, cell=cell, up=up)

    def remove(self, item: str) -> None:
        """Take an item out of the world: eaten."""
        self._unlink(self._items.pop(item))

    def held_by(self, agent: str) -> list[Item]:
        """Return what an agent holds, by number."""
        return [self._items[item] for item in self._held.get(agent, ())]

    def lying_at(self, place: str) -> list[Item]:
        """Return what lies or hangs at a place, by number."""
        return [self._items[item] for item in self._lying.get(place, ())]

    @property
    def lying(self) -> tuple[tuple[Item, ...], Ints]:
        """All items that nobody holds, by number, and their cells int64[items, 2] (column, row)."""
        if self._cells is None:
            items = tuple(item for item in self._items.values() if not item.holder)
            self._cells = items, np.array([item.cell for item in items], np.int64).reshape(len(items), 2)
        return self._cells

    def state(self) -> list[dict[str, Any]]:
        """Return all items as JSON values, by number."""
        return [item.content() for item in self._items.values()]

    @classmethod
    def from_state(cls, first: int, items: list[Mapping[str, Any]]) -> Items:
        """Read what `state` gave; raises StateError."""
        found = cls(first)
        try:
            for fields in items:
                found._put(Item(**{**fields, "cell": (fields["cell"][0], fields["cell"][1])}))
        except (TypeError, KeyError, IndexError) as error:
            raise StateError(f"items of a world state: not an item ({error})") from error
        numbers = [item.number for item in found.values()]
        if numbers != sorted(set(numbers)) or (numbers and numbers[-1] >= first) or len(numbers) != len(items):
            raise StateError("items of a world state: numbers are not ascending, or the next one is taken")
        return found

    def _put(self, item: Item) -> None:
        self._items[item.id] = item
        self._index(item)[item.id] = None
        self._cells = None

    def _replace(self, item: str, **fields: Any) -> None:
        old = self._items[item]
        self._unlink(old)
        # Assigning to a key that is there keeps its place in the order, so iteration stays by number.
        new = replace(old, **fields)
        self._items[item] = new
        index, key = (self._held, new.holder) if new.holder else (self._lying, new.place)
        members = [*index.get(key, ()), item]
        index[key] = dict.fromkeys(sorted(members, key=lambda each: self._items[each].number))

    def _unlink(self, item: Item) -> None:
        del self._index(item)[item.id]
        self._cells = None

    def _index(self, item: Item) -> dict[str, None]:
        index, key = (self._held, item.holder) if item.holder else (self._lying, item.place)
        return index.setdefault(key, {})
