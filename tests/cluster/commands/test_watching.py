"""What a person sees while a run goes on."""

from __future__ import annotations

import io
import sys

import pytest
from worldloom.cluster.commands import watching
from worldloom.cluster.options import Silent, Status


def status(step: int = 3, **changes: object) -> Status:
    values = {
        "step": step,
        "steps": 10,
        "time": 6 * 3600 + 60 * step,
        "agents": 6,
        "agent_steps_per_second": 12345.6,
        "asked": 2,
        "calls": {"text:rules": 1200, "image:procedural": 3},
        "artifacts": 4,
        "errors": 1,
    }
    return Status(**{**values, **changes})  # type: ignore[arg-type]


def test_a_line_says_step_time_speed_calls_artifacts_and_errors() -> None:
    text = watching.status_text(status())
    for part in ("step 3/10", "06:03", "12,346 agent-steps/s", "1,203 model calls", "4 artifacts", "1 errors"):
        assert part in text


def test_plain_lines_are_few_and_the_last_step_is_always_told(capsys: pytest.CaptureFixture[str]) -> None:
    lines = watching.PlainLines(seconds=3600)
    lines.phase("steps")
    for step in range(1, 11):
        lines.status(status(step))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(",")[0] for line in captured.err.splitlines()] == ["steps", "step 10/10"]


def test_json_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with watching.watched(quiet=True) as progress:
        assert isinstance(progress, Silent)
        progress.phase("steps")
        progress.status(status())
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_live_display_that_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    with watching.watched(quiet=False) as progress:
        assert isinstance(progress, watching.LiveDisplay)
        progress.phase("terrain")
        progress.status(status(5))
        progress._live.refresh()  # type: ignore[attr-defined]
    assert "terrain" in screen.getvalue()
    assert "step 5/10" in screen.getvalue()


def test_an_ascii_terminal_does_not_break_the_display() -> None:
    import os
    import subprocess

    code = (
        "import sys\nfrom worldloom.cluster.commands.watching import LiveDisplay\n"
        "from worldloom.cluster.options import Status\n"
        "for s in (sys.stdout, sys.stderr): s.reconfigure(errors='backslashreplace')\n"
        "with LiveDisplay() as d:\n    d.phase('größer')\n    d._live.refresh()\n"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LANG": "C", "FORCE_COLOR": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
