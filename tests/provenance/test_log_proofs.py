"""Proofs of entries, events and growth, made from a run folder and judged without it; every change of one is seen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError, LogError, ProvenanceError
from worldloom.provenance.ids import EventId
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_growth import head_of, verify_growth
from worldloom.provenance.log_proving import ProvenLog
from worldloom.provenance.log_verifying import Policy, verify_proof
from worldloom.provenance.note import sign_note
from worldloom.provenance.proof_extra import Extra
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.tlog_proof import InclusionProof

SIZES = (4, 300, 520)


@pytest.fixture(scope="module")
def made(tmp_path_factory, logged_run):
    """A run folder with a log of 520 entries, its storage, its operator's certificate, and an older head."""
    folder = tmp_path_factory.mktemp("proofs")
    store = Keystore.open(folder / "keys")
    run = folder / "run"
    run.mkdir()
    writer, _ = logged_run(run, store, *SIZES[:2])
    older = (run / "log" / "checkpoint").read_bytes()
    logged_run.grow(writer, SIZES[2])
    writer.commit()
    return run, older, store.operator.certificate_pem, writer


@pytest.fixture(scope="module")
def proven(made):
    return ProvenLog(Storage(LocalDisk(made[0])))


@pytest.fixture(scope="module")
def policy(made):
    return Policy(anchors=(made[2],))


@pytest.mark.parametrize("index", [0, 1, 255, 256, 511, 519])
def test_an_entry_is_proved_to_whoever_trusts_operator_or_key(proven, policy, index):
    data = proven.entry(index).encode()
    for trusted in (policy, Policy(keys=tuple(proven.keys))):
        verdict = verify_proof(data, trusted)
        assert (verdict.faults, verdict.exit_code, verdict.index) == ([], 0, index)
        assert verdict.entry == proven.log.entry(index)
        assert verdict.signers
    stranger = verify_proof(data, Policy())
    assert stranger.exit_code == 13
    assert "no trust anchor" in stranger.faults[0][1]


def test_an_event_is_proved_out_of_its_block(proven, policy):
    for index in (4, 9, 519):
        block = proven.log.content(index)
        for row in range(len(block.rows)):
            verdict = verify_proof(proven.event(EventId(index, 0, row)).encode(), policy)
            assert verdict.faults == []
            assert (verdict.kind, verdict.index) == ("event", index)
            assert verdict.event.event == block.rows[row]


def test_events_that_are_not_there_are_an_error(proven):
    for missing in (EventId(4, 0, 99), EventId(4, 1, 0), EventId(3, 0, 0), EventId(4, -1, 0), EventId(10**18, 0, 0)):
        with pytest.raises(LogError):
            proven.event(missing)
    with pytest.raises(LogError):
        proven.entry(520)
    with pytest.raises(LogError):
        proven.consistency(521)


def test_growth_is_proved_to_whoever_holds_an_older_head(made, proven, policy):
    older = made[1]
    assert head_of(older).size == 300
    proof = proven.consistency(300).encode()
    assert verify_proof(proof, Policy(keys=tuple(proven.keys)), older).faults == []
    assert verify_proof(proof, Policy(keys=tuple(proven.keys))).exit_code == 10  # without a head it shows nothing
    assert verify_growth(proven, older, policy).faults == []


def test_a_log_that_was_rolled_back_or_forked_is_told_by_an_older_head(made, proven, policy, tmp_path, logged_run):
    cut, forked = tmp_path / "cut", tmp_path / "forked"
    for folder in (cut, forked):
        folder.mkdir()
    store = Keystore.open(made[0].parent / "keys")
    logged_run(cut, store, 250)
    logged_run(forked, store, 520)[0].commit()
    newest = (made[0] / "log" / "checkpoint").read_bytes()
    short = verify_growth(ProvenLog(Storage(LocalDisk(cut))), newest, policy)
    assert short.exit_code == 12
    assert "ROLLED BACK" in short.faults[0][1]
    # The same entries under other keys are no fork; another first entry is.
    assert verify_growth(ProvenLog(Storage(LocalDisk(forked))), newest, policy).exit_code == 0
    key = made[3]._signers[0]
    lie = sign_note(replace(head_of(made[1]), root=bytes(32)).text(), [key])
    other = verify_growth(proven, lie, policy)
    assert other.exit_code == 12
    assert "FORKED" in other.faults[0][1]
    stranger = sign_note(replace(head_of(made[1]), origin="worldloom.run/other").text(), [key])
    assert verify_growth(proven, stranger, policy).exit_code == 10


def test_another_origin_key_or_head_is_told(made, proven, policy):
    data = proven.entry(7).encode()
    assert verify_proof(data, replace(policy, origin="worldloom.run/other")).exit_code == 10
    other = replace(proven.keys[0], public=bytes(32))
    assert verify_proof(data, Policy(keys=(other,))).exit_code == 13
    assert verify_proof(data, Policy(keys=(replace(proven.keys[0], name="worldloom.run/x"),))).exit_code == 13
    assert verify_proof(data, policy, made[1]).exit_code == 12  # a proof in one head says nothing of another
    assert verify_proof(data, replace(policy, at=datetime(1999, 1, 1, tzinfo=UTC))).exit_code == 13
    assert verify_proof(b"old 3\r\n", policy).exit_code == 10


def test_a_proof_without_extra_needs_the_entry(proven):
    proof = replace(proven.entry(7), extra=None)
    policy = Policy(keys=tuple(proven.keys))
    assert verify_proof(proof.encode(), policy).exit_code == 10
    assert verify_proof(proof.encode(), policy, entry=proven.log.raw_entry(7)).faults == []
    assert verify_proof(proof.encode(), policy, entry=proven.log.raw_entry(8)).exit_code == 10
    assert verify_proof(proven.entry(7).encode(), policy, entry=proven.log.raw_entry(8)).exit_code == 10


def test_a_row_of_another_block_or_another_word_is_seen(proven, policy):
    proof = proven.event(EventId(9, 0, 1))
    extra = Extra.parse(proof.extra)
    event = extra.event
    changes = [
        replace(event, row=0),
        replace(event, event=event.event._replace(kind="steal")),
        replace(event, block=event.block._replace(rows=99)),
        replace(event, block=event.block._replace(range=1)),
        replace(event, path=event.path[:-1]),
        replace(event, path=(*event.path, bytes(32))),
        Extra.parse(proven.event(EventId(19, 0, 0)).extra).event,
    ]
    for changed in changes:
        forged = replace(proof, extra=replace(extra, event=changed).encode())
        assert verify_proof(forged.encode(), policy).exit_code == 10


@settings(max_examples=150)
@given(st.data())
def test_a_changed_byte_of_a_proof_is_always_seen(proven, policy, data):
    whole = data.draw(st.sampled_from([proven.entry(300), proven.event(EventId(9, 0, 1))])).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(1, 255))
    changed = whole[:at] + bytes([whole[at] ^ byte]) + whole[at + 1 :]
    assert verify_proof(changed, policy).exit_code in (10, 13)


HOSTILE_EXTRA = [
    b"",
    b"{}",
    b"[1]",
    b'"' + b"a" * 70_000 + b'"',
    b"[" * 100_000,
    b'{"chains":[],"entry":"","type":"worldloom/proof/1"}',
    b'{"chains":{},"entry":"' + b"0" * 168 + b'","type":"worldloom/proof/1"}',
    b'{"chains":[1],"entry":"' + b"0" * 168 + b'","type":"worldloom/proof/1"}',
    '{"chains":["ü"],"entry":"'.encode() + b"0" * 168 + b'","type":"worldloom/proof/1"}',
    b'{"chains":[],"entry":"' + b"g" * 168 + b'","type":"worldloom/proof/1"}',
    b'{"chains":[],"entry":"' + b"0" * 168 + b'","event":1,"type":"worldloom/proof/1"}',
    b'{"chains":[],"entry":"' + b"0" * 168 + b'","more":1,"type":"worldloom/proof/1"}',
]


@pytest.mark.parametrize("extra", HOSTILE_EXTRA)
def test_hostile_extras_are_refused(proven, policy, extra):
    with pytest.raises(FormatError):
        Extra.parse(extra)
    assert verify_proof(replace(proven.entry(7), extra=extra).encode(), policy).exit_code == 10


@settings(max_examples=60)
@given(st.recursive(st.none() | st.integers(-9, 9) | st.text("ab", max_size=3), lambda x: st.lists(x, max_size=9)))
def test_no_value_in_place_of_an_event_crashes(proven, value):
    from worldloom.provenance.canonical import canonical

    entry = proven.log.raw_entry(9).hex()
    for event in (value, {"range": value, "rows": 1, "root": "", "row": 1, "values": value, "path": value}):
        with pytest.raises(FormatError):
            Extra.parse(canonical({"type": "worldloom/proof/1", "entry": entry, "chains": [], "event": event}))


def test_a_run_whose_head_nobody_signed_proves_nothing(made, tmp_path, logged_run):
    run = tmp_path / "run"
    run.mkdir()
    logged_run(run, Keystore.open(tmp_path / "keys"), 5)
    (run / "trust" / "conductor-1.pem").unlink()
    with pytest.raises(LogError, match="no key in trust"):
        ProvenLog(Storage(LocalDisk(run)))
    assert made


def test_a_damaged_entry_or_tile_gives_no_proof(tmp_path, logged_run):
    run = tmp_path / "run"
    run.mkdir()
    logged_run(run, Keystore.open(tmp_path / "keys"), 300)
    for name in ("log/tile/entries/000", "log/tile/0/000", "log/tile/0/001.p/44"):
        path = run / name
        before = path.read_bytes()
        path.write_bytes(before[:90] + bytes([before[90] ^ 1]) + before[91:])
        with pytest.raises(ProvenanceError):
            ProvenLog(Storage(LocalDisk(run))).entry(1)
        path.write_bytes(before)
    assert isinstance(ProvenLog(Storage(LocalDisk(run))).entry(1), InclusionProof)
