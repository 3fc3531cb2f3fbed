"""The summary counts what log and answers hold, and gives report, seal and command line the same numbers."""

from pathlib import Path

from worldloom.cluster.closing.summary import RunSummary
from worldloom.cluster.options import Made
from worldloom.cluster.parts import Parts
from worldloom.provenance.log_reader import LogReader


def test_counts_are_those_of_the_log(by_hand):
    log = LogReader(by_hand.storage)
    summary = RunSummary.of(by_hand.storage)
    assert summary.counts() == {
        "agents": 6,
        "artifacts": 12,
        "contents": log.content_count,
        "decisions": 6,
        "entries": log.size,
        "events": len(by_hand.rows),
        "steps": 12 * 60,
    }
    assert (summary.log_root, summary.content_root) == (log.checkpoint.root.hex(), log.content_root().hex())
    assert summary.measures == {"knows_of_feast": 4}


def test_made_names_craft_makers_and_model(by_hand):
    image = f"procedural/{by_hand.pictures.identity.model}"
    assert RunSummary.of(by_hand.storage).made == (
        Made("emblem", 1, 1, image),
        Made("letter", 1, 1, "rules/village-1"),
        Made("portrait at the beginning", 5, 5, image),
        Made("prop", 1, 1, "embedded/props-by-hand"),
        Made("sign", 1, 1, image),
        Made("song", 1, 1, "procedural/tunes-by-hand"),
        Made("tile", 1, 1, image),
        Made("words", 1, 1, "rules/village-1"),
    )


def test_answers_are_counted_by_kind_and_land_is_no_model_call(by_hand):
    summary = RunSummary.of(by_hand.storage)
    assert summary.answers == {"image:procedural": 8, "mesh:embedded": 1, "sound:procedural": 1, "text:rules": 2}


def test_a_result_tells_own_calls_or_those_recorded(by_hand):
    parts = Parts()
    recorded = RunSummary.of(by_hand.storage, calls={}).result(Path("run"), "sealed", parts)
    assert recorded.calls == {"image:procedural": 8, "mesh:embedded": 1, "sound:procedural": 1, "text:rules": 2}
    own = RunSummary.of(by_hand.storage, calls={"text:rules": 9}).result(
        Path("run"), "sealed", parts, {"knows_of_feast": 2}, ("note",)
    )
    assert own.calls == {"text:rules": 9}
    assert (own.measures, own.notes, own.artifacts, own.steps) == ({"knows_of_feast": 2}, ("note",), 12, 720)
    assert own.to_json()["content_root"] == recorded.content_root
