"""A prompt is taken out of a credential of any format: gone from the bytes, the rest valid, the first signer's word."""

import importlib

import pytest
from worldloom.provenance.credential import TRUSTED
from worldloom.provenance.errors import CredentialError, KeystoreError
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.withdrawing import PromptRemover, carries_prompt

PROMPT = "Ada Lovelace of 12 Harbour Row, looking sad"
PAINTER = Identity("embedded", "flow-1", "aa" * 32, output_licence="Apache-2.0", source_type="trainedAlgorithmicMedia")
FORMATS = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "glb": "model/gltf-binary",
    "txt": "text/plain",
}


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("operator")).operator


@pytest.fixture(scope="module")
def signed(operator, foundry):
    """Give a function from a format to its media type, the signed file and the anchors."""
    signer = CredentialSigner(RunAuthority(operator, "run-a", 1).issue("conductor"))

    def sign(name, prompt=PROMPT):
        media_type = FORMATS[name]
        making = Making("A face", media_type, "image", "agent-0", PAINTER, prompt=prompt, origin="worldloom.run/run-a")
        return media_type, signer.sign(foundry(name), making)

    return sign


@pytest.fixture
def remover(operator):
    return PromptRemover(RunAuthority(operator, "run-a", 0).issue("redactor"), [operator.certificate_pem])


@pytest.fixture(scope="module")
def foundry(independent_verifier):
    """Give a function from a format to a payload of it."""
    package = independent_verifier.__package__
    modules = [importlib.import_module(f"{package}.{name}") for name in ("making", "samples")]

    def make(name):
        if name == "txt":
            return b"Dear Ada\n"
        return next(getattr(module, name)() for module in modules if hasattr(module, name))

    return make


@pytest.mark.parametrize("name", FORMATS)
def test_the_prompt_is_gone_and_everything_else_holds(name, signed, remover, operator, independent_verifier):
    media_type, before = signed(name)
    after = remover.remove(before.data, media_type, before.sidecar, "A face")
    for part in (after.data, after.sidecar or b""):
        assert PROMPT.encode() not in part
    anchors = [operator.certificate_pem]
    old = read_credential(before.data, media_type, before.sidecar, anchors)
    new = read_credential(after.data, media_type, after.sidecar, anchors)
    assert (new.state, new.failures, new.hidden, new.frame) == (TRUSTED, (), (), ())
    assert (new.manifest, new.serial, new.generation, new.lineage) == (
        old.manifest,
        old.serial,
        old.generation,
        old.lineage,
    )
    assert [each.labels(new.manifest) for each in new.updates] == [["c2pa.embedded-data"]]
    assert carries_prompt(old)
    assert not carries_prompt(new)
    second = independent_verifier.verify_bytes(after.data, media_type, after.sidecar, anchors)
    assert second.problems == []


@pytest.mark.parametrize("name", ["png", "wav", "glb"])
def test_changed_bytes_are_found_after_it_as_before(name, signed, remover, operator):
    media_type, before = signed(name)
    after = remover.remove(before.data, media_type, before.sidecar, "A face")
    at = 60 if name == "wav" else len(after.data) - 30
    changed = after.data[:at] + bytes([after.data[at] ^ 1]) + after.data[at + 1 :]
    assert not read_credential(changed, media_type, after.sidecar, [operator.certificate_pem]).holds


def test_what_has_no_prompt_stays_as_it_is(signed, remover):
    media_type, before = signed("png", prompt="")
    assert remover.remove(before.data, media_type, None, "A face") is None
    media_type, before = signed("txt")
    after = remover.remove(before.data, media_type, before.sidecar, "A face")
    assert remover.remove(after.data, media_type, after.sidecar, "A face") is None


def test_a_damaged_file_is_refused(signed, remover):
    media_type, before = signed("txt")
    with pytest.raises(CredentialError, match="invalid"):
        remover.remove(before.data + b"x", media_type, before.sidecar, "A face")


def test_without_its_key_it_signs_nothing(signed, remover):
    media_type, before = signed("txt")
    remover.close()
    with pytest.raises(KeystoreError):
        remover.remove(before.data, media_type, before.sidecar, "A face")
