"""A log cut or flipped at every byte of its files: the reader never crashes, and what goes on is the signed past."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import origin
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import log_verifiers

ORIGIN = origin("run-logged")
SIZES = (3, 9, 12)


@pytest.fixture(scope="module")
def small(tmp_path_factory, logged_run):
    """All files of a small run with three commits and its log's size and root; the key that goes on with it."""
    folder = tmp_path_factory.mktemp("damage") / "run"
    folder.mkdir()
    writer, key = logged_run(folder, Keystore.open(folder.parent / "keys"), *SIZES)
    writer.tidy()
    storage = Storage(LocalDisk(folder))
    files = {path: storage.read(path) for path in storage.files()}
    return files, writer.checkpoint, key.note_key(ORIGIN), log_verifiers(storage, ORIGIN)


def disk_of(files):
    disk = PowerLossDisk()
    storage = Storage(disk)
    for path, data in files.items():
        storage.write(path, data)
    return storage


def read_all(storage, verifiers):
    """What any reader does; returns whether all was as it was signed."""
    try:
        log = LogReader(storage, verifiers)
        whole = bool(log.signed_by) and log.root() == log.checkpoint.root
        for index in range(log.size):
            log.content(index), log.evidence(index), log.inclusion_proof(index)
        log.content_root(), log.check_tiles()
    except ProvenanceError:
        return False
    return whole


def go_on(storage, small):
    """Recover and append; True if that went, and then the signed past is all there. Otherwise nothing was removed."""
    _, head, key, verifiers = small
    before = storage.files()
    try:
        writer = LogWriter.recover(storage, ORIGIN, key, verifiers)
    except ProvenanceError:
        assert storage.files() == before
        return False
    assert writer.size == head.size
    writer.append(0x01, 99, None, {"type": "start"})
    after = writer.commit()
    log = LogReader(storage, verifiers)
    assert log.root() == after.root
    assert log.tree.root(head.size) == head.root
    return True


def damaged(files, path, data):
    return disk_of({**files, path: data})


def test_untouched_it_reads_and_goes_on(small):
    storage = disk_of(small[0])
    assert read_all(storage, small[3])
    assert go_on(storage, small)


@pytest.mark.parametrize(
    "name", ["log/checkpoint", "bodies/000000000009.seg", "log/tile/0/000.p/12", "log/tile/entries/000.p/12"]
)
def test_cut_at_every_byte_it_is_told_or_the_past_goes_on(small, name):
    files = small[0]
    whole = files[name]
    for length in range(0, len(whole), 1 if len(whole) < 400 else 13):
        storage = damaged(files, name, whole[:length])
        assert not read_all(storage, small[3])
        # Bodies are not part of the signed tree's own files: the log goes on, and the audit names the segment.
        assert go_on(storage, small) == name.startswith("bodies/")


@pytest.mark.parametrize(
    "name", ["log/checkpoint", "bodies/000000000009.seg", "log/tile/0/000.p/12", "log/tile/entries/000.p/12"]
)
def test_flipped_at_every_byte_it_is_told(small, name):
    files = small[0]
    whole = files[name]
    for at in range(0, len(whole), 5):
        changed = whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :]
        storage = damaged(files, name, changed)
        assert not read_all(storage, small[3])
        go_on(storage, small)


@settings(max_examples=40)
@given(st.data())
def test_what_an_interrupted_commit_left_never_stops_the_log(small, data):
    """Files past the checkpoint, of any length and bytes, as a crash in the middle of a commit leaves them."""
    files = small[0]
    left = {
        path: data.draw(st.binary(max_size=200))
        for path in data.draw(
            st.sets(
                st.sampled_from(
                    [
                        "bodies/000000000012.seg",
                        "bodies/000000000012.seg.part",
                        "log/tile/0/000.p/20",
                        "log/tile/entries/000",
                        "log/tile/1/000.p/1",
                        "log/checkpoint.part",
                        "log/tile/0/000.p/20.part",
                    ]
                )
            )
        )
    }
    storage = disk_of({**files, **left})
    assert read_all(storage, small[3]) or left
    assert go_on(storage, small)
    assert not set(left) & set(storage.files()) - {"bodies/000000000012.seg", "log/checkpoint"}


@pytest.mark.parametrize("name", ["log/checkpoint", "log/tile/0/000.p/12", "log/tile/entries/000.p/12"])
def test_a_missing_file_is_told(small, name):
    files = {path: data for path, data in small[0].items() if path != name}
    storage = disk_of(files)
    assert not read_all(storage, small[3])
    assert not go_on(storage, small)
