"""Checks against the operators' lists of revoked certificates, in the light of a trusted timestamp on the seal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from worldloom.provenance.revocations import Revocation

from .beside import OpenZip
from .findings import Code
from .opened import Fault, OpenRun
from .single import OpenFile


def revoked(run: OpenRun) -> Iterator[Fault]:
    """No certificate of the run was revoked by its operator, unless the seal is proved to be older than that."""
    told: set[tuple[str, str]] = set()
    for each in run.signers:
        for name, revocation in run.demands.revocations.of_chain(each.chain_pem, run.at):
            if (name, revocation.fingerprint) not in told:
                told.add((name, revocation.fingerprint))
                yield _fault(each.path, name, revocation, run.stamped)


def zip_revoked(opened: OpenZip) -> Iterator[Fault]:
    """Who packed the zip was not revoked; a timestamp on the seal says nothing of a later packer."""
    run = opened.run
    for name, revocation in run.demands.revocations.of_chain(opened.credential.chain_pem, run.at):
        yield _fault("", name, revocation, None)


def file_revoked(file: OpenFile) -> Iterator[Fault]:
    """The signer of a single file was not revoked."""
    for name, revocation in file.demands.revocations.of_chain(file.credential.chain_pem, file.at):
        yield _fault(file.name, name, revocation, None)


def _fault(path: str, name: str, revocation: Revocation, stamped: datetime | None) -> Fault:
    why = f"{name} was revoked since {revocation.since:%Y-%m-%d %H:%M} UTC: {revocation.reason}"
    if stamped is not None and stamped < revocation.since:
        return Fault(path, f"{why}; the seal is older ({stamped:%Y-%m-%d %H:%M} UTC by its timestamp)", Code.NOTE)
    return Fault(path, why)
