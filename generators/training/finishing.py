"""From a trained model to its weights folder: weights, curve, figures, samples, card, and what its log says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from worldloom.provenance.digests import file_digest
from worldloom.provenance.training_log import TrainingLog

from . import curve
from .card import card
from .course import Course, Evaluation
from .harness import Trained
from .record import CARD, RECORD, Record, read_training, weight_files
from .surroundings import one_thread, seeded


def save(course: Course, trained: Trained, folder: Path) -> Record:
    """Write weights, config and curve; return the record as far as it is known before judging."""
    folder.mkdir(parents=True, exist_ok=True)
    course.save(trained.model, folder, trained.plan.told(trained.steps))
    (folder / "curve.json").write_bytes(curve.to_json(trained.points))
    (folder / "curve.png").write_bytes(curve.draw(trained.points, f"{course.title}: loss"))
    digest = course.data_digest(trained.plan, trained.steps)
    return Record(course.title, trained.plan, trained.steps, digest, round(trained.seconds))


def recall(course: Course, folder: Path) -> Record:
    """Return the record of weights that lie in the folder: record.json, or what config.json tells where that is newer.

    Raises WeightsError for files that cannot be read.
    """
    training = read_training(folder)
    record = Record.read(folder) if (folder / RECORD).is_file() else None
    if record and record.plan.told(record.steps) == training:
        return record
    planned = training.get("planned_steps", training["steps"])
    plan = replace(course.plan, seed=training["seed"], rows=training["rows"], steps=planned)
    return Record(course.title, plan, training["steps"], course.data_digest(plan, training["steps"]))


def judge(course: Course, folder: Path, samples: int = 64) -> Evaluation:
    """Evaluate the folder's weights on one thread and from one seed, so that the figures are the same each time."""
    with one_thread(), seeded(0, 0):
        return course.evaluate(folder, samples)


def write_card(course: Course, record: Record, evaluation: Evaluation, folder: Path) -> Record:
    """Write samples, record.json and card; return the record with its figures."""
    for old in folder.glob("samples.*"):
        old.unlink()
    (folder / evaluation.samples_name).write_bytes(evaluation.samples)
    judged = record.judged(evaluation)
    judged.write(folder)
    (folder / CARD).write_text(card(course, folder), encoding="utf-8")
    return judged


def tell(log: TrainingLog, record: Record, folder: Path) -> None:
    """Log data, weights and figures, each resting on the one before."""
    data = log.data(record.title, record.plan_text(), record.steps, record.data)
    weights = log.weights(record.title, weight_files(folder), data)
    log.evaluation(found(record, folder), weights)


def found(record: Record, folder: Path) -> dict[str, object]:
    """Return an evaluation as a log can hold it: fractions as text."""
    metrics = [
        {
            "name": metric.name,
            "value": f"{metric.value:.6g}",
            "floor": f"{metric.floor:.6g}",
            "ceiling": f"{metric.ceiling:.6g}",
            "held_out": metric.held_out,
        }
        for metric in record.metrics
    ]
    samples = {record.samples: file_digest((folder / record.samples).read_bytes()).hex()}
    return {"metrics": metrics, "facts": dict(record.facts), "samples": samples}
