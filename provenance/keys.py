"""Keys: the operator's keystore, a run's authority, and the signing keys that it certifies. Trusting is `trust`.

The operator's key is the only one that is ever written. A run's keys live in the memory of one process and die with
it, so that a stolen run folder signs nothing (docs/adr/0003).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import certificates
from .digests import file_digest
from .errors import KeystoreError
from .folder import RunFile
from .note import NoteKey

HOME_VARIABLE = "WORLDLOOM_HOME"
PASSPHRASE_VARIABLE = "WORLDLOOM_PASSPHRASE"  # noqa: S105  (a name, not a passphrase)

OPERATOR_FILE = "operator.pem"
ANCHORS_FOLDER = "anchors"
_LOCK_FILE = "lock"
_LARGEST = 65_536
_ROLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST_ROLE = 40


@dataclass(frozen=True)
class Operator:
    """Who runs worlds here: a root certificate (the trust anchor) with its key.

    `durable` says whether it outlives this process; `path` is its file, `reason` why there is none.
    """

    certificate: x509.Certificate = field(repr=False)
    durable: bool
    path: str
    reason: str
    _key: Ed25519PrivateKey = field(repr=False)

    @property
    def certificate_pem(self) -> bytes:
        """The root certificate, to be handed to auditors."""
        return certificates.pem(self.certificate)

    @property
    def organisation(self) -> str:
        """The name that readers of a credential see."""
        return certificates.organisation(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root certificate, hexadecimal."""
        return certificates.fingerprint(self.certificate)

    def note_key(self, name: str) -> NoteKey:
        """Return the operator's signer of notes, for amendments and receipts."""
        return NoteKey(name, self._key.public_key().public_bytes_raw(), self._key.sign)

    def certify_authority(self, key: Ed25519PrivateKey, run_id: str, part: int) -> x509.Certificate:
        """Issue the certificate of a run's authority; raises KeystoreError when the operator's own has run out."""
        return certificates.run_authority_certificate(
            key.public_key(), run_id, part, self.certificate, self._key, _now()
        )


@dataclass(frozen=True)
class Anchor:
    """A certificate that this user trusts: whose, until when, and where its file is."""

    organisation: str
    fingerprint: str
    expires: datetime
    path: str
    own: bool
    pem: bytes = field(repr=False)


class Keystore:
    """The user's folder of keys: `operator.pem` (key and certificate, mode 0600) and `anchors/`."""

    def __init__(self, home: Path | None, operator: Operator) -> None:
        self.home = home
        self.operator = operator

    @classmethod
    def open(cls, home: Path | None = None, *, passphrase: str | None = None) -> Keystore:
        """Open the keystore, making an operator at first use; one that cannot be written gives one for this run only.

        `home` is WORLDLOOM_HOME or the user's data folder unless given, `passphrase` WORLDLOOM_PASSPHRASE. Raises
        KeystoreError naming the file and the remedy when what stands there is unreadable, open to others or broken.
        """
        folder = home if home is not None else default_home()
        secret = (passphrase or os.environ.get(PASSPHRASE_VARIABLE, "")).encode() or None
        if folder is None:
            return cls(None, _new_operator(durable=False, path="", reason="this user has no home folder")[0])
        operator = _read_operator(folder / OPERATOR_FILE, secret)
        if operator is None:
            operator = _make_operator(folder, secret)
        return cls(folder, operator)

    def anchors(self) -> list[bytes]:
        """PEM of every certificate that this user trusts, the own operator's first; raises KeystoreError."""
        return [anchor.pem for anchor in self.list_anchors()]

    def list_anchors(self) -> list[Anchor]:
        """As `anchors`, with what a person wants to know of each."""
        own = self.operator
        found = [_anchor(own.certificate, own.path, own=True)]
        for path in self._anchor_files():
            try:
                data = path.read_bytes()
            except OSError as error:
                raise KeystoreError(f"{path}: {error.strerror}; make it readable for this user or remove it") from error
            found += [_anchor(each, str(path), own=False) for each in certificates.load_certificates(data, str(path))]
        return found

    def add_anchor(self, pem: bytes) -> list[Anchor]:
        """Trust every certificate of a PEM text from now on; raises KeystoreError for what is no authority's."""
        added = []
        for certificate in certificates.load_certificates(pem, "anchor"):
            name = certificates.fingerprint(certificate)
            if not certificates.is_authority(certificate):
                raise KeystoreError(
                    f"anchor {name[:16]} is the certificate of a signer, not of an authority; ask its owner for the "
                    "operator's root certificate"
                )
            path = self._folder() / ANCHORS_FOLDER / f"{name}.pem"
            _write_new(path, certificates.pem(certificate), 0o644)
            added.append(_anchor(certificate, str(path), own=False))
        return added

    def remove_anchor(self, fingerprint: str) -> Anchor:
        """Trust no longer the one added certificate whose fingerprint begins so; raises KeystoreError."""
        wanted = [each for each in self.list_anchors() if not each.own and each.fingerprint.startswith(fingerprint)]
        if len(wanted) != 1:
            raise KeystoreError(f"{len(wanted)} added anchors begin with {fingerprint!r}; give one fingerprint in full")
        try:
            Path(wanted[0].path).unlink()
        except OSError as error:
            raise KeystoreError(f"{wanted[0].path}: {error.strerror}; remove the file by hand") from error
        return wanted[0]

    def _anchor_files(self) -> list[Path]:
        return [] if self.home is None else sorted((self.home / ANCHORS_FOLDER).glob("*.pem"))

    def _folder(self) -> Path:
        if self.home is None:
            raise KeystoreError(f"no keystore to keep an anchor in; set {HOME_VARIABLE} to a folder of yours")
        return self.home


def default_home() -> Path | None:
    """WORLDLOOM_HOME, else the user's data folder; None for a user without a home."""
    named = os.environ.get(HOME_VARIABLE, "")
    if named:
        return Path(named)
    if os.environ.get("HOME") or os.environ.get("XDG_DATA_HOME"):
        return platformdirs.user_data_path("worldloom", appauthor=False)
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir) / ".local" / "share" / "worldloom"
    except KeyError:
        return None


class SigningKey:
    """A key that signs for one role of one process; it is never written, and gone after `destroy`."""

    def __init__(
        self, private: Ed25519PrivateKey, certificate: x509.Certificate, authority_pem: bytes, role: str
    ) -> None:
        self.role = role
        self.serial = str(certificate.serial_number)
        self.certificate_pem = certificates.pem(certificate)
        self.chain_pem = self.certificate_pem + authority_pem
        self.public = private.public_key().public_bytes_raw()
        self._private: Ed25519PrivateKey | None = private
        self._goodbyes: list[Callable[[], None]] = []

    @property
    def alive(self) -> bool:
        """Whether the key can still sign."""
        return self._private is not None

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of the data; raises KeystoreError after `destroy`."""
        return self._alive().sign(data)

    def note_key(self, name: str) -> NoteKey:
        """Return a signer of notes under that name; it refuses when the key is gone."""
        self._alive()
        return NoteKey(name, self.public, self.sign)

    def private_pem(self) -> bytes:
        """Return the private key for the C2PA SDK, which signs by itself; never write it."""
        return self._alive().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def on_destroy(self, goodbye: Callable[[], None]) -> None:
        """Call `goodbye` when the key goes: whoever holds a copy of it drops it then."""
        self._alive()
        self._goodbyes.append(goodbye)

    def destroy(self) -> None:
        """Forget the key, as far as Python can: no reference stays here. Every later use raises KeystoreError."""
        self._private = None
        while self._goodbyes:
            self._goodbyes.pop()()

    def _alive(self) -> Ed25519PrivateKey:
        if self._private is None:
            raise KeystoreError(f"the key of {self.role!r} is gone: keys die at the seal; resume for fresh ones")
        return self._private


class RunAuthority:
    """Certifies the signing keys of one start of a run; its own key lives in this process only."""

    def __init__(self, operator: Operator, run_id: str, part: int) -> None:
        RunFile(run_id)  # its check of the run id
        if part < 1:
            raise KeystoreError(f"part {part} of run {run_id}: the starts of a run are counted from 1")
        self.part = part
        self._key: Ed25519PrivateKey | None = Ed25519PrivateKey.generate()
        self._certificate = operator.certify_authority(self._key, run_id, part)
        self._roles: set[str] = set()

    @property
    def certificate_pem(self) -> bytes:
        """The authority's certificate, issued by the operator; its place is trust/ca-<part>.pem."""
        return certificates.pem(self._certificate)

    @property
    def serial(self) -> str:
        """The certificate's serial number in decimal digits."""
        return str(self._certificate.serial_number)

    def issue(self, role: str) -> SigningKey:
        """Make a key with a certificate for a role, once a role; raises KeystoreError."""
        if not _ROLE.match(role) or len(role) > _LONGEST_ROLE or role == "ca":
            raise KeystoreError(f"role {role[:80]!r}: use words of a-z and 0-9 joined by '-', such as cohort-3")
        if self._key is None:
            raise KeystoreError(f"the authority of part {self.part} is gone: it issues nothing for {role!r} any more")
        if role in self._roles:
            raise KeystoreError(f"role {role!r} has a certificate of part {self.part}; use its key, or another role")
        self._roles.add(role)
        private = Ed25519PrivateKey.generate()
        leaf = certificates.leaf_certificate(
            private.public_key(), role, self.part, self._certificate, self._key, _now()
        )
        return SigningKey(private, leaf, self.certificate_pem, role)

    def destroy(self) -> None:
        """Forget the authority's key: it issues nothing from now on."""
        self._key = None


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _anchor(certificate: x509.Certificate, path: str, *, own: bool) -> Anchor:
    name, pem = certificates.organisation(certificate), certificates.pem(certificate)
    return Anchor(name, certificates.fingerprint(certificate), certificate.not_valid_after_utc, path, own, pem)


def _new_operator(*, durable: bool, path: str, reason: str = "") -> tuple[Operator, Ed25519PrivateKey]:
    key = Ed25519PrivateKey.generate()
    name = f"Worldloom operator {file_digest(key.public_key().public_bytes_raw()).hex()[:8]}"
    return Operator(certificates.root_certificate(key, name, _now()), durable, path, reason, key), key


def _make_operator(folder: Path, secret: bytes | None) -> Operator:
    path = folder / OPERATOR_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder):
            operator = _read_operator(path, secret)  # another process may have been faster
            if operator is None:
                operator, key = _new_operator(durable=True, path=str(path))
                _write_new(path, _encode(key, operator, secret), 0o600)
            return operator
    except (FileExistsError, NotADirectoryError) as error:
        raise KeystoreError(
            f"{folder}: is not a folder; point {HOME_VARIABLE} at a folder of yours, or unset it"
        ) from error
    except OSError as error:
        reason = f"keystore {folder} cannot be written ({error.strerror or error})"
        return _new_operator(durable=False, path="", reason=reason)[0]


def _encode(key: Ed25519PrivateKey, operator: Operator, secret: bytes | None) -> bytes:
    cipher = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher)
    return private + operator.certificate_pem


def _read_operator(path: Path, secret: bytes | None) -> Operator | None:
    """Read key and certificate of one file; None when there is none."""
    try:
        with path.open("rb") as handle:
            mode = os.fstat(handle.fileno()).st_mode & 0o777
            data = handle.read(_LARGEST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise KeystoreError(
            f"{path}: {error.strerror}; make it readable for this user alone, or point {HOME_VARIABLE} elsewhere"
        ) from error
    if mode & 0o077:
        raise KeystoreError(f"{path}: mode {mode:04o} lets others read the operator's key; `chmod 600` it")
    certificate, key = _own_certificate(data, path), _own_key(data, path, secret)
    if certificates.raw_public(certificate, str(path)) != key.public_key().public_bytes_raw():
        raise KeystoreError(f"{path}: the key is another certificate's; {_RESTORE}")
    return Operator(certificate, True, str(path), "", key)


_RESTORE = (
    "restore the file from a copy, or move it away to begin with a new operator (keep its certificate: runs that it "
    "signed need it as --anchor)"
)


def _own_certificate(data: bytes, path: Path) -> x509.Certificate:
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise KeystoreError(f"{path}: holds no operator's certificate ({error}); {_RESTORE}") from None
    if len(found) != 1 or not certificates.is_authority(found[0]):
        raise KeystoreError(f"{path}: holds {len(found)} certificates, not one of an authority; {_RESTORE}")
    try:
        found[0].verify_directly_issued_by(found[0])
    except (InvalidSignature, ValueError, TypeError) as error:
        raise KeystoreError(f"{path}: the certificate did not sign itself ({error}); {_RESTORE}") from None
    return found[0]


def _own_key(data: bytes, path: Path, secret: bytes | None) -> Ed25519PrivateKey:
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
    if not isinstance(key, Ed25519PrivateKey):
        raise KeystoreError(f"{path}: holds a {type(key).__name__}, not an Ed25519 key; {_RESTORE}")
    return key


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_new(path: Path, data: bytes, mode: int) -> None:
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
