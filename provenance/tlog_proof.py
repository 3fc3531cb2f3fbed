"""C2SP proof files, in one byte form: inclusion (tlog-proof), consistency (body of a witness request). Judges none."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .digests import SIZE
from .errors import FormatError
from .note import MAX_SIZE, Checkpoint, from_base64, parse_note

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_HASHES = 63
"""Hashes of the longest path (C2SP tlog-witness)."""

MAX_BYTES = 4_000_000
"""Of a proof file; what is longer is none."""

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True)
class InclusionProof:
    """That an entry stands at an index of the log whose signed head is `note`.

    `path` goes from the leaf's sibling up; `extra` is what the verifier needs besides, and nothing vouches for it.
    """

    index: int
    path: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        """The head, read from the note."""
        return Checkpoint.parse(parse_note(self.note, foreign=True)[0], extended=True)

    def encode(self) -> bytes:
        """Return the file's bytes."""
        extra = [] if self.extra is None else [f"extra {base64.b64encode(self.extra).decode()}"]
        return _encode([HEADER, *extra, f"index {self.index}"], self.path, self.note)

    @classmethod
    def parse(cls, data: bytes) -> InclusionProof:
        """Read a proof in its one byte form; raises FormatError that says where it is none."""
        lines, note = _split(data)
        if lines[0] != HEADER:
            raise FormatError(f"proof: begins with {lines[0][:80]!r}, not with {HEADER!r}")
        at = 1
        extra = None
        if len(lines) > 1 and lines[1].startswith("extra "):
            extra, at = from_base64(lines[1].removeprefix("extra ")), 2
        index = _number(lines[at] if at < len(lines) else "", "index")
        proof = cls(index, _hashes(lines[at + 1 :]), note, extra)
        if proof.encode() != data:
            raise FormatError("proof: not in its one byte form")
        if index >= proof.checkpoint.size:
            raise FormatError(f"proof: index {index} is beyond the {proof.checkpoint.size} entries of its checkpoint")
        return proof


@dataclass(frozen=True)
class ConsistencyProof:
    """That the log of `old` entries begins the one whose signed head is `note`: what a witness is sent."""

    old: int
    path: tuple[bytes, ...]
    note: bytes

    @property
    def checkpoint(self) -> Checkpoint:
        """The newer head, read from the note."""
        return Checkpoint.parse(parse_note(self.note, foreign=True)[0], extended=True)

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return _encode([f"old {self.old}"], self.path, self.note)

    @classmethod
    def parse(cls, data: bytes) -> ConsistencyProof:
        """Read a proof in its one byte form; raises FormatError that says where it is none."""
        lines, note = _split(data)
        proof = cls(_number(lines[0], "old"), _hashes(lines[1:]), note)
        if proof.encode() != data:
            raise FormatError("proof: not in its one byte form")
        if proof.old > proof.checkpoint.size:
            raise FormatError(f"proof: its checkpoint has {proof.checkpoint.size} entries, and the older {proof.old}")
        return proof


def parse_proof(data: bytes) -> InclusionProof | ConsistencyProof:
    """Read a proof of either kind; raises FormatError."""
    return ConsistencyProof.parse(data) if data.startswith(b"old ") else InclusionProof.parse(data)


def _encode(head: Sequence[str], path: Sequence[bytes], note: bytes) -> bytes:
    lines = [*head, *(base64.b64encode(hash_).decode() for hash_ in path)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note


def _split(data: bytes) -> tuple[list[str], bytes]:
    """Return the lines before the first empty one, and the note after it."""
    if len(data) > MAX_BYTES:
        raise FormatError(f"proof: has {len(data)} bytes; {MAX_BYTES} are the most")
    if b"\r" in data:
        raise FormatError("proof: has carriage returns; something rewrote its line ends on the way")
    head, blank, note = data.partition(b"\n\n")
    if not blank:
        raise FormatError("proof: has no empty line before its checkpoint")
    try:
        return head.decode("ascii").split("\n"), note
    except UnicodeDecodeError as error:
        raise FormatError(f"proof: byte {error.start} is not ASCII") from error


def _number(line: str, word: str) -> int:
    found, _, number = line.partition(" ")
    if found != word or not _NUMBER.match(number) or int(number) >= MAX_SIZE:
        raise FormatError(f"proof: {line[:80]!r} stands where `{word} <number>` should")
    return int(number)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_HASHES:
        raise FormatError(f"proof: has {len(lines)} hashes; {MAX_HASHES} are the most")
    hashes = tuple(map(from_base64, lines))
    for hash_ in hashes:
        if len(hash_) != SIZE:
            raise FormatError(f"proof: a hash has {SIZE} bytes, not {len(hash_)}")
    return hashes
