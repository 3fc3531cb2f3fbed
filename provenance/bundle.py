"""`<run>.zip` and `<run>.zip.seal`: a sealed folder as one signed file. Reading one is `zip_disk`, judging it `audit`.

Members are stored, sorted by the UTF-8 bytes of their names, all of one date, so that the same folder gives the same
bytes up to its credential, which stands last. logs/ and lock stay at home. The zip's own seal is a signed note:

    worldloom/zip-seal/1
    <origin>
    <size in bytes> <sha256>
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from .digests import from_hex
from .errors import FormatError
from .folder import LOCK, LOGS, SEAL
from .making import Making
from .note import NoteKey, NoteVerifier, open_note_keys, sign_note
from .sections import length, stream_digest
from .storage import PART, Storage

if TYPE_CHECKING:
    from .signing import SignedFile

HEADER = "worldloom/zip-seal/1"
ZIP_SEAL = ".seal"
"""What is added to the name of a zip for its detached seal."""

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_UNIX = 3
_MODE = 0o100644 << 16


def pack(storage: Storage, sign: Callable[[bytes, Making], SignedFile], making: Making) -> bytes:
    """Return the signed zip of a sealed folder; raises FormatError for an unsealed one, CredentialError from `sign`."""
    if not storage.exists(SEAL):
        raise FormatError(f"{SEAL}: missing; only a sealed run is packed, so seal or resume it first")
    return sign(pack_members(packed_files(storage)), making).data


def packed_files(storage: Storage) -> list[tuple[str, bytes]]:
    """Return name and bytes of every file that a zip of the folder holds, sorted."""
    names = [path for path in storage.files() if path != LOCK and not path.startswith(LOGS) and not path.endswith(PART)]
    return [(path, storage.read(path)) for path in names]


def pack_members(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of stored members in the given order, without a credential."""
    stream = io.BytesIO()
    pack_into(stream, ((path, len(data), (data,)) for path, data in members))
    return stream.getvalue()


def pack_into(stream: BinaryIO, members: Iterable[tuple[str, int, Iterable[bytes]]]) -> None:
    """Write such a zip; a member is its name, its size in bytes, and its bytes by pieces."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        for path, size, data in members:
            info = zipfile.ZipInfo(path, _DATE)
            info.create_system, info.external_attr, info.file_size = _UNIX, _MODE, size
            with packed.open(info, "w") as member:
                for piece in data:
                    member.write(piece)


@dataclass(frozen=True)
class ZipSeal:
    """What a detached seal says: of which log's run the zip is, its size in bytes and hex SHA-256."""

    origin: str
    size: int
    digest: str

    @classmethod
    def of(cls, data: bytes | BinaryIO, origin: str) -> ZipSeal:
        """Return what seals a zip, of its bytes or a stream of them."""
        stream = io.BytesIO(data) if isinstance(data, bytes) else data
        return cls(origin, length(stream), stream_digest(stream).hex())

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{HEADER}\n{self.origin}\n{self.size} {self.digest}\n"

    @classmethod
    def parse(cls, text: str) -> ZipSeal:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[0] != HEADER:
            raise FormatError("zip seal: expected three lines, the first " + repr(HEADER))
        size, _, digest = lines[2].partition(" ")
        from_hex(digest)
        if not (size.isascii() and size.isdigit() and len(size) < 20):
            raise FormatError(f"zip seal: {size[:80]!r} is not a size")
        seal = cls(lines[1], int(size), digest)
        if seal.text() != text:
            raise FormatError("zip seal: not in its one byte form")
        return seal


def zip_seal(data: bytes, note_key: NoteKey) -> bytes:
    """Return the bytes of `<run>.zip.seal`; the key bears the log origin as its name."""
    return sign_note(ZipSeal.of(data, note_key.name).text(), [note_key])


def read_zip_seal(note: bytes, verifiers: Iterable[NoteVerifier]) -> tuple[ZipSeal, list[NoteVerifier]]:
    """Return a detached seal and those of the keys that signed it; raises FormatError."""
    text, signed_by = open_note_keys(note, verifiers)
    return ZipSeal.parse(text), signed_by
