"""Finds nodes of lineage.sqlite by any name that they have, one or several at once. Knows no edges."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .find import ambiguous, find, is_prefix, unknown
from .sink import By
from .tables import key

_AGENT = re.compile(r"agent-[0-9]{1,9}\Z")
_NAMED_BY_DIGEST = ("", "request:", "content:", "data:")
"""How the names of nodes begin whose end is a digest."""
_PROMPT = "prompt:"
_BY_DIGEST = (By.CONTENT, By.PAYLOAD, By.FILE)


class TableNames:
    """The names of the nodes of one run. `several` goes by what is no node: a prompt, weights, a crowd's agent."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables

    def knows(self, node: str) -> bool:
        """Whether a node has that name."""
        return self.id(node) is not None

    def id(self, node: str) -> int | None:
        """Return the id of the node with that name."""
        row = self._tables.execute("SELECT id FROM node WHERE name = ?", (node,)).fetchone()
        return None if row is None else int(row[0])

    def called(self, by: By, name: str) -> str | None:
        """Return the node with that other name."""
        query = "SELECT name FROM alias JOIN node ON node.id = alias.node WHERE key = ? AND alias.kind = ?"
        row = self._tables.execute(query, (key(name), int(by))).fetchone()
        return None if row is None else str(row[0])

    def beginning(self, prefix: str) -> list[str]:
        """Return the nodes of which some digest begins with these hex digits, each once."""
        found = dict.fromkeys(self._named(prefix))
        low, high = _range(prefix)
        query = "SELECT name FROM alias JOIN node ON node.id = alias.node WHERE key BETWEEN ? AND ? AND alias.kind IN "
        kinds = f"({', '.join(str(int(by)) for by in _BY_DIGEST)})"
        found |= dict.fromkeys(name for (name,) in self._tables.execute(query + kinds, (low, high)))
        return list(found)

    def ids(self, name: str | bytes | Path) -> tuple[int, ...]:
        """Return the ids of what a name stands for, in order: one, or all requests of a prompt, and so on.

        Raises LineageError where nothing fits, or the beginning of a digest fits different things.
        """
        found = find(self, name)
        if found is not None:
            number = self.id(found.node)
            return () if number is None else (number,)
        several = self.several(name) if isinstance(name, str) else ()
        if not several:
            raise unknown(name)
        return several

    def several(self, name: str) -> tuple[int, ...]:
        """Return the nodes that share a prompt's digest, a model's weights or name, or the agent of a crowd."""
        digest = name.removeprefix(_PROMPT)
        numbers = self._of_prompt(digest) or self._of_model(name)
        if not numbers and _AGENT.match(name):
            query = "SELECT id FROM node WHERE agent = ? ORDER BY id"
            numbers = [int(number) for (number,) in self._tables.execute(query, (name,))]
        return tuple(numbers)

    def _of_prompt(self, digest: str) -> list[int]:
        if not is_prefix(digest):
            return []
        query = "SELECT prompt, id FROM node WHERE prompt BETWEEN ? AND ? ORDER BY id"
        found = self._tables.execute(query, _range(digest)).fetchall()
        prompts = {bytes(prompt).hex() for prompt, _ in found}
        if len(prompts) > 1:
            raise ambiguous(digest, sorted(f"{_PROMPT}{prompt}" for prompt in prompts))
        return [int(number) for _, number in found]

    def _of_model(self, name: str) -> list[int]:
        """Return the models with these weights (or their beginning), or of that name with any weights."""
        found = []
        for number, model in self._tables.execute(
            "SELECT id, name FROM node WHERE name >= 'model:' AND name < 'model;' ORDER BY id"
        ):
            title, _, weights = model.removeprefix("model:").partition("@")
            if (is_prefix(name) and weights.startswith(name)) or title == name.removeprefix("model:"):
                found.append(int(number))
        return found

    def _named(self, prefix: str) -> Iterator[str]:
        for head in _NAMED_BY_DIGEST:
            low, high = head + prefix, head + prefix + "g"  # behind every hex digit
            for (name,) in self._tables.execute("SELECT name FROM node WHERE name >= ? AND name < ?", (low, high)):
                yield str(name)


def _range(prefix: str) -> tuple[bytes, bytes]:
    """Return the first and the last digest that begin with these hex digits."""
    return bytes.fromhex(prefix.ljust(64, "0")), bytes.fromhex(prefix.ljust(64, "f"))
