"""A model's card, README.md beside its weights: a text that follows from what lies in the folder. Measures nothing."""

from __future__ import annotations

import math
from pathlib import Path

from worldloom.provenance.digests import file_digest

from .course import Course, Metric, Plan
from .record import WEIGHTS_FILE, Record, weight_files

_PICTURES = (".png", ".jpg", ".svg")


def card(course: Course, folder: Path) -> str:
    """Return the card's text; raises WeightsError for a folder without weights or record.json."""
    record, files = Record.read(folder), weight_files(folder)
    parts = [
        f"# {record.title}: the embedded model `{course.name}`",
        course.about().strip(),
        _facts(course, record, files),
        _figures(record),
        _samples(record),
    ]
    if (folder / "curve.png").is_file():
        parts.append("## Loss\n\n![Loss over steps](curve.png) The points are in `curve.json`.")
    return "\n\n".join(part for part in parts if part) + "\n"


def command(course: Course, record: Record) -> str:
    """Return the command that trains these weights again."""
    plan, usual = record.plan, course.plan
    rate = f" --rate {plan.learning_rate:g}" if plan.learning_rate != usual.learning_rate else ""
    warm_up = f" --warm-up {plan.warm_up}" if plan.warm_up != usual.warm_up else ""
    begun = " --from FOLDER" if plan.start else ""
    ended = f" --deadline {record.seconds}" if record.steps < plan.steps else ""
    size = f"--seed {plan.seed} --steps {plan.steps} --rows {plan.rows}"
    return f"worldloom train {course.name} {size}{rate}{warm_up}{ended}{begun}"


def _facts(course: Course, record: Record, files: dict[str, bytes]) -> str:
    plan, weights = record.plan, files[WEIGHTS_FILE]
    rows = [
        ("licence of weights and outputs", "Apache-2.0"),
        (f"SHA-256 of {WEIGHTS_FILE} ({len(weights):,} bytes)", f"`{file_digest(weights).hex()}`"),
        *((f"SHA-256 of {name}", f"`{file_digest(data).hex()}`") for name, data in files.items() if data != weights),
        ("SHA-256 of the data", f"`{record.data}`"),
        ("training", _training(plan, record.steps)),
        ("made again by", f"`{command(course, record)}`"),
        ("its log", "`training/`; `worldloom evaluate " + course.name + " --verify` checks it"),
    ]
    if record.seconds:
        rows.append(("time of training", f"{record.seconds:,} s"))
    return "| what | value |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


def _training(plan: Plan, steps: int) -> str:
    done = f"{steps:,} steps" if steps == plan.steps else f"{steps:,} steps (a deadline came before {plan.steps:,})"
    average = f", weights averaged with {plan.ema}" if plan.ema else ""
    begun = f", begun with the weights `{plan.start}` (FOLDER)" if plan.start else ""
    return (
        f"{done} of {plan.rows} rows, seed {plan.seed}, {plan.optimiser}, rate {plan.learning_rate:g} with "
        f"{plan.warm_up} steps of warm-up and a cosine to zero, weight decay {plan.weight_decay:g}{average}{begun}"
    )


def _figures(record: Record) -> str:
    if not record.metrics:
        return ""
    rows = "\n".join(
        f"| {metric.name} | {_number(metric.value)} | {_number(metric.floor)} | {_number(metric.ceiling)} | "
        f"{_share(metric)} | {'yes' if metric.held_out else 'no'} |"
        for metric in record.metrics
    )
    facts = "\n".join(f"- {name}: {text}" for name, text in record.facts.items())
    return (
        "## Figures\n\nFloor: untrained, or random valid answers. Ceiling: the procedural source. Share: how far from "
        "floor to ceiling\n(asked for: 80 %, on held-out combinations, which training never shows, 60 %).\n\n"
        f"| figure | value | floor | ceiling | share | held out |\n|---|---|---|---|---|---|\n{rows}"
        + (f"\n\n{facts}" if facts else "")
    )


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.1f}"


def _share(metric: Metric) -> str:
    if math.isnan(metric.share):
        return "–"
    return f"{100 * metric.share:.0f} %" + ("" if metric.share >= metric.goal else " (below)")


def _samples(record: Record) -> str:
    if not record.samples:
        return ""
    shown = f"![Samples]({record.samples})" if record.samples.endswith(_PICTURES) else f"[{record.samples}]"
    link = shown if shown.startswith("!") else f"{shown}({record.samples})"
    return f"## Samples\n\nThe first ones, unselected.\n\n{link}"
