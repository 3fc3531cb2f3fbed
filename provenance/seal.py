"""SEAL: one signed note that names every file of a finished run. Judging a folder by it is `audit`.

Text, in one byte form only (docs/formats.md, Seal):

    worldloom/seal/1
    <origin>
    checkpoint <size> <log root>
    content <content root>
    certificate <serial> <path>          one a certificate in trust/, sorted by path
    count <name> <number>                sorted by name
    file <size> <sha256> <path>          these two together sorted by the UTF-8 bytes of the path
    segment <items> <root> <path>        bodies and answers: root over their items' digests, which outlives erasure
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .digests import file_digest, from_hex
from .errors import FormatError, LogError, StorageError
from .folder import CHECKPOINT, SEAL, outside_seal
from .layout import is_known, is_segment
from .note import Checkpoint, NoteKey, NoteVerifier, open_note_keys, parse_note, sign_note
from .segments import Item, decode_segment, items_root
from .storage import Storage, check_path
from .trust import run_certificates

HEADER = "worldloom/seal/1"


class SealedFile(NamedTuple):
    """A file: its path, size in bytes and hex SHA-256."""

    path: str
    size: int
    digest: str

    @property
    def line(self) -> str:
        """Its line of the seal."""
        return f"file {self.size} {self.digest} {self.path}"


class SealedSegment(NamedTuple):
    """A segment of bodies or answers: its path, how many items it has, hex root over their digests."""

    path: str
    items: int
    root: str

    @property
    def line(self) -> str:
        """Its line of the seal."""
        return f"segment {self.items} {self.root} {self.path}"


class SealedCertificate(NamedTuple):
    """A certificate of trust/: its path and serial number in decimal digits."""

    path: str
    serial: str

    @property
    def line(self) -> str:
        """Its line of the seal."""
        return f"certificate {self.serial} {self.path}"


_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z")
_COUNT_NAME = re.compile(r"[a-z][a-z0-9_.:-]{0,63}\Z")


@dataclass(frozen=True)
class Seal:
    """What a sealed run is: every file, the final log checkpoint, the content root (hex), certificates and counts."""

    origin: str
    checkpoint: Checkpoint
    content_root: str
    certificates: tuple[SealedCertificate, ...]
    counts: Mapping[str, int]
    files: tuple[SealedFile, ...]
    segments: tuple[SealedSegment, ...]

    def text(self) -> str:
        """Return the text that is signed."""
        lines = [
            HEADER,
            self.origin,
            f"checkpoint {self.checkpoint.size} {self.checkpoint.root.hex()}",
            f"content {self.content_root}",
        ]
        lines += [each.line for each in sorted(self.certificates, key=_path_bytes)]
        lines += [f"count {name} {self.counts[name]}" for name in sorted(self.counts)]
        lines += [each.line for each in self.sealed]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Seal:
        """Read the text in its one byte form; raises FormatError for any other."""
        lines = _Lines(text)
        if lines.next() != HEADER:
            raise FormatError(f"{SEAL}: does not begin with {HEADER!r}")
        origin = lines.next()
        size, root = lines.fields("checkpoint", 2)
        (content_root,) = lines.fields("content", 1)
        from_hex(content_root)
        certificates = tuple(_certificate(fields) for fields in lines.all("certificate", 2))
        counts = {_count_name(name): _number(number) for name, number in lines.all("count", 2)}
        sealed = _sealed(lines)
        seal = cls(
            origin=origin,
            checkpoint=Checkpoint(origin, _number(size), from_hex(root)),
            content_root=content_root,
            certificates=certificates,
            counts=counts,
            files=tuple(each for each in sealed if isinstance(each, SealedFile)),
            segments=tuple(each for each in sealed if isinstance(each, SealedSegment)),
        )
        if seal.text() != text:
            raise FormatError(f"{SEAL}: not in its one byte form")
        return seal

    @property
    def sealed(self) -> list[SealedFile | SealedSegment]:
        """All sealed files, sorted by the UTF-8 bytes of their paths."""
        every: list[SealedFile | SealedSegment] = [*self.files, *self.segments]
        return sorted(every, key=_path_bytes)


def make_seal(
    storage: Storage, origin: str, checkpoint: Checkpoint, content_root: bytes, counts: Mapping[str, int]
) -> Seal:
    """Walk the folder and return its seal; `counts` says how many there are of what.

    Raises FormatError for temporary and foreign files and malformed segments, LogError where the checkpoint is not
    the stored one.
    """
    text, _ = parse_note(storage.read(CHECKPOINT))
    if text != checkpoint.text() or checkpoint.origin != origin:
        raise LogError(f"{CHECKPOINT}: is not the one to be sealed; commit the log first")
    sealed = [_seal_one(storage, path) for path in storage.files() if not outside_seal(path)]
    seal = Seal(
        origin=origin,
        checkpoint=checkpoint,
        content_root=content_root.hex(),
        certificates=tuple(SealedCertificate(each.path, each.serial) for each in run_certificates(storage)),
        counts=dict(counts),
        files=tuple(each for each in sealed if isinstance(each, SealedFile)),
        segments=tuple(each for each in sealed if isinstance(each, SealedSegment)),
    )
    return Seal.parse(seal.text())


def write_seal(storage: Storage, seal: Seal, note_key: NoteKey) -> None:
    """Sign and write SEAL: the commit of the whole run."""
    storage.write(SEAL, sign_note(seal.text(), [note_key]))


def read_seal(storage: Storage, verifiers: Iterable[NoteVerifier]) -> tuple[Seal, list[NoteVerifier]]:
    """Return the seal and those of the keys that signed it; raises FormatError, or StorageError without one."""
    text, signed_by = open_note_keys(storage.read(SEAL), verifiers)
    return Seal.parse(text), signed_by


def seal_of_file(path: str, data: bytes) -> SealedFile | SealedSegment:
    """Return what a seal says of a file with these bytes; raises FormatError for a malformed segment."""
    if not is_segment(path):
        return SealedFile(path, len(data), file_digest(data).hex())
    try:
        items = decode_segment(data)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    return seal_of_items(path, items)


def seal_of_items(path: str, items: Sequence[Item]) -> SealedSegment:
    """Return what a seal says of a segment with these items."""
    return SealedSegment(path, len(items), items_root(items).hex())


def _seal_one(storage: Storage, path: str) -> SealedFile | SealedSegment:
    if not is_known(path):
        raise FormatError(f"{path}: is no file of a run; move it out of the folder (logs/ may hold anything)")
    return seal_of_file(path, storage.read(path))


def _path_bytes(each: SealedFile | SealedSegment | SealedCertificate) -> bytes:
    return each.path.encode()


class _Lines:
    """The lines of a seal, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        if self._lines.pop() != "":
            raise FormatError(f"{SEAL}: ends inside a line")
        self._at = 0

    @property
    def word(self) -> str:
        """First word of the next line; `""` at the end."""
        return self._lines[self._at].partition(" ")[0] if self._at < len(self._lines) else ""

    def next(self) -> str:
        if self._at >= len(self._lines):
            raise FormatError(f"{SEAL}: ends too early")
        self._at += 1
        return self._lines[self._at - 1]

    def fields(self, word: str, count: int) -> list[str]:
        line = self.next()
        found = line.split(" ", count)
        if found[0] != word or len(found) != count + 1:
            raise FormatError(f"{SEAL}: line {self._at} is {line[:80]!r}, not one of {word!r}")
        return found[1:]

    def all(self, word: str, count: int) -> Iterator[list[str]]:
        while self.word == word:
            yield self.fields(word, count)

    def end(self) -> bool:
        return self._at == len(self._lines)


def _sealed(lines: _Lines) -> list[SealedFile | SealedSegment]:
    found: dict[str, SealedFile | SealedSegment] = {}
    while not lines.end():
        word = lines.word
        if word not in ("file", "segment"):
            raise FormatError(f"{SEAL}: {lines.next()[:80]!r} is no line of a seal")
        number, digest, path = lines.fields(word, 3)
        from_hex(digest)
        if path in found or outside_seal(_inside(path)) or is_segment(path) != (word == "segment"):
            raise FormatError(f"{SEAL}: {path!r} may not stand here")
        if word == "segment":
            found[path] = SealedSegment(path, _number(number), digest)
        else:
            found[path] = SealedFile(path, _number(number), digest)
    return list(found.values())


def _inside(path: str) -> str:
    try:
        return check_path(path)
    except StorageError as error:
        raise FormatError(f"{SEAL}: {error}") from error


def _certificate(fields: list[str]) -> SealedCertificate:
    serial, path = fields
    if not (serial.isascii() and serial.isdigit()):
        raise FormatError(f"{SEAL}: serial {serial[:80]!r} is not a number")
    return SealedCertificate(path, serial)


def _count_name(name: str) -> str:
    if not _COUNT_NAME.match(name):
        raise FormatError(f"{SEAL}: count {name[:80]!r} is not a name")
    return name


def _number(text: str) -> int:
    if not _NUMBER.match(text):
        raise FormatError(f"{SEAL}: {text[:80]!r} is not a number")
    return int(text)
