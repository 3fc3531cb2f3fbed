"""What command lines the page starts: nothing that a visitor writes can become an option."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.options import Placement, RunOptions
from worldloom.cluster.viewing import processes
from worldloom.cluster.viewing.catalogue import Catalogue
from worldloom.cluster.viewing.processes import Job, Jobs
from worldloom.cluster.viewing.site import Site

ECHO = (sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))")
FAILS = (sys.executable, "-c", "import sys; sys.stderr.write('no room on <b>disk</b>'); sys.exit(1)")


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_COMMAND", ECHO)


def said(job: Job) -> list[str]:
    assert job.process.wait(30) == 0
    return json.loads(job.last_words())


def test_a_run_is_asked_for_as_on_the_command_line(echo: None, tmp_path: Path) -> None:
    options = RunOptions("saltmarsh", tmp_path / "x-1", 5, 6, 3, {"text": "rules"}, Placement(local=True))
    asked = said(Jobs().run(options))
    numbers = ["--seed", "5", "--agents", "6", "--hours", "3"]
    where = ["--local", "--out", str(tmp_path / "x-1")]
    assert asked == ["run", *numbers, "--generator", "text=rules", *where, "--", "saltmarsh"]


def test_what_is_not_said_is_left_to_the_scenario(echo: None, tmp_path: Path) -> None:
    asked = said(Jobs().run(RunOptions("town", tmp_path / "x")))
    assert asked == ["run", "--cohorts", "2", "--out", str(tmp_path / "x"), "--", "town"]


def test_a_scenario_or_folder_cannot_become_an_option(echo: None, tmp_path: Path) -> None:
    asked = said(Jobs().run(RunOptions("--help", tmp_path / "x")))
    assert asked.index("--") < asked.index("--help")
    resumed = said(Jobs().resume(Path("--trust-code"), Placement(address="127.0.0.1:6379")))
    assert resumed == ["resume", "--cohorts", "2", "--address", "127.0.0.1:6379", "--", "--trust-code"]


def test_a_process_that_fails_leaves_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "_COMMAND", FAILS)
    jobs = Jobs()
    job = jobs.resume(tmp_path, Placement(local=True))
    assert job.process.wait(30) == 1
    assert (job.failed, job.running, jobs.running()) == (True, False, [])
    assert job.last_words() == "no room on <b>disk</b>"


def site(folder: Path) -> Site:
    return Site(Catalogue.of([folder]), ["saltmarsh"])


def test_only_scenarios_that_were_offered_can_be_begun(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="not among the scenarios"):
        site(tmp_path).begin(RunOptions("/etc/passwd"))


def test_a_run_that_ends_at_once_tells_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "_COMMAND", FAILS)
    with pytest.raises(RunFolderError, match="no room on"):
        site(tmp_path).begin(RunOptions("saltmarsh"))


def test_only_an_interrupted_run_can_be_resumed(growing: object) -> None:
    (growing.folder / "SEAL").write_text("")
    page = site(growing.folder.parent)
    with pytest.raises(RunFolderError, match="is not interrupted"):
        page.resume(page.follower("by-hand-1"))
