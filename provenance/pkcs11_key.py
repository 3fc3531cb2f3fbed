"""A signing key in a hardware module, through PKCS#11: found, asked for signatures, never taken out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .algorithms import ED25519, ES256, OutsideKey
from .errors import KeystoreError
from .pkcs11_uri import PIN_VARIABLE, Pkcs11Uri

_P256 = bytes.fromhex("06082a8648ce3d030107")
"""DER of the curve's name, as EC_PARAMS has it."""


def open_key(uri: Pkcs11Uri) -> OutsideKey:
    """Return the key that a URI names; its session stays open as long as the key is held.

    Raises KeystoreError that says which it was: no module, no token, a wrong PIN, no key, or one of another kind.
    """
    session = _session(uri, _token(uri))
    private, public = _found(uri, session, "PRIVATE_KEY"), _found(uri, session, "PUBLIC_KEY")
    point = _point(public, uri)
    if len(point) == 32:
        key: Any = Ed25519PublicKey.from_public_bytes(point)
        return OutsideKey(ED25519, key, lambda data: _sign(private, data, "EDDSA", uri))
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise KeystoreError(f"{uri.told}: is no P-256 or Ed25519 key; make one of these in the module") from None
    return OutsideKey(ES256, key, lambda data: _sign(private, _sha256(data), "ECDSA", uri))


def _library() -> Any:
    try:
        import pkcs11  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise KeystoreError("a pkcs11 signer needs python-pkcs11. Do: pip install 'worldloom[hsm]'") from error
    return pkcs11


def _token(uri: Pkcs11Uri) -> Any:
    pkcs11 = _library()
    if not Path(uri.module_path).is_file():
        raise KeystoreError(f"module-path {uri.module_path}: there is no such file; name your module's library")
    try:
        slots = pkcs11.lib(uri.module_path).get_slots(token_present=True)
        tokens = [slot.get_token() for slot in slots if uri.slot is None or slot.slot_id == uri.slot]
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        why = str(error) or type(error).__name__
        raise KeystoreError(f"module-path {uri.module_path}: is no PKCS#11 module that opens ({why})") from None
    wanted = [each for each in tokens if _is(each.label, uri.token) and _is(each.serial, uri.serial)]
    if len(wanted) != 1:
        there = ", ".join(repr(_words(each.label)) for each in tokens)[:200] or "none"
        raise KeystoreError(f"token {uri.token!r}: {len(wanted)} of that name in the module; it has {there}")
    return wanted[0]


def _session(uri: Pkcs11Uri, token: Any) -> Any:
    pkcs11 = _library()
    pin = uri.pin(os.environ.get(PIN_VARIABLE, ""))
    try:
        return token.open(user_pin=pin) if pin is not None else token.open()
    except pkcs11.UserAlreadyLoggedIn:
        return token.open()  # by this process, which is what a token knows
    except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid):
        raise KeystoreError(
            f"token {uri.token!r}: the PIN is wrong; give it in {PIN_VARIABLE}, in the file of pin-source, or as "
            "pin-value (modules lock a token after a few wrong ones)"
        ) from None
    except pkcs11.PinLocked:
        raise KeystoreError(f"token {uri.token!r}: is locked after wrong PINs; unlock it with its own tool") from None
    except pkcs11.PKCS11Error as error:
        raise KeystoreError(f"token {uri.token!r}: cannot be opened ({type(error).__name__})") from None


def _found(uri: Pkcs11Uri, session: Any, kind: str) -> Any:
    pkcs11 = _library()
    wanted: dict[Any, Any] = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass[kind]}
    if uri.label:
        wanted[pkcs11.Attribute.LABEL] = uri.label
    if uri.key_id is not None:
        wanted[pkcs11.Attribute.ID] = uri.key_id
    found = list(session.get_objects(wanted))
    if len(found) != 1:
        secret = " (a PIN was not given)" if uri.pin(os.environ.get(PIN_VARIABLE, "")) is None else ""
        raise KeystoreError(
            f"{uri.told}: {len(found)} objects of type {kind.lower().replace('_', ' ')} fit{secret}; name one key by "
            "object= and id=, and keep its public half beside it"
        )
    return found[0]


def _point(public: Any, uri: Pkcs11Uri) -> bytes:
    pkcs11 = _library()
    try:
        encoded = bytes(public[pkcs11.Attribute.EC_POINT])
        parameters = bytes(public[pkcs11.Attribute.EC_PARAMS])
    except pkcs11.PKCS11Error:
        raise KeystoreError(f"{uri.told}: is no P-256 or Ed25519 key; make one of these in the module") from None
    point = encoded[2:] if encoded[:1] == b"\x04" and encoded[1:2] == bytes([len(encoded) - 2]) else encoded
    if len(point) != 32 and parameters != _P256:
        raise KeystoreError(f"{uri.told}: is on another curve than P-256 and Ed25519; make one of these in the module")
    return point


def _sign(private: Any, data: bytes, mechanism: str, uri: Pkcs11Uri) -> bytes:
    pkcs11 = _library()
    try:
        return bytes(private.sign(data, mechanism=pkcs11.Mechanism[mechanism]))
    except pkcs11.PKCS11Error as error:
        raise KeystoreError(f"{uri.told}: the module refuses to sign ({type(error).__name__})") from None


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def _is(found: Any, wanted: str) -> bool:
    return not wanted or _words(found) == wanted


def _words(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.strip("\0 ")
