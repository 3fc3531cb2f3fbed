"""`worldloom evaluate`: judges an embedded model against floor and ceiling, and checks its training's log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import shared
from .faults import FAILED
from .train import Model
from .training_view import figures, show_figures, watched

if TYPE_CHECKING:
    from worldloom.generators.training.course import Course


def evaluate(
    model: Model,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="FOLDER", help="Folder of the weights, if not the shipped ones.")
    ] = None,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Samples to draw; figures rest on more.")] = 64,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the weights against their training's log; judge nothing.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write samples, figures and card into the folder, and into its log.")
    ] = False,
    as_json: shared.Json = False,
) -> None:
    """Judge a model: each figure between a floor (untrained or random) and a ceiling (the procedural source).

    Exit status: 0 done, or verified; 1 not verified, or an error; 2 usage.
    """
    if verify and write:
        raise typer.BadParameter("--verify only reads, --write writes: give one of them")
    from worldloom.cluster.trainable import find  # noqa: PLC0415  (start-up time)

    course = find(model)
    place = folder or course.folder
    if verify:
        _verify(course, place, as_json)
    else:
        _judge(course, place, samples, write, as_json)


def _judge(course: Course, folder: Path, samples: int, write: bool, as_json: bool) -> None:
    from worldloom.cluster.numeric import numeric_class  # noqa: PLC0415
    from worldloom.generators.training.finishing import judge  # noqa: PLC0415
    from worldloom.generators.training.session import rejudge  # noqa: PLC0415
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415

    with watched(quiet=as_json) as view:
        view.phase(f"judging {course.title} in {folder}")
        evaluation = judge(course, folder, samples)
        if write:
            view.phase("writing card and log")
            rejudge(course, folder, evaluation, Keystore.open(), {"numeric_class": numeric_class()})
    if as_json:
        found = {"title": course.title, "folder": str(folder), "facts": dict(evaluation.facts)}
        shared.print_json(found | {"metrics": figures(evaluation.metrics)})
    else:
        show_figures(evaluation.metrics)
        for name, text in evaluation.facts.items():
            shared.say(f"{name}: {text}")


def _verify(course: Course, folder: Path, as_json: bool) -> None:
    found = _verified(folder)
    if as_json:
        shared.print_json({"title": course.title, "folder": str(folder), **found})
    else:
        for fault in found["faults"]:
            shared.say(f"fault: {shared.printable(fault)}")
        for line in found["told"]:
            shared.say(shared.printable(line))
    if found["faults"]:
        raise typer.Exit(FAILED)


def _verified(folder: Path) -> dict[str, Any]:
    """Return `faults` (none: verified), `trusted`, `reference`, and what to tell of the log."""
    from worldloom.generators.training.record import weight_files  # noqa: PLC0415
    from worldloom.generators.training.reference import LOG, log_storage  # noqa: PLC0415
    from worldloom.provenance.keys import trusted_anchors  # noqa: PLC0415
    from worldloom.provenance.training_proof import TrainingRecord, trainer_faults, training_faults  # noqa: PLC0415

    storage = log_storage(folder)
    if storage is None:
        return {"faults": [f"{folder / LOG}: the weights have no log of a training"], "trusted": False, "told": []}
    faults = training_faults(storage, weight_files(folder))
    if faults:
        return {"faults": faults, "trusted": False, "told": []}
    record = TrainingRecord.read(storage)
    doubts = trainer_faults(storage, trusted_anchors(), datetime.now(UTC))
    reference = record.reference
    told = [
        f"verified: {', '.join(sorted(record.weights.body['files']))} are what entry {reference.index} of "
        f"{reference.origin} names, included under a signed root",
        f"made from data {record.data.body['digest']} in {record.data.body['steps']} steps, recorded "
        f"{record.data.body['recorded']} the training",
        f"signer: {'trusted' if not doubts else 'unknown here (' + doubts[0] + ')'}",
    ]
    return {"faults": [], "trusted": not doubts, "reference": reference._asdict(), "told": told}
