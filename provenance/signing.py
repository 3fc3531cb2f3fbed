"""Signs payloads with C2PA credentials, through the C2PA SDK. What a manifest says is `profile`; `reading` reads it.

A credential stands inside the file where its format allows, else in a sidecar (`media`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .c2pa_sdk import sdk_context, sdk_error, sdk_signer
from .errors import CredentialError, FormatError, KeystoreError
from .frames import unhashed
from .keys import SigningKey
from .making import Making
from .media import embeds, sdk_format
from .parts import NO_PARTS, place
from .profile import Definition, define


@dataclass(frozen=True)
class SignedFile:
    """A file with its credential: embedded in `data`, or in `sidecar`, beside unchanged bytes.

    `manifest` is the C2PA manifest label, `serial` the signing certificate's number in decimal digits. Only an empty
    file has no credential: then both are empty, and `unsigned` says why.
    """

    data: bytes
    sidecar: bytes | None
    manifest: str
    serial: str
    unsigned: str = ""


EMPTY = "empty"
"""Why a file has no credential: a hash of the bytes must cover some (C2PA 2.2, 9.2)."""

EMPTY_FILE = SignedFile(b"", None, "", "", EMPTY)
"""What stands for the one file that cannot be signed; its log entry says why."""


class CredentialSigner:
    """Signs with one key; one a process, since it keeps the SDK's context and signer between calls."""

    def __init__(self, key: SigningKey, anchors: Sequence[bytes] = ()) -> None:
        self._key = key
        self._context = sdk_context(tuple(anchors))
        self._signer: Any = sdk_signer(key)
        key.on_destroy(self.close)

    def sign(self, payload: bytes, making: Making) -> SignedFile:
        """Return the payload with its credential.

        Raises CredentialError for an empty payload, an unknown media type, or bytes that the format's reader refuses;
        KeystoreError when the key is gone.
        """
        if not self._key.alive or self._signer is None:
            raise KeystoreError(f"the key of {self._key.role!r} is gone; {making.title[:80]!r} stays unsigned")
        inside, name = embeds(making.media_type), sdk_format(making.media_type)
        if not payload:
            raise CredentialError(f"{making.title[:80]!r} is empty: there is nothing for a credential to cover")
        placed = place(making.parts, self._context) if making.parts else NO_PARTS
        written = io.BytesIO()
        try:
            definition = define(making, placed, unhashed(payload, making.media_type))
            with self._builder(definition) as builder:
                if not inside:
                    builder.set_no_embed()
                store = builder.sign(self._signer, name, io.BytesIO(payload), written)
        except (sdk_error(), FormatError) as error:
            raise CredentialError(
                f"{making.title[:80]!r} cannot be signed as {making.media_type}: {error}; is the payload whole?"
            ) from error
        data, sidecar = (written.getvalue(), None) if inside else (payload, bytes(store))
        return SignedFile(data, sidecar, definition.label, self._key.serial)

    def close(self) -> None:
        """Let the SDK drop its copy of the key; the key's `destroy` calls this."""
        if self._signer is not None:
            self._signer.close()
            self._signer = None

    def _builder(self, definition: Definition) -> Any:
        from c2pa import Builder  # noqa: PLC0415  (heavy)

        builder = Builder(definition.manifest, context=self._context)
        for name, data in definition.resources.items():
            builder.add_resource(name, io.BytesIO(data))
        return builder
