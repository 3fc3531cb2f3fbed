"""A run folded from its log: counts, talk, things and people so far."""

from __future__ import annotations

from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.telling import LONGEST, sentence
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventRow

from .conftest import START, SVG, GrowingRun


def story_of(run: GrowingRun):
    run.commit()
    follower = Follower(run.folder)
    follower.look()
    assert follower.fault == ""
    return follower.story


def test_progress_is_the_part_of_the_hours_of_which_the_log_tells(growing: GrowingRun) -> None:
    growing.say(START + 30 * 60, 0, "Half past six.")
    story = story_of(growing)
    assert (story.step, story.steps, story.share) == (30, 120, 0.25)


def test_a_run_that_has_ended_is_done_even_when_its_last_hour_was_quiet(growing: GrowingRun) -> None:
    growing.log.append(
        EntryKind.END, START + 7200, {"type": "end", "measures": {"knows": 2}, "counts": {}, "state": ""}
    )
    story = story_of(growing)
    assert (story.ended, story.share, story.measures) == (True, 1.0, {"knows": 2})


def test_talk_and_events_are_counted_by_slot_kind_and_speaker(growing: GrowingRun) -> None:
    growing.say(START + 60, 0, "One.")
    growing.say(START + 120, 0, "Two.")
    growing.say(START + 1860, 1, "Three.")
    growing.events(START + 1920, ("agent-2", "work", None, "place-2", {}))
    story = story_of(growing)
    assert dict(story.said) == {0: 2, 1: 1}
    assert dict(story.spoke) == {"agent-0": 2, "agent-1": 1}
    assert (story.told["say"], story.told["work"], story.events) == (3, 1, 4)


def test_decisions_are_counted_by_purpose_and_invalid_answers_apart(growing: GrowingRun) -> None:
    for number, status in enumerate(("ok", "ok", "invalid")):
        body = {"type": "decision", "id": f"decision-{number}", "purpose": "talk", "status": status, "agent": "agent-0"}
        growing.log.append(EntryKind.DECISION, START, body)
    story = story_of(growing)
    assert (story.chosen["talk"], story.invalid) == (3, 1)


def test_things_portraits_and_words_are_told_apart(growing: GrowingRun) -> None:
    letter = growing.make(START + 60, b"Dear Bo", "text/plain", "A letter", craft="letter")
    growing.make(START + 60, b"la la", "text/plain", "Words of a song", craft="words")
    growing.make(START, SVG, "image/svg+xml", "Ida", craft="portrait", slot="genesis")
    story = story_of(growing)
    assert [thing.name for thing in story.things] == [letter.digest]
    assert set(story.portraits) == {"agent-0"}
    assert len(story.words) == 1
    assert story.made["agent-0"] == 1


def test_what_somebody_does_lasts_as_long_as_its_event(growing: GrowingRun) -> None:
    growing.events(START, ("agent-0", "work", None, "place-0", {}))
    assert story_of(growing).activity("agent-0") == "working"
    growing.say(START + 600, 1, "Later.")
    assert story_of(growing).activity("agent-0") == "idle"
    growing.events(START + 660, ("agent-0", "move", "place-1", "place-0", {}))
    assert story_of(growing).activity("agent-0") == "walking"


def test_a_run_without_people_is_told_as_far_as_it_goes(make_run) -> None:
    run = make_run("nobody-1", names=())
    run.events(START + 60, ("agent-7", "turn", None, None, {}))
    story = story_of(run)
    assert (story.told["turn"], story.happened) == (1, 1)
    assert sentence(story.happenings[0], story.name, str) == "agent-7: turn"
    assert story.name("agent-77") == "agent-77"


def test_sentences_name_people_and_places_and_are_of_bounded_length() -> None:
    row = EventRow(0, 0, "agent-0", "give", "agent-1", "place-2", None, {"name": "Letter " + "x" * 900})
    told = sentence(row, {"agent-0": "Ida", "agent-1": "Bo"}.get, lambda place: f"the {place}")
    assert told.startswith("Ida gives “Letter xxx")
    assert len(told) == LONGEST


def test_an_event_of_an_unknown_kind_and_odd_detail_is_told_somehow() -> None:
    for detail in (None, 7, "text", ["x"], {"items": 3}):
        row = EventRow(0, 0, None, "juggle", None, None, None, detail)
        assert "juggle" in sentence(row, lambda who: who or "nobody", str)
