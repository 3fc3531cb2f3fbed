"""Files that were edited outside: signed with their original as parent, never whiter than it, and audited to it."""

import io
import json
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.algorithms import ES256
from worldloom.provenance.artifact_bundle import make_bundle
from worldloom.provenance.audit import Demands, audit
from worldloom.provenance.errors import CredentialError
from worldloom.provenance.fingerprints.soft_binding import SOFT_BINDING, bound_codes
from worldloom.provenance.folder import artifact_path
from worldloom.provenance.importing import BY_HAND, COMPOSITE, Edited, Original, sign_edited
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.originals import find_original
from worldloom.provenance.parts import Part
from worldloom.provenance.profile import AI_DISCLOSURE, OPENED
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner

MODEL = Identity(
    "embedded",
    "pictures-1",
    weights="ab" * 32,
    weights_licence="Apache-2.0",
    output_licence="CC-BY-4.0",
    source_type="trainedAlgorithmicMedia",
)
STRICT = Demands(strict=True)


def turned(png):
    """Another picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").rotate(90).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def originals(original, operator):
    """One signed file of each kind: how its credential travels, and who made it."""
    made = original.maker

    def stored(path, media_type):
        data = made.storage.read(path)
        beside = made.storage.read(f"{path}.c2pa") if made.storage.exists(f"{path}.c2pa") else None
        return Original(path.rpartition("/")[2], media_type, data, beside)

    key = RunAuthority(operator, "run-models", 1).issue("conductor")
    signer = CredentialSigner(key)
    picture = made.storage.read(artifact_path(made.picture.digest, "png"))
    making = Making("A model's", "image/png", "picture", "agent-0", MODEL, prompt="a boat", content="cd" * 32)
    by_model = signer.sign(turned(picture), making)
    return {
        "picture": stored(artifact_path(made.picture.digest, "png"), "image/png"),
        "letter": stored(artifact_path(made.letter.digest, "txt"), "text/plain"),
        "world": stored("world/world.glb", "model/gltf-binary"),
        "by a model": Original("boat.png", "image/png", by_model.data),
    }


@pytest.fixture(scope="module")
def changed(originals):
    """The bytes as an editor leaves them: without the credential."""
    glb = originals["world"].data
    body = glb[20:].replace(b"2.0", b"2.1")
    return {
        "picture": turned(originals["picture"].data),
        "letter": b"Come to the feast tomorrow.\n",
        "world": struct.pack("<4sIIII", b"glTF", 2, 20 + len(body), *struct.unpack("<II", glb[12:20])) + body,
        "by a model": turned(originals["by a model"].data),
    }


def edited(original, **more):
    name = f"edited.{original.name.rpartition('.')[2]}"
    values = {"person": "Ada Example", "tool": "Blender", "tool_version": "4.2", "note": "Moved the tower.", **more}
    return Edited(name, original.media_type, **values)


@pytest.fixture
def put(tmp_path):
    """Write a signed file as people do, and audit it."""

    def write(name, signed, anchors, **more):
        path = tmp_path / name
        path.write_bytes(signed.data)
        if signed.sidecar is not None:
            path.with_name(f"{name}.c2pa").write_bytes(signed.sidecar)
        return audit(path, anchors=anchors, **more)

    return write


KINDS = ["picture", "letter", "world", "by a model"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_edited_file_is_clean_holds_the_profile_and_leads_to_its_parent(
    kind, originals, changed, operator, put, independent_verifier
):
    before = originals[kind]
    licence = "" if kind != "world" else "CC0-1.0"  # of which the small run's exporter says nothing
    done = sign_edited(changed[kind], edited(before, licence=licence), before, operator)
    result = put(edited(before).name, done.signed, [operator.certificate_pem], demands=STRICT)
    assert (result.exit_code, result.faults) == (0, [])
    assert result.levels["ingredients"] == "pass"
    said = read_credential(done.signed.data, before.media_type, done.signed.sidecar)
    assert said.action == OPENED
    assert [each.relation for each in said.ingredients if each.of == said.manifest] == ["parentOf"]
    parent = read_credential(before.data, before.media_type, before.sidecar)
    assert said.ingredients[0].manifest == parent.manifest
    assert said.lineage["origin"] == parent.lineage["origin"]
    assert said.generation["parameters"]["tool"] == "Blender"
    assert bound_codes(said.said[SOFT_BINDING]), "what is recognised when this credential is gone, too"
    other = independent_verifier.verify_bytes(
        done.signed.data, before.media_type, done.signed.sidecar, [operator.certificate_pem]
    )
    assert (other.problems, other.manifest_count) == ([], 2)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_washes_off_no_model(kind, originals, changed, operator):
    done = sign_edited(changed[kind], edited(originals[kind]), originals[kind], operator)
    said = read_credential(done.signed.data, originals[kind].media_type, done.signed.sidecar)
    if kind == "by a model":
        assert done.source_type == COMPOSITE
        assert said.said[AI_DISCLOSURE]["modelName"] == "pictures-1"
        assert said.generation["generator"]["output_licence"] == "CC-BY-4.0"
    else:
        assert done.source_type == BY_HAND
        assert AI_DISCLOSURE not in said.created


def test_a_key_of_the_other_algorithm_signs_as_well(originals, changed, operator, put):
    before = originals["letter"]
    done = sign_edited(changed["letter"], edited(before), before, operator, algorithm=ES256)
    assert put("edited.txt", done.signed, [operator.certificate_pem], demands=STRICT).exit_code == 0


def test_an_edit_of_an_edit_keeps_all_of_it(originals, changed, operator, put):
    first = sign_edited(changed["by a model"], edited(originals["by a model"]), originals["by a model"], operator)
    before = Original("edited.png", "image/png", first.signed.data)
    again = sign_edited(turned(first.signed.data), edited(before), before, operator)
    assert again.source_type == COMPOSITE
    result = put("again.png", again.signed, [operator.certificate_pem], demands=STRICT)
    assert result.exit_code == 0
    said = read_credential(again.signed.data, "image/png", None)
    assert len([each for each in said.ingredients if each.relation == "parentOf"]) == 2


def test_an_edit_that_says_a_person_alone_made_what_a_model_made_is_told(
    originals, changed, operator, put, monkeypatch
):
    monkeypatch.setattr("worldloom.provenance.importing.made_by_model", lambda _: False)
    done = sign_edited(changed["by a model"], edited(originals["by a model"]), originals["by a model"], operator)
    result = put("washed.png", done.signed, [operator.certificate_pem])
    assert result.exit_code == 10
    assert "a trained model had a hand" in result.findings[0].message


def test_a_parent_whom_nobody_trusts_is_told(originals, changed, stranger, put):
    done = sign_edited(changed["picture"], edited(originals["picture"]), originals["picture"], stranger)
    result = put("edited.png", done.signed, [stranger.certificate_pem])
    assert result.exit_code == 13
    assert [finding.step for finding in result.faults] == ["file-ingredients"]


@pytest.mark.parametrize("kind", ["picture", "world"])
def test_a_parent_whose_credential_does_not_hold_is_refused_or_told(kind, originals, changed, operator, put):
    bad = replace(originals[kind], data=originals[kind].data[:-20] + b"\1" + originals[kind].data[-19:])
    with pytest.raises(CredentialError, match="--bad-parent"):
        sign_edited(changed[kind], edited(bad), bad, operator)
    done = sign_edited(changed[kind], edited(bad), bad, operator, doubtful=True)
    result = put(edited(bad).name, done.signed, [operator.certificate_pem])
    assert result.exit_code == 10
    assert "does not hold" in " ".join(finding.message for finding in result.faults)


def test_a_sidecar_without_the_bytes_that_it_was_made_for_is_a_doubtful_parent(originals, changed, operator, put):
    alone = replace(originals["world"], data=changed["world"])
    with pytest.raises(CredentialError, match="does not hold"):
        sign_edited(changed["world"], edited(alone), alone, operator)
    done = sign_edited(changed["world"], edited(alone), alone, operator, doubtful=True)
    assert put("edited.glb", done.signed, [operator.certificate_pem]).exit_code == 10


def test_what_has_no_credential_or_was_not_edited_is_refused(originals, changed, operator):
    bare = Original("bare.png", "image/png", changed["picture"])
    for doubtful in (False, True):
        with pytest.raises(CredentialError, match="no credential"):
            sign_edited(turned(changed["picture"]), edited(bare), bare, operator, doubtful=doubtful)
    same = originals["letter"]
    with pytest.raises(CredentialError, match="nothing to import"):
        sign_edited(same.data, edited(same), same, operator)


@pytest.mark.parametrize("field", ["person", "tool", "note"])
def test_words_that_deceive_the_eye_are_refused(field, originals, changed, operator):
    with pytest.raises(CredentialError):
        sign_edited(
            changed["letter"],
            edited(originals["letter"], **{field: "Ada \u202ecod.exe"}),
            originals["letter"],
            operator,
        )


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_any_words_are_kept_as_they_are_or_refused(originals, changed, operator, note, person):
    before = originals["letter"]
    try:
        done = sign_edited(changed["letter"], edited(before, note=note, person=person), before, operator)
    except CredentialError:
        return
    said = read_credential(done.signed.data, "text/plain", done.signed.sidecar)
    assert said.generation["parameters"]["note"] == note
    assert said.generation["generator"]["model"] == person


@settings(max_examples=40)
@given(st.data())
def test_no_flipped_bit_passes(originals, changed, operator, tmp_path_factory, data):
    signed = _ONCE.setdefault(
        "letter", sign_edited(changed["letter"], edited(originals["letter"]), originals["letter"], operator).signed
    )
    at, bit = data.draw(st.integers(0, len(signed.data) - 1)), data.draw(st.integers(0, 7))
    path = tmp_path_factory.mktemp("flipped") / "edited.txt"
    path.write_bytes(signed.data[:at] + bytes([signed.data[at] ^ 1 << bit]) + signed.data[at + 1 :])
    path.with_name("edited.txt.c2pa").write_bytes(signed.sidecar)
    assert audit(path, anchors=[operator.certificate_pem]).exit_code == 10


_ONCE: dict = {}


def test_a_created_file_cannot_say_that_it_was_opened(changed, operator):
    key = RunAuthority(operator, "run-models", 1).issue("conductor")
    with pytest.raises(CredentialError, match=r"c2pa\.created"):
        CredentialSigner(key).sign(
            changed["picture"], Making("x", "image/png", "picture", "agent-0", MODEL, action=OPENED)
        )


class TestFinding:
    """Where the original of an edited file is looked for."""

    def test_in_a_run_by_name_and_by_the_digest_in_it(self, original, tmp_path):
        digest = original.maker.picture.digest
        for name, wanted in (
            ("world.glb", "world.glb"),
            (f"{digest}.png", f"{digest}.png"),
            (f"{digest}-turned.png", f"{digest}.png"),
            ("scenario.py", "scenario.py"),
        ):
            (tmp_path / name).write_bytes(b"edited")
            for where in (original.path, original.zip):
                found = find_original(tmp_path / name, where)
                assert (found.name, found.data == b"edited") == (wanted, False)

    def test_in_a_bundle(self, original, tmp_path):
        bundle = tmp_path / "world.glb.bundle.zip"
        bundle.write_bytes(make_bundle(original.maker.storage, "world/world.glb")[1])
        (tmp_path / "world.glb").write_bytes(b"edited")
        found = find_original(tmp_path / "world.glb", bundle)
        assert found.sidecar == original.maker.storage.read("world/world.glb.c2pa")

    def test_a_file_with_its_sidecar_beside(self, original, tmp_path):
        (tmp_path / "a.glb").write_bytes(b"edited")
        assert find_original(tmp_path / "a.glb", original.path / "world/world.glb").name == "world.glb"
        (tmp_path / "a.glb.c2pa").write_bytes(b"beside")
        assert find_original(tmp_path / "a.glb", None) == Original("a.glb", "model/gltf-binary", b"edited", b"beside")

    @pytest.mark.parametrize("name", ["none.png", "report.html", "..", "SEAL.txt", "world.glb.c2pa"])
    def test_what_is_not_there_is_told(self, original, tmp_path, name):
        with pytest.raises(CredentialError, match="name the original file"):
            find_original(tmp_path / name, original.path)
        with pytest.raises(CredentialError, match="no run"):
            find_original(tmp_path / name, tmp_path)


def test_what_json_says_is_only_text(originals, changed, operator):
    """What the manifest says is integers and text, which every reader reads alike."""
    done = sign_edited(changed["letter"], edited(originals["letter"]), originals["letter"], operator)
    said = read_credential(done.signed.data, "text/plain", done.signed.sidecar)
    assert json.loads(json.dumps(dict(said.generation)))["kind"] == "import"


def test_what_was_made_has_no_parent(originals, operator):
    before = originals["picture"]
    signer = CredentialSigner(RunAuthority(operator, "run-models", 1).issue("conductor"))
    parent = Part("before", "image/png", before.data, relation="parentOf")
    with pytest.raises(CredentialError, match="relation parentOf"):
        signer.sign(turned(before.data), Making("x", "image/png", "picture", "agent-0", MODEL, parts=(parent,)))
