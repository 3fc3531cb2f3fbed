"""Weights that lie on one node only, put on another one once; in a Ray of their own (in a process of its own).

All nodes of this cluster see one disk. That a node has no such folder is therefore said: `in_place=False`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SCRIPT = """
import json, logging, os, sys
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
from pathlib import Path
import ray
from ray.cluster_utils import Cluster

weights, other = sys.argv[1:]
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "num_gpus": 0, "include_dashboard": False})
ray.init(address=cluster.address, namespace="placing", log_to_driver=False, logging_level=logging.ERROR)

from worldloom.cluster.node_weights import own_folder
from worldloom.cluster.ray_makers import MakerPool
from worldloom.cluster.ray_weights import send
from worldloom.cluster.shares import Share
from worldloom.generators.errors import WeightsError
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request

spec = f"transformers:{weights}?device=cpu&grammar=off&temperature=0"
found = {"alone": send(spec) is None}
node = cluster.add_node(num_cpus=1, num_gpus=2)
share = Share(replicas=2, gpus=1)
requests = [Request("text", "letter", f"agent-{n}", 0, 0, n, f"Write a letter of {n} words.") for n in range(2)]
answers = resolve("text", spec).generate(requests)
found["words"] = all(answer.text for answer in answers)
elsewhere = resolve("text", spec.replace(weights, other)).generate(requests)
found["other weights, other words"] = all(a.text != b.text for a, b in zip(answers, elsewhere))

def places(pool):
    return list(pool.loaded().values()), {place[1] for place in pool.places().values()}

def unpacked():
    return sorted(str(path.relative_to(own_folder())) for path in own_folder().glob("*/*") if path.is_dir())

pool = MakerPool("text", spec, share, in_place=False)
pool.prepare()
found["same answers"] = pool.generate(requests) == answers
loaded, nodes = places(pool)
found["replicas"] = len(loaded)
found["on the second node"] = nodes == {node.node_id}
found["times unpacked"] = sum(each.unpacked for each in loaded)
found["specifications"] = sorted({each.spec for each in loaded})
found["folders"] = unpacked()
found["same identity"] = all(each.identity == resolve("text", spec).identity for each in loaded)
os.kill(pool.places()[0][0], 9)
found["same after a kill"] = pool.generate(requests) == answers
found["folders after a kill"] = unpacked()
pool.close()
found["left after the end"] = unpacked()

pool = MakerPool("text", spec, share)
pool.prepare()
found["same answers in place"] = pool.generate(requests) == answers
loaded, _ = places(pool)
found["in place"] = [(each.spec, each.unpacked) for each in loaded] == [(spec, False)] * 2
found["folders in place"] = unpacked()
pool.close()

import worldloom.cluster.ray_makers as makers
makers.send = lambda spec, in_place: send(spec, in_place=in_place, most_bytes=1000)
pool = MakerPool("text", spec, Share(gpus=1), in_place=False)
pool.prepare()
try:
    pool.generate(requests)
except WeightsError as error:
    found["too large"] = str(error)
pool.close()
ray.shutdown()
cluster.shutdown()
print("FOUND", json.dumps(found))
"""


def make_checkpoint(folder: Path, seed: int) -> str:
    """Write a small Llama over single bytes, made from configuration and not trained; return the folder."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = {word: at for at, word in enumerate(["<end>", *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    inner = Tokenizer(models.BPE(vocab=words, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    template = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
    PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<end>", eos_token="<end>", chat_template=template
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(words),
            hidden_size=32,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            max_position_embeddings=96,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=0,
        )
    ).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("weights")
    return make_checkpoint(folder / "these", 1), make_checkpoint(folder / "others", 2)


@pytest.fixture(scope="module")
def found(weights: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict:
    # A temporary folder of its own, so that only what replicas unpack lies there; sockets of Ray need a short path.
    own = str(tmp_path_factory.mktemp("tmp"))
    environment = {**os.environ, "RAY_TMPDIR": tempfile.gettempdir(), "TMPDIR": own}
    command = [sys.executable, "-c", SCRIPT, *weights]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("FOUND ")), None)
    assert line is not None, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(line.removeprefix("FOUND "))


@pytest.mark.slow
def test_two_replicas_of_a_node_unpack_once_and_answer_as_one_here_does(found: dict) -> None:
    assert found["words"]
    assert found["other weights, other words"], "the answers do not hang on the weights: the test shows nothing"
    assert found["same answers"]
    assert found["same identity"]
    assert (found["replicas"], found["on the second node"]) == (2, True)
    assert found["times unpacked"] == len(found["folders"]) == len(found["specifications"]) == 1
    assert found["folders"][0] in found["specifications"][0]


@pytest.mark.slow
def test_a_replica_started_anew_uses_what_was_unpacked_before(found: dict) -> None:
    assert found["same after a kill"]
    assert found["folders after a kill"] == found["folders"]


@pytest.mark.slow
def test_nothing_is_left_after_the_end(found: dict) -> None:
    assert found["left after the end"] == []


@pytest.mark.slow
def test_the_same_folder_at_the_same_path_is_used_where_it_lies(found: dict) -> None:
    assert found["same answers in place"]
    assert found["in place"]
    assert found["folders in place"] == []


@pytest.mark.slow
def test_on_one_machine_nothing_travels(found: dict) -> None:
    assert found["alone"]


@pytest.mark.slow
def test_weights_that_are_too_large_to_travel_are_explained(found: dict, weights: tuple[str, str]) -> None:
    assert weights[0] in found["too large"]
    assert "copy it to the same path on every node" in found["too large"]
