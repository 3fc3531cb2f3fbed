"""What a file's credential says, and how it validates: the result of `reading`. Signed with `signing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .updates import Update

TRUSTED, VALID, INVALID = "Trusted", "Valid", "Invalid"
MISSING, UNREADABLE = "Missing", "Unreadable"


@dataclass(frozen=True)
class IngredientFinding:
    """An ingredient of any manifest in the store, with what its own validation found.

    A tampered ingredient does not make the SDK call its child invalid, hence `failures` here; `manifest` is its own
    manifest's label, or `""`, `chain_pem` who signed that; `instance` its id (of a model the digest of its weights);
    `bound` says whether a hash ties it to a manifest or data that travel with the file, `of_model` whether it is the
    model whose weights the signer's own assertion names: a model does not travel with what it made. `by_model`: its own
    manifest says that a trained model had a hand in it.
    """

    title: str
    relation: str
    of: str
    manifest: str
    instance: str
    bound: bool
    failures: tuple[str, ...]
    chain_pem: bytes = b""
    of_model: bool = False
    by_model: bool = False


@dataclass(frozen=True)
class Credential:
    """What a file's credential says, and how it validates. Everything but the state may be empty.

    `state` is Trusted, Valid (signer unknown), Invalid, Missing or Unreadable; `failures` are C2PA status codes;
    `created` the labels of the signer's own assertions, `said` what those say by label. `generation` and `lineage` are
    theirs only if created. Where something was taken out of the credential later, all this is of the manifest before
    that, and `updates` say who took out what, the last first. `hidden` says where the store of a Worldloom credential
    has bytes that nobody signed and that say something, `frame` where the bytes around any embedded one are not those
    that the SDK writes there; `maker` names the tool that wrote the claim.
    """

    state: str
    failures: tuple[str, ...] = ()
    manifest: str = ""
    serial: str = ""
    chain_pem: bytes = b""
    generation: Mapping[str, Any] = field(default_factory=dict)
    lineage: Mapping[str, Any] = field(default_factory=dict)
    created: tuple[str, ...] = ()
    gathered: tuple[str, ...] = ()
    ingredients: tuple[IngredientFinding, ...] = ()
    source_type: str = ""
    action: str = ""
    title: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    hidden: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    maker: str = ""

    @property
    def holds(self) -> bool:
        """Whether signature and bytes agree, whoever signed."""
        return self.state in (TRUSTED, VALID)
