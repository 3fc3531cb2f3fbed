"""The authority of one start of a run: certifies the keys that sign for it, and writes the certificates to trust/."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import certificates
from .algorithms import ED25519, OutsideKey, holds, known
from .errors import KeystoreError
from .folder import RunFile, certificate_path
from .operator_file import Operator, now
from .signing_key import KeyRequest, SigningKey
from .storage import Storage
from .trust import AUTHORITY, OPERATOR

_ROLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST_ROLE = 40


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
        self.above_pem = operator.between_pem

    @property
    def certificate_pem(self) -> bytes:
        """The authority's certificate, issued by the operator; its place is trust/ca-<part>.pem."""
        return certificates.pem(self._certificate)

    @property
    def serial(self) -> str:
        """The certificate's serial number in decimal digits."""
        return str(self._certificate.serial_number)

    @property
    def above_serials(self) -> list[tuple[str, str]]:
        """Role and serial number for the log entry of the authorities above this one, if there are any."""
        if not self.above_pem:
            return []
        return [(OPERATOR, str(certificates.load_certificates(self.above_pem, "operator")[0].serial_number))]

    @property
    def alive(self) -> bool:
        """Whether it can still issue."""
        return self._key is not None

    def issue(self, role: str, algorithm: str = ED25519) -> SigningKey:
        """Make a key of this process with a certificate for a role, once a role; raises KeystoreError."""
        self._check(role)
        request = KeyRequest(role, algorithm)
        return request.complete(self.certify(role, request.pem))

    def certify(self, role: str, request_pem: bytes) -> bytes:
        """Return the chain (leaf first) for a key that was born in another process; raises KeystoreError.

        The role is this authority's to say, whatever the request names; the request proves that its sender has the
        key.
        """
        key = self._check(role)
        try:
            request = x509.load_pem_x509_csr(request_pem)
            public = request.public_key()
            if not request.is_signature_valid:
                raise KeystoreError(f"request for {role!r}: its key did not sign it; make it anew")
        except (InvalidSignature, *certificates.READ_ERRORS) as error:
            raise KeystoreError(f"request for {role!r}: cannot be read ({error}); make it anew") from None
        born = known(public, f"request for {role!r}")
        self._roles.add(role)
        leaf = certificates.leaf_certificate(born, role, self.part, self._certificate, key, now())
        return certificates.pem(leaf) + self.certificate_pem + self.above_pem

    def issue_outside(self, role: str, key: OutsideKey) -> SigningKey:
        """Certify a key that lives elsewhere for a role, once it has shown that it signs; raises KeystoreError."""
        issuing = self._check(role)
        question = secrets.token_bytes(32)
        if not holds(key.public, key.sign(question), question):
            raise KeystoreError(f"the key for {role!r} does not sign as its public half says; is it the right pair?")
        self._roles.add(role)
        leaf = certificates.leaf_certificate(key.public, role, self.part, self._certificate, issuing, now())
        return SigningKey(key, leaf, self.certificate_pem + self.above_pem, role)

    def destroy(self) -> None:
        """Forget the authority's key: it issues nothing from now on."""
        self._key = None

    def _check(self, role: str) -> Ed25519PrivateKey:
        if not _ROLE.match(role) or len(role) > _LONGEST_ROLE or role in (AUTHORITY, OPERATOR):
            raise KeystoreError(f"role {role[:80]!r}: use words of a-z and 0-9 joined by '-', such as cohort-3")
        if self._key is None:
            raise KeystoreError(f"the authority of part {self.part} is gone: it issues nothing for {role!r} any more")
        if role in self._roles:
            raise KeystoreError(f"role {role!r} has a certificate of part {self.part}; use its key, or another role")
        return self._key


def write_certificates(storage: Storage, authority: RunAuthority, keys: Iterable[SigningKey]) -> None:
    """Make the certificates of a start durable in trust/, before the first use of any of the keys."""
    if authority.above_pem:
        storage.write(certificate_path(OPERATOR, authority.part), authority.above_pem)
    storage.write(certificate_path(AUTHORITY, authority.part), authority.certificate_pem)
    for key in keys:
        storage.write(certificate_path(key.role, authority.part), key.certificate_pem)
