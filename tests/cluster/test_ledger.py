import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.cluster.errors import DivergedError
from worldloom.cluster.ledger import Known, Ledger, RootOnly
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

BODIES = [
    (EntryKind.SCENARIO, {"type": "scenario"}),
    (EntryKind.GENESIS, {"type": "genesis", "state": "a"}),
    (EntryKind.DECISION, {"type": "decision", "id": "decision-0-3-0", "agent": "agent-3"}),
    (EntryKind.EVENTS, EventBlock(0, 0, [(0, 1, "agent-3", "wait", None, None, "", {})])),
]


def writer(storage: Storage) -> LogWriter:
    key = Ed25519PrivateKey.generate()
    return LogWriter.create(storage, "o", NoteKey("o", key.public_key().public_bytes_raw(), key.sign))


def record_all(ledger, signed: list[str]) -> None:
    for kind, body in BODIES:
        ledger.record(kind, 0, body, lambda kind=kind: signed.append(kind.name) or {"type": "file"})


def test_content_done_again_is_compared_and_nothing_is_signed_twice():
    ledger, signed = Ledger(writer(Storage(PowerLossDisk()))), []
    record_all(ledger, signed)
    ledger.rewind(1)
    assert ledger.replaying
    for kind, body in BODIES[1:]:
        ledger.record(kind, 0, body, lambda: pytest.fail("signed again"))
    assert not ledger.replaying
    assert ledger.writer.size == len(signed) == len(BODIES)


def test_a_step_that_differs_stops_and_names_who_and_when():
    ledger = Ledger(writer(Storage(PowerLossDisk())))
    record_all(ledger, [])
    ledger.rewind(2)
    with pytest.raises(DivergedError, match=r"decision-0-3-0 agent-3 at 0 s"):
        ledger.record(EntryKind.DECISION, 0, {**BODIES[2][1], "status": "invalid"})


def test_another_time_or_kind_differs_too():
    ledger = Ledger(writer(Storage(PowerLossDisk())))
    record_all(ledger, [])
    for kind, time in ((EntryKind.GENESIS, 60), (EntryKind.EXPORT, 0)):
        ledger.rewind(1)
        with pytest.raises(DivergedError):
            ledger.record(kind, time, BODIES[1][1])


def test_a_ledger_recovered_from_the_disk_knows_what_was_committed():
    storage = Storage(PowerLossDisk())
    first = Ledger(writer(storage))
    record_all(first, [])
    first.writer.commit()
    second = Ledger.recovered(first.writer, LogReader(storage))
    record_all(second, [])
    assert first.writer.size == len(BODIES)
    assert not second.replaying


def test_a_replay_finds_the_root_and_the_first_difference():
    storage = Storage(PowerLossDisk())
    ledger = Ledger(writer(storage))
    record_all(ledger, [])
    ledger.writer.commit()
    reader = LogReader(storage)
    logged = [Known(entry.kind, entry.time, entry.content) for entry in reader.entries()]
    same, other = RootOnly(logged), RootOnly(logged)
    record_all(same, [])
    assert same.root == reader.content_root()
    assert same.first_difference == ""
    for kind, body in BODIES[:2]:
        other.record(kind, 0, body)
    other.record(EntryKind.DECISION, 0, {"type": "decision", "agent": "agent-9"})
    other.record(EntryKind.DECISION, 0, {"type": "decision", "agent": "agent-8"})
    assert "content 2" in other.first_difference
    assert "agent-9" in other.first_difference
    assert other.root != reader.content_root()
    with pytest.raises(DivergedError):
        other.rewind(0)
