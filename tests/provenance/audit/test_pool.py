"""Several processes find the same as one, in the same order; one that dies takes no other along."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.pool import in_order

LOST = "lost"


def lost(_number):
    return LOST


def test_few_tasks_start_no_process():
    assert list(in_order(lambda number: (number, os.getpid()), [1, 2], 2, lost)) == [(n, os.getpid()) for n in (1, 2)]


def test_results_stand_in_order_and_a_task_that_ends_its_process_is_the_only_one_lost():
    """A function of the standard library, which other processes need not import: signal 0 does nothing."""
    tasks = [0, 0, signal.SIGKILL, *[0] * 9]
    assert list(in_order(signal.raise_signal, tasks, 2, lost, few=2)) == [None, None, LOST, *[None] * 9]
    assert list(in_order(abs, range(-20, 0), 2, lost, few=2)) == list(range(20, 0, -1))


@pytest.mark.parametrize("which", ["folder", "zip"])
def test_a_run_on_two_processes(run, monkeypatch, which):
    monkeypatch.setattr("worldloom.provenance.audit.pool.in_order.__defaults__", (2,))
    letter = next(run.path.glob("artifacts/*/*.txt"))
    letter.write_bytes(b"Stay at home.\n")
    path = run.path if which == "folder" else run.zip
    at = datetime.now(UTC)
    one, two = (audit(path, anchors=run.anchors, at=at, jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert one.ok == (which == "zip")
