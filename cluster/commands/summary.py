"""What the end of a run prints: where it lies, what was made by whom, time by part, what to try next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .faults import quoted

if TYPE_CHECKING:
    from rich.console import Console
    from worldloom.cluster.options import ReplayResult, RunResult


def print_run(result: RunResult, console: Console) -> None:
    """Print the summary of a run."""
    console.print(f"{result.state}: {result.run}")
    console.print(f"{result.agents} agents, {result.steps} steps, {result.artifacts} artifacts, {result.seconds:.1f} s")
    console.print(f"content root {result.content_root}")
    console.print(f"log root     {result.log_root}")
    _print_made(result, console)
    _print_times(result, console)
    if result.measures:
        console.print("Measures: " + ", ".join(f"{name} {value}" for name, value in result.measures.items()))
    for note in result.notes:
        console.print(f"Note: {note}")
    _print_next(result, console)


def _print_made(result: RunResult, console: Console) -> None:
    if not result.made:
        return
    from rich.box import SIMPLE  # noqa: PLC0415  (start-up time)
    from rich.table import Column, Table  # noqa: PLC0415

    model = Column("model", overflow="fold")
    table = Table("what", "how many", "by", model, box=SIMPLE, title="Made", title_justify="left")
    for made in result.made:
        makers = f"{made.makers} {'agent' if made.makers == 1 else 'agents'}"
        table.add_row(made.kind, str(made.count), makers, made.model)
    console.print(table)


def _print_times(result: RunResult, console: Console) -> None:
    parts = sorted(result.time_by_part.items(), key=lambda part: -part[1])
    if parts:
        console.print("Time: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts))
    console.print(f"Provenance took {result.provenance_share:.1%} of the time")
    if result.calls:
        console.print("Model calls: " + ", ".join(f"{name} {count:,}" for name, count in result.calls.items()))


def _print_next(result: RunResult, console: Console) -> None:
    run = quoted(str(result.run))
    console.print("Try next:")
    if result.state != "sealed":
        console.print(f"  worldloom resume {run}")
        return
    console.print(f"  worldloom audit {run}    (every byte, signature and log entry)")
    console.print(f"  worldloom replay {run}   (the same again, and do the content roots agree?)")
    for made in sorted(result.run.glob("artifacts/*/*.png"))[:1] or sorted(result.run.glob("world/*.png"))[:1]:
        console.print(f"  worldloom lineage {quoted(str(made))}   (what it rests on)")
    report, world = result.run / "report.html", result.run / "world" / "world.glb"
    console.print(f"  open {quoted(str(report))} and {quoted(str(world))}")


def print_replay(result: ReplayResult, console: Console) -> None:
    """Print what a replay found."""
    console.print(f"{_verdict(result)}: {result.run}")
    console.print(f"content root, logged   {result.content_root}")
    if result.stopped:
        console.print(f"Stopped: {result.stopped}")
    elif result.sample is None:
        console.print(f"content root, replayed {result.replayed_root}")
    else:
        console.print(
            f"a sample of {result.sample.drawn:,} of {result.sample.of:,} answers ({result.sample.size} of each kind)"
        )
    if result.first_difference:
        console.print(f"First difference: {result.first_difference}")
    for kind, count in sorted(result.regenerated.items()):
        console.print(f"{kind}: {_agreement(result.agreeing.get(kind, 0), count)}")
    for kind, left in sorted(result.left.items()):
        console.print(f"{kind}: {left.count:,} not made again: {left.why}")
    _print_class(result, console)
    if result.receipt:
        console.print(f"Receipt: {result.receipt}")
    if result.receipt_fault:
        console.print(f"No receipt was written: {result.receipt_fault}")
    console.print(f"{result.seconds:.1f} s")


def _verdict(result: ReplayResult) -> str:
    if result.sample is not None and not result.regenerated:
        return "NOTHING MADE AGAIN"
    if result.stopped and not result.first_difference:
        return "EQUAL AS FAR AS IT GOES"
    if not result.equal:
        return "DIFFERENT"
    return "equal" if result.sample is None or not result.left else "equal as far as it could be made again"


def _agreement(equal: int, count: int) -> str:
    told = f"{equal:,} of {count:,} answers made again are equal"
    return told if equal == count else f"{told} ({equal / max(count, 1):.1%})"


def _print_class(result: ReplayResult, console: Console) -> None:
    if not (result.regenerated or result.left) or result.same_class is None:
        return
    if result.same_class:
        console.print("This machine is of the numeric class on which the run was made")
        return
    console.print("This machine is of another numeric class than the run's, where answers may differ:")
    for line in result.class_differences:
        console.print(f"  {line}")
