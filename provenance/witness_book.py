"""A witness on a disk: its key, and its book of the last head of each log, kept before an answer leaves. No network.

The book is one canonical JSON file, replaced as a whole; a lock beside it keeps two processes from cosigning at once.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .canonical import canonical, parse_canonical
from .cosignature import CosignerKey
from .errors import FormatError, KeystoreError, ProvenanceError, StorageError
from .note import NoteVerifier
from .operator_file import write_new
from .storage import LocalDisk, Storage, storage_error
from .vkey import parse_vkey, vkey
from .witness import OK, Outcome, Seen, add_checkpoint, add_log, check_name

_FIELDS = {"keys", "note"}
_ADVICE = "restore it from a copy; a witness that forgets what it saw would sign a rolled-back log"


class WitnessBook:
    """A witness whose book is the file `path`; `anchors` are asked for each new log.

    Methods may be called from several threads and processes.
    """

    def __init__(
        self,
        path: Path,
        key: CosignerKey,
        anchors: Callable[[], Sequence[bytes]] = tuple,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.key = key
        self._path = path
        self._anchors = anchors
        self._clock = clock or (lambda: int(time.time()))
        self._storage = Storage(LocalDisk(path.parent.resolve()))
        self._thread = threading.Lock()

    def logs(self) -> dict[str, Seen]:
        """Read the book; empty where there is none yet. Raises FormatError for a damaged one."""
        return _parse(self._storage.read(self._path.name), self._path) if self._storage.exists(self._path.name) else {}

    def add_checkpoint(self, body: bytes) -> Outcome:
        """As `witness.add_checkpoint`, kept in the book before it returns."""
        return self._kept(lambda logs: add_checkpoint(body, logs, self.key, self._clock))

    def add_log(self, pem: bytes) -> Outcome:
        """As `witness.add_log`, kept in the book before it returns."""
        return self._kept(lambda logs: add_log(pem, logs, self._anchors(), datetime.now(UTC)))

    def trust(self, keys: Iterable[NoteVerifier]) -> None:
        """Let keys sign for the logs that they are named after; kept in the book."""
        for key in keys:
            self._kept(partial(_trusting, key))

    def _kept(self, judge: Callable[[Mapping[str, Seen]], Outcome]) -> Outcome:
        with self._thread, _locked(self._path):
            logs = self.logs()
            outcome = judge(logs)
            if outcome.seen is not None and logs.get(origin := _origin(outcome.seen)) != outcome.seen:
                self._storage.write(self._path.name, _encode({**logs, origin: outcome.seen}))
        return outcome


def witness_key(path: Path, name: str) -> CosignerKey:
    """Read a witness's Ed25519 key (PEM, PKCS 8), or make one with mode 0600; raises KeystoreError.

    The key must sign nothing but cosignatures: its signatures do not cover the witness's name.
    """
    check_name(name)
    try:
        if not path.exists():
            private = Ed25519PrivateKey.generate()
            pem = private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_new(path, pem, 0o600)
        if path.stat().st_mode & 0o077:
            raise KeystoreError(f"{path}: others may read this key; chmod 600 it, and make a new one if they did")
        loaded = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise KeystoreError(f"{path}: {error.strerror}; name another file with --key") from error
    except (ValueError, TypeError) as error:
        raise KeystoreError(f"{path}: is no unencrypted private key in PEM form") from error
    if not isinstance(loaded, Ed25519PrivateKey):
        raise KeystoreError(f"{path}: a witness signs with Ed25519, and this is another kind of key")
    return CosignerKey(name, loaded.public_key().public_bytes_raw(), loaded.sign)


def _trusting(key: NoteVerifier, logs: Mapping[str, Seen]) -> Outcome:
    return Outcome(OK, f"{key.name}\n", logs.get(key.name, Seen()).with_key(key))


def _origin(seen: Seen) -> str:
    return seen.keys[0].name


def _encode(logs: Mapping[str, Seen]) -> bytes:
    told = {name: {"keys": [vkey(key) for key in seen.keys], "note": seen.note.decode()} for name, seen in logs.items()}
    return canonical({"type": "worldloom/witness/1", "logs": told})


def _parse(data: bytes, path: Path) -> dict[str, Seen]:
    try:
        told = parse_canonical(data)
        if not isinstance(told, dict) or set(told) != {"type", "logs"} or told["type"] != "worldloom/witness/1":
            raise FormatError("is no witness's book")
        return {name: _seen(name, fields) for name, fields in told["logs"].items()}
    except (ProvenanceError, AttributeError, TypeError) as error:
        raise FormatError(f"{path}: {error}; {_ADVICE}") from error


def _seen(name: str, fields: Mapping[str, object]) -> Seen:
    if set(fields) != _FIELDS or not isinstance(fields["keys"], list) or not isinstance(fields["note"], str):
        raise FormatError(f"log {name[:80]!r}: keys or note are missing")
    keys = [parse_vkey(str(text)) for text in fields["keys"]]
    found = Seen(tuple(key for key in keys if isinstance(key, NoteVerifier)), fields["note"].encode())
    head = found.checkpoint
    if not found.keys or any(key.name != name for key in keys) or (head is not None and head.origin != name):
        raise FormatError(f"log {name[:80]!r}: keys or note are of another log")
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    beside = path.with_name(path.name + ".lock")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(str(storage_error(error, str(beside)))) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
