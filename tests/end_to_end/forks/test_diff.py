"""Comparing real runs: forks with their parents and with each other, and runs of different seeds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.diff_side import Side
from worldloom.cluster.diffing import Share, diff
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.parting import relation

PARTS = 39_600


@pytest.fixture(scope="session")
def seeded(village_file, makers, keystore_home, tmp_path_factory, village):
    """The village with another seed."""
    out = tmp_path_factory.mktemp("runs") / "other"
    options = RunOptions(str(village_file), out=out, seed=6, placement=Placement(local=True), home=keystore_home)
    return run(options, Silent())


def test_a_run_differs_from_itself_in_nothing(village):
    result = diff(village.run, village.run)
    assert (result.parting, result.scenario, result.relation) == (None, {}, "both are the same run")
    assert result.words.whole.differing == result.things.whole.differing == result.decisions.whole.differing == 0
    assert all(one == two for one, two in [*result.counts.values(), *result.measures.values()])


def test_a_fork_that_goes_the_same_way_differs_in_nothing_but_what_it_is(village, same):
    result = diff(village.run, same.run)
    assert result.relation == f"the second is a fork of the first, from {PARTS} s on"
    assert (result.parting, result.scenario) == (None, {})
    assert result.words.whole.differing == result.decisions.whole.differing == result.things.whole.differing == 0


def test_forks_part_where_their_makers_answer_differently_first(village, muted):
    result = diff(village.run, muted.run)
    assert result.scenario == {
        f"generators.text@{PARTS}": ("", "mute/mute-1"),
        "scenario.generators.text": ("rules", "mute"),
    }
    parting = result.parting
    assert parting.time >= PARTS
    assert parting.here == parting.there
    assert parting.here.startswith("decision decision-")
    assert {"answer", "status"} <= set(parting.fields)
    number = FinishedRun.open(muted.run).parent.content_count
    assert parting.number >= number
    entries = [FinishedRun.open(each.run).indices[parting.number] for each in (village, muted)]
    assert list(parting.entries) == entries


def test_what_only_one_of_two_forks_has_comes_after_they_part(village, muted):
    result = diff(village.run, muted.run)
    for part in (result.decisions, result.words, result.things):
        for item in (*part.only_first, *part.only_second):
            assert item.time >= result.parting.time
    assert result.words.only_first, "the village speaks after eleven"
    assert not result.words.only_second, "the fork is mute"
    assert result.words.later.second == 0
    assert result.words.later.differing == 1


def test_it_does_not_matter_which_comes_first(village, muted):
    one, two = diff(village.run, muted.run), diff(muted.run, village.run)
    assert two.relation == f"the first is a fork of the second, from {PARTS} s on"
    assert (one.parting.number, one.parting.time) == (two.parting.number, two.parting.time)
    assert one.words.only_first == two.words.only_second
    assert one.decisions.whole.differing == two.decisions.whole.differing


def test_forks_of_one_run_are_known_as_such(muted, same, village):
    run_id = FinishedRun.open(village.run).run_id
    assert diff(muted.run, same.run).relation == f"both are forks of {run_id}"


def test_runs_of_different_seeds_differ_from_genesis_on_in_most_of_what_is_said(village, seeded):
    result = diff(village.run, seeded.run)
    assert result.relation == "neither is a fork of the other"
    assert result.scenario["scenario.seed"] == ("5", "6")
    assert (result.parting.number, result.parting.here) == (1, "genesis")
    assert result.words.whole.differing > 0.5
    assert result.nameless.whole.differing <= result.words.whole.differing


def test_words_without_names_hold_no_name_of_anybody(village):
    result = diff(village.run, village.run)
    assert result.nameless.whole == result.words.whole
    run_ = FinishedRun.open(village.run)
    names = {part for person in run_.log.content(run_.indices[1])["personas"] for part in person["name"].split()}
    said = Side.read(run_).words
    assert any(name in item.words for item in said for name in names)
    assert not any(name in item.nameless.split() for item in said for name in names)


def test_a_parent_that_was_changed_is_no_parent_any_more(village, muted, tmp_path):
    copy = Path(shutil.copytree(village.run, tmp_path / "village"))
    bundle = max(path for path in copy.glob("log/tile/entries/**/*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    data[84 * 10 + 60] ^= 1
    bundle.write_bytes(bytes(data))
    run_ = FinishedRun.open(copy)
    assert relation(run_, FinishedRun.open(muted.run)).endswith("but not of what its log holds now")


def test_what_is_no_finished_run_cannot_be_compared(village, tmp_path):
    with pytest.raises(RunFolderError, match="so it is no run"):
        diff(village.run, tmp_path)


def test_json_holds_everything(village, muted):
    told = json.loads(json.dumps(diff(village.run, muted.run).to_json()))
    assert not told["same"]
    assert told["parting"]["time"] >= PARTS
    assert told["words"]["later"]["differing"] == 1
    assert len(told["words"]["only_first"]) == told["words"]["whole"]["first"] - told["words"]["whole"]["common"]
    assert set(told["measures"]) >= {"knows_of_feast", "decisions"}


WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


@given(first=WORDS, second=WORDS)
def test_a_share_is_symmetric_zero_for_equals_and_one_for_strangers(first, second):
    share = Share.of(first, second)
    assert share.differing == Share.of(second, first).differing
    assert 0 <= share.differing <= 1
    assert (share.differing == 0) == (sorted(first) == sorted(second))
    assert (share.differing == 1) == (not set(first) & set(second) and bool(first or second))


@given(words=WORDS)
def test_what_is_said_twice_counts_twice(words):
    assert Share.of(words, words * 2).common == len(words)
