"""C2SP signed notes and log checkpoints, in one byte form only. Not for deciding whose key to trust."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .digests import SIZE
from .errors import FormatError

MAX_SIGNATURES = 64
MAX_SIZE = 2**63
"""Entries that no log has: sizes are read by others as signed numbers of 64 bits."""

_MARK = "— "  # em dash and space, C2SP signed-note
_ED25519 = b"\x01"
_SIGNATURE_BYTES = 4 + 64
_SPKI_BYTES, _DER_SEQUENCE = 91, 0x30
_FOREIGN_BYTES = 8192
"""Most bytes of a signature of another type: post-quantum ones take some 5,000."""


@dataclass(frozen=True)
class NoteVerifier:
    """A name and a public key that may sign under it; several keys may share a name.

    The key is Ed25519 (32 bytes), or an operator's P-256 in SPKI form (91 bytes; `note_ecdsa`).
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) not in (SIZE, _SPKI_BYTES):
            raise FormatError(f"key {self.name!r}: an Ed25519 public key has 32 bytes, not {len(self.public)}")

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that a signature line names its key by."""
        if len(self.public) == _SPKI_BYTES:
            from . import note_ecdsa  # noqa: PLC0415  (heavy)

            return note_ecdsa.key_id(self.public)
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether the bytes are this key's signature of the note's text."""
        if len(self.public) == _SPKI_BYTES:
            from . import note_ecdsa  # noqa: PLC0415  (heavy)

            return note_ecdsa.verify(self.public, text.encode(), signature)
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (heavy)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class NoteKey:
    """A signer: name, raw public key and a function that signs bytes, so that private keys stay where they
    live.
    """

    name: str
    public: bytes
    sign: Callable[[bytes], bytes]

    @property
    def verifier(self) -> NoteVerifier:
        """The public half."""
        return NoteVerifier(self.name, self.public)


def sign_note(text: str, signers: Sequence[NoteKey]) -> bytes:
    """Return the signed note's bytes; `text` ends with a line feed. Raises FormatError for a text no note
    can hold.
    """
    _check_text(text)
    if not signers:
        raise FormatError("a signed note needs a signer")
    lines = []
    for signer in signers:
        signature = signer.sign(text.encode())
        if len(signer.public) == SIZE and len(signature) != _SIGNATURE_BYTES - 4:
            raise FormatError(f"key {signer.name!r} made {len(signature)} bytes; an Ed25519 signature has 64")
        lines.append((signer.name, signer.verifier.key_id + signature))
    return _encode(text, lines)


def open_note(data: bytes, verifiers: Iterable[NoteVerifier]) -> tuple[str, list[str]]:
    """Read a note; returns its text and the names of those given keys whose signature on it is good.

    Raises FormatError for bytes in any but the one form. No name means that nobody known signed: the caller
    decides.
    """
    text, signed = open_note_keys(data, verifiers)
    return text, [verifier.name for verifier in signed]


def open_note_keys(
    data: bytes, verifiers: Iterable[NoteVerifier], *, foreign: bool = False
) -> tuple[str, list[NoteVerifier]]:
    """As `open_note`, with the keys themselves, for names that several keys share; `foreign` as in `parse_note`."""
    text, signatures = parse_note(data, foreign=foreign)
    signed = [
        verifier
        for verifier in verifiers
        if any(
            name == verifier.name and blob[:4] == verifier.key_id and verifier.verify(text, blob[4:])
            for name, blob in signatures
        )
    ]
    return text, signed


def parse_note(data: bytes, *, foreign: bool = False) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note into its text and (key name, key id and signature); raises FormatError. Verifies
    nothing.

    With `foreign`, signatures of other types may stand beside ours, as witnesses' do on a checkpoint.
    """
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise FormatError(f"signed note: not UTF-8 at byte {error.start}") from error
    head, blank, tail = whole.rpartition("\n\n")
    text = head + "\n"
    lines = tail.split("\n")
    if not blank or lines.pop() != "" or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise FormatError("signed note: expected a text, an empty line and 1 to 64 signature lines")
    _check_text(text)
    signatures = [_signature(line, foreign) for line in lines]
    if len({(name, blob[:4]) for name, blob in signatures}) != len(signatures):
        raise FormatError("signed note: one key signed twice")
    if _encode(text, signatures) != data:
        raise FormatError("signed note: not in its one byte form")
    return text, signatures


def _signature(line: str, foreign: bool) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise FormatError(f"signed note: {line[:80]!r} is not a signature line")
    blob = from_base64(encoded)
    if foreign and not 4 < len(blob) <= _FOREIGN_BYTES:
        raise FormatError(f"signed note: a signature line holds 5 to {_FOREIGN_BYTES} bytes, not {len(blob)}")
    if not foreign and len(blob) != _SIGNATURE_BYTES and not _is_ecdsa(blob):
        raise FormatError(f"signed note: a signature line holds {_SIGNATURE_BYTES} bytes, not {len(blob)}")
    _check_name(name)
    return name, blob


def _is_ecdsa(blob: bytes) -> bool:
    if not 4 + 8 <= len(blob) <= 4 + 72 or blob[4] != _DER_SEQUENCE:
        return False
    from . import note_ecdsa  # noqa: PLC0415  (heavy)

    return note_ecdsa.is_signature(blob[4:])


def _encode(text: str, signatures: Iterable[tuple[str, bytes]]) -> bytes:
    lines = "".join(f"{_MARK}{name} {base64.b64encode(blob).decode()}\n" for name, blob in signatures)
    return f"{text}\n{lines}".encode()


def _check_name(name: str) -> None:
    if not name or "+" in name or not name.isprintable() or any(map(str.isspace, name)):
        raise FormatError(f"key name {name[:80]!r} may hold neither '+' nor spaces and may not be empty")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in set(text)):
        raise FormatError("a note's text ends with a line feed and holds no other control character")


def from_base64(text: str) -> bytes:
    """Decode standard base64 in its one spelling; raises FormatError."""
    try:
        data = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError(f"{text[:80]!r} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise FormatError(f"{text[:80]!r} is not the one base64 form of its bytes")
    return data


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: log origin, number of entries, root hash (C2SP tlog-checkpoint).

    `extensions` are further lines that the log signs with it; the checkpoint of a run folder has none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Three lines and the extensions, as they are signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str, *, extended: bool = False) -> Checkpoint:
        """Read the three lines, with `extended` also those after them; raises FormatError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise FormatError("log checkpoint: expected three lines: origin, size, root")
        if len(lines) > 3 and not extended:
            raise FormatError(f"log checkpoint: {lines[3][:80]!r} stands where nothing should: it has three lines")
        size, root = lines[1], from_base64(lines[2])
        if not (size.isascii() and size.isdigit() and str(int(size[:20])) == size and len(root) == SIZE):
            raise FormatError(f"log checkpoint: size {size[:40]!r} or root of {len(root)} bytes is malformed")
        if int(size) > MAX_SIZE:
            raise FormatError(f"log checkpoint: {size} entries are more than a log can have")
        return cls(lines[0], int(size), root, tuple(lines[3:]))
