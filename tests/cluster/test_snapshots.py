import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.snapshots import (
    Snapshot,
    clear_unusable,
    keep_last,
    newest,
    read_snapshot,
    times,
    write_snapshot,
)
from worldloom.provenance.digests import file_digest
from worldloom.provenance.folder import snapshot_commit, snapshot_part
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.storage import Storage


def snapshot(time: int, log_size: int = 4, agents: int = 2) -> Snapshot:
    world = {"world": {"time": time}, "agents": {"0": {"hunger": [1] * agents}}}
    minds = {f"agent-{number}": {"memories": []} for number in range(agents)}
    return Snapshot(time, 2, log_size, world, minds, {"plans": {}})


@given(time=st.integers(0, 10**9), size=st.integers(0, 10**6), agents=st.integers(0, 30))
def test_a_snapshot_reads_back_as_it_was_written(time, size, agents):
    storage = Storage(PowerLossDisk())
    evidence = write_snapshot(storage, snapshot(time, size, agents))
    assert read_snapshot(storage, time) == snapshot(time, size, agents)
    assert all(file_digest(storage.read(path)).hex() == digest for path, digest in evidence["files"].items())
    assert sorted(evidence["files"]) == storage.files("snapshots/")


def test_minds_lie_in_the_file_of_their_range_whatever_the_cohort():
    world = {"world": {}, "agents": {"0": {}, "1": {}}}
    parts = Snapshot(0, 0, 0, world, {"agent-4096": {"a": 1}, "agent-5": {"b": 2}}).parts()
    assert b'"agent-4096"' in parts["agents-1.json"]
    assert b'"agent-5"' in parts["agents-0.json"]


def test_half_snapshots_and_those_beyond_the_checkpoint_are_removed():
    storage = Storage(PowerLossDisk())
    for time, size in ((0, 4), (3600, 9), (7200, 20)):
        write_snapshot(storage, snapshot(time, size))
    storage.remove(snapshot_commit(3600))
    assert clear_unusable(storage, 9) == [0]
    assert times(storage) == [0]


def test_the_last_ones_are_kept():
    storage = Storage(PowerLossDisk())
    for time in (0, 3600, 7200):
        write_snapshot(storage, snapshot(time))
    keep_last(storage, 2)
    assert times(storage) == [3600, 7200]


def test_a_snapshot_whose_bytes_changed_is_passed_over_for_an_older_one():
    storage = Storage(PowerLossDisk())
    for time in (0, 3600):
        write_snapshot(storage, snapshot(time))
    storage.write(snapshot_part(3600, "world.json"), b"{}")
    assert newest(storage, [0, 3600]).time == 0
    storage.write(snapshot_part(0, "world.json"), b"{}")
    assert newest(storage, [0]) is None
    assert newest(storage, []) is None


def test_a_crash_at_any_operation_leaves_a_whole_snapshot_or_none():
    trial = PowerLossDisk()
    write_snapshot(Storage(trial), snapshot(0))
    for crash in range(len(trial.operations)):
        disk = PowerLossDisk()
        disk.crash_at(crash)
        with pytest.raises(PowerLoss):
            write_snapshot(Storage(disk), snapshot(0))
        after = Storage(disk.after_crash(crash))
        for time in clear_unusable(after, 4):
            assert read_snapshot(after, time) == snapshot(time)
