"""How an operator comes about: named, with a root that stays offline, or under somebody else's authority.

- *Named*: `make_named_operator`, a self-signed root with the organisation's name.
- *Offline root*: the root's keystore lies on a machine without a network (`offline=True`). The machine that runs worlds
  asks (`request_certificate`), the root's machine issues (`Operator.certify_issuing`), and the asking one completes
  (`complete_operator`). The private key never leaves the machine that it was born on.
- *Brought along*: any other authority may answer the request, or `bring_operator` takes a key and its chain.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import certificates
from .algorithms import PrivateKey, known, load_private, private_pem
from .certificates import ISSUING_LEVELS
from .errors import KeystoreError
from .operator_file import (
    OPERATOR_FILE,
    Operator,
    authorities_fault,
    encode,
    locked,
    new_operator,
    read_operator,
    write_new,
)

REQUEST_KEY_FILE = "request.pem"
"""The key that waits in the keystore for its certificate."""


def make_named_operator(home: Path, organisation: str, secret: bytes | None, *, offline: bool = False) -> Operator:
    """Make a self-signed operator of that name; `offline` leaves room for an issuing authority below it.

    Raises KeystoreError where there is an operator already, or the folder cannot be written.
    """
    path = home / OPERATOR_FILE
    levels = ISSUING_LEVELS if offline else 1
    operator, key = new_operator(durable=True, path=str(path), organisation=organisation, levels=levels)
    _write(home, encode(key, [operator.certificate], secret), secret)
    return operator


def request_certificate(home: Path, organisation: str, secret: bytes | None) -> bytes:
    """Make a key that waits in the keystore, and return its request for an authority's certificate (PEM).

    Raises KeystoreError where an operator or another request is there already.
    """
    key = Ed25519PrivateKey.generate()
    subject = [x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    subject.append(x509.NameAttribute(x509.NameOID.COMMON_NAME, "Worldloom issuing authority"))
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject)).sign(key, None)
    _make_folder(home)
    with locked(home):
        _refuse_second(home, secret)
        if (home / REQUEST_KEY_FILE).exists():
            raise KeystoreError(
                f"{home / REQUEST_KEY_FILE}: a key waits for its certificate already; complete it with `keys init "
                "--chain`, or remove the file to ask anew"
            )
        _put(home / REQUEST_KEY_FILE, private_pem(key, secret))
    return request.public_bytes(serialization.Encoding.PEM)


def issue_operator(root: Operator, request_pem: bytes, organisation: str = "") -> bytes:
    """Answer a request on the root's machine: the chain (issued certificate first, root last) as PEM.

    The organisation is the root's unless given: whoever asks does not name himself. Raises KeystoreError.
    """
    try:
        request = x509.load_pem_x509_csr(request_pem)
        if not request.is_signature_valid:
            raise KeystoreError("request: its key did not sign it; ask for another")
        public = known(request.public_key(), "request")
    except (InvalidSignature, *certificates.READ_ERRORS) as error:
        raise KeystoreError(f"request: cannot be read ({error}); it begins with BEGIN CERTIFICATE REQUEST") from None
    return root.certify_issuing(public, organisation or root.organisation)


def complete_operator(home: Path, chain_pem: bytes, secret: bytes | None) -> Operator:
    """Take the chain that answers this keystore's request; raises KeystoreError for another key's, or a broken one."""
    waiting = home / REQUEST_KEY_FILE
    if not waiting.is_file():
        raise KeystoreError(f"{waiting}: no key waits for a certificate here; ask with `keys init --request` first")
    operator = bring_operator(home, waiting.read_bytes(), chain_pem, secret)
    waiting.unlink()
    return operator


def bring_operator(home: Path, key_pem: bytes, chain_pem: bytes, secret: bytes | None) -> Operator:
    """Make an operator of a key and its chain up to the root, from any authority (`certificate_lint` says if it fits).

    The passphrase opens the given key and locks the kept one. Raises KeystoreError.
    """
    key = load_private(key_pem, secret if b"ENCRYPTED" in key_pem else None, "key")
    chain = certificates.load_certificates(chain_pem, "chain")
    fault = authorities_fault(chain) or _room_fault(chain, key)
    if fault:
        raise KeystoreError(f"chain: {fault}; give every certificate from the issued one up to the root, in that order")
    _write(home, encode(key, chain, secret), secret)
    found = read_operator(home / OPERATOR_FILE, secret)
    if found is None:  # pragma: no cover  (somebody removed it in this moment)
        raise KeystoreError(f"{home / OPERATOR_FILE}: was removed; begin again")
    return found


def _room_fault(chain: list[x509.Certificate], key: PrivateKey) -> str:
    if chain[0].public_key() != key.public_key():
        return "its first certificate is that of another key"
    for below, certificate in enumerate(chain, 1):  # a run's authority, and those of the chain under this one
        room = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
        if room is not None and room < below:
            name = certificates.common_name(certificate)
            return f"the authority {name[:80]!r} may have {room} authorities below it, and a run needs {below}"
    return ""


def _write(home: Path, data: bytes, secret: bytes | None) -> None:
    _make_folder(home)
    with locked(home):
        _refuse_second(home, secret)
        _put(home / OPERATOR_FILE, data)


def _refuse_second(home: Path, secret: bytes | None) -> None:
    found = read_operator(home / OPERATOR_FILE, secret)
    if found is not None:
        raise KeystoreError(
            f"{home / OPERATOR_FILE}: {found.organisation!r} is the operator already; move the file away to begin with "
            "another (keep its certificate: runs that it signed need it as --anchor)"
        )


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KeystoreError(f"{home}: {error.strerror}; point WORLDLOOM_HOME at a folder of yours") from error


def _put(path: Path, data: bytes) -> None:
    try:
        write_new(path, data, 0o600)
    except OSError as error:
        raise KeystoreError(f"{path}: {error.strerror}; make the keystore writable for this user") from error
