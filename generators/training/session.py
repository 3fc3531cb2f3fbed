"""A whole training, from a course to a weights folder with card and log; and judging one that is there. No command."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worldloom.generators.errors import TrainingError
from worldloom.provenance.digests import file_digest
from worldloom.provenance.keys import Keystore
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.training_log import AFTERWARDS, TrainingLog
from worldloom.provenance.training_proof import TrainingRecord

from .course import Course, Evaluation, Plan
from .finishing import found, judge, recall, save, tell, write_card
from .harness import Means, Report, train
from .record import Record, weight_files
from .reference import LOG, log_storage
from .work import Work

Phase = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What to train, where: weights into `out`, what going on needs in `work`.

    `start` is a folder of weights to begin with, those that the plan names; `evidence` (text, integers) is what the
    log's start says of this machine; other fields as in `harness.train`.
    """

    course: Course
    plan: Plan
    out: Path
    work: Path
    start: Path | None = None
    resume: bool = False
    deadline_s: float = math.inf
    device: str = "cpu"
    workers: int = 0
    samples: int = 64
    evidence: Mapping[str, Any] = field(default_factory=dict)
    means: Means | None = None


def produce(order: Order, keystore: Keystore, phase: Phase, report: Report) -> Record:
    """Train, save, judge, write card and log; the work folder is empty afterwards.

    Raises TrainingError for a work folder that holds an unfinished training, unless it is to go on.
    """
    work = Work(order.work, order.course.name, order.plan)
    if work.begun and not order.resume:
        raise TrainingError(f"{order.work}: holds an unfinished training; go on with --resume, or give another --work")
    phase(f"training {order.course.title}")
    log = TrainingLog.open(_storage(order.work / LOG), keystore, {**order.evidence, "device": order.device})
    trained = train(
        order.course,
        order.plan,
        order.work,
        report,
        deadline_s=order.deadline_s,
        device=order.device,
        workers=order.workers,
        start=order.start,
        means=order.means,
    )
    phase("saving weights, digest of the data")
    record = save(order.course, trained, order.out)
    phase("judging the saved weights")
    record = write_card(order.course, record, judge(order.course, order.out, order.samples), order.out)
    tell(log, record, order.out)
    log.close()
    _replace(order.out / LOG, order.work / LOG)
    work.clear()
    return record


def rejudge(
    course: Course, folder: Path, evaluation: Evaluation, keystore: Keystore, evidence: Mapping[str, Any]
) -> Record:
    """Write the card of weights that are there already, and into their log what judging found.

    Weights without a log of them get one that says that it was recorded afterwards.
    """
    record = write_card(course, recall(course, folder), evaluation, folder)
    known = _logged(folder)
    if known is None and (folder / LOG).is_dir():
        shutil.rmtree(folder / LOG)
    log = TrainingLog.open(_storage(folder / LOG), keystore, evidence, AFTERWARDS)
    if known is None:
        tell(log, record, folder)
    else:
        log.evaluation(found(record, folder), known.weights.digest)
    log.close()
    return record


def _logged(folder: Path) -> TrainingRecord | None:
    """What the folder's log says, if it is about the very files that lie there."""
    storage = log_storage(folder)
    record = TrainingRecord.read(storage) if storage else None
    files = {name: file_digest(data).hex() for name, data in weight_files(folder).items()}
    return record if record and record.weights.body["files"] == files else None


def _storage(folder: Path) -> Storage:
    folder.mkdir(parents=True, exist_ok=True)
    return Storage(LocalDisk(folder))


def _replace(old: Path, new: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    shutil.copytree(new, old)
    shutil.rmtree(new)
