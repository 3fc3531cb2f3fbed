"""Takes the prompt out of a signed file by a C2PA redaction, and signs that. Decides nothing, stores nothing.

Where the format allows it an update manifest says so, under the first signer's hash of the bytes. RIFF, ID3, BMFF and
PDF keep the length of the credential in bytes that this hash covers: there a whole manifest, whose parent is the first,
hashes the bytes anew. A ZIP cannot be redacted: the SDK keeps the old store inside.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .c2pa_sdk import sdk_context, sdk_error, sdk_signer
from .credential import Credential
from .errors import CredentialError, KeystoreError
from .keys import SigningKey
from .media import sdk_format
from .reading import read_credential
from .signing import SignedFile
from .updates import PROMPT_DATA, REDACTED

WITHDRAWN = "org.worldloom.withdrawn"
"""Reason that the credential gives; why in words, the amendment says."""

_GROWS = frozenset({"image/png", "image/jpeg", "image/svg+xml"})
"""Formats with the credential inside whose manifest may grow under the first hash of the bytes."""

_NEVER = frozenset({"application/zip"})


class PromptRemover:
    """Signs redactions with one key; `anchors` are PEM certificates that judge the credentials as they were."""

    def __init__(self, key: SigningKey, anchors: Sequence[bytes]) -> None:
        self._key = key
        self._anchors = tuple(anchors)
        self._context = sdk_context(self._anchors)
        self._signer: Any = sdk_signer(key)
        key.on_destroy(self.close)

    def close(self) -> None:
        """Let the SDK drop its copy of the key."""
        if self._signer is not None:
            self._signer.close()
            self._signer = None

    def remove(self, data: bytes, media_type: str, sidecar: bytes | None, title: str) -> SignedFile | None:
        """Return the file with a credential that holds no prompt; None where it holds none already.

        Raises CredentialError for a credential that does not hold, and where the prompt would stay; KeystoreError when
        the key is gone.
        """
        if self._signer is None:
            raise KeystoreError(f"the key of {self._key.role!r} is gone; {title[:80]!r} keeps its prompt")
        before = read_credential(data, media_type, sidecar, self._anchors)
        if not before.holds:
            raise CredentialError(f"{title[:80]!r}: its credential is {before.state.lower()}; only whole files change")
        gone = {label for each in before.updates for label in each.labels(before.manifest)}
        labels = [each for each in before.created if each.startswith(PROMPT_DATA) and each not in gone]
        if not labels:
            return None
        uris = [f"self#jumbf=/c2pa/{before.manifest}/c2pa.assertions/{label}" for label in labels]
        signed = self._sign(data, media_type, sidecar, uris, title)
        after = read_credential(signed.data, media_type, signed.sidecar, self._anchors)
        if not after.holds or after.manifest != before.manifest or not after.updates:
            raise CredentialError(
                f"{title[:80]!r}: a redaction of {media_type} does not hold ({', '.join(after.failures)[:200]})"
            )
        return SignedFile(signed.data, signed.sidecar, after.updates[0].manifest, self._key.serial)

    def _sign(self, data: bytes, media_type: str, sidecar: bytes | None, uris: Sequence[str], title: str) -> SignedFile:
        from c2pa import Builder, C2paBuilderIntent  # noqa: PLC0415  (heavy)

        if media_type in _NEVER:
            raise CredentialError(f"{title[:80]!r}: a prompt cannot be taken out of {media_type}; erase the file")
        name, written = sdk_format(media_type), io.BytesIO()
        update = sidecar is not None or media_type in _GROWS
        with Builder(_definition(uris, title, update=update), context=self._context) as builder:
            try:
                if update:
                    builder.set_intent(C2paBuilderIntent.UPDATE)
                if sidecar is not None:
                    builder.add_resource(_STORE, io.BytesIO(sidecar))
                    builder.set_no_embed()
                builder.add_ingredient(self._parent(data, name, sidecar, title), name, io.BytesIO(data))
                store = builder.sign(self._signer, name, io.BytesIO(data), written)
            except sdk_error() as error:
                raise CredentialError(f"{title[:80]!r}: its prompt cannot be redacted: {error}") from error
        if sidecar is not None:
            return SignedFile(data, bytes(store), "", self._key.serial)
        return SignedFile(written.getvalue(), None, "", self._key.serial)

    def _parent(self, data: bytes, name: str, sidecar: bytes | None, title: str) -> dict[str, Any]:
        told: dict[str, Any] = {"title": title, "relationship": "parentOf", "label": _PARENT}
        if sidecar is None:
            return told
        from c2pa import Reader  # noqa: PLC0415  (heavy)

        with Reader(name, io.BytesIO(data), manifest_data=sidecar, context=self._context) as reader:
            results: Mapping[str, Any] = reader.get_validation_results()
        store = {"format": "application/c2pa", "identifier": _STORE}
        return told | {"manifest_data": store, "validation_results": json.loads(json.dumps(results))}


_STORE = "before.c2pa"
_PARENT = "before"


def _definition(uris: Sequence[str], title: str, *, update: bool) -> dict[str, Any]:
    taken = [{"action": REDACTED, "reason": WITHDRAWN, "parameters": {"redacted": uri}} for uri in uris]
    # The SDK itself puts `opened` in front of an update manifest's actions.
    opened = [] if update else [{"action": "c2pa.opened", "parameters": {"ingredientIds": [_PARENT]}}]
    return {
        "claim_generator_info": [{"name": "worldloom", "version": _version()}],
        "title": title,
        "redactions": list(uris),
        "assertions": [{"label": "c2pa.actions.v2", "created": True, "data": {"actions": [*opened, *taken]}}],
    }


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  (only where something is signed)

    return version("worldloom")


def carries_prompt(credential: Credential) -> bool:
    """Whether a file's credential still holds embedded data, which in Worldloom's profile is the prompt."""
    gone = {label for each in credential.updates for label in each.labels(credential.manifest)}
    return any(each.startswith(PROMPT_DATA) and each not in gone for each in credential.created)
