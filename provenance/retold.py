"""Content of one log in the words of another that cites other digests: how two logs are compared. Judges nothing.

Runs that share a past hold the same content but for digests: their scenarios differ, so genesis has another digest, and
with it every decision that descends from genesis, every artifact, and every event that shows one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .digests import ARTIFACT, CONTENT, digest_json
from .entry import EntryKind
from .events_block import EventBlock

Body = Mapping[str, Any] | EventBlock


class Retelling:
    """Digests of one log by those of another, learned from content that is the same in both, in its order."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def body(self, body: Body) -> Body:
        """Return a content body with every digest that was learned replaced by the other log's."""
        if isinstance(body, EventBlock):
            return self._block(body)
        told: Mapping[str, Any] = self._value(body)
        return told

    def learn(self, body: Body, told: Body) -> bytes:
        """Take two bodies for the same content; returns the digest of the second, as the other log must have it."""
        digest = content_digest(told)
        self._words[content_digest(body).hex()] = digest.hex()
        if not isinstance(body, EventBlock) and not isinstance(told, EventBlock) and body.get("type") == "artifact":
            self._words[digest_json(ARTIFACT, body).hex()] = digest_json(ARTIFACT, told).hex()
        return digest

    def same(self, digest: str, other: str) -> None:
        """Take two hex digests for the same thing, such as those of states that hold the same artifacts."""
        self._words[digest] = other

    def _block(self, block: EventBlock) -> EventBlock:
        details = [self._value(row.detail) for row in block.rows]
        if all(detail is row.detail for detail, row in zip(details, block.rows, strict=True)):
            return block
        rows = (row._replace(detail=detail) for row, detail in zip(block.rows, details, strict=True))
        return EventBlock(block.time, block.range, rows)

    def _value(self, value: Any) -> Any:
        """Return the value itself where nothing in it changes: most of a log cites no digest."""
        if isinstance(value, str):
            return self._words.get(value, value)
        if isinstance(value, Mapping):
            changed = {key: new for key, old in value.items() if (new := self._value(old)) is not old}
            return {**value, **changed} if changed else value
        if isinstance(value, list):
            items = [self._value(item) for item in value]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return value


def content_digest(body: Body) -> bytes:
    """Return the content digest of a body."""
    return body.digest if isinstance(body, EventBlock) else digest_json(CONTENT, body)


def what_it_is(kind: int, body: Any) -> str:
    """Return what content is in a few words: its kind, id or file, and who is behind it."""
    if isinstance(body, EventBlock):
        return f"events of range {body.range}"
    name = EntryKind(kind).name.lower() if kind in set(EntryKind) else hex(kind)
    if not isinstance(body, Mapping):
        return f"{name} (erased)"
    recipe = body.get("recipe")
    agent = body.get("agent") or (recipe.get("agent", "") if isinstance(recipe, Mapping) else "")
    return " ".join(
        str(word) for word in (name, body.get("id") or body.get("path") or body.get("title"), agent) if word
    )
