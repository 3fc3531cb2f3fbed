"""Stopping a run: only the process that holds its lock is interrupted, whatever the lock file says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.viewing.stopping import stop, writer_of

WRITER = """
import signal, sys, time
from pathlib import Path
from worldloom.provenance.lock import RunLock
if "deaf" in sys.argv: signal.signal(signal.SIGINT, signal.SIG_IGN)
if "deaf" in sys.argv: signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
with RunLock(Path(sys.argv[1])):
    if "liar" in sys.argv: (Path(sys.argv[1]) / "lock").write_text(sys.argv[-1])
    try:
        print("holds", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.fixture
def writer() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a process that holds a run's lock."""
    started = []

    def start(folder: Path, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WRITER, str(folder), *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "holds\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_writer_is_interrupted_as_by_ctrl_c(tmp_path: Path, writer: Callable) -> None:
    process = writer(tmp_path)
    assert stop(tmp_path) == process.pid
    assert process.wait(20) == 130


def test_a_writer_that_ignores_ctrl_c_is_asked_to_end(tmp_path: Path, writer: Callable) -> None:
    process = writer(tmp_path, "deaf")
    stop(tmp_path)
    assert process.wait(20) == 7


def test_a_run_that_nobody_writes_cannot_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(f"{os.getpid()}\n")
    with pytest.raises(RunFolderError, match="nobody writes this run"):
        stop(tmp_path)


@pytest.mark.parametrize("lie", ["1", "0", "-1", "99999999", "abc", "", "²", str(os.getppid())])
def test_a_lock_file_that_names_another_process_stops_nobody(tmp_path: Path, writer: Callable, lie: str) -> None:
    process = writer(tmp_path, "liar", lie)
    with pytest.raises(RunFolderError, match="not to be found here as yours"):
        stop(tmp_path)
    assert process.poll() is None


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path, writer: Callable) -> None:
    (tmp_path / "other").mkdir()
    writer(tmp_path / "other")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "lock").symlink_to(tmp_path / "other" / "lock")
    with pytest.raises(Exception, match="lock"):
        writer_of(tmp_path / "run")


def test_who_ends_before_the_signal_is_no_fault_of_the_page(tmp_path: Path, writer: Callable) -> None:
    process = writer(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    with pytest.raises(RunFolderError):
        stop(tmp_path)
