"""The log's writer and reader: commits, recovery at every crash point, tampering."""

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance import merkle
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.entry import EntryKind, content_leaf
from worldloom.provenance.errors import CanonicalError, FormatError, LogError, ProvenanceError, StorageError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import Storage

ORIGIN = "worldloom.run/test"


def key(seed=1, name=ORIGIN):
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return NoteKey(name, private.public_key().public_bytes_raw(), private.sign)


KEYS = [key().verifier, key(2).verifier]


def body(number):
    return {"type": "decision", "number": number, "text": f"ü{number}"}


def add(writer, number):
    """Append the entry that belongs at a place of the log: mostly decisions, some events and starts."""
    if number % 5 == 0:
        return writer.append(EntryKind.START, 0, None, {"type": "start", "number": number})
    if number % 5 == 4:
        block = EventBlock(number, 0, [(number, 1, "agent-0", "wait", None, None, None, {"n": number})])
        return writer.append(EntryKind.EVENTS, number, block)
    return writer.append(EntryKind.DECISION, number, body(number), {"wall": number} if number % 2 else None)


def grow(writer, to):
    while writer.size < to:
        add(writer, writer.size)


def reference(size):
    """Roots and checkpoint of an undisturbed log of each size, for comparison."""
    writer = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key())
    grow(writer, size)
    return writer.root(), writer.content_root()


def check(storage, size):
    """All that a reader finds in a log of that size is what `grow` put there."""
    reader = LogReader(storage, KEYS)
    assert reader.size == len(reader) == size
    assert reader.signed_by
    assert reader.root() == reader.checkpoint.root
    assert (reader.root(), reader.content_root()) == reference(size)
    reader.check_tiles()
    for index in range(size):
        entry, content = reader.entry(index), reader.content(index)
        if index % 5 == 0:
            assert content is None
            assert reader.evidence(index) == {"type": "start", "number": index}
        elif index % 5 == 4:
            assert content.digest == entry.content
            assert content.rows[0].detail == {"n": index}
        else:
            assert content == body(index)
            assert entry.content == digest_json(CONTENT, content)
            assert reader.evidence(index) == ({"wall": index} if index % 2 else None)
        assert not reader.erased(index)
    return reader


@pytest.mark.parametrize("sizes", [[1], [4, 9, 12], [255, 256, 257], [300, 600, 601]])
def test_committed_entries_and_bodies_are_read_back(sizes):
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    for size in sizes:
        grow(writer, size)
        checkpoint = writer.commit()
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, size, writer.root())
        assert writer.committed_size == writer.size == size
        reader = check(storage, size)
        assert reader.content_count == writer.content_count


def test_append_says_where_an_entry_stands():
    writer = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key())
    assert writer.append(EntryKind.START, 0, None, {"a": 1}) == (0, None, None)
    assert writer.append(EntryKind.SCENARIO, 0, {"s": 1}) == (1, 0, digest_json(CONTENT, {"s": 1}))
    assert writer.append(0x8001, 7, {"p": 1}) == (2, 1, digest_json(CONTENT, {"p": 1}))
    assert writer.append(0x8001, 7).content_number is None
    leaves = [(0x10, 0, {"s": 1}), (0x8001, 7, {"p": 1})]
    hashes = [merkle.leaf_hash(content_leaf(k, t, digest_json(CONTENT, b))) for k, t, b in leaves]
    assert writer.content_root() == merkle.root(hashes)


def test_evidence_and_entries_without_content_do_not_change_the_content_root():
    roots = []
    for noise in (False, True):
        writer = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key())
        for number in range(4):
            if noise:
                writer.append(EntryKind.SNAPSHOT, 0, None, {"wall": number})
            writer.append(EntryKind.DECISION, number, body(number), {"device": "gpu"} if noise else None)
        roots.append(writer.content_root())
    assert roots[0] == roots[1]


@pytest.mark.parametrize(
    ("kind", "time", "content", "error"),
    [
        (EntryKind.DECISION, 0, None, LogError),
        (EntryKind.START, 0, {"a": 1}, LogError),
        (EntryKind.EVENTS, 0, {"a": 1}, LogError),
        (EntryKind.DECISION, 5, EventBlock(5, 0, [(5, 0, None, None, None, None, None, None)]), LogError),
        (EntryKind.EVENTS, 6, EventBlock(5, 0, [(5, 0, None, None, None, None, None, None)]), LogError),
        (0x77, 0, {"a": 1}, LogError),
        (EntryKind.DECISION, 0, {"a": 1.5}, CanonicalError),
        (EntryKind.DECISION, 0, {"a": "\u202e"}, CanonicalError),
        (EntryKind.DECISION, -1, {"a": 1}, FormatError),
    ],
)
def test_a_refused_entry_leaves_the_log_as_it_was(kind, time, content, error):
    writer = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key())
    grow(writer, 7)
    with pytest.raises(error):
        writer.append(kind, time, content)
    assert (writer.root(), writer.content_root()) == reference(7)


def test_no_content_follows_the_end_but_starts_do_also_after_recovery():
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    writer.append(EntryKind.END, 9, {"type": "end"})
    writer.commit()
    for log in (writer, LogWriter.recover(storage, ORIGIN, key(), KEYS)):
        with pytest.raises(LogError, match="end"):
            log.append(EntryKind.DECISION, 9, body(1))
        log.append(EntryKind.START, 9, None, {"part": 2})


def run_three_commits(storage, progress):
    writer = LogWriter.create(storage, ORIGIN, key())
    for size in (4, 9, 12):
        grow(writer, size)
        writer.commit()
        progress.append(size)
    writer.tidy()


def test_recovery_at_every_crash_point_loses_no_commit_and_forks_nothing():
    whole = PowerLossDisk()
    run_three_commits(Storage(whole), [])
    for crash in range(len(whole.operations) + 1):
        disk, done = PowerLossDisk(), []
        disk.crash_at(crash)
        with contextlib.suppress(PowerLoss):
            run_three_commits(Storage(disk), done)
        for seed in range(6):
            resume(Storage(disk.after_crash(seed)), done)


def resume(storage, done):
    if not storage.exists("log/checkpoint"):
        assert not done
        with pytest.raises(LogError):
            LogWriter.recover(storage, ORIGIN, key(2), KEYS)
        return
    before = LogReader(storage, KEYS)
    assert before.size in [*done[-1:], {0: 4, 1: 9, 2: 12}.get(len(done), 12)]
    writer = LogWriter.recover(storage, ORIGIN, key(2), KEYS)
    assert writer.size == writer.committed_size == before.size
    check(storage, before.size)
    grow(writer, 15)
    writer.commit()
    after = check(storage, 15)
    proof = after.consistency_proof(before.size)
    assert merkle.verify_consistency(before.size, 15, proof, before.checkpoint.root, after.checkpoint.root)
    writer.tidy()
    assert sorted(storage.files("log")) == [
        "log/checkpoint",
        "log/tile/0/000.p/15",
        "log/tile/entries/000.p/15",
    ]


def test_a_power_loss_during_recovery_is_recovered_from():
    disk = PowerLossDisk()
    storage = Storage(disk)
    writer = LogWriter.create(storage, ORIGIN, key())
    grow(writer, 4)
    writer.commit()
    first = storage.read("log/checkpoint")
    grow(writer, 300)
    writer.commit()
    storage.write("log/checkpoint", first)  # as if the second checkpoint had never come
    whole = disk.after_crash(0)
    LogWriter.recover(Storage(whole), ORIGIN, key(), KEYS)
    assert len(whole.operations) > 5
    for crash in range(len(whole.operations)):
        again = disk.after_crash(0)
        again.crash_at(crash)
        with pytest.raises(PowerLoss):
            LogWriter.recover(Storage(again), ORIGIN, key(), KEYS)
        left = Storage(again.after_crash(crash))
        LogWriter.recover(left, ORIGIN, key(), KEYS)
        check(left, 4)


@pytest.mark.parametrize("write", range(7))
def test_a_full_disk_at_every_write_leaves_a_commit_that_can_be_tried_again(write):
    disk = PowerLossDisk()
    storage = Storage(disk)
    writer = LogWriter.create(storage, ORIGIN, key())
    grow(writer, 4)
    writer.commit()
    grow(writer, 300)
    disk.full_at(4 + write)
    with pytest.raises(StorageError, match="free space"):
        writer.commit()
    check(storage, 4)
    disk.free()
    grow(writer, 310)
    writer.commit()
    writer.tidy()
    check(storage, 310)
    partial = {path for path in storage.files("log") if ".p/" in path}
    assert partial == {"log/tile/0/001.p/54", "log/tile/1/000.p/1", "log/tile/entries/001.p/54"}


def test_superseded_partial_tiles_stay_a_while_for_readers_and_never_become_many():
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    left = []
    for size in range(1, 101):
        grow(writer, size)
        writer.commit()
        widths = [path.rpartition("/")[2] for path in storage.files("log/tile/0")]
        assert size == 1 or {str(size - 1), str(size)} <= set(widths)
        left.append(len(storage.files("log")))
    assert max(left) < 60
    assert left[-1] > 3
    writer.tidy()
    check(storage, 100)
    assert [path.rpartition("/")[2] for path in storage.files("log/tile/0")] == ["100"]


def test_create_refuses_a_folder_with_a_log_and_an_empty_commit_needs_a_first():
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    with pytest.raises(LogError):
        writer.commit()
    grow(writer, 2)
    first = writer.commit()
    raw = storage.read("log/checkpoint")
    assert writer.commit() == first
    assert storage.read("log/checkpoint") == raw
    with pytest.raises(LogError, match="already"):
        LogWriter.create(storage, ORIGIN, key())


def test_a_second_signer_signs_too():
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    grow(writer, 2)
    writer.commit()
    writer.add_signer(key(7, "witness.example"))
    writer.commit()
    reader = LogReader(storage, [key(7, "witness.example").verifier, key().verifier])
    assert [verifier.name for verifier in reader.signed_by] == ["witness.example", ORIGIN]


@pytest.fixture
def written():
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    for size in (4, 9):
        grow(writer, size)
        writer.commit()
    writer.tidy()
    return storage


def test_recovery_refuses_strangers_other_origins_and_changes_nothing(written):
    written.write("bodies/000000000099.seg", b"late")
    before = [(path, written.read(path)) for path in written.files()]
    with pytest.raises(LogError, match="no key"):
        LogWriter.recover(written, ORIGIN, key(), [key(9).verifier])
    with pytest.raises(LogError, match="not of"):
        LogWriter.recover(written, "worldloom.run/other", key(), KEYS)
    bundle = "log/tile/entries/000.p/9"
    data = bytearray(written.read(bundle))
    data[-1] ^= 1
    written.write(bundle, bytes(data))
    with pytest.raises(LogError, match="root"):
        LogWriter.recover(written, ORIGIN, key(), KEYS)
    written.write(bundle, dict(before)[bundle])
    assert before == [(path, written.read(path)) for path in written.files()]
    LogWriter.recover(written, ORIGIN, key(), KEYS)
    assert not written.exists("bodies/000000000099.seg")


def test_any_of_several_keys_may_have_signed_the_last_checkpoint(written):
    writer = LogWriter.recover(written, ORIGIN, key(2), KEYS)
    grow(writer, 11)
    writer.commit()
    assert LogReader(written, KEYS).signed_by == [KEYS[1]]
    assert LogWriter.recover(written, ORIGIN, key(3), KEYS).size == 11


@pytest.mark.parametrize("path", ["log/tile/0/000", "log/tile/0/001.p/44", "log/tile/1/000.p/1"])
def test_every_hash_tile_is_compared_with_the_entries(path):
    """That of level 1 as well, which the last bundle of entries does not change."""
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    grow(writer, 300)
    writer.commit()
    storage.write(path, storage.read(path)[:-1] + b"x")
    with pytest.raises(FormatError, match=f"{path}: hashes differ"):
        LogReader(storage, KEYS).check_tiles()


def read_all(storage):
    reader = LogReader(storage, KEYS)
    if not reader.signed_by or reader.root() != reader.checkpoint.root:
        raise FormatError("signature or root")
    reader.check_tiles()
    bodies = [(reader.content(index), reader.evidence(index)) for index in range(reader.size)]
    return reader.content_root(), bodies


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_in_any_file_is_seen(data):
    storage = Storage(PowerLossDisk())
    writer = LogWriter.create(storage, ORIGIN, key())
    grow(writer, 9)
    writer.commit()
    path = data.draw(st.sampled_from(storage.files()))
    changed = bytearray(storage.read(path))
    bit = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[bit // 8] ^= 1 << bit % 8
    storage.write(path, bytes(changed))
    with pytest.raises(ProvenanceError):
        read_all(storage)


def test_missing_and_moved_bodies_are_seen(written):
    paths = written.files("bodies")
    first, second = map(written.read, paths)
    for change in (
        lambda: written.write(paths[0], second),
        lambda: written.write(paths[1], first),
        lambda: written.write(paths[1], encode_segment(decode_segment(second)[:-1])),
        lambda: written.write(paths[1], encode_segment(decode_segment(second) * 2)),
        lambda: written.remove(paths[0]),
        lambda: written.remove(paths[1]),
        lambda: written.write("bodies/000000000006.seg", first),
        lambda: written.write("bodies/notes.txt", first),
    ):
        change()
        with pytest.raises(ProvenanceError):
            read_all(written)
        for path in written.files("bodies"):
            written.remove(path)
        written.write_many(zip(paths, (first, second), strict=True))
    read_all(written)


def test_an_erased_body_is_none_and_the_roots_stay(written):
    path = written.files("bodies")[1]
    items = decode_segment(written.read(path))
    before = LogReader(written).content_root()
    written.write(path, encode_segment([items[0], items[1].erased(), *items[2:]]))
    reader = LogReader(written, KEYS)
    gone = [index for index in range(reader.size) if reader.erased(index)]
    assert len(gone) == 1
    assert reader.content_root() == before
    assert reader.root() == reader.checkpoint.root


def test_proofs_of_the_reader_verify(written):
    reader = LogReader(written)
    for index in range(reader.size):
        leaf = merkle.leaf_hash(reader.raw_entry(index))
        assert merkle.verify_inclusion(leaf, index, 9, reader.inclusion_proof(index), reader.checkpoint.root)
    with pytest.raises(LogError):
        reader.entry(9)
    with pytest.raises(LogError):
        reader.content(-1)


def test_uncommitted_files_are_not_looked_at(written):
    written.write("bodies/000000000009.seg", b"being written")
    written.disk.create("bodies/000000000009.seg.part", b"being written")
    check(written, 9)


def test_a_checkpoint_of_a_monstrous_size_is_an_error_at_once(written):
    from worldloom.provenance.note import Checkpoint, sign_note

    written.write("log/checkpoint", sign_note(Checkpoint(ORIGIN, 2**62, bytes(32)).text(), [key()]))
    with pytest.raises(ProvenanceError):
        LogReader(written, KEYS).root()
