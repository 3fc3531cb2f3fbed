"""The C2PA SDK as this project sets it up: its signer, its context, its error. Signs nothing, reads nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .keys import SigningKey
from .profile import CREATED_BASE_LABELS


def sdk_signer(key: SigningKey) -> Any:
    """Return the SDK's signer: with a copy of the key where it is here, else by callback, at 9 KB more a manifest."""
    from c2pa import C2paSignerInfo, C2paSigningAlg, Signer  # noqa: PLC0415  (heavy)

    if key.outside:
        algorithm = getattr(C2paSigningAlg, key.algorithm.upper())
        return Signer.from_callback(key.sign, algorithm, key.chain_pem.decode("ascii"))
    return Signer.from_info(C2paSignerInfo(key.algorithm.encode(), key.chain_pem, key.private_pem(), None))


@lru_cache(maxsize=16)
def sdk_context(anchors: tuple[bytes, ...]) -> Any:
    """Return the SDK's context: these anchors, our created assertions, no network, no thumbnails."""
    from c2pa import Context, Settings  # noqa: PLC0415  (heavy)

    settings: dict[str, Any] = {
        "version": 1,
        # No file makes this process ask the network; checking after signing is the store's.
        "verify": {
            "verify_trust": True,
            "verify_after_sign": False,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": list(CREATED_BASE_LABELS)},
    }
    if anchors:
        settings["trust"] = {"trust_anchors": b"".join(anchors).decode()}
    return Context(Settings.from_dict(settings))


def sdk_error() -> type[Exception]:
    """Return the SDK's error class."""
    from c2pa import C2paError  # noqa: PLC0415  (heavy)

    error: type[Exception] = C2paError
    return error
