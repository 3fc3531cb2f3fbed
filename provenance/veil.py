"""Salted digests that stand for prompts in private runs, and the secret that their salts come from. Keeps no prompt.

A prompt's digest alone can be guessed: prompts are few words around known templates. Here each has a salt of its own,
drawn from the run's secret and from what was asked of whom and when, so that one prompt can be shown to somebody
without the others. The secret stands in `<run>.salt` beside the run folder, never inside it or its zip; the run commits
to it by a digest. Without it nobody can tell whether a prompt is the one that was used, nor replay the run.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from .canonical import canonical
from .digests import SIZE, digest_bytes, from_hex
from .errors import FormatError
from .storage import LocalDisk, Storage

SALT = ".salt"
"""What is added to a run folder's name for the file with its secret."""

HEADER = "worldloom/salt/1"
_SECRET = b"worldloom/salt/1\n"
_PROMPT = b"worldloom/salted-prompt/1\n"
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Veil:
    """A run's secret, 32 bytes, of which the digests of its prompts are made."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SIZE:
            raise FormatError(f"a run's secret has {SIZE} bytes, not {len(self.secret)}")

    @classmethod
    def new(cls) -> Veil:
        """Return a fresh one: the only thing in a run that is drawn from the machine's own randomness but keys."""
        return cls(secrets.token_bytes(SIZE))

    @property
    def commitment(self) -> str:
        """Hex digest that stands in the run's first entry: it tells this secret from others, and not what it is."""
        return digest_bytes(_SECRET, self.secret).hex()

    def salt(self, kind: str, purpose: str, agent: str, time: int, occurrence: int) -> bytes:
        """Return the salt of one request, which no other of the run has."""
        return hmac.new(self.secret, canonical([kind, purpose, agent, time, occurrence]), sha256).digest()


def salted_digest(salt: bytes, prompt: str) -> str:
    """Return the hex digest that stands for a prompt; raises FormatError for a salt of another length."""
    if len(salt) != _SALT_BYTES:
        raise FormatError(f"a salt has {_SALT_BYTES} bytes, not {len(salt)}")
    return digest_bytes(_PROMPT, salt + prompt.encode()).hex()


def write_veil(beside: Storage, run_name: str, veil: Veil) -> None:
    """Write the secret beside a run; raises FormatError where one stands there, StorageError when the disk refuses."""
    path = run_name + SALT
    if beside.exists(path):
        raise FormatError(
            f"{path}: is the secret of a run already; move it, for without it that run's prompts are lost"
        )
    data = f"{HEADER}\n{veil.secret.hex()}\n".encode()
    if isinstance(beside.disk, LocalDisk):  # for nobody else's eyes from the first byte on
        from .operator_file import write_new  # noqa: PLC0415  (heavy)

        write_new(beside.disk.root / path, data, 0o600)
    else:
        beside.write(path, data)


def read_veil(beside: Storage, run_name: str, commitment: str) -> Veil | None:
    """Return the secret beside a run, None where there is none; raises FormatError for another run's."""
    path = run_name + SALT
    if not beside.exists(path):
        return None
    lines = beside.read(path).decode("ascii", "replace").split("\n")
    if len(lines) != 3 or lines[0] != HEADER or lines[2]:
        raise FormatError(f"{path}: is no run's secret: expected {HEADER!r} and 64 hexadecimal digits")
    veil = Veil(from_hex(lines[1]))
    if veil.commitment != commitment:
        raise FormatError(f"{path}: is the secret of another run")
    return veil
