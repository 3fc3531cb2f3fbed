"""What goes wrong outside: signals, a second writer, keystores that cannot be, faults in the user's own file.

Each ends with one message that says what, where and what to do, without a traceback, and loses nothing. More of the
kind, of single commands, is in tests/cluster/commands.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from worldloom.cluster import RunResult

COMMAND = "from worldloom.cluster.commands.main import main; main()"
BRIEF = '''"""Two people, two steps of half an hour."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="brief", agents=2, hours=1, step_seconds=1800, start="09:00", seed=1, world={"size": 96})
'''


def arguments(*words: object) -> list[str]:
    return [sys.executable, "-c", COMMAND, *map(str, words)]


@pytest.fixture
def environment(keystore_home: Path) -> dict[str, str]:
    return {**os.environ, "WORLDLOOM_HOME": str(keystore_home)}


@pytest.fixture
def worldloom(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `worldloom` in a process of its own, in an empty folder; None takes a variable away."""

    def call(*words: object, **changes: str | None) -> subprocess.CompletedProcess[str]:
        changed = {name: value for name, value in {**environment, **changes}.items() if value is not None}
        return subprocess.run(
            arguments(*words), cwd=tmp_path, env=changed, capture_output=True, encoding="utf-8", timeout=300
        )

    return call


def refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """Exit status 1, nothing on standard output, one message that says all of it, no traceback."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("worldloom: ") == 1
    message = done.stderr[done.stderr.index("worldloom: ") :]
    assert "fault in Worldloom" not in message
    for part in said:
        assert part in message


class Running:
    """A command that goes on while the test does something else; killed at the end if it is still there."""

    def __init__(self, environment: dict[str, str], cwd: Path) -> None:
        self.environment, self.cwd = environment, cwd
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *words: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            arguments(*words),
            cwd=self.cwd,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def wait_for(self, path: Path, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + 120
        while not path.exists():
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline, f"no {path} after two minutes"
            time.sleep(0.005)

    def stop(self, process: subprocess.Popen[str], number: int) -> str:
        """Send a signal, and let a stopped process go on so that it gets it; returns what was said."""
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 130, err
        assert out == ""
        assert "Traceback" not in err
        return err


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    found = Running(environment, tmp_path)
    yield found
    for process in found.processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_a_run_interrupted_three_times_beside_other_writers_is_the_undisturbed_run(
    running: Running, worldloom: Callable, small_file: Path, small_run: RunResult, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    begin = ("run", small_file, "--local", "--out", "run", "--json")

    # Ctrl-C before anything is committed: nothing to resume, the same command begins again.
    process = running.start(*begin)
    running.wait_for(run / "run.json", process)
    process.send_signal(signal.SIGSTOP)
    assert not (run / "log" / "checkpoint").exists()
    assert "run again" in running.stop(process, signal.SIGINT)
    refused(worldloom("resume", "run", "--local"), "run")

    # While a writer is alive, even if it does not move, nobody else writes; an audit sees that it is open.
    process = running.start(*begin)
    running.wait_for(run / "log" / "checkpoint", process)
    process.send_signal(signal.SIGSTOP)
    refused(worldloom("resume", "run", "--local"), "run", str(process.pid))
    refused(worldloom(*begin), "run", str(process.pid))
    assert state(worldloom("audit", "run", "--json")) == ("open", 12)

    # Ctrl-C, then a polite kill of the one that goes on.
    assert "worldloom resume run" in running.stop(process, signal.SIGINT)
    assert state(worldloom("audit", "run", "--json")) == ("interrupted", 12)
    before = (run / "log" / "checkpoint").read_bytes()
    process = running.start("resume", "run", "--local", "--json")
    deadline = time.monotonic() + 60
    while (run / "log" / "checkpoint").read_bytes() == before and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGSTOP)
    assert "worldloom resume run" in running.stop(process, signal.SIGTERM)

    done = worldloom("resume", "run", "--local", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["state"], said["content_root"]) == ("sealed", small_run.content_root)
    assert state(worldloom("audit", "run", "--json")) == ("sealed", 0)


def state(done: subprocess.CompletedProcess[str]) -> tuple[str, int]:
    return json.loads(done.stdout)["state"], done.returncode


def test_without_a_home_a_run_still_seals_and_says_that_its_signer_is_unknown(
    worldloom: Callable, tmp_path: Path
) -> None:
    """No HOME, a keystore where none can be, an ASCII terminal, a path with a space and an umlaut."""
    folder = tmp_path / "ein Ort mit ü"
    folder.mkdir()
    (folder / "brief.py").write_text(BRIEF)
    bare = {"HOME": None, "WORLDLOOM_HOME": "/proc/nowhere", "LANG": "C", "LC_ALL": None, "PYTHONIOENCODING": "ascii"}
    done = worldloom("run", folder / "brief.py", "--local", "--out", folder / "run ö", **bare)
    assert done.returncode == 0, done.stderr
    assert "sealed" in done.stdout
    assert "signer will be unknown" in done.stdout
    assert "WORLDLOOM_HOME" in done.stdout
    assert "Traceback" not in done.stderr
    for path in (folder / "run ö", folder / "run ö.zip"):
        verdict = worldloom("audit", path, "--json", **bare)
        assert verdict.returncode == 13, verdict.stdout + verdict.stderr
        assert json.loads(verdict.stdout)["levels"]["bytes"] == "pass"


FAULTS = {
    "a hook's own fault": ('@scenario.at(time="09:30")\ndef late(stage):\n    nobody()\n', "line 10", "NameError"),
    "a hook's wrong id": (
        '@scenario.at(time="09:00")\ndef tell(stage):\n    stage.tell("agent-7", "x")\n',
        "line 10",
        "agent-7",
        "agent-1",
    ),
    "a hook's wrong kind": (
        '@scenario.at(time="09:00")\ndef tell(stage):\n    stage.place("opera")\n',
        "line 10",
        "opera",
        "inn",
    ),
    "a measure's own fault": ('@scenario.measure("m")\ndef m(stage):\n    return 1 / 0\n', "line 10", "ZeroDivision"),
    "a measure that gives no integer": ('@scenario.measure("m")\ndef m(stage):\n    return "many"\n', "m", "integer"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_users_file_names_its_line(worldloom: Callable, tmp_path: Path, name: str) -> None:
    code, *said = FAULTS[name]
    (tmp_path / "brief.py").write_text(f"{BRIEF}\n\n{code}")
    refused(worldloom("run", "brief.py", "--local", "--out", "run"), "brief.py", *said)
    assert state(worldloom("audit", "run", "--json")) == ("interrupted", 12)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "leaves no `scenario`"),
        (b"\xff\xfe\x00", "brief.py"),
        (b"scenario = 7", "leaves no `scenario`"),
        (BRIEF.replace("agents=2", "agents=100_001").encode(), "agents"),
        (BRIEF.replace("hours=1", "hours=0").encode(), "hours"),
        (BRIEF.replace('"09:00"', '"nine"').encode(), "start"),
        (BRIEF.replace('"size": 96', '"size": 10**6').encode(), "world.size"),
        (BRIEF.replace("seed=1,", 'seed=1, generators={"smell": "rules"},').encode(), "smell"),
        (BRIEF.replace("seed=1,", 'seed=1, generators={"mesh": "diffusers:nowhere"},').encode(), "diffusers"),
    ],
)
def test_a_scenario_that_cannot_be(worldloom: Callable, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "brief.py").write_bytes(content)
    refused(worldloom("run", "brief.py", "--local", "--out", "run"), "brief.py" if said == "brief.py" else said)
    assert not (tmp_path / "run").exists()


def test_what_stands_beside_a_run_is_never_overwritten(worldloom: Callable, tmp_path: Path) -> None:
    (tmp_path / "brief.py").write_text(BRIEF)
    for name in ("mine.zip", "mine.zip.seal", "mine.replay"):
        (tmp_path / name).write_text("somebody's")
        refused(worldloom("run", "brief.py", "--local", "--out", "mine"), name, "--out")
        assert (tmp_path / name).read_text() == "somebody's"
        (tmp_path / name).unlink()
        assert not (tmp_path / "mine").exists()


def test_an_out_folder_below_a_file(worldloom: Callable, tmp_path: Path) -> None:
    (tmp_path / "brief.py").write_text(BRIEF)
    refused(worldloom("run", "brief.py", "--local", "--out", "brief.py/run"), "brief.py/run", "--out")


def test_a_run_of_a_newer_format_is_audited_as_what_it_is(
    worldloom: Callable, small_run: RunResult, tmp_path: Path
) -> None:
    shutil.copytree(small_run.run, tmp_path / "run")
    text = (tmp_path / "run" / "run.json").read_text()
    (tmp_path / "run" / "run.json").write_text(text.replace('"format":1', '"format":7'))
    done = worldloom("audit", "run", "--json")
    assert done.returncode == 10
    found = [each for each in json.loads(done.stdout)["findings"] if each["path"] == "run.json"]
    assert any("newer" in each["message"] for each in found), found
    refused(worldloom("lineage", "run/world/map.png"), "newer")
