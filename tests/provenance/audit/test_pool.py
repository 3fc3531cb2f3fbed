"""Several processes find the same as one, in the same order; one that dies takes no other along."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.log_index import lost_part
from worldloom.provenance.audit.pool import Workers
from worldloom.provenance.audit.segment import segments_of
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.segments import decode_segment, encode_segment, make_item

LOST = "lost"


def lost(_number):
    return LOST


def test_with_little_to_do_no_process_is_started():
    with Workers(2) as workers:
        done = workers.in_order(lambda number: (number, os.getpid()), [1, 2], lost, much=False)
        assert list(done) == [(number, os.getpid()) for number in (1, 2)]


def test_results_stand_in_order_and_a_task_that_ends_its_process_is_the_only_one_lost():
    """A function of the standard library, which other processes need not import: signal 0 does nothing."""
    tasks = [0, 0, signal.SIGKILL, *[0] * 9]
    with Workers(2) as workers:
        done = list(workers.in_order(signal.raise_signal, tasks, lost, much=True, batch=4))
        assert done == [None, None, LOST, *[None] * 9]
        # And the same processes, or others in their place, go on with other tasks.
        assert list(workers.in_order(abs, range(-40, 0), lost, much=True)) == list(range(40, 0, -1))


def test_tasks_are_taken_as_they_are_needed():
    """Not all of them need to fit into memory."""
    taken = []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield -number

    with Workers(2) as workers:
        done = workers.in_order(abs, tasks(), lost, much=True, batch=2)
        assert next(done) == 0
        assert len(taken) < 30
        assert list(done) == list(range(1, 100))


def test_where_no_process_can_start_all_is_done_here(monkeypatch):
    """As in a program without the guard that multiprocessing asks for: nothing is called lost for that."""
    monkeypatch.setattr("multiprocessing.spawn.get_command_line", lambda **_: ["/bin/false"])
    with Workers(2) as workers:
        assert list(workers.in_order(abs, range(-40, 0), lost, much=True)) == list(range(40, 0, -1))


@pytest.fixture
def little_is_much(monkeypatch):
    """Processes are started for every run, however small."""
    for name, value in (("ahead.FEW", 1), ("opened.MUCH", 1), ("answers.MUCH_ANSWERED", 1)):
        monkeypatch.setattr(f"worldloom.provenance.audit.{name}", value)


def on_one_and_two(path, anchors):
    at = datetime.now(UTC)
    one, two = (audit(path, anchors=anchors, at=at, jobs=jobs) for jobs in (1, 2))
    assert one == two
    return one


@pytest.mark.usefixtures("little_is_much")
@pytest.mark.parametrize("which", ["folder", "zip"])
def test_a_run_on_two_processes(run, which):
    letter = next(run.path.glob("artifacts/*/*.txt"))
    letter.write_bytes(b"Stay at home.\n")
    assert on_one_and_two(run.path if which == "folder" else run.zip, run.anchors).ok == (which == "zip")


@pytest.mark.usefixtures("little_is_much")
def test_bodies_and_answers_that_were_changed_on_two_processes(run):
    """A body and an answer that are not those that were logged, and a segment cut short."""
    first, *_, last = sorted(run.path.glob("bodies/*.seg"))
    changed = [first, *run.path.glob("answers/*1.seg"), *run.path.glob("answers/*2.seg")]
    for path in changed[:-1]:
        items = decode_segment(path.read_bytes())
        other = make_item(items[0].type, items[0].digest, b'{"type":"another"}')
        path.write_bytes(encode_segment([other, *items[1:]]))
    for path in (last, changed[-1]):
        path.write_bytes(path.read_bytes()[:-5])
    told = {run.path / finding.path for finding in on_one_and_two(run.path, run.anchors).faults}
    assert told >= {last, *changed}


def test_a_segment_that_ends_its_process_is_one_fault(original):
    second = list(segments_of(LogReader(original.maker.storage)))[1]
    part = lost_part(second)
    assert [gist.index for gist in part.gists] == list(range(second.first, second.first + len(second.entries)))
    faults = [gist.fault for gist in part.gists if gist.fault]
    assert faults == ["cannot be read: reading it ended the process that did"]
    assert not part.places
    assert part.seal is None
