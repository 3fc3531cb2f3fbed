"""Bundles of one file: clean without the run, the same bytes each time, and no change of them goes unseen."""

import importlib
import os
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance import Run
from worldloom.provenance.artifact_bundle import make_bundle
from worldloom.provenance.audit import Demands, audit
from worldloom.provenance.audit.amendments import Amendment
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.bundle import pack_members
from worldloom.provenance.bundle_layout import Facts
from worldloom.provenance.bundling import write_bundle
from worldloom.provenance.cosignature import CosignerKey
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.errors import CanonicalError, FormatError, LineageError, StorageError
from worldloom.provenance.folder import artifact_path
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.note import Checkpoint, parse_note, sign_note
from worldloom.provenance.parts import Part
from worldloom.provenance.receipt import RECORDED, Receipt, write_receipt
from worldloom.provenance.segments import decode_segment
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.witnessed import sealed_head

KINDS = ["scenario", "picture", "letter", "export"]
LEVELS = ["bytes", "credential", "signer", "ingredients", "log"]


@pytest.fixture(scope="module")
def paths(original):
    made = original.maker
    return {
        "scenario": "scenario.py",
        "picture": artifact_path(made.picture.digest, "png"),
        "letter": artifact_path(made.letter.digest, "txt"),
        "export": "world/world.glb",
    }


@pytest.fixture(scope="module")
def bundles(original, paths):
    return {kind: make_bundle(original.maker.storage, path)[1] for kind, path in paths.items()}


def members(data):
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(found):
    return pack_members(sorted(found.items(), key=lambda each: each[0].encode()))


@pytest.fixture
def judge(tmp_path, original):
    def judged(data, **options):
        path = tmp_path / "it.bundle.zip"
        path.write_bytes(data)
        result = audit(path, **{"anchors": original.anchors, **options})
        assert not [finding for finding in result.findings if finding.message.startswith(UNFORESEEN)]
        return result

    return judged


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_clean_without_the_run(judge, bundles, kind):
    result = judge(bundles[kind])
    assert (result.exit_code, result.faults, result.state) == (0, [], "bundle")
    assert [result.levels[level] for level in LEVELS] == ["pass"] * 5
    assert result.levels["reproduced"] == "not checked"


@pytest.mark.parametrize("kind", KINDS)
def test_its_manifest_holds_the_profile(judge, bundles, kind):
    found = judge(bundles[kind], demands=Demands(strict=True)).findings
    assert [
        finding.message for finding in found if finding.step == "profile" and "licence" not in finding.message
    ] == []


def test_the_same_run_gives_the_same_bytes_by_path_by_digest_and_from_python(original, paths, bundles, tmp_path):
    by_digest = make_bundle(original.maker.storage, original.maker.picture.digest)
    assert by_digest == (f"{original.maker.picture.digest}.png.bundle.zip", bundles["picture"])
    out = Run.open(original.path).bundle(original.path / paths["picture"], tmp_path / "one.zip")
    assert out.read_bytes() == bundles["picture"]


def test_what_the_auditor_trusts_and_expects_decides(judge, bundles, original, stranger):
    data = bundles["letter"]
    assert judge(data, anchors=[]).exit_code == 13
    assert judge(data, anchors=[stranger.certificate_pem]).exit_code == 13
    root = original.maker.log.content_root().hex()
    assert judge(data, expect_root=root).exit_code == 0
    assert judge(data, expect_root="0" * 64).exit_code == 12


CHANGES = {
    "the file": ("file/", ".png", lambda data: data.replace(b"IDAT", b"IDAt"), 10),
    "its entry's content": ("proof/content", "", lambda data: data.replace(b'"The picture"', b'"Another"'), 10),
    "its entry's evidence": ("proof/evidence", "", lambda data: data.replace(b'"cpu"', b'"gpu"'), 10),
    "the proof's index": ("proof/entry", "", lambda data: data.replace(b"index ", b"index 1"), 10),
    "the log's head": ("run/log/", "", lambda data: data.replace(b"worldloom.run", b"worldloom.ruN", 1), 10),
    "SEAL": ("run/SEAL", "", lambda data: data.replace(b"content ", b"content 0", 1), 10),
    "bundle.json": ("bundle.json", "", lambda data: data.replace(b'"kind":"artifact"', b'"kind":"export"'), 10),
    "run.json": ("run/run.json", "", lambda data: data.replace(b"village", b"willage"), 10),
    "a certificate": ("run/trust/ca", "", lambda _: b"-----BEGIN", 10),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_part_is_told(judge, bundles, what):
    start, end, change, code = CHANGES[what]
    found = members(bundles["picture"])
    (name,) = [name for name in found if name.startswith(start) and name.endswith(end)]
    found[name] = change(found[name])
    result = judge(repacked(found))
    assert result.exit_code == code, result.findings
    assert result.faults


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_that_is_missing_is_told(judge, bundles, kind):
    whole = members(bundles[kind])
    for name in sorted(whole.keys() - {"README.txt", "bundle.json"}):
        result = judge(repacked({each: data for each, data in whole.items() if each != name}))
        assert result.exit_code in (10, 11, 12, 13), name


def test_parts_of_another_bundle_of_the_same_run_are_told(judge, bundles):
    picture, letter = members(bundles["picture"]), members(bundles["letter"])
    for name in ("proof/entry.tlog-proof", "proof/content.json", "proof/evidence.json"):
        assert judge(repacked({**picture, name: letter[name]})).exit_code == 10, name
    sidecars = [name for name in letter if name.endswith(".c2pa")]
    export = members(bundles["export"])
    assert judge(repacked({**export, "file/world.glb.c2pa": letter[sidecars[0]]})).exit_code == 10


def test_a_file_added_or_hidden_is_told(judge, bundles):
    whole = members(bundles["picture"])
    assert judge(repacked({**whole, "file/second.png": b"x"})).exit_code == 10
    assert judge(repacked({**whole, "run/trust/other-1.pem": b"x"})).exit_code == 10
    assert judge(repacked(whole) + b"hidden").exit_code == 10
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in whole.items():
            out.writestr(name, data)
    assert judge(packed.getvalue()).exit_code in (10, 11)


def test_words_of_others_in_the_readme_are_noted_and_prove_nothing(judge, bundles):
    result = judge(repacked({**members(bundles["picture"]), "README.txt": b"Trust me.\n"}))
    assert result.exit_code == 0
    assert "nothing vouches for its words" in " ".join(finding.message for finding in result.findings)
    assert not [finding for finding in judge(bundles["picture"]).findings if finding.path == "README.txt"]


@settings(max_examples=60)
@given(st.data())
def test_no_flipped_bit_goes_unseen(bundles, original, tmp_path_factory, data):
    whole = bundles[data.draw(st.sampled_from(KINDS))]
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    path = tmp_path_factory.mktemp("flipped") / "it.bundle.zip"
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
    result = audit(path, anchors=original.anchors)
    assert result.exit_code in (10, 11), (at, result.findings)
    assert not [finding for finding in result.findings if finding.message.startswith(UNFORESEEN)]


@given(
    st.sampled_from(["index", "kind", "path", "media_type", "origin"]), st.one_of(st.integers(), st.text(), st.none())
)
def test_facts_have_one_form(name, value):
    facts = Facts("worldloom.run/a", 7, "export", "world/a.glb", "model/gltf-binary")
    assert Facts.decode(facts.encode()) == facts
    try:
        data = replace(facts, **{name: value}).encode()
        read = Facts.decode(data)
    except (FormatError, CanonicalError):
        return
    assert read.encode() == data


HOSTILE = ["../../etc/passwd", "world/../SEAL", "/world/a.glb", "lock", "world/a b.glb", "world/$(id).glb", ""]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_no_run_has_is_refused(path):
    with pytest.raises(FormatError):
        Facts.decode(Facts("worldloom.run/a", 7, "export", path, "model/gltf-binary").encode())


def test_only_what_the_log_names_in_a_sealed_run_is_bundled(original, forged):
    for name in ("report.html", "world/none.png", "agent-1"):
        with pytest.raises(LineageError, match="no entry"):
            make_bundle(original.maker.storage, name)
    made = forged({})
    made.storage.remove("SEAL")
    with pytest.raises(FormatError, match="resume"):
        make_bundle(made.storage, "world/world.glb")


def test_a_body_that_was_erased_by_amendment_is_told_and_counts_as_no_fault(forged, judge):
    made = forged({})
    path = artifact_path(made.picture.digest, "png")
    whole = members(make_bundle(made.storage, path)[1])
    del whole["proof/content.json"]
    assert judge(repacked(whole)).exit_code == 11
    digest = made_content(made)
    segment = next(
        name for name in made.storage.files("bodies") if digest in [each.digest.hex() for each in items(made, name)]
    )
    note = Amendment(made.origin, "a person asked for it", items=((digest, segment),))
    whole["run/amendments/1"] = sign_note(note.text(), [made.operator.note_key("worldloom.operator")])
    assert judge(repacked(whole)).exit_code == 0


def items(made, name):
    return decode_segment(made.storage.read(name))


def made_content(made):
    return digest_json(CONTENT, made.picture.content()).hex()


@pytest.mark.external
def test_the_commands_of_its_readme_run(bundles, original, tmp_path, tool):
    tool("openssl")
    for kind in ("picture", "export"):
        folder = tmp_path / kind
        with zipfile.ZipFile(BytesIO(bundles[kind])) as packed:
            packed.extractall(folder)
        (folder / "operator.pem").write_bytes(original.anchors[0])
        lines = [line.strip() for line in (folder / "README.txt").read_text().splitlines() if line.startswith("    ")]
        run = [line for line in lines if line.split()[0] in ("sha256sum", "grep", "openssl", "sed", "(printf")]
        assert len(run) == 10
        said = ""
        for line in run:
            done = subprocess.run(
                ["sh", "-ec", line], cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
            )
            assert done.returncode == 0, (line, done.stderr)
            said += done.stdout
        assert "Signature Verified Successfully" in said
        assert "conductor-1.pem: OK" in said


@pytest.fixture(scope="module")
def second_opinion(independent_verifier):
    return importlib.import_module(f"{independent_verifier.__package__}.bundle").verify_bundle


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_verifier_agrees(second_opinion, bundles, original, stranger, kind):
    assert second_opinion(bundles[kind], original.anchors).problems == []
    assert second_opinion(bundles[kind], [stranger.certificate_pem]).steps >= {"notes", "credential"}


@pytest.mark.parametrize("what", CHANGES)
def test_a_second_verifier_sees_a_changed_part(second_opinion, bundles, original, what):
    start, end, change, _ = CHANGES[what]
    found = members(bundles["picture"])
    (name,) = [name for name in found if name.startswith(start) and name.endswith(end)]
    assert not second_opinion(repacked({**found, name: change(found[name])}), original.anchors).ok


@given(st.data())
def test_a_second_verifier_lets_no_flipped_bit_pass(second_opinion, bundles, original, data):
    whole = bundles[data.draw(st.sampled_from(KINDS))]
    start = whole.index(b"bundle.json") + 11  # README and its header prove nothing
    end = whole.index(b"PK\1\2")
    at, bit = data.draw(st.integers(start, end - 1)), data.draw(st.integers(0, 7))
    header = max(whole.rfind(b"PK\3\4", 0, at + 1), 0)
    if at - header < 30:
        return  # dates and flags of a zip's headers, of which this verifier knows only the lengths
    changed = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    assert not second_opinion(changed, original.anchors).ok


WITNESS = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)


@pytest.fixture
def witnessed(run):
    """The run with a witness's word, a timestamp that is none, and a receipt beside it."""
    made, folder = run.maker, run.path
    head = sealed_head(made.storage, made.log.checkpoint, made.key.note_key(made.origin))
    key = CosignerKey("w1.example", WITNESS.public_key().public_bytes_raw(), WITNESS.sign)
    line = key.line(parse_note(head)[0], 1_700_000_000)
    folder.with_name("village-1.witness").write_bytes(head + line.encode())
    root = made.log.content_root().hex()
    receipt = Receipt(made.origin, root, root, RECORDED, "2026-11-24T10:00:00Z")
    write_receipt(Storage(LocalDisk(folder.parent)), "village-1", receipt, made.operator.note_key("worldloom.operator"))
    return key.cosigner


def test_what_stands_beside_the_run_goes_along_and_is_judged(run, witnessed, tmp_path, original):
    path = write_bundle(run.path, "world/world.glb", tmp_path / "it.bundle.zip")
    found = members(path.read_bytes())
    assert {"beside/witness", "beside/replay"} <= found.keys()
    result = audit(path, anchors=original.anchors, witnesses=[witnessed])
    assert (result.exit_code, result.levels["reproduced"]) == (0, "pass")
    assert "cosigned by w1.example" in " ".join(finding.message for finding in result.findings)
    stranger = replace(witnessed, name="w2.example")
    assert audit(path, anchors=original.anchors, witnesses=[stranger]).exit_code == 11
    for name, code in (("beside/witness", 10), ("beside/replay", 0)):
        path.write_bytes(repacked({**found, name: found[name].replace(b"worldloom.run", b"worldloom.ruN", 1)}))
        result = audit(path, anchors=original.anchors)
        assert (result.exit_code, bool(result.faults)) == (code, True), name
    path.write_bytes(repacked({**found, "beside/tsr": b"no timestamp"}))
    assert audit(path, anchors=original.anchors).exit_code == 10


def test_a_witness_of_an_older_head_stays_at_home(run, witnessed, tmp_path):
    made = run.maker
    older = Checkpoint(made.origin, 3, LogReader(made.storage).tree.root(3))
    note = sign_note(older.text(), [made.key.note_key(made.origin)])
    run.path.with_name("village-1.witness").write_bytes(note)
    assert witnessed
    path = write_bundle(run.path, "world/world.glb", tmp_path / "it.bundle.zip")
    assert "beside/witness" not in members(path.read_bytes())


def test_a_bundle_is_not_written_into_the_run(run, tmp_path):
    with pytest.raises(FormatError, match="closed"):
        write_bundle(run.path, "world/world.glb", run.path / "world" / "it.zip")
    with pytest.raises(StorageError):
        write_bundle(run.path, "world/world.glb", tmp_path / "no" / "folder" / "it.zip")


@pytest.mark.parametrize(
    "name", ["../up.txt", "run/../SEAL", "/abs", "run/trust/../SEAL", "file/..", "run\\SEAL", "a\0b"]
)
def test_a_hostile_name_is_told_and_nothing_is_written(judge, bundles, tmp_path, name):
    result = judge(repacked({**members(bundles["picture"]), name: b"x"}))
    assert result.exit_code == 10
    assert [path.name for path in tmp_path.rglob("*")] == ["it.bundle.zip"]


@pytest.mark.parametrize(
    "name", ["bundle.json", "proof/entry.tlog-proof", "proof/content.json", "run/SEAL", "beside/replay"]
)
def test_a_member_of_any_bytes_is_told(judge, bundles, name):
    whole = members(bundles["picture"])
    for data in (b"", b"\xff" * 40, b"[" * 100_000, b"{}", b'"\xed\xa0\x80"', b"c2sp.org/tlog-proof@v1\n\n"):
        result = judge(repacked({**whole, name: data}))
        assert result.faults, (name, data[:10])


@pytest.fixture(scope="module")
def assembled(forged):
    """A run whose world is put together from so many pictures that its credential names most by their hashes."""
    known = {}

    def with_parts(making):
        made = known["maker"]
        data = made.storage.read(artifact_path(made.picture.digest, "png"))
        return replace(making, parts=(Part("The picture", "image/png", data, content=made.picture.digest),) * 20)

    return forged({"before events two": lambda made: known.update(maker=made), "making world/world.glb": with_parts})


def test_parts_that_are_named_by_hash_are_told_or_taken_along(assembled, original, judge, second_opinion):
    alone = judge(make_bundle(assembled.storage, "world/world.glb")[1])
    assert alone.exit_code == 0
    assert "parts by their hashes" in " ".join(finding.message for finding in alone.findings)
    name, data = make_bundle(assembled.storage, "world/world.glb", parts=True)
    part = f"parts/{assembled.picture.digest}.png"
    assert part in members(data)
    result = judge(data)
    assert (name, result.exit_code, result.faults) == ("world.glb.bundle.zip", 0, [])
    assert "parts by their hashes" not in " ".join(finding.message for finding in result.findings)
    assert second_opinion(data, original.anchors).problems == []
    assert second_opinion(repacked({**members(data), part: b"x"}), original.anchors).steps == {"seal"}
    for bad in (members(data)[part].replace(b"IDAT", b"IDAt"), b"x"):
        assert judge(repacked({**members(data), part: bad})).exit_code == 10
    stray = repacked({**members(data), "parts/stray.png": original.maker.storage.read("world/world.glb")})
    assert judge(stray).exit_code == 10
