"""The check of the checks for zips and single files: for each step a forged one that only this step catches."""

import dataclasses
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance import certificates
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.beside import OpenZip
from worldloom.provenance.audit.demands import Demands
from worldloom.provenance.audit.findings import Code, State
from worldloom.provenance.audit.opened import OpenRun
from worldloom.provenance.audit.single import OpenFile
from worldloom.provenance.audit.steps import FILE_STEPS, ZIP_STEPS
from worldloom.provenance.bundle import pack_members, packed_files, zip_seal
from worldloom.provenance.folder import artifact_path
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.note import NoteKey
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.revocations import Revocation, Revocations
from worldloom.provenance.withdrawing import PromptRemover
from worldloom.provenance.zip_disk import ZipDisk

PACKER = Identity("worldloom", "bundle-1", source_type="compositeSynthetic")


@pytest.fixture(scope="module")
def made(forged):
    return forged()


@pytest.fixture(scope="module")
def world(made):
    """A file and its sidecar."""
    return made.storage.read("world/world.glb"), made.storage.read("world/world.glb.c2pa")


def revoked(made):
    """What an auditor knows of who revoked the conductor's certificate."""
    certificate = certificates.load_certificates(made.key.certificate_pem, "leaf")[0]
    fingerprint = certificates.fingerprint(certificate)
    known = Revocation(made.key.serial, fingerprint, datetime.now(UTC), "keyCompromise")
    return Revocations({fingerprint: (known, made.operator.certificate_pem)})


class TestZip:
    """What is checked of a zip besides the run in it."""

    def judged(self, made, data, note, **more):
        known, at = [made.operator.certificate_pem], datetime.now(UTC)
        run = OpenRun(made.storage, anchors=known, at=at, state=State.SEALED, **more)
        opened = OpenZip.of(ZipDisk(data), note, run)
        return {finding.step for step in ZIP_STEPS for finding in step.findings(opened) if finding.code != Code.NOTE}

    def test_the_unforged_zip_satisfies_every_step(self, made):
        assert self.judged(made, *made.packed()) == set()

    def test_form(self, made):
        unsigned = pack_members(
            [*packed_files(made.storage)[:-1], ("zzz", b"out of order"), packed_files(made.storage)[-1]]
        )
        making = Making("x", "application/zip", "bundle", "operator", PACKER, origin=made.origin)
        data = made.signer.sign(unsigned, making).data
        assert self.judged(made, data, zip_seal(data, made.key.note_key(made.origin))) == {"zip-form"}

    def test_seal(self, made):
        data, note = made.packed()
        private = Ed25519PrivateKey.generate()
        nobody = NoteKey(made.origin, private.public_key().public_bytes_raw(), private.sign)
        by_nobody = zip_seal(data, nobody)
        assert len(by_nobody) == len(note)
        assert self.judged(made, data, None) == {"zip-seal"}
        assert self.judged(made, data, zip_seal(data + b"x", made.key.note_key(made.origin))) == {"zip-seal"}
        assert self.judged(made, data, by_nobody) == {"zip-seal"}
        assert self.judged(made, data, b"no note") == {"zip-seal"}

    def test_credential(self, made):
        making = Making("x", "application/zip", "letter", "operator", PACKER, origin=made.origin)
        data = made.signer.sign(pack_members(packed_files(made.storage)), making).data
        assert self.judged(made, data, zip_seal(data, made.key.note_key(made.origin))) == {"zip-credential"}

    def test_signer(self, made, stranger):
        key = RunAuthority(stranger, made.run_id, 1).issue("conductor")
        other = dataclasses.replace(made)
        other.key, other.signer = key, type(made.signer)(key)
        assert self.judged(made, *other.packed()) == {"zip-signer"}

    def test_revoked(self, made):
        assert self.judged(made, *made.packed(), demands=Demands(revocations=revoked(made))) == {"zip-revoked"}

    def test_profile(self, made):  # whose packer names no licence of what it makes
        assert self.judged(made, *made.packed(), demands=Demands(strict=True)) == {"zip-profile"}

    def test_every_step_has_its_case(self):
        cases = {name.removeprefix("test_") for name in dir(self) if name.startswith("test_")}
        assert {step.name.removeprefix("zip-") for step in ZIP_STEPS} <= cases


class TestFile:
    """What is checked of a single file."""

    def judged(self, made, data, store, *, media_type="model/gltf-binary", anchors=None, **more):
        known = [made.operator.certificate_pem] if anchors is None else anchors
        credential = read_credential(data, media_type, store, known)
        file = OpenFile("x", media_type, credential, known, datetime.now(UTC), **more)
        found = [finding for step in FILE_STEPS for finding in step.findings(file)]
        return {finding.step for finding in found if finding.code != Code.NOTE}

    def redacted(self, made, owner, label):
        """The picture's file with an assertion taken out by somebody."""
        data = made.storage.read(artifact_path(made.picture.digest, "png"))
        manifest = read_credential(data, "image/png", None).manifest
        remover = PromptRemover(RunAuthority(owner, made.run_id, 0).issue("redactor"), [made.operator.certificate_pem])
        return remover._sign(
            data, "image/png", None, [f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/{label}"], "x"
        ).data

    def test_revealed(self, made, world):
        shown = RevealedPrompt(made.origin, bytes(32), "a world", {"prompt": ""})
        assert self.judged(made, *world, demands=Demands(revealed=(("x", shown),))) == {"file-revealed"}

    def test_redaction(self, made):
        for label, found in (("c2pa.embedded-data", set()), ("cawg.training-mining", {"file-redaction"})):
            data = self.redacted(made, made.operator, label)
            assert self.judged(made, data, None, media_type="image/png") == found

    def test_redactor(self, made, stranger):
        data = self.redacted(made, stranger, "c2pa.embedded-data")
        assert self.judged(made, data, None, media_type="image/png") == {"file-redactor"}

    def test_the_unforged_file_satisfies_every_step(self, made, world):
        assert self.judged(made, *world) == set()

    def test_credential(self, made, world):
        assert self.judged(made, world[0] + b"x", world[1]) == {"file-credential"}

    def test_claims(self, made, world):
        assert self.judged(made, *world, media_type="text/plain") == {"file-claims"}

    def test_signer(self, made, world, stranger):
        assert self.judged(made, *world, anchors=[stranger.certificate_pem]) == {"file-signer"}

    def test_ingredients(self, made, world, with_a_bad_ingredient):
        making = Making("x", "model/gltf-binary", "world", "world", PACKER, origin=made.origin)
        signed = with_a_bad_ingredient.sign(world[0], making, made.signer)
        assert self.judged(made, signed.data, signed.sidecar) == {"file-ingredients"}

    def test_root(self, made, world):
        assert self.judged(made, *world, expect_root="ab" * 32) == {"file-root"}

    def test_revoked(self, made, world):
        assert self.judged(made, *world, demands=Demands(revocations=revoked(made))) == {"file-revoked"}

    def test_profile(self, made, world):  # whose exporter names no licence of what it makes
        assert self.judged(made, *world, demands=Demands(strict=True)) == {"file-profile"}

    def test_every_step_has_its_case(self):
        cases = {name.removeprefix("test_") for name in dir(self) if name.startswith("test_")}
        assert {step.name.removeprefix("file-") for step in FILE_STEPS} <= cases


def test_of_a_credential_that_nobody_can_read_neither_signer_nor_ingredients_pass(run, tmp_path):
    cut = tmp_path / "cut.png"
    cut.write_bytes(next((run.path / "artifacts").rglob("*.png")).read_bytes()[:300])
    levels = audit(cut, anchors=run.anchors).levels
    assert levels["credential"] == "fail"
    assert {levels["signer"], levels["ingredients"]} == {"not checked"}
