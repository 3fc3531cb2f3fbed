"""An auditor who was given the log of a training sees whether the run's model leads into it."""

import dataclasses

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.digests import file_digest
from worldloom.provenance.keys import Keystore
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.training_log import TrainingLog

WEIGHTS = b"weights"
MESH = Identity("embedded", "props-1", weights=file_digest(WEIGHTS).hex(), source_type="trainedAlgorithmicMedia")


@pytest.fixture(scope="module")
def keystore(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("keystore"))


def trained(folder, keystore, files):
    storage = Storage(LocalDisk(folder))
    log = TrainingLog.open(storage, keystore, {})
    log.weights("props-1", files, log.data("props-1", {"seed": "1", "rows": "8"}, 20, "ab" * 32))
    return storage, log.close().reference


@pytest.fixture
def training(tmp_path, keystore):
    return trained(tmp_path / "training", keystore, {"model.safetensors": WEIGHTS})


@pytest.fixture
def audited(forged, operator, tmp_path):
    """Audit a run whose scenario names one more generator, with logs of trainings."""

    def judge(identity, logs=()):
        twist = {"scenario": lambda body: {**body, "generators": {**body["generators"], "mesh": identity}}}
        made, disk = forged(twist).storage, Storage(LocalDisk(tmp_path / "run"))
        for path in made.files():
            disk.write(path, made.read(path))
        return audit(tmp_path / "run", anchors=[operator.certificate_pem], trainings=logs)

    return judge


@pytest.fixture
def judged(audited):
    """As `audited`; return what is said of trainings, and the exit code."""

    def judge(identity, logs):
        result = audited(identity.content(), logs)
        return [each for each in result.findings if each.step == "made.training"], result.exit_code

    return judge


def test_without_logs_nothing_is_said_of_trainings(judged, training):
    assert judged(dataclasses.replace(MESH, training=training[1]), []) == ([], 0)


def test_a_model_that_leads_into_the_given_log_is_noted(judged, training):
    findings, code = judged(dataclasses.replace(MESH, training=training[1]), [training[0]])
    assert [(each.code, code) for each in findings] == [(0, 0)]
    assert f"entry {training[1].index}" in findings[0].message


def test_a_log_that_was_not_given_is_noted(judged, training):
    elsewhere = training[1]._replace(origin="worldloom.training/training-0")
    findings, code = judged(dataclasses.replace(MESH, training=elsewhere), [training[0]])
    assert [(each.code, code) for each in findings] == [(0, 0)]
    assert "was not given" in findings[0].message


@pytest.mark.parametrize("harm", ["root", "index", "weights", "checkpoint"])
def test_a_model_that_does_not_lead_into_its_log_is_tampered_with(judged, training, harm):
    storage, reference = training
    identity = dataclasses.replace(MESH, training=reference)
    if harm == "root":
        identity = dataclasses.replace(MESH, training=reference._replace(root="00" * 32))
    elif harm == "index":
        identity = dataclasses.replace(MESH, training=reference._replace(index=reference.index - 1))
    elif harm == "weights":
        identity = dataclasses.replace(identity, weights="5a" * 32)
    else:
        signed = storage.read("log/checkpoint")
        storage.write("log/checkpoint", signed[:-40] + (b"A" if signed[-40:-39] != b"A" else b"B") + signed[-39:])
    findings, code = judged(identity, [storage])
    assert (len(findings), code) == (1, 10)


@pytest.mark.parametrize("training_body", [3, {}, {"origin": "o", "index": "4", "root": "ab" * 32}])
def test_a_reference_of_another_shape_is_a_fault_of_the_log(audited, training_body):
    result = audited({**MESH.content(), "training": training_body})
    assert result.levels["log"] == "fail"
    assert any("generators" in finding.message for finding in result.findings)
