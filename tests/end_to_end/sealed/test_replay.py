"""Replay of real runs: from the recorded answers, and with every answer made anew, to the same content root."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster import Placement, ResumeOptions, RunResult, Silent, replay_makers, resampling
from worldloom.cluster.replaying import replay
from worldloom.generators.errors import NotRecordedError, WeightsError
from worldloom.generators.requests import Answer
from worldloom.provenance.audit import audit
from worldloom.provenance.errors import ProvenanceError, StorageError

LOCAL = Placement(local=True)


def listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def reproduced(run: Path, anchors: list[bytes]) -> tuple[int, str]:
    """What an audit says: its exit code, and the level that only a receipt can fill."""
    result = audit(run, anchors=anchors)
    return result.exit_code, result.levels["reproduced"]


def test_from_recorded_answers_it_is_equal_and_writes_nothing_into_the_run(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path]
) -> None:
    moved = copy(crafts_run.run)
    before = listing(moved)
    result = replay(moved, ResumeOptions(LOCAL, home=keystore_home), Silent())
    assert (result.equal, result.first_difference) == (True, "")
    assert result.replayed_root == result.content_root == crafts_run.content_root
    assert result.regenerated == {}, "a replay asks no model"
    assert listing(moved) == before


def test_with_all_answers_made_anew_it_is_equal_and_every_answer_agrees(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path]
) -> None:
    result = replay(copy(crafts_run.run), ResumeOptions(LOCAL, regenerate=True, home=keystore_home), Silent())
    assert result.equal, result.first_difference
    assert result.agreeing == result.regenerated
    kinds = {key.partition(":")[0]: count for key, count in result.regenerated.items()}
    assert set(kinds) == {"text", "image", "mesh", "sound", "terrain"}
    assert dict(crafts_run.calls).items() <= result.regenerated.items()


@pytest.mark.parametrize("options", [[], ["--regenerate"]])
def test_the_command_says_so_and_its_receipt_fills_the_audits_last_level(
    small_run: RunResult, keystore_home: Path, anchors: list[bytes], copy: Callable[[Path], Path], options: list[str]
) -> None:
    moved = copy(small_run.run)
    assert reproduced(moved, anchors) == (0, "not checked")
    code = "from worldloom.cluster.commands.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "replay", str(moved), *options, "--json"],
        env={**os.environ, "WORLDLOOM_HOME": str(keystore_home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["equal"]
    assert said["replayed_root"] == said["content_root"] == small_run.content_root
    assert bool(said["regenerated"]) == bool(options)
    assert said["agreeing"] == said["regenerated"]
    assert reproduced(moved, anchors) == reproduced(moved.with_name("small.zip"), anchors) == (0, "pass")


def test_a_sample_is_made_anew_and_fills_the_audits_last_level(
    crafts_run: RunResult, keystore_home: Path, anchors: list[bytes], copy: Callable[[Path], Path]
) -> None:
    moved = copy(crafts_run.run)
    options = ResumeOptions(LOCAL, regenerate=True, sample="3", home=keystore_home)
    result = replay(moved, options, Silent())
    assert (result.equal, result.same_class, result.class_differences, result.left) == (True, True, (), {})
    assert result.agreeing == result.regenerated
    assert {key.partition(":")[0] for key in result.regenerated} == {"text", "image", "mesh", "sound", "terrain"}
    assert sum(result.regenerated.values()) == result.sample.drawn < result.sample.of
    assert max(result.regenerated.values()) == 3
    assert replay(moved, options, Silent()).sample == result.sample, "nobody chooses"
    assert reproduced(moved, anchors) == (0, "pass")


def test_a_sample_tells_what_cannot_be_made_anew_and_what_differs(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(kind: str, spec: str) -> object:
        if kind == "image":
            raise WeightsError("no weights of that digest are here; get them from who made the run")
        return Odd(real(kind, spec), kind)

    class Odd:
        """Text that does not promise to repeat itself, sounds by other weights, props that come out otherwise."""

        def __init__(self, real: object, kind: str) -> None:
            changes = {"text": {"repeatable": False}, "sound": {"weights": "00" * 32}}
            self.identity = dataclasses.replace(real.identity, **changes.get(kind, {}))

        def generate(self, requests: list) -> list:
            return [Answer(detail="other") for _ in requests]

    real = resampling.resolve
    monkeypatch.setattr(resampling, "resolve", resolve)
    monkeypatch.setattr("worldloom.cluster.class_check.numeric_class", lambda: {"machine": "other", "libraries": {}})
    options = ResumeOptions(LOCAL, regenerate=True, sample="50%", home=keystore_home)
    result = replay(copy(crafts_run.run), options, Silent())
    assert (result.equal, result.same_class) == (False, False)
    assert result.class_differences[0].startswith("blas "), "where they differ"
    assert result.agreeing == {**dict.fromkeys(result.regenerated, 0), "terrain:procedural": 1}
    why = {key.partition(":")[0]: left.why for key, left in result.left.items()}
    assert set(why) == {"text", "image", "sound"}
    assert "promise" in why["text"]
    assert "no weights" in why["image"]
    assert "its weights" in why["sound"]


def test_a_receipt_counts_for_its_own_run_only(
    crafts_run: RunResult, small_run: RunResult, keystore_home: Path, anchors: list[bytes], copy: Callable
) -> None:
    small, crafts = copy(small_run.run), copy(crafts_run.run)
    receipt = replay(small, ResumeOptions(LOCAL, home=keystore_home), Silent()).receipt
    receipt.rename(crafts.with_name("crafts.replay"))
    assert reproduced(crafts, anchors)[1] == "fail"
    assert reproduced(small, anchors)[1] == "not checked"


def test_a_changed_answer_is_noticed(crafts: object, keystore_home: Path, copy: Callable[[Path], Path]) -> None:
    moved = copy(crafts.path)
    name = next(body["payload"] for body in crafts.artifacts if body["media_type"] == "model/gltf-binary")
    blob = moved / "answers" / "blobs" / name[:2] / name
    blob.write_bytes(blob.read_bytes() + b"\0")
    with pytest.raises(ProvenanceError, match=name[:16]):
        replay(moved, ResumeOptions(LOCAL, home=keystore_home), Silent())


@pytest.fixture
def reseeded(small_run: RunResult, copy: Callable[[Path], Path]) -> Path:
    """A run whose scenario asks for another land and other people than its log tells of."""
    moved = copy(small_run.run)
    folded = moved / "scenario.json"
    assert b'"seed":3,' in folded.read_bytes()
    folded.write_bytes(folded.read_bytes().replace(b'"seed":3,', b'"seed":4,'))
    return moved


def test_a_run_that_gives_other_answers_is_measured_to_its_end(
    reseeded: Path, small_run: RunResult, keystore_home: Path
) -> None:
    """As on a machine of another numeric class: after the first answer that differs, others differ too."""
    result = replay(reseeded, ResumeOptions(LOCAL, regenerate=True, home=keystore_home), Silent())
    assert not result.equal
    assert result.first_difference.startswith("content 0: scenario")
    assert result.replayed_root != result.content_root == small_run.content_root
    assert result.regenerated["text:rules"] > result.agreeing["text:rules"] == 0


@pytest.fixture
def other_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are made by other weights here than in the run."""
    real = replay_makers.who_answers

    def known(scenario: object) -> dict:
        found = real(scenario)
        return found | {"image": dataclasses.replace(found["image"], weights="00" * 32)}

    monkeypatch.setattr(replay_makers, "who_answers", known)


@pytest.mark.usefixtures("other_weights")
def test_a_replay_from_recordings_needs_none_of_the_models(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path]
) -> None:
    assert replay(copy(crafts_run.run), ResumeOptions(LOCAL, home=keystore_home), Silent()).equal


@pytest.mark.usefixtures("other_weights")
def test_a_regeneration_by_other_weights_ends_at_once_and_names_them(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path]
) -> None:
    with pytest.raises(WeightsError, match=r"image: procedural/.* another weights.* --sample"):
        replay(copy(crafts_run.run), ResumeOptions(LOCAL, regenerate=True, home=keystore_home), Silent())


def test_a_replay_that_asks_what_was_never_answered_says_so(reseeded: Path, keystore_home: Path) -> None:
    with pytest.raises(NotRecordedError, match="no answer is recorded for terrain request"):
        replay(reseeded, ResumeOptions(LOCAL, home=keystore_home), Silent())


def test_a_receipt_that_cannot_be_written_is_told_beside_what_was_found(small_run, keystore_home, copy, monkeypatch):
    def refuse(*_):
        raise StorageError("small.replay: the file system is read-only")

    monkeypatch.setattr("worldloom.cluster.replaying.write_receipt", refuse)
    result = replay(copy(small_run.run), ResumeOptions(LOCAL, home=keystore_home), Silent())
    assert result.equal
    assert result.receipt is None
    assert "read-only" in result.receipt_fault
