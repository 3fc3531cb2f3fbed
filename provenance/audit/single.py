"""Checks of one file outside a run: its credential, embedded or in a sidecar beside it. Knows no log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from worldloom.provenance.bundle_parts import references_of
from worldloom.provenance.credential import Credential
from worldloom.provenance.frames import LEAVES_OUT
from worldloom.provenance.profile import UNHASHED
from worldloom.provenance.trust import chain_faults

from .demands import NOTHING_MORE, Demands
from .findings import Code
from .made_steps import (
    claim_faults,
    credential_fault,
    ingredient_faults,
    ingredient_signer_faults,
    is_foreign,
)
from .opened import Fault


@dataclass(frozen=True)
class OpenFile:
    """A file's media type (`""`: none that Worldloom writes) and its credential."""

    name: str
    media_type: str
    credential: Credential
    anchors: Sequence[bytes]
    at: datetime
    expect_root: str | None = None
    demands: Demands = NOTHING_MORE


def credential(file: OpenFile) -> Iterator[Fault]:
    """The file has a credential that covers its bytes."""
    fault = credential_fault(file.credential)
    if fault is not None:
        yield Fault(file.name, *fault)


def claims(file: OpenFile) -> Iterator[Fault]:
    """The credential is one of Worldloom's, in which the signer says what this file is."""
    if credential_fault(file.credential) is not None:
        return
    if is_foreign(file.credential):
        yield Fault(file.name, _told_of_another(file.credential), Code.NOTE)
        for why in file.credential.frame:
            yield Fault(
                file.name, f"its credential stands in it otherwise than the C2PA SDK writes one: {why}", Code.NOTE
            )
        return
    for why in claim_faults(file.credential):
        yield Fault(file.name, why)
    said = file.credential.generation.get("media_type")
    if said != file.media_type:
        yield Fault(file.name, f"its credential says media type {str(said)[:80]!r}; its name says {file.media_type!r}")
    if file.media_type in LEAVES_OUT and UNHASHED not in file.credential.generation:
        yield Fault(file.name, _UNBOUND, Code.NOTE)


_UNBOUND = (
    "was signed before credentials bound what C2PA's hash of this format leaves out: "
    "of those bytes only the audit of its run tells"
)


def _told_of_another(credential: Credential) -> str:
    said = credential.source_type.rpartition("/")[2]
    how = ", ".join(part for part in (credential.action, said) if part)
    return (
        f"its credential was made by {credential.maker[:80]!r}, not by Worldloom: {how[:200] or 'it does not say how'}"
    )


def signer(file: OpenFile) -> Iterator[Fault]:
    """The signer chains to an anchor, at the time that the auditor names."""
    if file.credential.chain_pem:
        for why in chain_faults(file.credential.chain_pem, file.anchors, file.at):
            yield Fault(file.name, why)


def ingredients(file: OpenFile) -> Iterator[Fault]:
    """Every ingredient of the credential holds."""
    if credential_fault(file.credential) is None:
        for why in ingredient_faults(file.credential):
            yield Fault(file.name, why)
        for why in ingredient_signer_faults(file.credential, file.anchors, file.at):
            yield Fault(file.name, why, Code.UNTRUSTED)
        named = len(references_of(file.credential))
        if named:
            yield Fault(
                file.name, f"names {named} parts by their hashes, which only an audit of its run sees", Code.NOTE
            )


def expected_root(file: OpenFile) -> Iterator[Fault]:
    """No content root is expected, since a single file has none."""
    if file.expect_root is not None:
        yield Fault(file.name, "is a single file and has no content root to compare", Code.LOG)
