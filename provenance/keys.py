"""Keys: the operator's keystore, a run's authority, and the signing keys that it certifies. Trusting is `trust`.

The operator's key is the only one that is ever written. A run's keys live in the memory of one process and die with
it, so that a stolen run folder signs nothing (docs/adr/0003).
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import platformdirs
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import certificates
from .errors import KeystoreError
from .folder import RunFile
from .note import NoteKey
from .operator_file import (
    HOME_VARIABLE,
    OPERATOR_FILE,
    PASSPHRASE_VARIABLE,
    Operator,
    make_operator,
    now,
    passing_operator,
    read_certificate,
    read_operator,
    write_new,
)

__all__ = [
    "HOME_VARIABLE",
    "OPERATOR_FILE",
    "PASSPHRASE_VARIABLE",
    "Anchor",
    "Keystore",
    "Operator",
    "RunAuthority",
    "SigningKey",
    "default_home",
    "trusted_anchors",
]

ANCHORS_FOLDER = "anchors"
_ROLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST_ROLE = 40
_SHORTEST = 8


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
            return cls(None, passing_operator("this user has no home folder"))
        operator = read_operator(folder / OPERATOR_FILE, secret)
        if operator is None:
            operator = make_operator(folder, secret)
        return cls(folder, operator)

    def anchors(self) -> list[bytes]:
        """PEM of every certificate that this user trusts, the own operator's first; raises KeystoreError."""
        return [anchor.pem for anchor in self.list_anchors()]

    def list_anchors(self) -> list[Anchor]:
        """As `anchors`, with what a person wants to know of each."""
        own = self.operator
        return [_anchor(own.certificate, own.path, own=True), *_added_anchors(self.home)]

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
            try:
                write_new(path, certificates.pem(certificate), 0o644)
            except OSError as error:
                raise KeystoreError(f"{path}: {error.strerror}; make the keystore writable for this user") from error
            added.append(_anchor(certificate, str(path), own=False))
        return added

    def remove_anchor(self, fingerprint: str) -> Anchor:
        """Trust no longer the one added certificate whose fingerprint begins so; raises KeystoreError."""
        added = _added_anchors(self.home)
        wanted = [each for each in added if each.fingerprint.startswith(fingerprint) and len(fingerprint) >= _SHORTEST]
        if len(wanted) != 1:
            raise KeystoreError(
                f"{len(wanted)} added anchors begin with {fingerprint[:80]!r}; give {_SHORTEST} or more digits of one"
            )
        if len([each for each in added if each.path == wanted[0].path]) > 1:
            raise KeystoreError(f"{wanted[0].path}: holds other anchors too; take this one out of the file by hand")
        try:
            Path(wanted[0].path).unlink()
        except OSError as error:
            raise KeystoreError(f"{wanted[0].path}: {error.strerror}; remove the file by hand") from error
        return wanted[0]

    def _folder(self) -> Path:
        if self.home is None:
            raise KeystoreError(f"no keystore to keep an anchor in; set {HOME_VARIABLE} to a folder of yours")
        return self.home


def trusted_anchors(home: Path | None = None) -> list[bytes]:
    """PEM of every certificate that the user trusts, without the operator's key: for auditors.

    Makes nothing; the list is empty where there is no keystore. Raises KeystoreError for files that are broken.
    """
    folder = home if home is not None else default_home()
    own = None if folder is None else read_certificate(folder / OPERATOR_FILE)
    return [*([] if own is None else [certificates.pem(own)]), *(each.pem for each in _added_anchors(folder))]


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
        if part < 0:
            raise KeystoreError(f"part {part} of run {run_id}: starts count from 1; 0 packs a sealed run again")
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
        leaf = certificates.leaf_certificate(private.public_key(), role, self.part, self._certificate, self._key, now())
        return SigningKey(private, leaf, self.certificate_pem, role)

    def destroy(self) -> None:
        """Forget the authority's key: it issues nothing from now on."""
        self._key = None


def _anchor(certificate: x509.Certificate, path: str, *, own: bool) -> Anchor:
    name, pem = certificates.organisation(certificate), certificates.pem(certificate)
    return Anchor(name, certificates.fingerprint(certificate), certificate.not_valid_after_utc, path, own, pem)


def _added_anchors(home: Path | None) -> list[Anchor]:
    found = []
    for path in [] if home is None else sorted((home / ANCHORS_FOLDER).glob("*.pem")):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise KeystoreError(f"{path}: {error.strerror}; make it readable for this user or remove it") from error
        found += [_anchor(each, str(path), own=False) for each in certificates.load_certificates(data, str(path))]
    return found
