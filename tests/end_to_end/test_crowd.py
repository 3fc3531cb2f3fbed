"""A crowd from scenario to sealed run: audited, replayed, forked, asked of its lineage, stopped and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster.finished import FinishedRun
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.ids import EventId

COMMAND = "from worldloom.cluster.commands.main import main; main()"
SMALL = ("--agents", "600", "--hours", str(24 * 40))

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def worldloom(tmp_path_factory: pytest.TempPathFactory, keystore_of_the_tests: Path) -> Command:
    """Run `worldloom` in a process of its own."""
    folder = tmp_path_factory.mktemp("crowd")

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *map(str, words)],
            cwd=folder,
            env={**os.environ, "WORLDLOOM_HOME": str(keystore_of_the_tests)},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    call.folder = folder  # type: ignore[attr-defined]
    return call


@pytest.fixture(scope="module")
def run(worldloom: Command) -> Path:
    done = worldloom("run", "epidemic", *SMALL, "--out", "run")
    assert done.returncode == 0, done.stderr
    return worldloom.folder / "run"


def test_it_audits_clean_with_its_zip(worldloom: Command, run: Path) -> None:
    done = worldloom("audit", run, run.with_suffix(".zip"), "--json")
    assert done.returncode == 0, done.stdout


def test_it_comes_out_again(worldloom: Command, run: Path) -> None:
    done = worldloom("replay", run, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["equal"] is True


def test_an_infection_leads_back_to_a_first_case_along_events(worldloom: Command, run: Path) -> None:
    log = FinishedRun.open(run).log
    blocks = (log.content(index) for index, entry in enumerate(log.entries()) if entry.kind == EntryKind.EVENTS)
    second = next(
        EventId(block.time, block.range, at)
        for block in blocks
        for at, row in enumerate(block.rows)
        if row.kind == "catch_from" and row.cause
    )
    done = worldloom("lineage", run, second)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("catch_from") == 2
    assert "genesis" in done.stdout


def test_another_seed_is_another_epidemic_and_the_same_is_the_same(worldloom: Command, run: Path) -> None:
    roots = [
        json.loads(worldloom("run", "epidemic", *SMALL, "--seed", seed, "--out", f"seed-{seed}", "--json").stdout)
        for seed in (7, 8)
    ]
    same = json.loads(worldloom("replay", run, "--json").stdout)["content_root"]
    assert roots[0]["content_root"] == same
    assert roots[1]["content_root"] != same


def test_a_fork_at_a_day_comes_to_the_same_and_seals(worldloom: Command, run: Path) -> None:
    done = worldloom("fork", run, "--at", "day 20, 00:00", "--hours", 24 * 41, "--out", "fork")
    assert done.returncode == 0, done.stderr
    assert worldloom("audit", "fork").returncode == 0


def test_a_run_that_was_stopped_goes_on_to_the_same_end(worldloom: Command, keystore_of_the_tests: Path) -> None:
    words = ("run", "schelling", "--agents", "1200", "--hours", "500", "--out", "stopped")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words],
        cwd=worldloom.folder,
        env={**os.environ, "WORLDLOOM_HOME": str(keystore_of_the_tests)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    snapshots = worldloom.folder / "stopped" / "snapshots"
    deadline = time.monotonic() + 120
    while not (snapshots.is_dir() and len(list(snapshots.iterdir())) > 1) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    done = worldloom("resume", "stopped", "--json")
    assert done.returncode == 0, done.stderr
    whole = worldloom(*words[:-1], "whole", "--json")
    assert json.loads(done.stdout)["content_root"] == json.loads(whole.stdout)["content_root"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "schelling", "--agents", "2000", "--out", "x"), "2000 agents find no room on 1296 cells"),
        (("run", "schelling", "--generator", "text=rules", "--out", "x"), "asks no generator"),
        (("ask", "run", "agent-3", "Are you ill?"), "have no minds"),
    ],
)
def test_what_a_crowd_cannot_is_told(worldloom: Command, run: Path, words: tuple[str, ...], said: str) -> None:
    done = worldloom(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "fault in Worldloom" not in done.stderr
