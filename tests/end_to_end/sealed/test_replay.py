"""Replay of real runs: from the recorded answers, and with every answer made anew, to the same content root."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster import Placement, ResumeOptions, RunResult, Silent
from worldloom.cluster.replaying import replay
from worldloom.generators.errors import NotRecordedError
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
