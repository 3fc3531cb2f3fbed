"""`worldloom train` and `worldloom evaluate`, on the 3D model with as few steps and samples as there can be."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from worldloom.generators.mesh.course import course
from worldloom.generators.mesh.model import load_model
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train
from worldloom.provenance.digests import file_digest

SMALL = ("--steps", 2, "--rows", 2, "--samples", 1)


@pytest.fixture
def made(worldloom, tmp_path):
    out = tmp_path / "out"
    done = worldloom("train", "mesh", *SMALL, "--seed", 4, "--out", out, "--json")
    assert done.status == 0, done.err
    return out, json.loads(done.out)


def test_a_training_from_the_command_line_can_be_used_judged_verified_and_written_again(worldloom, made, tmp_path):
    out, told = made
    assert told["steps"] == 2
    assert {metric["name"] for metric in told["metrics"]} >= {"loss_seen", "loss_held_out", "kind_obeyed_seen"}
    assert "--seed 4 --steps 2 --rows 2" in (out / "README.md").read_text(encoding="utf-8")
    load_model(out)

    verified = worldloom("evaluate", "mesh", "--folder", out, "--verify")
    assert verified.status == 0
    assert "recorded during the training" in verified.out
    assert "signer: trusted" in verified.out

    judged = json.loads(worldloom("evaluate", "mesh", "--folder", out, "--samples", 1, "--write", "--json").out)
    assert judged["metrics"] == told["metrics"]
    reference = json.loads(worldloom("evaluate", "mesh", "--folder", out, "--verify", "--json").out)["reference"]
    assert reference["index"] == 4

    (out / "model.safetensors").write_bytes(b"others")
    changed = worldloom("evaluate", "mesh", "--folder", out, "--verify")
    assert changed.status == 1
    assert "fault: model.safetensors" in changed.out


def test_a_training_goes_on_from_weights_that_are_there(worldloom, made, tmp_path):
    out, _ = made
    done = worldloom("train", "mesh", *SMALL, "--from", out, "--out", tmp_path / "more")
    assert done.status == 0, done.err
    card = (tmp_path / "more" / "README.md").read_text(encoding="utf-8")
    assert f"begun with the weights `{file_digest((out / 'model.safetensors').read_bytes()).hex()}`" in card
    refused = worldloom("train", "mesh", *SMALL, "--from", tmp_path / "nowhere", "--out", tmp_path / "no")
    assert (refused.status, "nowhere" in refused.err) == (1, True)


@pytest.fixture
def unfinished(tmp_path):
    """Options of a training that a work folder holds."""
    plan = Plan(seed=4, steps=2, rows=2)
    train(course(), plan, tmp_path / "work", lambda moment: None)
    return ("train", "mesh", *SMALL, "--out", tmp_path / "out", "--work", tmp_path / "work", "--seed", 4)


def test_an_unfinished_training_is_not_begun_again_unasked(worldloom, unfinished, tmp_path):
    refused = worldloom(*unfinished)
    assert (refused.status, "--resume" in refused.err) == (1, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_an_unfinished_training_is_resumed_with_the_same_options(worldloom, unfinished):
    done = worldloom(*unfinished, "--resume")
    assert done.status == 0, done.err
    assert "weights, card and log in" in done.out
    assert "loss_seen" in done.out


def test_weights_without_a_log_are_told_as_such(worldloom, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    done = worldloom("evaluate", "mesh", "--folder", tmp_path, "--verify")
    assert done.status == 1
    assert "no log of a training" in done.out


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_an_unknown_model_is_told_with_the_known_ones(worldloom, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = worldloom(command, "dragon")
    assert done.status == 1
    assert "'dragon'" in done.err
    assert "mesh" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train"], "MODEL"),
        (["train", "mesh", "--steps", "0"], "--steps"),
        (["train", "mesh", "--rows", "-1"], "--rows"),
        (["train", "mesh", "--deadline", "0"], "above zero"),
        (["evaluate", "mesh", "--samples", "0"], "--samples"),
        (["evaluate", "mesh", "--verify", "--write"], "give one of them"),
        (["audit", ".", "--training", "nowhere"], "no log of a training"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_before_anything_is_begun(worldloom, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    done = worldloom(*arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_help_loads_nothing_heavy(command):
    code = (
        f"import sys\nsys.argv = ['worldloom', '{command}', '--help']\n"
        "from worldloom.cluster.commands.main import main\n"
        "try:\n    main()\nfinally:\n    print(sorted({n.split('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert "MODEL" in done.stdout
    assert "'worldloom'" in done.stderr
    assert not {"'torch'", "'transformers'", "'numpy'", "'ray'"} & set(done.stderr.strip("[]\n ").split(", "))


@pytest.mark.slow
def test_a_quick_training_takes_a_minute_and_lessens_the_loss(worldloom, tmp_path):
    begun = time.monotonic()
    done = worldloom("train", "mesh", "--quick", "--out", tmp_path / "out", "--json")
    assert done.status == 0, done.err
    assert time.monotonic() - begun < 180
    losses = [point["loss"] for point in json.loads((tmp_path / "out" / "curve.json").read_text())]
    assert losses[-1] < losses[0] / 2
