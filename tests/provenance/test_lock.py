"""One writer at a time, also across processes and deaths."""

import os
import subprocess
import sys

import pytest
from worldloom.provenance.errors import LockedError, StorageError
from worldloom.provenance.lock import RunLock, is_locked

HOLD = """
import sys
from pathlib import Path
from worldloom.provenance.lock import RunLock
RunLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_without_lock_is_not_locked(tmp_path):
    assert not is_locked(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path):
    with RunLock(tmp_path) as lock:
        assert lock.held
        assert is_locked(tmp_path)
        with pytest.raises(LockedError, match=str(os.getpid())):
            RunLock(tmp_path).acquire()
        with pytest.raises(LockedError, match="already"):
            lock.acquire()
    assert not is_locked(tmp_path)
    lock.release()
    with RunLock(tmp_path):
        pass


def test_a_killed_process_lets_go_and_is_named_while_it_lives(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"held\n"
        assert is_locked(tmp_path)
        with pytest.raises(LockedError, match=f"process {process.pid} "):
            RunLock(tmp_path).acquire()
    finally:
        process.kill()
        process.communicate()
    assert not is_locked(tmp_path)
    with RunLock(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_link_in_the_locks_place_is_not_followed(tmp_path):
    target = tmp_path / "other"
    target.write_text("precious")
    (tmp_path / "lock").symlink_to(target)
    with pytest.raises(StorageError):
        RunLock(tmp_path).acquire()
    with pytest.raises(StorageError):
        is_locked(tmp_path)
    assert target.read_text() == "precious"


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(StorageError):
        RunLock(tmp_path / "none").acquire()
