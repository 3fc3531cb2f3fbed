"""What a Worldloom proof carries besides C2SP's lines: the entry, who signed, one event of a block. Trusts nothing.

C2SP's `extra` line is not authenticated. So nothing in it is believed: the entry's bytes must give the leaf that the
path leads from, the event's row the root that the entry's content digest covers, the certificates a chain to an anchor.
Canonical JSON:

    {"type": "worldloom/proof/1", "entry": <hex of 84 bytes>, "chains": [<PEM, leaf first>, …],
     "event": {"range": …, "rows": …, "root": <hex>, "row": <its number>, "values": [eight fields], "path": [<hex>, …]}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import canonical, parse_canonical
from .digests import from_hex
from .entry import SIZE, Entry, EntryKind
from .errors import CanonicalError, FormatError
from .events_block import BlockHead, EventRow, read_row, verify_row
from .tlog_proof import MAX_HASHES

TYPE = "worldloom/proof/1"
_MOST_CHAINS = 16


@dataclass(frozen=True)
class EventProof:
    """One row of an event block, and the path from it to the block's root."""

    block: BlockHead
    row: int
    event: EventRow
    path: tuple[bytes, ...]

    def holds(self, entry: Entry) -> bool:
        """Whether the entry's content digest covers that event in that row."""
        if entry.kind != EntryKind.EVENTS or entry.time != self.block.time:
            return False
        return verify_row(self.block, self.event, self.row, self.path, entry.content)


@dataclass(frozen=True)
class Extra:
    """The bytes of an entry, PEM chains of those who may have signed the checkpoint, perhaps one event of it."""

    entry: bytes
    chains: tuple[bytes, ...] = ()
    event: EventProof | None = None

    def encode(self) -> bytes:
        """Return what stands in the `extra` line, before base64."""
        chains = [chain.decode("ascii") for chain in self.chains]
        told: dict[str, Any] = {"type": TYPE, "entry": self.entry.hex(), "chains": chains}
        return canonical(told if self.event is None else told | {"event": _event_json(self.event)})

    @classmethod
    def parse(cls, data: bytes) -> Extra:
        """Read it in its one byte form; raises FormatError."""
        try:
            told = parse_canonical(data)
        except CanonicalError as error:
            raise FormatError(f"proof, extra: {error}") from error
        if (
            not isinstance(told, dict)
            or told.get("type") != TYPE
            or not set(told) <= {"type", "entry", "chains", "event"}
        ):
            raise FormatError(f"proof, extra: is not of type {TYPE}")
        chains = told.get("chains")
        if not isinstance(chains, list) or len(chains) > _MOST_CHAINS or not all(isinstance(c, str) for c in chains):
            raise FormatError(f"proof, extra: `chains` are up to {_MOST_CHAINS} texts in PEM form")
        if not all(map(str.isascii, chains)):
            raise FormatError("proof, extra: a chain is not in PEM form")
        entry = _bytes(told.get("entry"), SIZE, "entry")
        event = _event(told["event"], Entry.decode(entry).time) if "event" in told else None
        return cls(entry, tuple(chain.encode() for chain in chains), event)


def _event_json(proof: EventProof) -> dict[str, Any]:
    block = proof.block
    return {
        "range": block.range,
        "rows": block.rows,
        "root": block.root.hex(),
        "row": proof.row,
        "values": list(proof.event),
        "path": [hash_.hex() for hash_ in proof.path],
    }


def _event(told: Any, time: int) -> EventProof:
    if not isinstance(told, Mapping) or set(told) != {"range", "rows", "root", "row", "values", "path"}:
        raise FormatError("proof, extra: `event` has other fields than an event's proof")
    numbers = [told[name] for name in ("range", "rows", "row")]
    if not all(type(number) is int for number in numbers):
        raise FormatError("proof, extra: range, rows and row of an event are integers")
    if not isinstance(told["values"], list) or not isinstance(told["path"], list) or len(told["path"]) > MAX_HASHES:
        raise FormatError("proof, extra: values and path of an event are lists")
    range_, rows, row = numbers
    root = _bytes(told["root"], 32, "root")
    path = tuple(_bytes(hash_, 32, "path") for hash_ in told["path"])
    return EventProof(BlockHead(time, range_, rows, root), row, read_row(told["values"]), path)


def _bytes(text: Any, size: int, name: str) -> bytes:
    if not isinstance(text, str) or len(text) != 2 * size:
        raise FormatError(f"proof, extra: {name} is {2 * size} hexadecimal digits")
    if size == 32:
        return from_hex(text)
    if not set(text) <= set("0123456789abcdef"):
        raise FormatError(f"proof, extra: {name} is {2 * size} hexadecimal digits")
    return bytes.fromhex(text)
