"""SEAL: one byte form, every file named, segments by their items."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.digests import CONTENT, digest_json, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError, LogError, StorageError
from worldloom.provenance.folder import SEAL, RunFile, certificate_path, origin, write_run
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.layout import is_known, is_segment
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import Checkpoint
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.seal import (
    Seal,
    SealedCertificate,
    SealedFile,
    SealedSegment,
    make_seal,
    read_seal,
    seal_of_file,
    write_seal,
)
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import Storage

RUN = "run-test"
ORIGIN = origin(RUN)


@pytest.fixture
def run(tmp_path):
    """A folder with a log of two entries, and the key that seals it."""
    storage = Storage(PowerLossDisk())
    write_run(storage, RunFile(RUN))
    authority = RunAuthority(Keystore.open(tmp_path / "keys").operator, RUN, 1)
    key = authority.issue("conductor")
    storage.write(certificate_path("ca", 1), authority.certificate_pem)
    storage.write(certificate_path("conductor", 1), key.certificate_pem)
    writer = LogWriter.create(storage, ORIGIN, key.note_key(ORIGIN))
    writer.append(EntryKind.START, 0, None, {"type": "start"})
    writer.append(EntryKind.SCENARIO, 0, {"type": "scenario"}, {"type": "file"})
    writer.commit()
    return storage, writer, key


def sealed(run, counts=None):
    storage, writer, _ = run
    return make_seal(storage, ORIGIN, writer.checkpoint, writer.content_root(), counts or {"artifacts": 0, "agents": 2})


def test_names_every_file_of_the_folder(run):
    storage, writer, key = run
    storage.write("logs/driver.txt", b"noise")
    storage.write("lock", b"1")
    seal = sealed(run)
    assert [each.path for each in seal.sealed] == [p for p in storage.files() if p not in ("lock", "logs/driver.txt")]
    by_path = {each.path: each for each in seal.files}
    data = storage.read("run.json")
    assert by_path["run.json"] == SealedFile("run.json", len(data), file_digest(data).hex())
    assert seal.checkpoint == writer.checkpoint
    assert seal.content_root == writer.content_root().hex()
    assert seal.certificates[1] == SealedCertificate("trust/conductor-1.pem", key.serial)


def test_is_read_back_with_its_signer(run):
    storage, _, key = run
    seal = sealed(run)
    write_seal(storage, seal, key.note_key(ORIGIN))
    verifier = key.note_key(ORIGIN).verifier
    assert read_seal(storage, [verifier]) == (seal, [verifier])
    assert read_seal(storage, [])[1] == []


def test_without_a_seal_reading_says_so(run):
    with pytest.raises(StorageError, match=SEAL):
        read_seal(run[0], [])


def test_erasing_a_body_leaves_its_segment_sealed(run):
    storage, _, _ = run
    before = sealed(run)
    path = before.segments[0].path
    items = decode_segment(storage.read(path))
    storage.write(path, encode_segment([items[0].erased(), *items[1:]]))
    assert sealed(run) == before


def test_another_body_changes_its_segment(run):
    storage, _, _ = run
    before = sealed(run)
    path = before.segments[0].path
    items = decode_segment(storage.read(path))
    other = items[0]._replace(digest=digest_json(CONTENT, {"type": "other"}))
    storage.write(path, encode_segment([other, *items[1:]]))
    assert sealed(run).segments[0].root != before.segments[0].root


@pytest.mark.parametrize(
    "path", ["notes.txt", "run.json.part", "artifacts/x.png", "log/tile/0/1", "world/ü.glb", "trust/key"]
)
def test_refuses_foreign_and_temporary_files(run, path):
    run[0].write("x", b"")
    run[0].disk.rename("x", path)
    with pytest.raises(FormatError, match="no file of a run"):
        sealed(run)


def test_refuses_a_checkpoint_that_is_not_the_stored_one(run):
    storage, writer, _ = run
    other = dataclasses.replace(writer.checkpoint, size=9)
    with pytest.raises(LogError, match="not the one to be sealed"):
        make_seal(storage, ORIGIN, other, writer.content_root(), {})


def test_refuses_a_broken_segment_and_names_it(run):
    run[0].write("answers/000000.seg", b"broken")
    with pytest.raises(FormatError, match=r"answers/000000\.seg"):
        sealed(run)


digests = st.binary(min_size=32, max_size=32)
paths = st.from_regex(r"world/[a-z]{1,8}[.][a-z]{3}", fullmatch=True)
seals = st.builds(
    lambda root, content, files, segments, counts, serials: Seal(
        ORIGIN,
        Checkpoint(ORIGIN, len(root), root),
        content.hex(),
        tuple(SealedCertificate(f"trust/a-{n}.pem", str(serial)) for n, serial in enumerate(sorted(serials))),
        counts,
        tuple(SealedFile(path, size, digest.hex()) for path, (size, digest) in sorted(files.items())),
        tuple(SealedSegment(f"bodies/{n:012d}.seg", n, digest.hex()) for n, digest in enumerate(segments)),
    ),
    digests,
    digests,
    st.dictionaries(paths, st.tuples(st.integers(0, 2**60), digests), max_size=5),
    st.lists(digests, max_size=3),
    st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), st.integers(0, 2**60), max_size=4),
    st.sets(st.integers(0, 2**150), max_size=3),
)


@given(seals)
def test_round_trip(seal):
    assert Seal.parse(seal.text()) == seal


@given(seals, st.data())
def test_has_one_byte_form(seal, data):
    """Whatever else parses is another seal: no two texts mean the same."""
    text = seal.text()
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.sampled_from(["", " ", "\n", "0", "A", "+", "/", text[at] * 2]))
    changed = text[:at] + new + text[at + 1 :]
    if changed == text:
        return
    try:
        other = Seal.parse(changed)
    except FormatError:
        return
    assert other != seal
    assert other.text() == changed


@pytest.mark.parametrize(
    "line",
    [
        "file 1 " + "0" * 64 + " ../x",
        "file 01 " + "0" * 64 + " run.json",
        "file 1 " + "0" * 63 + " run.json",
        "file 1 " + "0" * 64 + " logs/x",
        "file 1 " + "0" * 64 + " SEAL",
        "file 1 " + "0" * 64 + " bodies/000000000000.seg",
        "segment 1 " + "0" * 64 + " run.json",
        "count Name 1",
        "certificate x trust/a.pem",
        "else",
        "",
    ],
)
def test_refuses_lines_that_are_none(run, line):
    text = Seal(ORIGIN, Checkpoint(ORIGIN, 1, bytes(32)), "0" * 64, (), {}, (), ()).text()
    Seal.parse(text)
    with pytest.raises(FormatError):
        Seal.parse(text + line + "\n")


@pytest.mark.parametrize(
    "path", ["run.json", "world/a/b.glb", "log/tile/entries/000.p/3", "snapshots/t=0036000/world.json"]
)
def test_known_names(path):
    assert is_known(path)


def test_segments_are_those_of_bodies_and_answers():
    assert is_segment("bodies/000000000000.seg")
    assert is_segment("answers/000000.seg")
    assert not is_segment("answers/blobs/ab/" + "ab" * 32)
    assert seal_of_file("run.json", b"") == SealedFile("run.json", 0, file_digest(b"").hex())
