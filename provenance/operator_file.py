"""The operator's file in the keystore: key, certificate, and those above it up to the root. Read, checked, made once.

Not for anchors. How an operator comes about otherwise than at the first use is `ceremonies`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from . import certificates, note_ecdsa
from .algorithms import PrivateKey, PublicKey, private_pem
from .digests import file_digest
from .errors import KeystoreError
from .note import NoteKey

HOME_VARIABLE = "WORLDLOOM_HOME"
PASSPHRASE_VARIABLE = "WORLDLOOM_PASSPHRASE"  # noqa: S105  (a name, not a passphrase)

OPERATOR_FILE = "operator.pem"
_LOCK_FILE = "lock"
_LARGEST = 65_536
_LONGEST_CHAIN = 5


@dataclass(frozen=True)
class Operator:
    """Who runs worlds here: a certificate that certifies runs, with its key; `above` are those over it, root last.

    Without any above it is the root (the trust anchor) itself. `durable` says whether it outlives this process; `path`
    is its file, `reason` why there is none.
    """

    certificate: x509.Certificate = field(repr=False)
    durable: bool
    path: str
    reason: str
    _key: PrivateKey = field(repr=False)
    above: tuple[x509.Certificate, ...] = field(default=(), repr=False)

    @property
    def certificate_pem(self) -> bytes:
        """The root certificate, to be handed to auditors."""
        return certificates.pem(self.root)

    @property
    def root(self) -> x509.Certificate:
        """The certificate at the top: the trust anchor."""
        return self.above[-1] if self.above else self.certificate

    @property
    def between_pem(self) -> bytes:
        """The certificates between a run's authority and the root, which a credential has to carry; mostly none."""
        return b"".join(map(certificates.pem, (self.certificate, *self.above[:-1]))) if self.above else b""

    @property
    def organisation(self) -> str:
        """The name that readers of a credential see."""
        return certificates.organisation(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root certificate, hexadecimal."""
        return certificates.fingerprint(self.root)

    def note_key(self, name: str) -> NoteKey:
        """Return the operator's signer of notes: amendments, receipts, revocations; by ECDSA where its key is P-256."""
        key = self._key
        if isinstance(key, EllipticCurvePrivateKey):
            return NoteKey(name, note_ecdsa.spki(key.public_key()), lambda data: note_ecdsa.sign(key, data))
        return NoteKey(name, key.public_key().public_bytes_raw(), key.sign)

    @property
    def chain_pem(self) -> bytes:
        """The operator's own certificate and those above it, root last."""
        return b"".join(map(certificates.pem, (self.certificate, *self.above)))

    def sign(self, data: bytes) -> bytes:
        """Return the operator's signature of bytes: 64 of Ed25519, or DER of ECDSA over SHA-256 (as DSSE has them)."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(data)
        return self._key.sign(data, ECDSA(SHA256()))

    def certify_authority(self, key: Ed25519PrivateKey, run_id: str, part: int) -> x509.Certificate:
        """Issue the certificate of a run's authority; raises KeystoreError when the operator's own has run out."""
        return certificates.run_authority_certificate(
            key.public_key(), run_id, part, self.certificate, self._key, now()
        )

    def certify_issuing(self, public: PublicKey, organisation: str) -> bytes:
        """Issue the certificate of an issuing authority, and return the chain up to the root; KeystoreError."""
        if self.above:
            raise KeystoreError("this keystore's operator is an issuing authority itself; only its root issues others")
        made = certificates.issuing_certificate(public, organisation, self.certificate, self._key, now())
        return certificates.pem(made) + self.certificate_pem


def new_operator(
    *, durable: bool, path: str, reason: str = "", organisation: str = "", levels: int = 1
) -> tuple[Operator, Ed25519PrivateKey]:
    """Make a self-signed operator in memory, with its key."""
    key = Ed25519PrivateKey.generate()
    name = organisation or f"Worldloom operator {file_digest(key.public_key().public_bytes_raw()).hex()[:8]}"
    root = certificates.root_certificate(key, name, now(), levels=levels)
    return Operator(root, durable, path, reason, key), key


def passing_operator(reason: str) -> Operator:
    """Make an operator for this process only, and say why it is not kept."""
    return new_operator(durable=False, path="", reason=reason)[0]


def make_operator(folder: Path, secret: bytes | None) -> Operator:
    """Make the folder's operator, or read the one that another process has made meanwhile.

    A folder that cannot be written gives an operator for this process only. Raises KeystoreError.
    """
    path = folder / OPERATOR_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(folder):
            operator = read_operator(path, secret)  # another process may have been faster
            if operator is None:
                operator, key = new_operator(durable=True, path=str(path))
                write_new(path, encode(key, [operator.certificate], secret), 0o600)
            return operator
    except (FileExistsError, NotADirectoryError) as error:
        raise KeystoreError(
            f"{folder}: is not a folder; point {HOME_VARIABLE} at a folder of yours, or unset it"
        ) from error
    except OSError as error:
        reason = f"keystore {folder} cannot be written ({error.strerror or error})"
        return passing_operator(reason)


def encode(key: PrivateKey, chain: Sequence[x509.Certificate], secret: bytes | None) -> bytes:
    """Return the bytes of an operator's file: key, certificate, those above it."""
    return private_pem(key, secret) + b"".join(map(certificates.pem, chain))


def read_operator(path: Path, secret: bytes | None) -> Operator | None:
    """Read key and certificate of one file; None when there is none."""
    found = _read_bytes(path)
    if found is None:
        return None
    data, mode = found
    if mode & 0o077:
        raise KeystoreError(f"{path}: mode {mode:04o} lets others read the operator's key; `chmod 600` it")
    (certificate, *above), key = _own_chain(data, path), _own_key(data, path, secret)
    if certificate.public_key() != key.public_key():
        raise KeystoreError(f"{path}: the key is another certificate's; {_RESTORE}")
    return Operator(certificate, True, str(path), "", key, tuple(above))


def read_certificate(path: Path) -> x509.Certificate | None:
    """Read the root alone, which needs no passphrase; None when there is no file. Raises KeystoreError."""
    found = _read_bytes(path)
    return None if found is None else _own_chain(found[0], path)[-1]


def _read_bytes(path: Path) -> tuple[bytes, int] | None:
    """Return the file's bytes and mode; None when there is none, or nothing of its folder can be seen."""
    try:
        with path.open("rb") as handle:
            return handle.read(_LARGEST), os.fstat(handle.fileno()).st_mode & 0o777
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if isinstance(error, PermissionError) and not _is_seen(path):
            return None
        raise KeystoreError(
            f"{path}: {error.strerror}; make it readable for this user alone, or point {HOME_VARIABLE} elsewhere"
        ) from error


def _is_seen(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        return False
    return True


_RESTORE = (
    "restore the file from a copy, or move it away to begin with a new operator (keep its certificate: runs that it "
    "signed need it as --anchor)"
)


def _own_chain(data: bytes, path: Path) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(data)
    except certificates.READ_ERRORS as error:
        raise KeystoreError(f"{path}: holds no operator's certificate ({error}); {_RESTORE}") from None
    fault = authorities_fault(found)
    if fault:
        raise KeystoreError(f"{path}: {fault}; {_RESTORE}")
    return found


def authorities_fault(chain: Sequence[x509.Certificate]) -> str:
    """Say why a chain is not one of authorities up to a self-signed root, each issued by the next; `""` if it is."""
    if not 1 <= len(chain) <= _LONGEST_CHAIN:
        return f"holds {len(chain)} certificates, and a chain has 1 to {_LONGEST_CHAIN}"
    for below, above in zip(chain, [*chain[1:], chain[-1]], strict=True):
        name = certificates.common_name(below)
        if not certificates.is_authority(below):
            return f"the certificate of {name[:80]!r} is none of an authority"
        try:
            below.verify_directly_issued_by(above)
        except (InvalidSignature, *certificates.READ_ERRORS) as error:
            return f"the certificate of {name[:80]!r} is not issued by the next one, the last by itself ({error})"
    if len(chain) != len({certificates.fingerprint(each) for each in chain}):
        return "holds one certificate twice"
    return ""


def _own_key(data: bytes, path: Path, secret: bytes | None) -> PrivateKey:
    encrypted = b"ENCRYPTED PRIVATE KEY" in data
    if encrypted and secret is None:
        raise KeystoreError(f"{path}: the operator's key has a passphrase; set {PASSPHRASE_VARIABLE}")
    if not encrypted and secret is not None:
        raise KeystoreError(
            f"{path}: {PASSPHRASE_VARIABLE} is set and the key has no passphrase; unset it, or move the file away to "
            "begin with a new operator whose key has one"
        )
    try:
        key = serialization.load_pem_private_key(data, secret)
    except Exception as error:  # wrong passphrase, garbage and unsupported keys come as several types
        why = f"the passphrase in {PASSPHRASE_VARIABLE} does not open it, or " if encrypted else ""
        raise KeystoreError(f"{path}: {why}the key is broken ({type(error).__name__}); {_RESTORE}") from None
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise KeystoreError(f"{path}: holds a {type(key).__name__}, not an Ed25519 or P-256 key; {_RESTORE}")
    return key


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the keystore against other processes."""
    handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file whole or not at all: temporary name, sync, rename, sync of the folder."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def now() -> datetime:
    """The machine's clock, in whole seconds as certificates have it."""
    return datetime.now(UTC).replace(microsecond=0)
