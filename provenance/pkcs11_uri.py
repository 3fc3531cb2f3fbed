"""Reads pkcs11 URIs (RFC 7512): which key of which token, through which module. Opens nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from .errors import KeystoreError

SCHEME = "pkcs11:"
PIN_VARIABLE = "WORLDLOOM_PIN"

_PATH = frozenset({"token", "manufacturer", "serial", "model", "object", "id", "type", "slot-id"})
_QUERY = frozenset({"module-path", "module-name", "pin-value", "pin-source"})
_LONGEST = 4096


@dataclass(frozen=True)
class Pkcs11Uri:
    """A key in a module; what is `""` (`None` for bytes and numbers) is not asked for."""

    module_path: str
    token: str = ""
    serial: str = ""
    slot: int | None = None
    label: str = ""
    key_id: bytes | None = None
    pin_value: str | None = field(default=None, repr=False)
    pin_source: str = ""

    @property
    def told(self) -> str:
        """How messages name the key: without the PIN."""
        return f"key {self.label or (self.key_id or b'').hex() or '(any)'} of token {self.token or '(any)'}"

    def pin(self, variable: str) -> str | None:
        """Return the PIN: from the URI, else its file, else what the variable WORLDLOOM_PIN said; KeystoreError."""
        if self.pin_value is not None:
            return self.pin_value
        if not self.pin_source:
            return variable or None
        path = Path(self.pin_source.removeprefix("file:"))
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            raise KeystoreError(f"pin-source {path}: cannot be read ({error}); name a file with the PIN") from None


def parse(text: str) -> Pkcs11Uri:
    """Read a URI; raises KeystoreError naming the attribute that is wrong, and never the PIN."""
    if not text.startswith(SCHEME) or len(text) > _LONGEST:
        raise KeystoreError(f"signer: is no pkcs11 URI; it begins with {SCHEME!r} (RFC 7512)")
    path, _, query = text.removeprefix(SCHEME).partition("?")
    found = {**_attributes(path, ";", _PATH), **_attributes(query, "&", _QUERY)}
    if found.get("type", b"private") != b"private":
        raise KeystoreError("signer: its pkcs11 URI asks for another type than a private key; write type=private")
    if "module-path" not in found:
        raise KeystoreError(
            "signer: its pkcs11 URI names no module; add ?module-path=/usr/lib/softhsm/libsofthsm2.so, or where your "
            "module's library is"
        )
    words = {name: _text(name, value) for name, value in found.items() if name != "id"}
    slot = words.get("slot-id", "")
    if slot and not (slot.isascii() and slot.isdigit()):
        raise KeystoreError(f"signer: slot-id {slot[:40]!r} of its pkcs11 URI is no number")
    return Pkcs11Uri(
        module_path=words["module-path"],
        token=words.get("token", ""),
        serial=words.get("serial", ""),
        slot=int(slot) if slot else None,
        label=words.get("object", ""),
        key_id=found.get("id"),
        pin_value=words.get("pin-value"),
        pin_source=words.get("pin-source", ""),
    )


def _attributes(text: str, separator: str, known: frozenset[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in filter(None, text.split(separator)):
        name, equals, value = part.partition("=")
        if not equals or (name not in known and not name.startswith("x-")):
            raise KeystoreError(
                f"signer: {name[:40]!r} is no attribute of a pkcs11 URI here: {', '.join(sorted(known))}"
            )
        if name in found:
            raise KeystoreError(f"signer: its pkcs11 URI has the attribute {name!r} twice")
        found[name] = unquote_to_bytes(value)
    return found


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise KeystoreError(f"signer: attribute {name!r} of its pkcs11 URI is not UTF-8") from None
