"""A prompt taken apart so that it can be changed and put together again. Line formats are those of `agents.view`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_LABEL = re.compile(r"\b([eipm])([1-9][0-9]?)\b")
HEADINGS = ("happened", "people", "things", "places", "orders", "made", "memories")
LETTERS = {"people": "e", "things": "i", "places": "p", "memories": "m", "orders": "o"}
"""Which labels the rows of a block carry."""


@dataclass
class Case:
    """`head` are the instructions with the line of the task, `fields` the named lines, `blocks` the rows by heading."""

    head: str
    purpose: str
    fields: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)
    ending: str = "answer:"

    def text(self) -> str:
        """Return the prompt."""
        lines = [f"{name}: {value}" for name, value in self.fields.items()]
        for heading, rows in self.blocks.items():
            # A template leaves an empty line where there is nothing under a heading.
            lines += [f"{heading}:", *(rows or [""])]
        return "\n".join([self.head, *lines, self.ending])

    def labels(self, block: str) -> list[str]:
        """Return the labels of a block's rows."""
        return [row.partition(" ")[0] for row in self.blocks.get(block, ())]

    def copy(self) -> Case:
        """Return a twin that can be changed."""
        blocks = {heading: list(rows) for heading, rows in self.blocks.items()}
        return Case(self.head, self.purpose, dict(self.fields), blocks, self.ending)


def take_apart(prompt: str) -> Case:
    """Return a prompt's parts; `text()` gives it back."""
    lines = prompt.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("task: "))
    case = Case("\n".join(lines[: at + 1]), lines[at].removeprefix("task: "), ending=lines[-1])
    rows: list[str] | None = None
    for line in lines[at + 1 : -1]:
        if line.removesuffix(":") in HEADINGS and line.endswith(":"):
            rows = case.blocks.setdefault(line[:-1], [])
        elif rows is None:
            name, _, value = line.partition(": ")
            case.fields[name] = value
        elif line:
            rows.append(line)
    return case


def relabel(case: Case, new: Mapping[str, str]) -> None:
    """Replace labels everywhere but in what people said or remember in words."""

    def swap(text: str) -> str:
        return _LABEL.sub(lambda found: new.get(found[0], found[0]), text)

    for name in ("why", "plan", "about"):
        if name in case.fields:
            case.fields[name] = swap(case.fields[name])
    case.blocks = {heading: [_row(heading, row, swap) for row in rows] for heading, rows in case.blocks.items()}


def _row(heading: str, row: str, swap: Callable[[str], str]) -> str:
    """Swap labels in a row's own parts: its last part is words."""
    if heading == "happened":
        before, said, words = row.partition(" said to ")
        if not said:
            return swap(row)
        whom, colon, rest = words.partition(": ")
        return f"{swap(before)}{said}{swap(whom)}{colon}{rest}"
    if heading == "made":
        return row
    before, bar, words = row.rpartition(" | ")
    return swap(row) if heading == "orders" else f"{swap(before)}{bar}{words}"
