"""The commands as a user types them: a small run through all of them, interrupted ones, and bad input.

Bad input ends with one message that says what, where and what to do, and with nothing lost.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.provenance.lock import RunLock

SCENARIO = '''"""Three people, four steps of half an hour."""

from worldloom.cluster import Scenario

scenario = Scenario(name="brief", agents=3, hours=2, step_seconds=1800, start="09:00", seed=1, world={"size": 96})
'''
LONG = SCENARIO.replace("agents=3, hours=2, step_seconds=1800", "agents=6, hours=14, step_seconds=60")

OPTIONS = ["--agents", "2", "--hours", "1", "--seed", "9", "--generator", "text=rules"]


def shell(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `worldloom` in a process of its own."""
    return subprocess.run(
        command(*arguments), cwd=cwd, env=surroundings(environment), **PIPES, timeout=300, check=False
    )


PIPES: dict[str, object] = {"capture_output": True, "text": True, "encoding": "utf-8", "errors": "replace"}


def command(*arguments: object) -> list[str]:
    code = "from worldloom.cluster.commands.main import main; main()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def surroundings(changes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in {**os.environ, **changes}.items() if value != "unset"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run made by the command in a folder with a space and an umlaut. Read only: copy before you change it."""
    folder = tmp_path_factory.mktemp("with space and ü")
    (folder / "brief.py").write_text(SCENARIO)
    done = shell("run", "brief.py", "--local", "--out", "run", "--json", *OPTIONS, cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "run.json").write_text(done.stdout)
    return folder / "run"


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "brief.py"
    path.write_text(SCENARIO)
    return path


def copy(run: Path, to: Path) -> Path:
    shutil.copytree(run, to / "run")
    return to / "run"


def test_run_json_prints_one_object(sealed: Path) -> None:
    text = (sealed.parent / "run.json").read_text()
    result = json.loads(text)
    assert text.count("\n") == 1
    assert set(result) >= {
        "run",
        "state",
        "content_root",
        "log_root",
        "steps",
        "agents",
        "artifacts",
        "seconds",
        "calls",
    }
    assert result["state"] == "sealed"
    assert (result["steps"], result["agents"]) == (2, 2)
    assert len(bytes.fromhex(result["content_root"])) == len(bytes.fromhex(result["log_root"])) == 32
    assert (sealed / "SEAL").exists()
    assert sealed.with_name("run.zip").exists()


def test_the_options_fold_into_the_scenario(sealed: Path) -> None:
    folded = json.loads((sealed / "scenario.json").read_text())
    assert (folded["agents"], folded["hours"], folded["seed"]) == (2, 1, 9)
    assert folded["generators"]["text"] == "rules"


def test_audit_is_clean_and_json_is_a_line_for_each_path(worldloom: Callable, sealed: Path) -> None:
    done = worldloom("audit", sealed, sealed.with_name("run.zip"), "--json")
    assert done.status == 0, done.out
    verdicts = [json.loads(line) for line in done.out.splitlines()]
    assert [verdict["ok"] for verdict in verdicts] == [True, True]
    made = json.loads((sealed.parent / "run.json").read_text())
    levels = {"bytes", "credential", "signer", "ingredients", "log", "reproduced"}
    for verdict in verdicts:
        assert set(verdict["levels"]) == levels
        assert verdict["content_root"] == made["content_root"]
        assert verdict["findings"] == []
    assert "CLEAN" in worldloom("audit", sealed).out


def test_audit_of_another_root_and_of_a_stranger_fails(
    worldloom: Callable, sealed: Path, monkeypatch, tmp_path
) -> None:
    assert worldloom("audit", sealed, "--expect-root", "ab" * 32).status == 12
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "nobody"))
    done = worldloom("audit", sealed, "--json")
    assert done.status == 13
    assert json.loads(done.out)["levels"]["signer"] == "fail"
    assert not (tmp_path / "nobody").exists()


def test_audit_names_the_changed_file(worldloom: Callable, sealed: Path, tmp_path: Path) -> None:
    run = copy(sealed, tmp_path)
    (run / "scenario.json").write_bytes((run / "scenario.json").read_bytes().replace(b"brief", b"grief"))
    done = worldloom("audit", run, "--json")
    assert done.status == 10
    assert "scenario.json" in {finding["path"] for finding in json.loads(done.out)["findings"]}
    assert "scenario.json" in worldloom("audit", run).out


def test_replay_is_equal(worldloom: Callable, sealed: Path) -> None:
    done = worldloom("replay", sealed, "--json")
    assert done.status == 0, done.err
    result = json.loads(done.out)
    assert result["equal"]
    assert result["replayed_root"] == json.loads((sealed.parent / "run.json").read_text())["content_root"]


@pytest.mark.parametrize("form", ["tree", "graphml", "json"])
def test_lineage_of_an_export_leads_to_the_scenario(worldloom: Callable, sealed: Path, form: str) -> None:
    done = worldloom("lineage", sealed / "world" / "world.glb", "--format", form)
    assert done.status == 0, done.err
    assert "scenario" in done.out


def test_ctrl_c_exits_130_and_resume_seals(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(LONG)
    arguments = command("run", "long.py", "--local", "--out", "run", "--json")
    process = subprocess.Popen(arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "run" / "log" / "checkpoint").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert "worldloom resume run" in err
    assert "Traceback" not in err
    done = shell("resume", "run", "--local", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "sealed"
    assert shell("audit", "run", cwd=tmp_path).returncode == 0


def test_home_empty_and_an_ascii_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "ein Ort für ä"
    folder.mkdir()
    (folder / "brief.py").write_text(SCENARIO)
    bare = {"HOME": "", "WORLDLOOM_HOME": "unset", "XDG_DATA_HOME": str(tmp_path / "data"), "LANG": "C"}
    bare |= {"PYTHONIOENCODING": "ascii"}
    done = shell("run", folder / "brief.py", "--local", "--out", folder / "run", cwd=tmp_path, **bare)
    assert done.returncode == 0, done.stderr
    assert "sealed: " in done.stdout
    assert "worldloom audit " in done.stdout
    assert "Traceback" not in done.stderr
    done = shell("audit", folder / "run", cwd=tmp_path, **bare)
    assert done.returncode == 0, done.stdout


BAD_SCENARIOS = {
    "not Python": ("scenario = Scenario(", "line 1"),
    "leaves none": ("x = 1", "leaves no `scenario`"),
    "unknown field": (SCENARIO.replace("agents=3", "agnets=3"), "agnets"),
    "impossible world": (SCENARIO.replace('"size": 96', '"size": 3'), "world.size"),
    "unknown generator": (SCENARIO.replace("seed=1", 'seed=1, generators={"text": "oracle"}'), "oracle"),
    "steps that divide no hour": (SCENARIO.replace("1800", "1700"), "step_seconds"),
    "raises": (SCENARIO + "\n1 / 0\n", "line 7"),
}


@pytest.mark.parametrize("name", BAD_SCENARIOS)
def test_a_bad_scenario_is_one_message(worldloom: Callable, scenario: Path, name: str) -> None:
    source, said = BAD_SCENARIOS[name]
    scenario.write_text(source)
    refused(worldloom("run", scenario, "--local", "--out", "run"), said)
    assert [path.name for path in scenario.parent.iterdir()] == ["brief.py"]


def refused(done, *said: str) -> None:
    """Exit status 1 and one message, without a traceback, that says all of it."""
    assert done.status == 1
    assert done.out == ""
    assert "Traceback" not in done.err
    message = done.err[done.err.index("worldloom: ") :]
    for part in said:
        assert part in message
    assert "fault in Worldloom" not in message


def test_a_missing_scenario_names_those_that_ship(worldloom: Callable, scenario: Path) -> None:
    refused(worldloom("run", "nowhere.py", "--local"), "nowhere.py", "saltmarsh")


def test_an_unknown_generator_on_the_command_line(worldloom: Callable, scenario: Path) -> None:
    refused(worldloom("run", scenario, "--local", "--generator", "text=oracle"), "oracle", "rules")
    refused(worldloom("run", scenario, "--local", "--generator", "smell=rules"), "smell", "text")


def test_a_folder_that_holds_something_is_left_alone(worldloom: Callable, scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    refused(worldloom("run", scenario, "--local", "--out", "mine"), "mine", "diary.txt", "--out")
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear"
    refused(worldloom("run", scenario, "--local", "--out", "brief.py"), "brief.py", "--out")


def test_a_run_is_never_overwritten(worldloom: Callable, scenario: Path, sealed: Path) -> None:
    refused(worldloom("run", scenario, "--local", "--out", sealed), "holds a run already", "resume")


def test_a_place_that_cannot_be_written(worldloom: Callable, scenario: Path) -> None:
    refused(worldloom("run", scenario, "--local", "--out", "/proc/run"), "/proc/run")


def test_no_cluster_at_the_address(worldloom: Callable, scenario: Path) -> None:
    done = worldloom("run", scenario, "--address", "127.0.0.1:1", "--out", "run")
    refused(done, "127.0.0.1:1", "--local")
    assert not (scenario.parent / "run").exists()


@pytest.mark.parametrize("verb", ["resume", "replay"])
def test_a_folder_that_is_no_run(worldloom: Callable, tmp_path: Path, verb: str) -> None:
    refused(worldloom(verb, tmp_path), str(tmp_path))
    refused(worldloom(verb, tmp_path / "nothing"), str(tmp_path / "nothing"))


@pytest.mark.parametrize("verb", ["resume", "replay"])
def test_a_run_of_a_newer_format(worldloom: Callable, sealed: Path, tmp_path: Path, verb: str) -> None:
    run = copy(sealed, tmp_path)
    text = (run / "run.json").read_text()
    (run / "run.json").write_text(text.replace('"format":1', '"format":2'))
    assert (run / "run.json").read_text() != text
    refused(worldloom(verb, run), "newer")


def test_a_second_writer_is_refused(worldloom: Callable, sealed: Path, tmp_path: Path) -> None:
    run = copy(sealed, tmp_path)
    with RunLock(run):
        refused(worldloom("resume", run), str(run))


def test_a_strangers_scenario_runs_only_with_trust_code(
    worldloom: Callable, sealed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "another"))
    refused(worldloom("replay", sealed), "--trust-code")
    assert worldloom("replay", sealed, "--trust-code").status == 0


def test_a_disk_that_takes_no_more_is_named_and_the_run_can_go_on(tmp_path: Path) -> None:
    (tmp_path / "brief.py").write_text(SCENARIO)
    code = (
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))\n"
        "from worldloom.cluster.commands.main import main\nmain()"
    )
    arguments = [sys.executable, "-c", code, "run", "brief.py", "--local", "--out", "run"]
    done = subprocess.run(arguments, cwd=tmp_path, **PIPES, timeout=300, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "worldloom: run: answers/" in done.stderr
    again = shell("run", "brief.py", "--local", "--out", "run", cwd=tmp_path)
    if again.returncode:  # it had got as far as its first checkpoint: then it is resumed
        again = shell("resume", "run", "--local", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert shell("audit", "run", cwd=tmp_path).returncode == 0


def test_a_new_scenario_is_written_runs_and_is_never_written_over(tmp_path: Path) -> None:
    made = shell("new", "shore", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert "worldloom run shore.py" in made.stdout
    told = shell("run", "shore.py", "--local", "--agents", "2", "--hours", "1", "--out", "run", "--json", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["state"] == "sealed"
    again = shell("new", "shore", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    assert "shore.py is there already" in again.stderr
