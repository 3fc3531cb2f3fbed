"""A folder of media from anywhere: what carries a credential is judged, what does not is told, nothing is followed."""

from __future__ import annotations

import io
import os
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from worldloom.provenance.audit import State, audit
from worldloom.provenance.audit.walk import Walk, told, walk
from worldloom.provenance.foreign_media import BY_EXTENSION, any_media_type, carries_inside
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.media import EXTENSIONS


@pytest.fixture
def folder(original, tmp_path):
    """Three signed files, one of them with a sidecar, below two folders."""
    place = tmp_path / "from anywhere"
    (place / "deeper").mkdir(parents=True)
    picture = next(original.path.glob("artifacts/*/*.png"))
    letter = next(original.path.glob("artifacts/*/*.txt"))
    shutil.copy(picture, place / "Holiday.PNG")
    shutil.copy(letter, place / "deeper" / "letter.txt")
    shutil.copy(f"{letter}.c2pa", place / "deeper" / "letter.txt.c2pa")
    shutil.copy(picture, place / "deeper" / "again.png")
    return place


def messages(result):
    return {(finding.path, finding.message) for finding in result.findings}


def test_all_that_is_signed_is_judged(folder, run):
    result = audit(folder, anchors=run.anchors)
    assert result.ok
    assert result.state == State.FOLDER
    assert [part.path for part in result.parts] == ["Holiday.PNG", "deeper/again.png", "deeper/letter.txt"]
    assert result.counts == {
        "files": 3,
        "judged": 3,
        "clean": 3,
        "not_clean": 0,
        "without_credential": 0,
        "not_looked_at": 0,
    }
    assert {level for level, verdict in result.levels.items() if verdict == "pass"} == {
        "credential",
        "signer",
        "ingredients",
    }
    assert [part["exit"] for part in result.to_json()["files"]] == [0, 0, 0]


def test_a_changed_file_is_named(folder, run):
    (folder / "deeper" / "letter.txt").write_bytes(b"Stay at home.\n")
    result = audit(folder, anchors=run.anchors)
    assert result.exit_code == 10
    assert {finding.path for finding in result.faults} == {"deeper/letter.txt"}


def test_media_without_a_credential_is_a_finding_and_other_files_are_counted(folder, run):
    Image.new("RGB", (9, 9)).save(folder / "photo.jpeg")
    Image.new("P", (9, 9)).save(folder / "moving.gif")
    (folder / "notes.md").write_bytes(b"# notes")
    (folder / "table.csv").write_bytes(b"1,2")
    (folder / "more.CSV").write_bytes(b"1,2")
    (folder / "drawing.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    result = audit(folder, anchors=run.anchors)
    assert result.exit_code == 11
    assert {(each.path, each.message) for each in result.faults} == {
        ("photo.jpeg", "has no credential"),
        ("moving.gif", "has no credential"),
        ("drawing.svg", "has no credential"),
    }
    said = "nothing was asked of files that have no credential beside them: 2 .csv, 1 .md"
    assert ("", said) in messages(result)
    assert (result.counts["without_credential"], result.counts["not_looked_at"]) == (3, 3)


def test_a_sidecar_without_its_file(folder, run):
    (folder / "deeper" / "letter.txt").unlink()
    result = audit(folder, anchors=run.anchors)
    assert result.exit_code == 11
    assert ("deeper/letter.txt.c2pa", "is a credential, and the file that it is of is missing") in messages(result)


def test_links_are_told_and_never_followed(folder, run, tmp_path):
    outside = tmp_path / "outside.png"
    Image.new("RGB", (9, 9)).save(outside)
    (folder / "link.png").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "deeper" / "nowhere.png").symlink_to("/nonexistent")
    os.mkfifo(folder / "pipe.wav")
    result = audit(folder, anchors=run.anchors)
    assert result.ok
    told_of = {finding.path for finding in result.findings}
    assert told_of == {"link.png", "loop", "deeper/nowhere.png", "pipe.wav"}
    assert len(result.parts) == 3


def test_what_is_gone_when_it_is_opened_is_a_finding(folder, run, monkeypatch):
    monkeypatch.setattr("worldloom.provenance.audit.media_folder.walk", lambda _: Walk(files=["gone.png"]))
    (finding,) = audit(folder, anchors=run.anchors).faults
    assert finding.code == 11
    assert finding.message.startswith("cannot be opened: ")


def test_odd_names(folder, run):
    picture = (folder / "Holiday.PNG").read_bytes()
    odd = (b"a\nb.png", b"\xff\xfe.png", "gnp.\u202eexe.png".encode(), b"-rf.png", b" .png", b"a" * 251 + b".png")
    for name in odd:
        (folder / os.fsdecode(name)).write_bytes(picture)
    assert audit(folder, anchors=run.anchors).counts["clean"] == 9


def test_an_empty_folder_is_not_clean(tmp_path):
    result = audit(tmp_path, anchors=[])
    assert (result.exit_code, result.state) == (11, State.FOLDER)
    assert ("", "holds no file with a credential") in messages(result)


def test_runs_and_their_zips_in_it_are_judged_as_such(run):
    result = audit(run.path.parent, anchors=run.anchors)
    assert result.ok
    assert {part.state for part in result.parts} == {State.SEALED}
    (run.path / "world" / "world.glb").write_bytes(b"x")
    result = audit(run.path.parent, anchors=run.anchors)
    assert result.exit_code == 10
    assert f"{run.path.name}/world/world.glb" in {finding.path for finding in result.faults}


def test_what_is_left_of_a_run_is_still_a_run(run):
    for name in ("run.json", "SEAL", "log/checkpoint"):
        (run.path / name).unlink()
    result = audit(run.path, anchors=run.anchors)
    assert result.state == State.INTERRUPTED
    assert "run-file" in {finding.step for finding in result.faults}


def test_more_files_than_are_looked_at(folder):
    found = walk(folder, most=2)
    assert found.cut
    assert len(found.files) <= 2


def test_processes_find_the_same_in_the_same_order(folder, run, monkeypatch):
    monkeypatch.setattr("worldloom.provenance.audit.media_folder.FEW", 1)
    (folder / "deeper" / "letter.txt").write_bytes(b"Stay at home.\n")
    at = datetime.now(UTC)
    one, two = (audit(folder, anchors=run.anchors, at=at, jobs=jobs) for jobs in (1, 2))
    assert one == two


def foreign(authority, version):
    """A JPEG that another tool signed, and its anchor."""
    from c2pa import Builder, C2paSignerInfo, C2paSigningAlg, Signer

    key = authority.issue("conductor")
    plain, signed = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(plain, "JPEG")
    action = {
        "action": "c2pa.created",
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    }
    manifest = {
        "claim_version": version,
        "claim_generator_info": [{"name": "Camera of somebody", "version": "7"}],
        "title": "IMG_1.jpg",
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
    }
    info = C2paSignerInfo(C2paSigningAlg.ED25519, key.chain_pem, key.private_pem(), None)
    with Builder(manifest) as builder, Signer.from_info(info) as signer:
        plain.seek(0)
        builder.sign(signer, "image/jpeg", plain, signed)
    return signed.getvalue()


@pytest.mark.parametrize("version", [1, 2])
def test_what_another_tool_signed_is_judged_by_what_it_is(tmp_path, operator, version):
    data = foreign(RunAuthority(operator, "another", 1), version)
    (tmp_path / "IMG_1.JPG").write_bytes(data)
    result = audit(tmp_path / "IMG_1.JPG", anchors=[operator.certificate_pem])
    (finding,) = result.findings
    assert result.ok
    assert finding.message.startswith("its credential was made by 'Camera of somebody 7")
    # What version 2 of claims only gathered is not the signer's word.
    how = "c2pa.created, digitalCapture" if version == 1 else "it does not say how"
    assert finding.message.endswith(f"not by Worldloom: {how}")
    assert audit(tmp_path / "IMG_1.JPG", anchors=[]).exit_code == 13
    number = data.index(b"JP\2\x11") + 3  # others may number the boxes of a JPEG as they like
    (tmp_path / "IMG_1.JPG").write_bytes(data[:number] + b"\1" + data[number + 1 :])
    framed = audit(tmp_path / "IMG_1.JPG", anchors=[operator.certificate_pem])
    assert framed.ok
    assert "otherwise than the C2PA SDK writes one" in framed.findings[1].message
    (tmp_path / "IMG_1.JPG").write_bytes(data[:-20] + bytes(18) + data[-2:])
    assert audit(tmp_path, anchors=[operator.certificate_pem]).exit_code == 10


def test_any_name_has_a_media_type_or_none():
    assert any_media_type("a/B.JPEG") == "image/jpeg"
    assert any_media_type("noextension") == ""
    assert carries_inside("image/tiff")
    assert not carries_inside("text/plain")
    assert not carries_inside("")
    assert not set(BY_EXTENSION) & set(EXTENSIONS.values())


@given(st.dictionaries(st.text(max_size=5), st.integers(1, 99), max_size=12))
def test_counts_in_words_lose_nobody(others):
    words = told(others)
    assert sum(int(part.split(" ", 1)[0]) for part in words.split(", ") if part and part[0].isdigit()) <= sum(
        others.values()
    )
