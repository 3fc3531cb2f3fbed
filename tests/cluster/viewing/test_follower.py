"""Following a run folder: what is committed and nothing else, while it grows, breaks, is killed or replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worldloom.cluster.viewing import follower as module
from worldloom.cluster.viewing.follower import Follower, Followers, state_of
from worldloom.provenance.audit import State
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.lock import RunLock

from .conftest import START, GrowingRun


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FRESH_SECONDS", 0.0)


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*"))}


def test_what_is_committed_is_seen_and_what_is_not_yet_is_not(growing: GrowingRun) -> None:
    follower = Follower(growing.folder)
    follower.look()
    assert (follower.story.title, len(follower.story.people), follower.story.time) == ("A day by hand", 3, START)
    growing.say(START + 60, 0, "Good morning.")
    follower.look()
    assert list(follower.story.talk) == []
    growing.commit()
    follower.look()
    assert [row.detail["text"] for row in follower.story.talk] == ["Good morning."]
    assert follower.fault == ""


def test_following_changes_nothing_in_the_folder(growing: GrowingRun) -> None:
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    before = tree(growing.folder)
    Follower(growing.folder).look()
    assert tree(growing.folder) == before


def test_a_writer_can_lock_while_it_is_followed(growing: GrowingRun) -> None:
    follower = Follower(growing.folder)
    with RunLock(growing.folder):
        follower.look()
        assert follower.state == State.OPEN
    follower.look()
    assert follower.state == State.INTERRUPTED


def test_states_are_those_of_the_folder(growing: GrowingRun) -> None:
    assert state_of(growing.folder) == State.INTERRUPTED
    (growing.folder / "SEAL").write_text("")
    assert state_of(growing.folder) == State.SEALED


def test_a_killed_writer_s_leavings_are_not_read(growing: GrowingRun) -> None:
    (growing.folder / "bodies" / "000000000099.seg").write_bytes(b"half a segment")
    (growing.folder / "log" / "checkpoint.part").write_bytes(b"half a checkpoint")
    follower = Follower(growing.folder)
    follower.look()
    assert follower.fault == ""
    assert follower.story.entries == 3


def test_a_folder_that_has_not_begun_is_no_fault(growing: GrowingRun) -> None:
    (growing.folder / "log" / "checkpoint").unlink()
    follower = Follower(growing.folder)
    follower.look()
    assert (follower.fault, follower.begun, follower.story.entries) == ("", False, 0)


def test_a_log_that_moves_on_while_it_is_read_is_read_again(
    growing: GrowingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    follower = Follower(growing.folder)
    read, calls = Follower._read, []

    def slow(self: Follower, log: object) -> None:
        calls.append(log)
        if len(calls) == 1:  # the writer commits now, and old partial tiles go
            growing.say(START + 120, 1, "A fair one to you.")
            growing.commit()
            growing.log.tidy()
        read(self, log)

    monkeypatch.setattr(Follower, "_read", slow)
    follower.look()
    assert follower.fault == ""
    follower.look()
    assert [row.detail["text"] for row in follower.story.talk] == ["Good morning.", "A fair one to you."]


def test_a_corrupt_segment_is_a_fault_that_names_it_and_stays_one(growing: GrowingRun) -> None:
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    last = sorted((growing.folder / "bodies").iterdir())[-1]
    last.write_bytes(last.read_bytes()[:-5] + b"xxxxx")
    follower = Follower(growing.folder)
    for _ in range(2):
        follower.look()
        assert last.name in follower.fault
    assert follower.story.title == "A day by hand"


def test_a_body_of_another_shape_is_a_fault_that_stays_one(growing: GrowingRun) -> None:
    growing.log.append(EntryKind.ARTIFACT, START, {"type": "artifact", "recipe": 7})
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    follower = Follower(growing.folder)
    for _ in range(2):
        follower.look()
        assert "log entry 3 is not what its kind should be" in follower.fault
        assert list(follower.story.talk) == []


@pytest.mark.parametrize("name", ["run.json", "log/checkpoint"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'{"format":99}', b"[]"])
def test_a_corrupt_head_is_a_fault_not_an_exception(growing: GrowingRun, name: str, content: bytes) -> None:
    (growing.folder / name).write_bytes(content)
    follower = Follower(growing.folder)
    follower.look()
    assert follower.fault


def test_a_folder_that_vanishes_is_a_fault(growing: GrowingRun) -> None:
    follower = Follower(growing.folder)
    follower.look()
    shutil.rmtree(growing.folder)
    follower.look()
    assert follower.fault


def test_another_run_in_the_folder_s_place_is_told_anew(growing: GrowingRun) -> None:
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    follower = Follower(growing.folder)
    follower.look()
    shutil.rmtree(growing.folder)
    again = GrowingRun(growing.folder, run_id="another", title="Another day")
    again.begin()
    again.commit()
    follower.look()
    assert (follower.story.title, list(follower.story.talk), follower.fault) == ("Another day", [], "")


def test_the_version_changes_with_the_story_only(growing: GrowingRun) -> None:
    follower = Follower(growing.folder)
    follower.look()
    seen = follower.version
    follower.look()
    assert follower.version == seen
    growing.say(START + 60, 0, "Good morning.")
    growing.commit()
    follower.look()
    assert follower.version > seen


def test_the_pace_is_simulated_time_by_wall_time(growing: GrowingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    follower = Follower(growing.folder)
    with RunLock(growing.folder):
        for minute in range(1, 6):
            growing.say(START + 60 * minute, 0, "Well.")
            growing.commit()
            follower.look()
            clock[0] += 2
        assert follower.pace == 30
        assert follower.seconds_left == (2 * 3600 - 300) // 30
    follower.look()
    assert (follower.pace, follower.seconds_left) == (0, None)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_however_commits_fall_the_story_is_the_same(make_run: object, cuts: list[int]) -> None:
    name = "cut-" + "-".join(map(str, cuts))
    shutil.rmtree(make_run(name).folder)
    run = make_run(name)
    follower, minute = Follower(run.folder), 0
    for count in cuts:
        for _ in range(count):
            minute += 1
            run.say(START + 60 * minute, 0, f"Line {minute}.")
        run.commit()
        follower.look()
    at_once = Follower(run.folder)
    at_once.look()
    assert list(follower.story.talk) == list(at_once.story.talk)
    assert (follower.story.entries, follower.story.told) == (at_once.story.entries, at_once.story.told)


def test_one_folder_has_one_follower(growing: GrowingRun) -> None:
    followers = Followers()
    assert followers.of(growing.folder) is followers.of(growing.folder)


def test_a_story_is_kept_still_for_who_reads_it(growing: GrowingRun) -> None:
    follower = Follower(growing.folder)
    with follower.still(wait=True) as first, follower.still(wait=False) as second:
        assert (first, second) == (True, False)
    with follower.still(wait=False) as again:
        assert again
