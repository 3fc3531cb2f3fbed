"""Checks of a run's zip: its form, detached seal and credential. The run in it is judged by the run's own steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from worldloom.provenance import certificates
from worldloom.provenance.bundle import ZipSeal, read_zip_seal
from worldloom.provenance.credential import Credential
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import origin
from worldloom.provenance.note import NoteVerifier
from worldloom.provenance.reading import read_credential
from worldloom.provenance.trust import chain_faults
from worldloom.provenance.zip_disk import ZipDisk

from .findings import Code
from .made_steps import claim_faults, credential_fault, ingredient_faults
from .opened import Fault, OpenRun


@dataclass(frozen=True)
class OpenZip:
    """A run's zip with its detached seal (None: there is none) and the run inside."""

    disk: ZipDisk
    seal: bytes | None
    run: OpenRun
    credential: Credential

    @classmethod
    def of(cls, disk: ZipDisk, seal: bytes | None, run: OpenRun) -> OpenZip:
        """Read the zip's credential as well."""
        return cls(disk, seal, run, read_credential(disk.stream, "application/zip", None, run.trust.authorities))

    @property
    def verifiers(self) -> list[NoteVerifier]:
        """The keys that may sign the zip's seal: the run's conductors, and the one that packed it again."""
        found = list(self.run.verifiers)
        for certificate in _leaf(self.credential.chain_pem):
            try:
                if origin(certificates.unit(certificate)) == self.run.origin:
                    found.append(NoteVerifier(self.run.origin, certificates.raw_public(certificate, "zip")))
            except ProvenanceError:
                continue
        return found


def zip_form(opened: OpenZip) -> Iterator[Fault]:
    """The zip is packed as a run's zip is: nothing twice, nothing hidden between or after its members."""
    for name, why in opened.disk.form_faults():
        yield Fault(name, why)


def zip_seal(opened: OpenZip) -> Iterator[Fault]:
    """The detached seal is there, of these bytes, and signed by a key of the run."""
    if opened.seal is None:
        yield Fault("", "its .zip.seal is missing, so nothing says that this is the whole run", Code.MISSING)
        return
    try:
        said, signed_by = read_zip_seal(opened.seal, opened.verifiers)
    except ProvenanceError as error:
        yield Fault("", f"its .zip.seal cannot be read: {error}")
        return
    if said != ZipSeal.of(opened.disk.stream, opened.run.origin):
        yield Fault("", "is not the zip that its .zip.seal was made for")
    elif not signed_by:
        yield Fault("", "no key of this run signed its .zip.seal")


def zip_credential(opened: OpenZip) -> Iterator[Fault]:
    """The zip's credential covers every member and says that it is a bundle of this run."""
    fault = credential_fault(opened.credential)
    if fault is not None:
        yield Fault("", *fault)
        return
    for why in (*claim_faults(opened.credential), *ingredient_faults(opened.credential)):
        yield Fault("", why)
    said = opened.credential.generation
    if (said.get("kind"), said.get("media_type")) != ("bundle", "application/zip"):
        yield Fault("", f"its credential says that it is a {str(said.get('kind'))[:80]!r}")
    if opened.credential.lineage.get("origin") != opened.run.origin:
        yield Fault("", "its credential is of another run's log")


def zip_signer(opened: OpenZip) -> Iterator[Fault]:
    """Who signed the zip's credential chains to an anchor, as a signer of this run."""
    if not opened.credential.chain_pem:
        return
    for why in chain_faults(opened.credential.chain_pem, opened.run.anchors, opened.run.at):
        yield Fault("", why)
    units = {certificates.unit(leaf) for leaf in _leaf(opened.credential.chain_pem)}
    if opened.run.run is not None and units != {opened.run.run.run_id}:
        yield Fault("", "its credential is signed with a certificate of another run")


def _leaf(chain_pem: bytes) -> list[x509.Certificate]:
    try:
        return certificates.load_certificates(chain_pem, "chain")[:1]
    except ProvenanceError:
        return []
