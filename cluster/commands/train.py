"""`worldloom train`: trains an embedded model into a folder of weights with card, curve and signed log."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from . import shared
from .training_view import show_training, watched

QUICK_SECONDS = 40.0
"""Deadline of a smoke training; judging a few samples takes the rest of its minute."""
QUICK_SAMPLES = 8

Model = Annotated[str, typer.Argument(metavar="MODEL", help="mesh, …; an unknown name lists those there are.")]


def train(
    model: Model,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Steps, if not as the course has it.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides first weights, data and all chance.")] = 1,
    rows: Annotated[int | None, typer.Option("--rows", min=1, help="Rows of a batch, likewise.")] = None,
    rate: Annotated[float | None, typer.Option("--rate", metavar="R", help="Highest rate, likewise.")] = None,
    warm_up: Annotated[int | None, typer.Option("--warm-up", min=0, help="Steps of warm-up, likewise.")] = None,
    start: Annotated[Path | None, typer.Option("--from", metavar="FOLDER", help="Weights to begin with.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Folder of the weights.")] = None,
    work: Annotated[Path | None, typer.Option("--work", metavar="FOLDER", help="What going on needs.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what the work folder holds.")] = False,
    deadline: Annotated[float, typer.Option("--deadline", metavar="S", help="Seconds of training at most.")] = math.inf,
    quick: Annotated[bool, typer.Option("--quick", help="A smoke training of about a minute.")] = False,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Samples that the card shows.")] = 64,
    device: Annotated[str, typer.Option("--device", help="cpu, or cuda where there is one.")] = "cpu",
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes that make batches ahead.")] = 0,
    as_json: shared.Json = False,
) -> None:
    """Train an embedded model: weights, config, loss curve, model card with figures and samples, signed log.

    Weights go to trained/MODEL unless --out names another folder; `embedded:FOLDER` uses them in a run. Killed, a
    training goes on with --resume and the same options. --from begins with weights that are there already.
    """
    if deadline <= 0:
        raise typer.BadParameter("--deadline is a number of seconds above zero")
    if rate is not None and not 0 < rate <= 1:
        raise typer.BadParameter("--rate is a number above 0, up to 1, such as 0.003")
    from worldloom.cluster.numeric import numeric_class  # noqa: PLC0415
    from worldloom.cluster.trainable import find  # noqa: PLC0415  (start-up time)
    from worldloom.generators.training.session import Order, produce  # noqa: PLC0415
    from worldloom.generators.training.starting import digest_of, going_on_from  # noqa: PLC0415
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415

    course = find(model)
    if start is not None:
        course = going_on_from(course, start)
    target = out or Path("trained") / course.name
    order = Order(
        course=course,
        plan=replace(
            course.plan,
            seed=seed,
            steps=steps or course.plan.steps,
            rows=rows or course.plan.rows,
            learning_rate=rate or course.plan.learning_rate,
            warm_up=course.plan.warm_up if warm_up is None else warm_up,
            start="" if start is None else digest_of(start),
        ),
        start=start,
        out=target,
        work=work or target.with_name(target.name + ".work"),
        resume=resume,
        deadline_s=min(deadline, QUICK_SECONDS) if quick else deadline,
        device=device,
        workers=workers,
        samples=min(samples, QUICK_SAMPLES) if quick else samples,
        evidence={"numeric_class": numeric_class()},
    )
    with watched(quiet=as_json) as view:
        record = produce(order, Keystore.open(), view.phase, view.moment)
    show_training(record, order.out, as_json=as_json)
