"""C2SP tlog-cosignature: a witness's word, with its time, on a log checkpoint (cosignature/v1, Ed25519).

What it says: of all heads of this log that the witness has seen, consistent with one another, this is the largest as of
that time. Keeping what was seen is `witness`; whose key to trust is the caller's.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .errors import FormatError
from .note import NoteVerifier, parse_note

ALGORITHM = 4
"""Signature type of a timestamped Ed25519 cosignature."""

_TIMED = struct.Struct(">Q64s")
_LATEST = 2**63 - 1


@dataclass(frozen=True)
class Cosigner:
    """The public half of a witness: its name and its Ed25519 public key (32 bytes)."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        NoteVerifier(self.name, self.public)  # its checks of name and key

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that a signature line names the key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes((ALGORITHM,)) + self.public).digest()[:4]

    def time_of(self, text: str, blob: bytes) -> int | None:
        """POSIX seconds of a good cosignature (key id, time, signature) on a checkpoint's text; None for a bad one."""
        if len(blob) != 4 + _TIMED.size or blob[:4] != self.key_id:
            return None
        time, signature = _TIMED.unpack(blob[4:])
        if time > _LATEST or not NoteVerifier(self.name, self.public).verify(message(text, time), signature):
            return None
        return int(time)


@dataclass(frozen=True)
class CosignerKey:
    """A witness that can sign: name, raw public key, and a function from bytes to 64 bytes of Ed25519 signature."""

    name: str
    public: bytes
    sign: Callable[[bytes], bytes]

    @property
    def cosigner(self) -> Cosigner:
        """The public half."""
        return Cosigner(self.name, self.public)

    def line(self, text: str, time: int) -> str:
        """Return the signature line, with its line feed, for a checkpoint's text at a POSIX time in seconds."""
        if not 0 < time <= _LATEST:
            raise FormatError(f"cosignature: {time} is no POSIX time in seconds")
        blob = self.cosigner.key_id + _TIMED.pack(time, self.sign(message(text, time).encode()))
        return f"— {self.name} {base64.b64encode(blob).decode()}\n"


class Cosigned(NamedTuple):
    """A good cosignature: whose, and of when (POSIX seconds)."""

    name: str
    time: int


def message(text: str, time: int) -> str:
    """Return what is signed: header, time, the whole text of the checkpoint."""
    return f"cosignature/v1\ntime {time}\n{text}"


def cosigned(note: bytes, cosigners: Iterable[Cosigner]) -> list[Cosigned]:
    """Return the good cosignatures of the given witnesses on a note; raises FormatError for what is no note.

    A line that names a given witness's key and does not verify raises too, as C2SP signed-note asks.
    """
    text, signatures = parse_note(note, foreign=True)
    found = []
    for cosigner in cosigners:
        for name, blob in signatures:
            if (name, blob[:4]) != (cosigner.name, cosigner.key_id):
                continue
            time = cosigner.time_of(text, blob)
            if time is None:
                raise FormatError(f"the cosignature of {name} is not one of this checkpoint")
            found.append(Cosigned(name, time))
    return found


def with_lines(note: bytes, lines: Iterable[str]) -> bytes:
    """Return the note with further signature lines, each in the place of one by the same key.

    Raises FormatError for a line that is none.
    """
    text, _ = parse_note(note, foreign=True)
    _, _, old = note.decode().rpartition("\n\n")
    kept: dict[tuple[str, bytes], str] = {}
    for line in (*old.splitlines(keepends=True), *lines):
        ((name, blob),) = parse_note(f"x\n\n{line}".encode(), foreign=True)[1]
        kept[name, blob[:4]] = line
    return f"{text}\n{''.join(kept.values())}".encode()
