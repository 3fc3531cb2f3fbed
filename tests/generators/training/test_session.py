import json

import pytest
from worldloom.generators.errors import TrainingError, WeightsError
from worldloom.generators.training.card import card
from worldloom.generators.training.course import Evaluation, Metric, Plan
from worldloom.generators.training.finishing import judge
from worldloom.generators.training.record import Record, weight_files
from worldloom.generators.training.reference import log_storage, reference
from worldloom.generators.training.session import Order, produce, rejudge
from worldloom.provenance.digests import file_digest
from worldloom.provenance.keys import Keystore
from worldloom.provenance.training_proof import TrainingRecord, training_faults


def silent(_) -> None:
    pass


@pytest.fixture(scope="module")
def keystore(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("home"))


@pytest.fixture
def made(line, tmp_path, keystore):
    order = Order(line, Plan(seed=5, steps=40, rows=8, learning_rate=0.02, warm_up=2), tmp_path / "out", tmp_path / "w")
    return order, produce(order, keystore, silent, silent)


def test_a_training_leaves_weights_card_curve_samples_and_a_log_that_verifies(made, line):
    order, record = made
    names = {path.name for path in order.out.iterdir()}
    assert names == {
        "model.safetensors", "config.json", "record.json", "README.md", "curve.json", "curve.png", "samples.txt",
        "training",
    }  # fmt: skip
    assert training_faults(log_storage(order.out), weight_files(order.out)) == []
    logged = TrainingRecord.read(log_storage(order.out))
    assert logged.data.body["digest"] == record.data == line.data_digest(order.plan, 40)
    assert (logged.data.body["recorded"], logged.data.body["plan"]["learning_rate"]) == ("during", "0.02")
    assert logged.evaluation.body["found"]["metrics"][0]["value"] == f"{record.metrics[0].value:.6g}"
    assert [path.name for path in order.work.iterdir()] == []


def test_the_card_follows_from_the_folder_and_names_what_is_in_it(made, line):
    order, record = made
    text = (order.out / "README.md").read_text(encoding="utf-8")
    assert text == card(line, order.out)
    digest = file_digest((order.out / "model.safetensors").read_bytes()).hex()
    assert all(part in text for part in (digest, record.data, "--seed 5 --steps 40 --rows 8", "samples.txt", "error"))
    (order.out / "model.safetensors").write_bytes(b"other weights")
    assert text != card(line, order.out)


def test_a_reference_leads_to_the_weights_and_to_no_others(made):
    order, _ = made
    digest = file_digest((order.out / "model.safetensors").read_bytes()).hex()
    found = reference(order.out, digest)
    assert (found.origin.startswith("worldloom.training/"), found.index) == (True, 4)
    assert reference(order.out, "00" * 32) is None
    assert reference(order.work, digest) is None
    (order.out / "training" / "log" / "checkpoint").write_bytes(b"harmed")
    with pytest.raises(WeightsError, match="train anew"):
        reference(order.out, digest)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_changed_weights_are_found(made, name):
    order, _ = made
    path = order.out / name
    path.write_bytes(path.read_bytes() + b" ")
    assert [fault.split(":")[0] for fault in training_faults(log_storage(order.out), weight_files(order.out))] == [name]


def test_an_unfinished_training_goes_on_only_when_asked_and_its_log_tells_both_sittings(line, tmp_path, keystore):
    plan = Plan(seed=5, steps=40, rows=8, warm_up=2)
    whole = Order(line, plan, tmp_path / "whole", tmp_path / "whole-work")
    produce(whole, keystore, silent, silent)
    order = Order(line, plan, tmp_path / "out", tmp_path / "work")
    line.killed_at = 9
    with pytest.raises(RuntimeError, match="killed"):
        produce(order, keystore, silent, silent)
    line.killed_at = -1
    (order.work / "progress.json").write_bytes(b"")  # nothing was saved in so short a time: something to find there
    with pytest.raises(TrainingError, match="--resume"):
        produce(order, keystore, silent, silent)
    (order.work / "progress.json").unlink()
    produce(order, keystore, silent, silent)
    assert weight_files(order.out) == weight_files(whole.out)
    assert [start["epoch"] for start in TrainingRecord.read(log_storage(order.out)).starts] == [1, 2]
    assert training_faults(log_storage(order.out), weight_files(order.out)) == []


def test_judging_again_adds_to_the_log_and_changes_no_reference(made, line, keystore):
    order, record = made
    before = TrainingRecord.read(log_storage(order.out))
    again = rejudge(line, order.out, judge(line, order.out, 5), keystore, {})
    after = TrainingRecord.read(log_storage(order.out))
    assert again.metrics == record.metrics
    assert (after.reference, after.weights, after.data) == (before.reference, before.weights, before.data)
    assert after.evaluation.index > before.evaluation.index
    assert training_faults(log_storage(order.out), weight_files(order.out)) == []


def test_weights_without_a_log_of_them_get_one_that_says_it_came_afterwards(made, line, keystore, tmp_path):
    order, _ = made
    files = weight_files(order.out)
    bare = tmp_path / "bare"
    bare.mkdir()
    for name, data in files.items():
        (bare / name).write_bytes(data)
    record = rejudge(line, bare, judge(line, bare, 5), keystore, {"machine": "this one"})
    logged = TrainingRecord.read(log_storage(bare))
    assert (logged.data.body["recorded"], logged.data.body["steps"]) == ("afterwards", 40)
    assert record.data == line.data_digest(Plan(seed=5, rows=8), 40)
    assert training_faults(log_storage(bare), weight_files(bare)) == []
    assert (bare / "README.md").read_text(encoding="utf-8") == card(line, bare)


def test_a_log_of_other_weights_is_replaced_not_continued(made, line, keystore):
    order, _ = made
    old = TrainingRecord.read(log_storage(order.out))
    config = json.loads((order.out / "config.json").read_text())
    config["training"]["rows"] = 9
    (order.out / "config.json").write_text(json.dumps(config))
    record = rejudge(line, order.out, judge(line, order.out, 5), keystore, {})
    new = TrainingRecord.read(log_storage(order.out))
    assert record.plan.rows == 9
    assert new.origin != old.origin
    assert new.data.body["recorded"] == "afterwards"


@pytest.mark.parametrize(
    "body", ["", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "metrics": [], "plan": 3}']
)
def test_a_record_that_is_none_says_so(tmp_path, body):
    (tmp_path / "record.json").write_text(body)
    with pytest.raises(WeightsError, match="no record"):
        Record.read(tmp_path)


def test_a_record_is_read_as_it_was_written(tmp_path):
    metrics = (Metric("a", 0.5, 0.0, 1.0), Metric("b", 1 / 3, 2.0, 1e-9, held_out=True))
    record = Record("t", Plan(ema=0.99), 3, "ab" * 32, 7, metrics, {"x": "ü"}, "samples.png")
    record.write(tmp_path)
    assert Record.read(tmp_path) == record
    assert record.judged(Evaluation((), {}, b"", "samples.txt")).samples == "samples.txt"


def test_a_folder_without_weights_says_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(WeightsError, match="worldloom train"):
            weight_files(folder)
