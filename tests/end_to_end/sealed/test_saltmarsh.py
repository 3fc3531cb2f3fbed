"""The whole day of the scenario that ships: things made and used, news that spreads, people who eat and sleep."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.audit import audit
from worldloom.provenance.digests import CONTENT, digest_json

pytestmark = pytest.mark.slow

MEDIA = {
    "letter": "text/plain",
    "sign": "image/svg+xml",
    "emblem": "image/png",
    "tile": "image/png",
    "prop": "model/gltf-binary",
    "song": "text/plain",
    "tune": "audio/wav",
}
NOTICED = ("give", "use", "read", "see", "sing")
EVENING = 19 * 3600
STEPS = 24 * 60


def test_it_is_sealed_and_clean(saltmarsh: object, anchors: list[bytes]) -> None:
    for path in (saltmarsh.chronicle.path, saltmarsh.chronicle.path.with_name("saltmarsh.zip")):
        result = audit(path, anchors=anchors)
        assert (result.exit_code, result.findings) == (0, ())
    assert saltmarsh.steps == STEPS


def test_twenty_things_of_all_kinds_by_ten_people(saltmarsh: object) -> None:
    made = saltmarsh.chronicle.decided
    assert len(made) >= 20
    assert {(body["recipe"]["purpose"], body["media_type"]) for body in made} >= set(MEDIA.items())
    assert len({body["recipe"]["agent"] for body in made}) >= 10


def test_words_pictures_solids_and_tunes_are_by_the_models_that_ship(saltmarsh: object) -> None:
    chronicle = saltmarsh.chronicle
    makers = {body["recipe"]["generator"]["backend"] for body in (*chronicle.decided, *chronicle.slots)}
    assert makers == {"embedded"}


def test_everybody_has_a_portrait(saltmarsh: object) -> None:
    assert [body["recipe"]["agent"] for body in saltmarsh.chronicle.slots] == list(saltmarsh.personas)


def test_songs_are_sung_and_heard(saltmarsh: object) -> None:
    sung = [row for row in saltmarsh.chronicle.events.values() if row.kind == "sing"]
    assert sung
    assert any(row.detail["heard"] for row in sung)


def test_the_page_stays_below_its_bound(saltmarsh: object) -> None:
    assert (saltmarsh.chronicle.path / "report.html").stat().st_size < 15_000_000


def test_each_of_them_reaches_somebody(saltmarsh: object) -> None:
    """Given, put up, used, read or seen; making it is not enough, and neither is its maker's own look at it."""
    events = saltmarsh.chronicle.events.values()
    items = {row.detail["artifact"]: row for row in events if row.kind == "make"}
    for body in saltmarsh.chronicle.decided:
        if body["recipe"]["purpose"] == "song":
            continue  # words; what people hear is the tune
        making = items[Path(body["file"]).stem]
        reached = [
            row.kind
            for row in events
            if row.kind in NOTICED
            and making.target in (row.target, (row.detail or {}).get("item"))
            and (row.kind != "see" or row.actor != making.actor)
        ]
        assert reached, f"{body['title']} by {making.actor} at {making.time} s"


def test_kind_and_subject_come_from_answers(saltmarsh: object) -> None:
    chronicle = saltmarsh.chronicle
    book = AnswerBook(chronicle.storage)
    bodies = [{name: value for name, value in body.items() if name != "file"} for body in chronicle.decisions]
    decisions = {digest_json(CONTENT, body).hex(): body for body in bodies}
    for body in chronicle.decided:
        recipe = body["recipe"]
        decision = decisions[recipe["parents"][0]]
        assert decision["agent"] == recipe["agent"]
        answer, wanted = book.get(decision["request"]).answer["text"], decision["action"]["arguments"]
        assert wanted["craft"] in answer
        assert wanted["subject"] in answer or wanted["subject"] == wanted["to"], "a portrait is of whom it is for"
    hooks = [row for row in chronicle.events.values() if row.actor == "scenario"]
    assert [row.kind for row in hooks] == ["tell"]


def test_their_subjects_differ(saltmarsh: object) -> None:
    made = [body for body in saltmarsh.chronicle.decided if body["recipe"]["purpose"] != "song"]
    titles = Counter(body["title"] for body in made)
    assert len(titles) >= 0.8 * len(made), titles.most_common(3)


def test_the_language_model_answers_in_a_twentieth_of_all_agent_steps(saltmarsh: object) -> None:
    decisions = saltmarsh.chronicle.decisions
    assert 0.05 <= len(decisions) / (STEPS * len(saltmarsh.personas)) <= 0.3


def test_at_most_two_in_five_decisions_wait(saltmarsh: object) -> None:
    decisions = saltmarsh.chronicle.decisions
    waits = sum(body["action"]["kind"] == "wait" for body in decisions)
    assert waits <= 0.4 * len(decisions)
    invalid = Counter(body["reason"] for body in decisions if body["status"] != "ok")
    assert sum(invalid.values()) <= 0.02 * len(decisions), invalid.most_common(3)


def test_several_know_of_the_feast_by_evening(saltmarsh: object) -> None:
    chronicle = saltmarsh.chronicle
    told = next(id_ for id_, row in chronicle.events.items() if row.kind == "tell")
    knowers = chronicle.lineage.knowers(told)
    assert sum(knower.time <= EVENING for knower in knowers) >= 5
    text = chronicle.events[told].detail["text"]
    for agent in saltmarsh.personas:
        remembers = any(text in memory.text for memory in saltmarsh.minds.memories(agent))
        assert remembers <= (agent in {knower.agent for knower in knowers}), f"{agent} was never told"


def test_nobody_stands_in_a_wall_or_in_the_water_at_any_step(saltmarsh: object) -> None:
    assert saltmarsh.strays == []


def test_everybody_eats_sleeps_and_goes_somewhere(saltmarsh: object) -> None:
    events = saltmarsh.chronicle.events.values()
    food = {row.actor for row in events if row.kind == "use" and row.detail["how"] == "eaten"}
    slept = {row.actor for row in events if row.kind == "rest" and row.detail["asleep"]}
    arrived = {row.actor for row in events if row.kind == "arrive"}
    everybody = set(saltmarsh.personas)
    assert food == everybody
    assert slept == everybody
    assert arrived == everybody


def test_they_sleep_at_night(saltmarsh: object) -> None:
    events = saltmarsh.chronicle.events.values()
    talk = Counter(row.time // 3600 % 24 for row in events if row.kind == "say")
    falls_asleep = Counter(row.time // 3600 % 24 for row in events if row.kind == "rest" and row.detail["asleep"])
    assert sum(talk[hour] for hour in range(1, 5)) <= 0.05 * sum(talk.values())
    assert sum(falls_asleep[hour] for hour in (20, 21, 22, 23, 0)) >= 0.7 * len(saltmarsh.personas)


@pytest.mark.external
def test_the_khronos_validator_finds_no_error_in_the_world(
    saltmarsh: object, khronos_validator: Callable[[Path], dict]
) -> None:
    report = khronos_validator(saltmarsh.chronicle.path / "world" / "world.glb")
    assert report["issues"]["numErrors"] == 0, report["issues"]["messages"][:5]
    assert report["info"]["drawCallCount"] > 1


@pytest.mark.external
def test_the_khronos_validator_finds_no_error_in_the_props(
    saltmarsh: object, khronos_validator: Callable[[Path], dict]
) -> None:
    props = [body for body in saltmarsh.chronicle.artifacts if body["media_type"] == "model/gltf-binary"]
    assert props
    for body in props:
        report = khronos_validator(saltmarsh.chronicle.path / body["file"])
        assert report["issues"]["numErrors"] == 0, (body["title"], report["issues"]["messages"][:5])


def test_the_map_is_1600_pixels_wide_and_no_flat_picture(saltmarsh: object) -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO((saltmarsh.chronicle.path / "world" / "map.png").read_bytes()))
    assert picture.width == 1600
    assert len(picture.convert("RGB").resize((160, 160)).getcolors(160 * 160)) > 100


def test_what_was_put_up_stands_in_the_exported_world(saltmarsh: object) -> None:
    data = (saltmarsh.chronicle.path / "world" / "world.glb").read_bytes()
    length = int.from_bytes(data[12:16], "little")
    nodes = json.loads(data[20 : 20 + length])["nodes"]
    shown = {node["extras"]["artifact"] for node in nodes if "artifact" in node.get("extras", {})}
    events = saltmarsh.chronicle.events.values()
    put_up = {row.detail["artifact"] for row in events if row.kind == "use" and row.detail["how"] == "put up"}
    assert put_up
    assert put_up <= shown
    assert shown <= {Path(body["file"]).stem for body in saltmarsh.chronicle.artifacts}
