"""A run whose memories a sentence encoder compares: the same on Ray as in this process, replayed, and told as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from worldloom.cluster import Placement, ResumeOptions, RunOptions, RunResult, Silent, replay, run
from worldloom.cluster.finished import FinishedRun
from worldloom.provenance.audit import audit

SCENARIO = '''"""Four people, an hour; a small encoder says which memories are alike."""

from worldloom.cluster import Scenario

scenario = Scenario(
    name="alike", agents=4, hours=1, seed=3, world={{"size": 96}}, portraits=False, embedding="transformers:{folder}"
)
'''
MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("encoder")
    (folder / "vocab.txt").write_text("\n".join([*MARKS, *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "aeiou")]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
        BertModel(BertConfig(vocab_size=36, **sizes)).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    path = tmp_path_factory.mktemp("scenario") / "alike.py"
    path.write_text(SCENARIO.format(folder=folder))
    return path


@pytest.fixture(scope="module")
def alike(scenario, keystore_home, tmp_path_factory) -> RunResult:
    out = tmp_path_factory.mktemp("runs") / "alike"
    return run(RunOptions(str(scenario), out=out, placement=Placement(local=True), home=keystore_home), Silent())


@pytest.mark.slow
def test_the_content_root_is_the_same_on_ray(alike, scenario, ray_address, keystore_home, tmp_path):
    options = RunOptions(str(scenario), out=tmp_path / "run", placement=Placement(cohorts=2), home=keystore_home)
    assert run(options, Silent()).content_root == alike.content_root


@pytest.mark.slow
def test_the_run_names_its_encoder_audits_and_replays(alike, keystore, keystore_home):
    told = FinishedRun.open(alike.run).told
    assert told["generators"]["embedding"]["backend"] == "transformers"
    assert told["scenario"]["embedding"].startswith("transformers:")
    assert audit(alike.run, anchors=keystore.anchors()).ok
    replayed = replay(alike.run, ResumeOptions(placement=Placement(local=True), home=keystore_home), Silent())
    assert replayed.equal
