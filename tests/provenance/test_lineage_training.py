"""Lineage goes on from a model into the log of its training, as far as that log is at hand."""

import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import RunFile, write_run
from worldloom.provenance.lineage import Lineage, NodeKind
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.training_log import TrainingLog

ORIGIN = "worldloom.run/lineage"
WEIGHTS = b"weights"
MESH = Identity("embedded", "props-1", weights=file_digest(WEIGHTS).hex(), source_type="trainedAlgorithmicMedia")
MODEL = f"model:embedded/props-1@{MESH.weights}"


@pytest.fixture
def training(tmp_path, keystore):
    storage = Storage(LocalDisk(tmp_path / "training"))
    log = TrainingLog.open(storage, keystore, {})
    data = log.data("props-1", {"seed": "1", "rows": "8"}, 20, "ab" * 32)
    log.weights("props-1", {"model.safetensors": WEIGHTS}, data)
    return storage, log.close().reference


def run_of(folder, identity) -> Storage:
    """A log that says no more than which generators there are."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    storage = Storage(LocalDisk(folder))
    write_run(storage, RunFile("lineage"))
    log = LogWriter.create(storage, ORIGIN, NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign))
    scenario = {"name": "saltmarsh", "seed": 7}
    body = {"type": "scenario", "scenario": scenario, "source": "01" * 32, "generators": {"mesh": identity.content()}}
    log.append(EntryKind.SCENARIO, 0, body)
    log.commit()
    return storage


def kinds(lineage) -> list[str]:
    return [lineage.graph.nodes[name]["kind"] for name in lineage.ancestors(MODEL)]


def test_a_model_rests_on_its_training_and_that_on_its_data(tmp_path, training):
    storage, reference = training
    run = run_of(tmp_path / "run", dataclasses.replace(MESH, training=reference))
    lineage = Lineage.of(run, [storage])
    assert kinds(lineage) == [NodeKind.DATA, NodeKind.TRAINING]
    tree = lineage.tree(MODEL)
    assert "made by training" in tree
    assert "20 steps of 8 rows, seed 1, logged during the training" in tree
    assert "used data abababababab" in tree
    assert "activity" in lineage.to_graphml(MODEL)


@pytest.mark.parametrize("harm", ["no log", "another entry", "another root", "another log", "harmed"])
def test_a_log_that_is_not_the_one_referred_to_adds_nothing(tmp_path, training, harm):
    storage, reference = training
    if harm == "another entry":
        reference = reference._replace(index=reference.index - 1)
    elif harm == "another root":
        reference = reference._replace(root="00" * 32)
    elif harm == "another log":
        reference = reference._replace(origin="worldloom.training/training-0")
    elif harm == "harmed":
        storage.write("log/checkpoint", b"harmed")
    run = run_of(tmp_path / "run", dataclasses.replace(MESH, training=reference))
    lineage = Lineage.of(run, [] if harm == "no log" else [storage])
    assert kinds(lineage) == [NodeKind.TRAINING]
    assert "whose log is not at hand" in lineage.tree(MODEL)


def test_other_weights_do_not_rest_on_that_training(tmp_path, training):
    storage, reference = training
    other = dataclasses.replace(MESH, weights="5a" * 32, training=reference)
    lineage = Lineage.of(run_of(tmp_path / "run", other), [storage])
    assert NodeKind.DATA not in [facts["kind"] for _, facts in lineage.graph.nodes(data=True)]


def test_a_model_without_a_training_rests_on_nothing(tmp_path):
    assert kinds(Lineage.of(run_of(tmp_path / "run", MESH))) == []
