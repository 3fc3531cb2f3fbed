"""The bodies of log entries out of the items of their segment, each checked against its entry. Reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .canonical import parse_canonical
from .digests import CONTENT, EVIDENCE, digest_bytes
from .entry import Entry, EntryKind
from .errors import CanonicalError, FormatError
from .events_block import EventBlock
from .segments import Item, ItemType


class Stored(NamedTuple):
    """The items of one entry, None where it has none; an item without bytes was erased."""

    content: Item | None
    evidence: Item | None


def stored_of(entries: Iterable[Entry], items: Iterable[Item]) -> list[Stored]:
    """Give each entry of a segment its items; raises FormatError where they are not those that the entries name."""
    left = iter(items)
    found = [_stored(entry, left) for entry in entries]
    if next(left, None) is not None:
        raise FormatError("holds bodies that no entry names")
    return found


def content_of(stored: Stored, index: int) -> Any:
    """Return the content body of the entry at an index: a map, or an EventBlock; None where it has none or was erased.

    Raises FormatError where its bytes do not give its digest.
    """
    item = stored.content
    if item is None or item.data is None:
        return None
    if item.type == ItemType.EVENT_BLOCK:
        return EventBlock.decode(item.data, item.digest)
    return _json(item, CONTENT, f"content of entry {index}")


def evidence_of(stored: Stored, index: int) -> Any:
    """Return the evidence body of the entry at an index, a map; None where it has none or was erased.

    Raises FormatError where its bytes do not give its digest.
    """
    item = stored.evidence
    if item is None or item.data is None:
        return None
    return _json(item, EVIDENCE, f"evidence of entry {index}")


def _stored(entry: Entry, items: Iterator[Item]) -> Stored:
    block = entry.kind == EntryKind.EVENTS
    content = evidence = None
    if entry.has_content:
        content = _next(items, ItemType.EVENT_BLOCK if block else ItemType.CONTENT_JSON, entry.content)
    if entry.has_evidence:
        evidence = _next(items, ItemType.EVIDENCE_JSON, entry.evidence)
    return Stored(content, evidence)


def _next(items: Iterator[Item], type_: ItemType, digest: bytes) -> Item:
    item = next(items, None)
    if item is None or item.type != type_ or item.digest != digest:
        raise FormatError(f"the {type_.name} with digest {digest.hex()} is not where its entry has it")
    return item


def _json(item: Item, domain: bytes, where: str) -> Any:
    data = item.data or b""
    if digest_bytes(domain, data) != item.digest:
        raise FormatError(f"{where}: its bytes do not give digest {item.digest.hex()}")
    try:
        return parse_canonical(data)
    except CanonicalError as error:
        raise FormatError(f"{where}: {error}") from error
