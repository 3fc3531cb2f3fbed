"""Lineage over a real run: from every made thing back to persona, prompt, model and scenario; by the command too."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.digests import CONTENT, PROMPT, digest_bytes, digest_json

CRAFTS = {
    "letter": "text/plain",
    "sign": "image/svg+xml",
    "emblem": "image/png",
    "tile": "image/png",
    "prop": "model/gltf-binary",
    "song": "text/plain",
    "tune": "audio/wav",
    "portrait": "image/svg+xml",
}


def kinds_of(crafts: object, names: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(crafts.lineage.graph.nodes[name]["kind"], []).append(name)
    return found


def test_things_of_all_kinds_were_made(crafts: object) -> None:
    made = {(body["recipe"]["purpose"], body["media_type"]) for body in crafts.artifacts}
    assert made == set(CRAFTS.items())


def test_a_song_leads_to_what_happened(crafts: object) -> None:
    """From the tune to its words, to the decision, to the memory that it is about, to the event of that memory."""
    tunes = [body for body in crafts.decided if body["recipe"]["purpose"] == "tune"]
    assert tunes
    words = {body["payload"]: body for body in crafts.decided if body["recipe"]["purpose"] == "song"}
    for tune in tunes:
        text = words[tune["recipe"]["inputs"][0]]
        rests_on = crafts.lineage.ancestors(crafts.path / tune["file"])
        assert Path(text["file"]).stem in rests_on
        decision = next(
            body for body in crafts.decisions if body["id"] in crafts.lineage.graph[Path(tune["file"]).stem]
        )
        (memory,) = decision["memories"]
        assert decision["action"]["arguments"]["about"] == memory["id"]
        assert memory["source"] in rests_on
        assert memory["source"] in crafts.events or memory["source"] == "scenario"
        assert tune["recipe"]["parameters"]["words"] == (crafts.path / text["file"]).read_text("utf-8").strip()


def test_everybody_was_painted_as_the_world_began(crafts: object) -> None:
    assert len(crafts.slots) == 14
    for body in crafts.slots:
        rests_on = kinds_of(crafts, crafts.lineage.ancestors(crafts.path / body["file"]))
        assert rests_on["persona"] == [body["recipe"]["agent"]]
        assert "decision" not in rests_on


def test_letters_and_songs_hold_names_and_no_labels(crafts: object) -> None:
    texts = [body for body in crafts.decided if body["media_type"] == "text/plain"]
    assert texts
    for body in texts:
        text = (crafts.path / body["file"]).read_text("utf-8")
        assert not re.search(r"\b[epl][1-9]\b", text)
        assert all(name in text for name in body["recipe"]["parameters"].get("names", {}).values())


def test_every_artifact_leads_to_its_persona_prompt_model_and_scenario(crafts: object) -> None:
    for body in crafts.artifacts:
        recipe = body["recipe"]
        rests_on = kinds_of(crafts, crafts.lineage.ancestors(crafts.path / body["file"]))
        assert recipe["agent"] in rests_on["persona"]
        assert f"request:{recipe['request']}" in rests_on["request"]
        assert "scenario" in rests_on["scenario"]
        assert "genesis" in rests_on["genesis"]
        identity = recipe["generator"]
        name = f"model:{identity['backend']}/{identity['model']}"
        assert f"{name}@{identity['weights']}" if identity["weights"] else name in rests_on["model"]
        assert "missing" not in rests_on, body["title"]


def test_every_prop_names_the_weights_that_ship(crafts: object) -> None:
    import hashlib

    import worldloom.generators.weights.mesh as shipped

    weights = hashlib.sha256((Path(shipped.__file__).parent / "model.safetensors").read_bytes()).hexdigest()
    props = [body for body in crafts.artifacts if body["recipe"]["purpose"] == "prop"]
    assert props
    for body in props:
        models = [name for name in crafts.lineage.ancestors(crafts.path / body["file"]) if name.startswith("model:")]
        assert any(name.endswith(f"@{weights}") for name in models)


def test_every_artifact_was_decided_by_its_maker_in_an_answer(crafts: object) -> None:
    """Its first parent is a decision of the same agent, whose recorded answer chose kind and subject."""
    decisions = {digest_json(CONTENT, without_file(body)).hex(): body for body in crafts.decisions}
    book = AnswerBook(crafts.storage)
    for body in crafts.decided:
        recipe = body["recipe"]
        decision = decisions[recipe["parents"][0]]
        assert decision["agent"] == recipe["agent"]
        answer, wanted = book.get(decision["request"]).answer["text"], decision["action"]["arguments"]
        assert wanted["craft"] in answer
        assert (wanted["craft"], recipe["purpose"]) == ("song", "tune") or recipe["purpose"] == wanted["craft"]
        assert wanted["subject"] in answer or wanted["subject"] == wanted["to"], "a portrait is of whom it is for"
        recorded = book.get(recipe["request"])
        assert recorded.request["prompt"] == recipe["prompt"]
        assert recorded.payload or recorded.answer["text"]


def without_file(body: dict) -> dict:
    return {name: value for name, value in body.items() if name != "file"}


def test_no_hook_made_anything(crafts: object) -> None:
    by_scenario = [row for row in crafts.events.values() if row.actor == "scenario"]
    assert [row.kind for row in by_scenario] == ["tell"]


def test_every_prompt_is_the_recorded_one(crafts: object) -> None:
    book = AnswerBook(crafts.storage)
    for body in crafts.decisions:
        prompt = book.get(body["request"]).request["prompt"]
        assert digest_bytes(PROMPT, prompt.encode()).hex() == body["prompt"]


def test_memories_that_decisions_rest_on_have_sources_in_the_log(crafts: object) -> None:
    known = set(crafts.events) | {body["id"] for body in crafts.decisions} | {"scenario"}
    resting = [body for body in crafts.decisions if body["memories"]]
    assert len(resting) >= 5
    for body in resting:
        for memory in body["memories"]:
            assert memory["id"].startswith(f"memory-{body['agent'].removeprefix('agent-')}-")
            assert memory["source"] in known, body["id"]
            source = crafts.events.get(memory["source"])
            assert source is None or source.time <= int(body["id"].split("-")[1])


def test_a_memory_named_is_one_that_the_prompt_showed(crafts: object) -> None:
    """What a decision passes on stands in its prompt, so the model had it before it."""
    book = AnswerBook(crafts.storage)
    passing_on = [body for body in crafts.decisions if body["memories"] and body["action"]["kind"] == "say"]
    assert passing_on
    for body in passing_on:
        assert body["action"]["arguments"]["source"] in [memory["source"] for memory in body["memories"]]
        assert body["action"]["arguments"]["text"] in book.get(body["request"]).request["prompt"]


def test_every_event_of_an_agent_goes_back_to_a_decision_of_the_log(crafts: object) -> None:
    decided = {body["id"] for body in crafts.decisions}
    done = [row for row in crafts.events.values() if row.kind in ("say", "make", "give", "take", "move")]
    assert done
    for row in done:
        assert row.cause in decided or row.cause in crafts.events, row


@pytest.mark.parametrize("form", ["tree", "graphml", "json"])
@pytest.mark.parametrize("craft", CRAFTS)
def test_the_command_prints_it_in_all_formats(crafts: object, form: str, craft: str) -> None:
    body = next(each for each in crafts.artifacts if each["recipe"]["purpose"] == craft)
    code = "from worldloom.cluster.commands.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "lineage", str(crafts.path / body["file"]), "--format", form],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    recipe, digest = body["recipe"], Path(body["file"]).stem
    said = {"tree": tree_names, "graphml": graphml_names, "json": json_names}[form](done.stdout)
    for wanted in (recipe["agent"], "scenario", "genesis", digest[:12], recipe["request"][:12], "model"):
        assert any(wanted in name for name in said), (wanted, done.stdout[:2000])
    assert any(f"{recipe['generator']['backend']}/{recipe['generator']['model']}" in name for name in said)


def tree_names(text: str) -> set[str]:
    return set(text.replace("…", " ").replace(",", " ").split())


def graphml_names(text: str) -> set[str]:
    return {node.get("id") for node in ElementTree.fromstring(text).iter() if node.tag.endswith("}node")}


def json_names(text: str) -> set[str]:
    return {node["id"] for node in json.loads(text)["nodes"]}
