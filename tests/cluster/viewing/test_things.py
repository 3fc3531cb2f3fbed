"""Made things on the live page: cards, credentials judged as they lie there; runs at a glance; charts; audits."""

from __future__ import annotations

import json
import time

import pytest
from worldloom.cluster.viewing import charts
from worldloom.cluster.viewing.as_of import AsOf
from worldloom.cluster.viewing.auditing import Audits
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.glance import Glances, glance
from worldloom.cluster.viewing.things import card_of, lineage_of, told_of, words_of
from worldloom.provenance.audit import State
from worldloom.provenance.errors import StorageError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

from .conftest import START, SVG, GrowingRun


def followed(run: GrowingRun) -> Follower:
    run.commit()
    follower = Follower(run.folder)
    follower.look()
    return follower


def test_a_letter_shows_its_words_and_a_picture_its_file(growing: GrowingRun) -> None:
    growing.make(START + 60, b"Dear Bo,\ncome.", "text/plain", "A letter", craft="letter")
    growing.make(START + 90, SVG, "image/svg+xml", "A sign", craft="sign")
    follower = followed(growing)
    letter, sign = (card_of(thing, follower.story, "by-hand-1") for thing in follower.story.things)
    assert (letter.show, letter.craft, letter.maker, letter.time) == ("words", "letter", "Ida Hook", "day 1, 06:01")
    assert words_of(follower.story.things[0], follower.story, follower.storage) == "Dear Bo,\ncome."
    assert (sign.show, sign.address) == ("picture", f"/files/by-hand-1/{sign.path}")


def test_a_credential_is_judged_as_it_lies_there(growing: GrowingRun) -> None:
    growing.make(START + 60, SVG, "image/svg+xml", "A sign", craft="sign")
    follower = followed(growing)
    thing = follower.story.things[0]
    told = told_of(thing, follower.storage, Keystore.open().anchors())
    assert (told.mark, told.faults) == ("good", ())
    assert dict(told.recipe)["Made by"] == "procedural/pictures-by-hand"
    assert told_of(thing, follower.storage, []).mark == "fair"
    path = growing.folder / thing.evidence["path"]
    path.write_bytes(path.read_bytes().replace(b'width="9"', b'width="8"', 1))
    assert told_of(thing, follower.storage, []).mark == "bad"
    path.unlink()
    assert told_of(thing, follower.storage, []).state == "The file or its credential is missing"


def test_a_slow_reader_sees_the_log_as_it_was_when_it_began(growing: GrowingRun) -> None:
    growing.say(START + 60, 0, "One.")
    growing.commit()
    before = Storage(AsOf(growing.folder))
    for minute in range(2, 9):
        growing.say(START + 60 * minute, 0, "More.")
        growing.commit()
    growing.log.tidy()
    log = LogReader(before)
    assert [entry.time for entry in log.entries()] == [START, START, START, START + 60]
    assert log.root() == log.checkpoint.root
    assert LogReader(growing.storage).size == 11
    with pytest.raises(StorageError, match="for reading only"):
        before.write("log/checkpoint", b"")


def test_a_lineage_that_cannot_be_read_says_so(growing: GrowingRun) -> None:
    follower = followed(growing)
    assert "cannot be read" in lineage_of(follower.folder, "77" * 32)


def test_a_run_at_a_glance(growing: GrowingRun) -> None:
    growing.make(START + 60, b"Dear Bo", "text/plain", "A letter", craft="letter")
    growing.say(START + 3600, 0, "An hour.")
    growing.commit()
    seen = glance(growing.folder)
    assert (seen.title, seen.agents, seen.hours, seen.time, seen.share) == ("A day by hand", 3, 2, START + 3600, 0.5)
    assert (seen.artifacts, seen.state, seen.fault) == (1, State.INTERRUPTED, "")
    assert seen.size > 1000


def test_a_run_is_looked_at_again_when_its_log_has_grown(growing: GrowingRun) -> None:
    glances = Glances()
    first = glances.of(growing.folder)
    assert glances.of(growing.folder) is first
    growing.say(START + 3600, 0, "An hour.")
    growing.commit()
    assert glances.of(growing.folder).time == START + 3600


@pytest.mark.parametrize("content", [b"", b"[]", b'{"agents":"<b>"}', b"\xff"])
def test_a_run_whose_scenario_is_odd_has_a_fault_at_a_glance(growing: GrowingRun, content: bytes) -> None:
    (growing.folder / "scenario.json").write_bytes(content)
    assert glance(growing.folder).fault


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys_of(each)}
    return {key for each in value for key in keys_of(each)} if isinstance(value, list) else set()


def test_charts_are_plain_data_in_which_nothing_is_read_as_code(growing: GrowingRun) -> None:
    growing.events(START + 60, ("agent-0", ":formatter", None, None, {"name": "x"}))
    growing.make(START + 60, b"Dear Bo", "text/plain", "A letter", craft="</script>:x")
    story = followed(growing).story
    needs = {START: {"agent-0": {"hunger": 100, "tiredness": 200, "company": 300}}}
    for chart in (
        charts.talk_chart(story),
        charts.made_chart(story),
        charts.decisions_chart(story),
        charts.events_chart(story),
        charts.needs_chart(needs),
    ):
        assert json.loads(json.dumps(chart)) == chart
        # NiceGUI runs as JavaScript what stands under a key that begins with a colon.
        assert not any(key.startswith(":") for key in keys_of(chart))
        assert chart["tooltip"]["renderMode"] == "richText"


def test_an_audit_goes_on_beside_the_page_and_its_result_is_kept(growing: GrowingRun) -> None:
    audits = Audits()
    going = audits.begin(growing.folder, [])
    until = time.monotonic() + 60
    while not going.done and time.monotonic() < until:
        time.sleep(0.05)
    assert going.result is not None
    assert going.result.state == State.INTERRUPTED
    assert (going.number, going.share) == (going.of, 1.0)
    assert audits.of(growing.folder) is going
    assert audits.begin(growing.folder, []) is not going


def test_an_audit_of_what_is_gone_says_so(tmp_path) -> None:
    audits = Audits()
    going = audits.begin(tmp_path / "gone", [])
    until = time.monotonic() + 30
    while not going.done and time.monotonic() < until:
        time.sleep(0.05)
    assert going.fault
