"""The run so far as the report tells of it: read on, not anew, and never more often than it is cheap."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worldloom.cluster.viewing import retelling as module
from worldloom.cluster.viewing.retelling import Reteller
from worldloom.provenance.entry import EntryKind

from .conftest import START, GrowingRun


@pytest.fixture(autouse=True)
def tells_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(module, "SHARE", 0)


def test_news_are_told_with_who_knows_when_and_from_whom(growing: GrowingRun) -> None:
    growing.news(START + 60, "There is a feast.")
    growing.commit()
    told = Reteller(growing.folder).tell(None)
    (chain,) = told.chains
    assert (chain.words, chain.count, told.people, told.fault) == ("There is a feast.", 3, 3, "")
    assert [(each.name, each.teller) for each in chain.learned] == [
        ("Ida Hook", ""),
        ("Bo Reed", "Ida Hook"),
        ("Cai Tar", "Bo Reed"),
    ]
    assert chain.drawing is not None
    assert chain.drawing.knowers == 3
    assert any("came to know" in sentence.text for chapter in told.chapters for sentence in chapter.sentences)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["say", "news", "commit", "tell"]), max_size=12))
def test_what_is_read_on_is_what_is_read_at_once(tmp_path_factory, steps: list[str]) -> None:
    run = GrowingRun(tmp_path_factory.mktemp("runs") / "by-hand-1")
    run.begin()
    run.commit()
    reteller = Reteller(run.folder)
    for number, step in enumerate(steps):
        time = START + 1500 * number
        if step == "say":
            run.say(time, 0, "Good morning.")
        elif step == "news":
            run.news(time, f"News {number}.")
        elif step == "commit":
            run.commit()
        else:
            reteller.tell(None)
    run.commit()
    grown, anew = reteller.tell(None), Reteller(run.folder).tell(None)
    assert (grown.chains, grown.chapters, grown.time) == (anew.chains, anew.chapters, anew.time)
    assert (grown.ties is None) == (anew.ties is None)
    if grown.ties and anew.ties:  # points move as little as they can, so they may stand elsewhere
        assert [line.words for line in grown.ties.lines] == [line.words for line in anew.ties.lines]


def test_where_nothing_is_new_the_telling_is_the_same_object(growing: GrowingRun) -> None:
    reteller = Reteller(growing.folder)
    assert reteller.tell(None) is reteller.tell(None)


def test_a_telling_that_took_long_is_not_soon_made_again(growing: GrowingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_SECONDS", 60.0)
    reteller = Reteller(growing.folder)
    before = reteller.tell(None)
    growing.news(START + 60, "There is a feast.")
    growing.commit()
    assert reteller.tell(None) is before


def test_points_move_little_when_somebody_says_one_thing_more(make_run) -> None:
    run = make_run("village-1", [f"Person {number}" for number in range(12)])
    for number in range(40):
        run.say(START + 60 * number, number % 12, "Good morning.")
    run.commit()
    reteller = Reteller(run.folder)
    before = reteller.tell(None).ties
    run.say(START + 4000, 3, "And again.")
    run.commit()
    after = reteller.tell(None).ties
    moved = [abs(one.x - two.x) + abs(one.y - two.y) for one, two in zip(before.points, after.points, strict=True)]
    assert sum(moved) / len(moved) < 120  # of 760 across: laid out anew they would jump anywhere


def test_a_body_that_is_none_is_a_fault_and_what_was_told_stays(growing: GrowingRun) -> None:
    growing.news(START + 60, "There is a feast.")
    growing.commit()
    reteller = Reteller(growing.folder)
    before = reteller.tell(None)
    growing.log.append(EntryKind.DECISION, START + 120, {"type": "decision", "surprise": 1})
    growing.commit()
    told = reteller.tell(None)
    assert told.chains == before.chains
    assert "log entry" in told.fault
