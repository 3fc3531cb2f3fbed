import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import CanonicalError, FormatError, LogError, ProvenanceError, StorageError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.recipe import Identity, TrainingReference
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.training_log import AFTERWARDS, TrainingLog
from worldloom.provenance.training_proof import (
    TrainingRecord,
    includes,
    trainer_faults,
    training_faults,
    training_reference,
)

FILES = {"model.safetensors": b"weights", "config.json": b"{}"}
PLAN = {"seed": "1", "rows": "8"}


def now() -> datetime:
    """Return the time of the call: certificates are made while tests run."""
    return datetime.now(UTC)


def write(storage, keystore, files=FILES, recorded="during") -> TrainingRecord:
    log = TrainingLog.open(storage, keystore, {"machine": "x86_64"}, recorded)
    data = log.data("props-1", PLAN, 20, "ab" * 32)
    weights = log.weights("props-1", files, data)
    log.evaluation({"metrics": [], "facts": {}}, weights)
    return log.close()


@pytest.fixture
def storage(tmp_path):
    return Storage(LocalDisk(tmp_path))


@pytest.fixture(scope="module")
def written(tmp_path_factory, keystore):
    folder = tmp_path_factory.mktemp("training")
    write(Storage(LocalDisk(folder)), keystore)
    return folder


def test_the_log_leads_from_weights_to_data_and_on_to_their_evaluation(storage, keystore):
    record = write(storage, keystore)
    assert record == TrainingRecord.read(storage)
    assert record.weights.body["parents"] == [record.data.digest]
    assert record.evaluation.body["parents"] == [record.weights.digest]
    assert (record.data.body["steps"], record.starts[0]["machine"]) == (20, "x86_64")
    assert training_faults(storage, FILES) == []
    assert trainer_faults(storage, [keystore.operator.certificate_pem], now()) == []


def test_a_signer_without_an_anchor_is_told_and_so_is_one_out_of_time(storage, keystore, tmp_path_factory):
    write(storage, keystore)
    other = Keystore.open(tmp_path_factory.mktemp("other")).operator.certificate_pem
    assert "no trust anchor" in trainer_faults(storage, [other], now())[0]
    assert trainer_faults(storage, [], now())
    late = now() + timedelta(days=365 * 40)
    assert "expired" in trainer_faults(storage, [keystore.operator.certificate_pem], late)[0]


@pytest.mark.parametrize(
    "files",
    [
        FILES | {"model.safetensors": b"weightt"},
        {"model.safetensors": b"weights"},
        FILES | {"tokenizer.json": b"{}"},
        {},
    ],
)
def test_other_files_than_the_logged_ones_are_a_fault(storage, keystore, files):
    write(storage, keystore)
    assert training_faults(storage, files)


def test_a_reference_stays_when_more_is_logged_later(storage, keystore):
    record = write(storage, keystore)
    log = TrainingLog.open(storage, keystore, {}, AFTERWARDS)
    log.evaluation({"metrics": []}, record.weights.digest)
    later = log.close()
    assert later.reference == record.reference
    assert later.evaluation.index > record.evaluation.index
    assert [start["recorded"] for start in later.starts] == ["during", "afterwards"]
    assert includes(storage, record.reference)


def test_a_reference_to_another_root_entry_or_log_is_not_included(storage, keystore):
    reference = write(storage, keystore).reference
    assert includes(storage, reference)
    wrong = [reference._replace(root="00" * 32), reference._replace(index=reference.index - 1)]
    wrong += [reference._replace(index=99), reference._replace(index=-1), reference._replace(origin="worldloom.run/a")]
    assert not any(includes(storage, each) for each in wrong)


def test_weights_trained_again_in_one_log_are_the_last_ones(storage, keystore):
    log = TrainingLog.open(storage, keystore, {})
    for files in ({"model.safetensors": b"first"}, FILES):
        log.weights("props-1", files, log.data("props-1", PLAN, 1, "ab" * 32))
    record = log.close()
    assert training_faults(storage, FILES) == []
    assert record.evaluation is None


def test_a_log_without_weights_or_without_anything_names_no_reference(storage, keystore):
    with pytest.raises(LogError, match="missing"):
        training_reference(storage, "ab" * 32)
    log = TrainingLog.open(storage, keystore, {})
    with pytest.raises(LogError, match="no weights"):
        log.close()
    assert training_faults(storage, FILES)


@pytest.mark.parametrize("plan", [{}, {"seed": 1, "rows": "8"}, {"rows": "8"}])
def test_data_in_another_form_is_refused(storage, keystore, plan):
    log = TrainingLog.open(storage, keystore, {})
    log.weights("props-1", FILES, log.data("props-1", plan, 1, "ab" * 32))
    with pytest.raises(FormatError, match="without the data"):
        log.close()
    assert training_faults(storage, FILES)


def test_fractions_have_no_place_in_the_log(storage, keystore):
    log = TrainingLog.open(storage, keystore, {})
    with pytest.raises(CanonicalError):
        log.evaluation({"value": 0.5}, "ab" * 32)


def test_a_closed_log_signs_nothing_more(storage, keystore):
    log = TrainingLog.open(storage, keystore, {})
    log.weights("props-1", FILES, log.data("props-1", PLAN, 1, "ab" * 32))
    log.close()
    with pytest.raises(ProvenanceError, match="gone"):
        log.evaluation({}, "ab" * 32)


@pytest.mark.parametrize("writes", range(1, 24))
def test_a_log_that_lost_power_at_any_write_goes_on(storage, keystore, monkeypatch, writes):
    plain, left = Storage.write, [writes]

    def fail(self, path, data):
        left[0] -= 1
        if left[0] < 0:
            raise StorageError(f"{path}: the power is gone")
        plain(self, path, data)

    monkeypatch.setattr(Storage, "write", fail)
    try:
        write(storage, keystore)
    except StorageError:
        monkeypatch.undo()
        write(storage, keystore)
    else:
        assert writes > 10, "a log has more writes than that"
    assert training_faults(storage, FILES) == []


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_changed_bit_of_a_log_goes_unseen(written, tmp_path_factory, data):
    source = Storage(LocalDisk(written))
    path = data.draw(st.sampled_from(source.files()))
    raw = bytearray(source.read(path))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    copy = Storage(LocalDisk(tmp_path_factory.mktemp("copy")))
    for each in source.files():
        copy.write(each, bytes(raw) if each == path else source.read(each))
    assert training_faults(copy, FILES), path


@pytest.mark.parametrize("place", range(4))
def test_a_missing_file_of_the_log_is_a_fault(written, tmp_path, place):
    source, copy = Storage(LocalDisk(written)), Storage(LocalDisk(tmp_path))
    needed = [path for path in source.files() if path.startswith(("log/", "bodies/", "run.json"))]
    for path in source.files():
        if path != needed[place]:
            copy.write(path, source.read(path))
    assert training_faults(copy, FILES)


def test_a_log_that_another_key_signed_is_a_fault(storage, keystore, tmp_path):
    write(storage, keystore)
    foreign = Storage(LocalDisk(tmp_path / "foreign"))
    write(foreign, keystore)
    storage.write("log/checkpoint", foreign.read("log/checkpoint"))
    assert training_faults(storage, FILES)


def test_an_identity_without_a_training_says_nothing_of_one():
    plain = Identity("embedded", "props-1", weights="5a" * 32)
    assert "training" not in plain.content()
    told = dataclasses.replace(plain, training=TrainingReference("worldloom.training/a", 4, "ab" * 32))
    training = {"origin": "worldloom.training/a", "index": 4, "root": "ab" * 32}
    assert told.content() == plain.content() | {"training": training}
