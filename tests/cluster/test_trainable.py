"""What is shipped: every model has a course, a card that follows from its folder, and a log that verifies."""

from __future__ import annotations

import pytest
from worldloom.cluster.trainable import COURSES, find
from worldloom.generators.errors import TrainingError
from worldloom.generators.training.card import card
from worldloom.generators.training.course import WEIGHTS
from worldloom.generators.training.record import Record, read_training, weight_files
from worldloom.generators.training.reference import log_storage
from worldloom.provenance.digests import file_digest
from worldloom.provenance.training_proof import TrainingRecord, training_faults

SHIPPED = sorted(path.parent.name for path in WEIGHTS.glob("*/model.safetensors"))
LARGEST = 25_000_000
BELOW = {"language": {"does what rules might, reflect"}}
"""Figures that are below their goal, as cards and docs/coverage.md say."""


def test_every_shipped_model_has_a_course_of_its_name():
    assert "mesh" in SHIPPED
    assert set(SHIPPED) <= set(COURSES)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_card_follows_from_the_folder(name):
    course = find(name)
    assert course.name == name
    assert course.folder == WEIGHTS / name
    text = (course.folder / "README.md").read_text(encoding="utf-8")
    assert text == card(course, course.folder)
    assert file_digest((course.folder / "model.safetensors").read_bytes()).hex() in text


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_record_is_of_these_weights_and_reaches_its_goals(name):
    folder = find(name).folder
    record = Record.read(folder)
    assert record.title == find(name).title
    assert record.plan.told(record.steps) == read_training(folder)
    assert (folder / record.samples).stat().st_size > 0
    assert {metric.held_out for metric in record.metrics} == {True, False}
    below = {metric.name for metric in record.metrics if metric.share < metric.goal}
    assert below == BELOW.get(name, set())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_log_verifies_and_tells_of_the_same_data(name):
    folder = find(name).folder
    storage = log_storage(folder)
    assert storage is not None
    assert training_faults(storage, weight_files(folder)) == []
    told, record = TrainingRecord.read(storage), Record.read(folder)
    assert (told.data.body["digest"], told.data.body["steps"]) == (record.data, record.steps)
    assert told.data.body["plan"] == record.plan_text()
    assert told.evaluation is not None
    samples = {record.samples: file_digest((folder / record.samples).read_bytes()).hex()}
    assert told.evaluation.body["found"]["samples"] == samples


def test_all_weights_together_stay_small():
    assert sum(path.stat().st_size for path in WEIGHTS.glob("*/*.safetensors")) <= LARGEST


def test_the_digest_of_the_mesh_data_is_that_of_the_source():
    course = find("mesh")
    record = Record.read(course.folder)
    assert course.data_digest(record.plan, 20) != record.data
    assert course.data_digest(record.plan, 20) == find("mesh").data_digest(record.plan, 20)


def test_an_unknown_course_is_told_with_the_known_ones():
    with pytest.raises(TrainingError, match="mesh"):
        find("dragon")
