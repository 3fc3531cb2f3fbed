"""Where a key that signs elsewhere is found: by a pkcs11 URI, or by a function of the user's own. Signs nothing itself.

A function is named `package.module:name`; called without arguments, it returns an `algorithms.OutsideKey`: the public
key, and what asks a key service for the 64 bytes of a signature.
"""

from __future__ import annotations

import importlib
import re

from .algorithms import OutsideKey
from .errors import KeystoreError
from .pkcs11_uri import SCHEME, parse

_FUNCTION = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*\Z", re.ASCII)


def check_signer(signer: str) -> None:
    """Raise KeystoreError for what is neither a pkcs11 URI nor the name of a function; opens nothing."""
    if signer.startswith(SCHEME):
        parse(signer)
    elif not _FUNCTION.match(signer):
        raise KeystoreError(
            f"signer {signer[:80]!r}: give a pkcs11 URI (pkcs11:token=…;object=…?module-path=…), or a function as "
            "package.module:name"
        )


def open_signer(signer: str) -> OutsideKey:
    """Return the key; raises KeystoreError that says what is missing. A function of the user's runs here."""
    check_signer(signer)
    if signer.startswith(SCHEME):
        from .pkcs11_key import open_key  # noqa: PLC0415  (optional)

        return open_key(parse(signer))
    name, _, function = signer.partition(":")
    try:
        made = getattr(importlib.import_module(name), function)()
    except (ImportError, AttributeError) as error:
        raise KeystoreError(f"signer {signer}: is not there ({error}); is it on PYTHONPATH?") from error
    except KeystoreError:
        raise
    except Exception as error:  # somebody else's code
        raise KeystoreError(f"signer {signer}: failed with {type(error).__name__}: {error}") from error
    if not isinstance(made, OutsideKey):
        raise KeystoreError(f"signer {signer}: returned a {type(made).__name__}, not an OutsideKey")
    return made
