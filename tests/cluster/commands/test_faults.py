"""Every failure becomes one message with what, where and what to do; a traceback only with --debug."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from worldloom.cluster.commands import faults
from worldloom.cluster.commands.main import _debug_first
from worldloom.cluster.errors import ClusterError, Interrupted, ScenarioError
from worldloom.provenance.errors import ProvenanceError

RAISING = """
import sys
from worldloom.cluster.commands import main as front
{setup}
import typer
def fail(file: str = typer.Argument('x')) -> None:
    {raising}
front.app.command("fail")(fail)
sys.argv = ["worldloom", *{arguments!r}]
front.main()
"""


def fail(raising: str, *arguments: str, setup: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with one more command that raises."""
    code = RAISING.format(setup=setup, raising=raising, arguments=["fail", *arguments])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_error_of_ours_is_one_message_and_exit_1() -> None:
    done = fail(
        "raise ScenarioError('a.py, line 3: no such field. Use agents')",
        setup="from worldloom.cluster.errors import ScenarioError",
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "worldloom: a.py, line 3: no such field. Use agents\n"


def test_debug_shows_the_traceback_wherever_it_stands() -> None:
    for arguments in (["--debug"], ["y", "--debug"]):
        done = fail("raise ValueError('deep inside')", *arguments)
        assert done.returncode == 1
        assert "Traceback" in done.stderr


def test_without_debug_an_unexpected_error_has_no_traceback_and_says_how_to_get_one() -> None:
    done = fail("raise ValueError('deep inside')")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ValueError: deep inside" in done.stderr
    assert "--debug" in done.stderr


def test_ctrl_c_exits_130_and_says_how_to_go_on() -> None:
    setup = "from pathlib import Path\nfrom worldloom.cluster.errors import Interrupted"
    done = fail("raise Interrupted(Path('runs/a'), resumable=True)", setup=setup)
    assert done.returncode == 130
    assert "worldloom resume runs/a" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_names_the_run_when_the_run_is_known(tmp_path: Path) -> None:
    stopped = Interrupted(tmp_path / "my run", resumable=True)
    assert f"worldloom resume '{tmp_path}/my run'" in faults.interrupted(stopped)


def test_ctrl_c_before_the_first_checkpoint_promises_no_resume(tmp_path: Path) -> None:
    stopped = Interrupted(tmp_path, resumable=False)
    assert "resume" not in faults.interrupted(stopped)
    assert faults.interrupted(KeyboardInterrupt()) == "worldloom: interrupted"


def test_a_wrong_use_exits_2() -> None:
    assert fail("pass", "--nonsense").returncode == 2


def test_a_message_that_the_terminal_cannot_show_is_still_shown() -> None:
    done = fail("raise OSError(28, 'No space left', '/tmp/ü-ж-\\udcff')", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "\\xfc" in done.stderr


def test_every_root_and_what_derives_from_it_speaks_for_itself() -> None:
    class PluginError(ProvenanceError):
        """A plug-in's own."""

    for error in (ClusterError("c"), ScenarioError("s"), PluginError("p")):
        assert faults.explained(error) == f"worldloom: {error}"


def test_a_full_disk_is_named_with_its_path() -> None:
    text = faults.explained(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/runs/a"))
    assert text.startswith("worldloom: /runs/a: No space left on device")


def test_a_missing_library_is_named_with_the_install_that_brings_it() -> None:
    error = ModuleNotFoundError("No module named 'ray.util'", name="ray.util")
    assert "the library ray is not installed" in faults.explained(error)
    assert "worldloom[run]" in faults.explained(error)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--debug"], ["--debug", "run"]),
        (["--debug", "run", "--debug"], ["--debug", "run"]),
        (["audit", "--", "--debug"], ["audit", "--", "--debug"]),
        (["run"], ["run"]),
        ([], []),
    ],
)
def test_debug_moves_to_the_front(arguments: list[str], expected: list[str]) -> None:
    assert _debug_first(arguments) == expected
