"""The disk that loses power: what is synced stays, what is not may be anything, and a seed decides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.storage import Storage


def outcomes(disk, path, seeds=200):
    found = set()
    for seed in range(seeds):
        after = disk.after_crash(seed)
        found.add(after.read(path) if after.exists(path) else None)
    return found


def test_an_unsynced_file_may_be_missing_empty_torn_zeroed_or_whole():
    disk = PowerLossDisk()
    disk.create("f", b"abcd")
    found = outcomes(disk, "f")
    assert {None, b"", b"abcd", b"ab", b"ab\0\0"} <= found
    assert all(data is None or data.rstrip(b"\0") in (b"abcd"[:n] for n in range(5)) for data in found)


def test_a_synced_file_in_an_unsynced_folder_is_whole_or_missing():
    disk = PowerLossDisk()
    disk.create("f", b"abcd")
    disk.sync("f")
    assert outcomes(disk, "f") == {None, b"abcd"}
    disk.sync_folder("")
    assert outcomes(disk, "f") == {b"abcd"}


def test_a_rename_happens_at_once_or_not_at_all():
    disk = PowerLossDisk()
    storage = Storage(disk)
    storage.write("f", b"old")
    disk.create("f.part", b"new")
    disk.sync("f.part")
    disk.rename("f.part", "f")
    assert outcomes(disk, "f") == {b"old", b"new"}
    disk.sync_folder("")
    assert outcomes(disk, "f") == {b"new"}


def test_a_rename_before_the_sync_can_tear_the_file_it_replaces():
    disk = PowerLossDisk()
    Storage(disk).write("f", b"old!")
    disk.create("f.part", b"new!")
    disk.rename("f.part", "f")
    disk.sync_folder("")
    assert b"" in outcomes(disk, "f")


def test_a_removal_without_folder_sync_may_come_back():
    disk = PowerLossDisk()
    storage = Storage(disk)
    storage.write("a/f", b"1")
    disk.remove("a/f")
    assert outcomes(disk, "a/f") == {None, b"1"}
    disk.sync_folder("a")
    assert outcomes(disk, "a/f") == {None}


def test_the_same_seed_leaves_the_same_disk():
    disk = PowerLossDisk()
    for number in range(6):
        disk.create(f"f{number}", bytes(50))
    for seed in range(20):
        first, second = disk.after_crash(seed), disk.after_crash(seed)
        assert [(p, first.read(p)) for p in first.files()] == [(p, second.read(p)) for p in second.files()]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=8)), max_size=6), st.data())
def test_a_storage_write_is_all_or_nothing_at_every_operation(writes, data):
    whole = PowerLossDisk()
    Storage(whole).write_many(writes)
    crash = data.draw(st.integers(0, len(whole.operations)))
    disk = PowerLossDisk()
    disk.crash_at(crash)
    done = 0
    try:
        for path, content in writes:
            Storage(disk).write(path, content)
            done += 1
    except PowerLoss:
        pass
    after = disk.after_crash(data.draw(st.integers(0, 1000)))
    before, then = dict(writes[:done]), dict(writes[: done + 1])
    for path in "abc":
        found = after.read(path) if after.exists(path) else None
        assert found in (before.get(path), then.get(path))


def test_after_the_power_went_nothing_answers():
    disk = PowerLossDisk()
    disk.crash_at(0)
    with pytest.raises(PowerLoss):
        disk.create("f", b"")
    for call in (lambda: disk.files(), lambda: disk.read("f"), lambda: disk.sync_folder("")):
        with pytest.raises(PowerLoss):
            call()
    assert disk.operations == []
