"""What the end of a run tells its user."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from worldloom.cluster.commands.summary import print_replay, print_run
from worldloom.cluster.options import Made, ReplayResult, RunResult


def printed(show, result) -> str:
    screen = io.StringIO()
    show(result, Console(file=screen, width=120, highlight=False, markup=False, soft_wrap=True))
    return screen.getvalue()


def run_result(**changes) -> RunResult:
    values = {
        "run": Path("runs/my run"),
        "state": "sealed",
        "content_root": "ab" * 32,
        "log_root": "cd" * 32,
        "steps": 180,
        "agents": 6,
        "artifacts": 21,
        "seconds": 12.34,
        "calls": {"text:rules": 1234, "mesh:embedded": 5},
        "made": (Made("prop", 5, 3, "embedded mesh-programs-1"), Made("sign", 1, 1, "procedural signs")),
        "time_by_part": {"sign": 0.5, "steps": 9.0},
        "provenance_share": 0.034,
        "measures": {"knows_of_feast": 4},
        "notes": ("its signer will be unknown elsewhere",),
    }
    return RunResult(**{**values, **changes})


def test_a_sealed_run_says_where_what_by_whom_how_long_and_what_next() -> None:
    text = printed(print_run, run_result())
    for part in (
        "sealed: runs/my run",
        "6 agents, 180 steps, 21 artifacts, 12.3 s",
        "ab" * 32,
        "cd" * 32,
        "embedded mesh-programs-1",
        "3 agents",
        "1 agent",
        "steps 9.0 s, sign 0.5 s",
        "3.4%",
        "text:rules 1,234",
        "knows_of_feast 4",
        "signer will be unknown",
        "worldloom audit 'runs/my run'",
        "worldloom replay 'runs/my run'",
        "report.html",
    ):
        assert part in text


def test_an_unsealed_run_is_to_be_resumed_and_not_audited() -> None:
    text = printed(print_run, run_result(state="interrupted"))
    assert "worldloom resume 'runs/my run'" in text
    assert "worldloom audit" not in text


def test_square_brackets_are_text_and_no_markup() -> None:
    text = printed(print_run, run_result(run=Path("runs/[red]x[/red]")))
    assert "runs/[red]x[/red]" in text


def test_a_replay_says_equal_or_where_it_differs() -> None:
    equal = ReplayResult(Path("r"), True, "ab" * 32, "ab" * 32, 1.0, {"text:rules": 10}, {"text:rules": 9})
    assert printed(print_replay, equal).startswith("equal: r")
    assert "9 of 10 answers made again are equal" in printed(print_replay, equal)
    different = ReplayResult(Path("r"), False, "ab" * 32, "cd" * 32, 1.0, first_difference="decision of agent-3")
    assert "DIFFERENT" in printed(print_replay, different)
    assert "First difference: decision of agent-3" in printed(print_replay, different)


def test_the_lineage_to_try_is_of_a_picture_that_is_there(tmp_path: Path) -> None:
    picture = tmp_path / "artifacts" / "ab" / "ab12.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"")
    assert f"worldloom lineage {picture}" in printed(print_run, run_result(run=tmp_path))
