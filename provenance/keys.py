"""Keys: the operator's keystore and whom it trusts. A run's keys are `run_authority` and `signing_key`.

The operator's key is the only one that is ever written. A run's keys live in the memory of one process and die with
it, so that a stolen run folder signs nothing (docs/adr/0003).
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import platformdirs
from cryptography import x509

from . import certificates
from .algorithms import OutsideKey
from .errors import KeystoreError
from .operator_file import (
    HOME_VARIABLE,
    OPERATOR_FILE,
    PASSPHRASE_VARIABLE,
    Operator,
    make_operator,
    passing_operator,
    read_certificate,
    read_operator,
    write_new,
)
from .outside_signer import check_signer, open_signer
from .run_authority import RunAuthority
from .signing_key import SigningKey
from .signing_policy import POLICY_FILE, SigningPolicy, read_policy, write_policy

__all__ = [
    "HOME_VARIABLE",
    "OPERATOR_FILE",
    "PASSPHRASE_VARIABLE",
    "POLICY_FILE",
    "Anchor",
    "Keystore",
    "Operator",
    "RunAuthority",
    "SigningKey",
    "SigningPolicy",
    "default_home",
    "trusted_anchors",
]

ANCHORS_FOLDER = "anchors"
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
        self._signer = ""
        self._outside: OutsideKey | None = None

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

    @property
    def policy(self) -> SigningPolicy:
        """How runs of this user sign; raises KeystoreError for a broken file."""
        kept = read_policy(self.home)
        return replace(kept, signer=self._signer) if self._signer else kept

    def sign_by(self, signer: str) -> None:
        """Let this process's runs sign by a key that lives elsewhere, `""` for what the policy says; KeystoreError."""
        if signer:
            check_signer(signer)
        self._signer = signer

    def outside_key(self) -> OutsideKey | None:
        """Return the policy's key that lives elsewhere, opened once; raises KeystoreError where it is not there."""
        signer = self.policy.signer
        if signer and self._outside is None:
            self._outside = open_signer(signer)
        return self._outside

    def keep_policy(self, policy: SigningPolicy) -> None:
        """Let runs sign so from now on."""
        write_policy(self._folder(), policy)

    def anchors(self) -> list[bytes]:
        """PEM of every certificate that this user trusts, the own operator's first; raises KeystoreError."""
        return [anchor.pem for anchor in self.list_anchors()]

    def list_anchors(self) -> list[Anchor]:
        """As `anchors`, with what a person wants to know of each."""
        own = self.operator
        return [_anchor(own.root, own.path, own=True), *_added_anchors(self.home)]

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
