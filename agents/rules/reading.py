"""Reading a labelled prompt, as any model must: fields, then lines with labels under headings. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_HEADINGS = frozenset(
    ("happened:", "people:", "things:", "places:", "memories:", "orders:", "made:", "stall:", "wares:")
)
_ENDS = frozenset(("answer:", "letter:", "song:"))
_MASK = (1 << 64) - 1


class Row(NamedTuple):
    """A line: its label, what it is, the facts between the bars, the text at the end."""

    label: str
    kind: str
    facts: tuple[str, ...]
    text: str


class Sheet(NamedTuple):
    """A prompt in parts: `fields` by name, and the lines under each heading."""

    fields: Mapping[str, str]
    lines: Mapping[str, Sequence[str]]

    def rows(self, heading: str, facts: int) -> list[Row]:
        """Return the labelled lines under a heading; `facts` is how many fields stand between kind and text."""
        rows = []
        for line in self.lines.get(heading, ()):
            head, *rest = line.split(" | ", facts + 1)
            label, _, kind = head.partition(" ")
            if len(rest) == facts + 1:
                rows.append(Row(label, kind, tuple(rest[:-1]), rest[-1]))
        return rows

    @property
    def people(self) -> list[Row]:
        """Rows of people: facts are what they are doing, and the rest."""
        return self.rows("people", 2)

    @property
    def things(self) -> list[Row]:
        """Rows of things: facts are food, made or tool, and where."""
        return self.rows("things", 2)

    @property
    def places(self) -> list[Row]:
        """Rows of places: the fact is home, work, here."""
        return self.rows("places", 1)

    @property
    def memories(self) -> list[Row]:
        """Rows of memories: facts are importance, time, labels of what it is about, and a note (to whom it is new)."""
        return self.rows("memories", 4)

    @property
    def orders(self) -> list[Row]:
        """Rows of orders: kind is the thing, the text `for` and a label."""
        return self.rows("orders", 0)

    @property
    def minute(self) -> int:
        """The minute of the day."""
        clock = self.fields["time"].rpartition(" ")[2]
        return int(clock[:2]) * 60 + int(clock[3:5])

    @property
    def day(self) -> int:
        """The day."""
        return day_of(self.fields["time"])


def day_of(text: str) -> int:
    """Return the day of a time such as `day 2, 08:10`; 0 when it is none."""
    number = text.partition(",")[0].rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def read(prompt: str) -> Sheet:
    """Return the parts of a prompt. What follows `answer:` is not read."""
    fields: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    under: list[str] | None = None
    for line in prompt.split("\n"):
        if line in _HEADINGS:
            under = lines.setdefault(line[:-1], [])
        elif line in _ENDS:
            break
        elif under is not None:
            under.append(line)
        else:
            name, colon, value = line.partition(": ")
            if colon:
                fields[name] = value
    return Sheet(fields, lines)


class Dice:
    """Chance that follows from a request's seed alone: splitmix64 (Steele, Lea, Flood 2014)."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def below(self, count: int) -> int:
        """Return an integer in [0, count)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        word = self._state
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
        return ((word ^ (word >> 31)) >> 16) % count

    def pick(self, options: Sequence[str]) -> str:
        """Return one of the options."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Return True that often in a hundred."""
        return self.below(100) < percent
