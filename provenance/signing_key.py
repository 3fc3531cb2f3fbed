"""A signing key of one process: born here with a request for a certificate, or outside; gone after `destroy`."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import certificates
from .algorithms import (
    ED25519,
    OutsideKey,
    PrivateKey,
    algorithm_of,
    generate,
    issuing_hash,
    private_pem,
    public_of,
    sign_with,
)
from .errors import KeystoreError
from .note import NoteKey


class SigningKey:
    """A key that signs for one role of one process; it is never written, and gone after `destroy`."""

    def __init__(
        self, private: PrivateKey | OutsideKey, certificate: x509.Certificate, authority_pem: bytes, role: str
    ) -> None:
        self.role = role
        self.serial = str(certificate.serial_number)
        self.certificate_pem = certificates.pem(certificate)
        self.chain_pem = self.certificate_pem + authority_pem
        public = public_of(private)
        self.algorithm = algorithm_of(public, f"the key of {role!r}")
        self.public = public.public_bytes_raw() if isinstance(public, Ed25519PublicKey) else b""
        if certificate.public_key() != public:
            raise KeystoreError(f"the certificate of {role!r} is that of another key; ask for one of this key")
        self._private: PrivateKey | OutsideKey | None = private
        self._goodbyes: list[Callable[[], None]] = []

    @property
    def alive(self) -> bool:
        """Whether the key can still sign."""
        return self._private is not None

    @property
    def outside(self) -> bool:
        """Whether the key lives elsewhere, so that only `sign` reaches it."""
        return isinstance(self._alive(), OutsideKey)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data, 64 bytes; raises KeystoreError after `destroy`."""
        return sign_with(self._alive(), data)

    def note_key(self, name: str) -> NoteKey:
        """Return a signer of notes under that name; it refuses when the key is gone, or is not Ed25519."""
        self._alive()
        if self.algorithm != ED25519:
            raise KeystoreError(f"the key of {self.role!r} is {self.algorithm}; notes are signed with {ED25519} only")
        return NoteKey(name, self.public, self.sign)

    def private_pem(self) -> bytes:
        """Return the private key for the C2PA SDK, which signs by itself; never write it.

        Raises KeystoreError for a key that lives elsewhere.
        """
        key = self._alive()
        if isinstance(key, OutsideKey):
            raise KeystoreError(f"the key of {self.role!r} lives elsewhere; it signs by callback")
        return private_pem(key)

    def on_destroy(self, goodbye: Callable[[], None]) -> None:
        """Call `goodbye` when the key goes: whoever holds a copy of it drops it then."""
        self._alive()
        self._goodbyes.append(goodbye)

    def destroy(self) -> None:
        """Forget the key, as far as Python can: no reference stays here. Every later use raises KeystoreError."""
        self._private = None
        while self._goodbyes:
            self._goodbyes.pop()()

    def _alive(self) -> PrivateKey | OutsideKey:
        if self._private is None:
            raise KeystoreError(f"the key of {self.role!r} is gone: keys die at the seal; resume for fresh ones")
        return self._private


class KeyRequest:
    """A key that was just born, and its request for a certificate: only the request leaves the process."""

    def __init__(self, role: str, algorithm: str = ED25519) -> None:
        self.role = role
        self._private: PrivateKey | None = generate(algorithm)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, role)])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject)
        self.pem = request.sign(self._private, issuing_hash(self._private)).public_bytes(serialization.Encoding.PEM)

    def complete(self, chain_pem: bytes) -> SigningKey:
        """Return the key with the certificate that was issued for it; `chain_pem` has its authorities after it.

        Raises KeystoreError for the certificate of another key, or when the key was taken already.
        """
        if self._private is None:
            raise KeystoreError(f"the key of {self.role!r} has its certificate already; make another request")
        leaf, *above = certificates.load_certificates(chain_pem, f"certificate of {self.role!r}")
        key = SigningKey(self._private, leaf, b"".join(map(certificates.pem, above)), self.role)
        self._private = None
        return key


def outside_key(key: OutsideKey, chain_pem: bytes, role: str = "outside") -> SigningKey:
    """Return a signing key over a chain that somebody else issued (leaf first, without the root).

    Raises KeystoreError for the chain of another key.
    """
    leaf, *above = certificates.load_certificates(chain_pem, f"certificate of {role!r}")
    return SigningKey(key, leaf, b"".join(map(certificates.pem, above)), role)
