"""Generators placed on a cluster of two nodes with logical GPUs, in a Ray of their own (in a process of its own)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, logging, os
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
import ray
from ray.cluster_utils import Cluster

cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "num_gpus": 0, "include_dashboard": False})
node = cluster.add_node(num_cpus=2, num_gpus=2, resources={"accelerator_type:H100": 1})
ray.init(address=cluster.address, namespace="placing", log_to_driver=False, logging_level=logging.ERROR)

from worldloom.agents.rules import Rules
from worldloom.cluster.errors import ReachError
from worldloom.cluster.ray_makers import MakerPool
from worldloom.cluster.shares import Share
from worldloom.generators.requests import Request

def prompts(count):
    text = "task: interview\\nyou: A B\\nlikes: l1 tea\\ntime: day 1, 08:00\\nmemories:\\n\\nanswer:"
    return [Request("text", "interview", f"agent-{n}", 0, 0, n, text) for n in range(count)]

found = {}
pool = MakerPool("text", "rules", Share(replicas=4, gpus=0.5, gpu_kind="H100"))
pool.prepare()
requests = prompts(13)
found["same"] = pool.generate(requests) == Rules().generate(requests)
places = pool.places()
found["replicas"] = len(places)
found["nodes"] = sorted({place[1] for place in places.values()}) == [node.node_id]
found["gpus left"] = ray.available_resources().get("GPU", 0)
os.kill(places[2][0], 9)
found["after a kill"] = pool.generate(requests) == Rules().generate(requests)
found["another process"] = pool.places()[2][0] != places[2][0]
pool.close()
for share in (Share(gpus=3), Share(gpus=1, gpu_kind="H200"), Share(replicas=3, gpus=1)):
    try:
        MakerPool("image", "procedural", share, reserve_seconds=2).prepare()
        found[share.words()] = "placed"
    except ReachError as error:
        found[share.words()] = str(error)
ray.shutdown()
cluster.shutdown()
print("FOUND", json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> dict:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=240, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("FOUND ")), None)
    assert line is not None, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(line.removeprefix("FOUND "))


@pytest.mark.slow
def test_replicas_share_gpus_of_the_kind_that_is_asked_for(found: dict) -> None:
    assert found["replicas"] == 4
    assert found["nodes"]
    assert found["gpus left"] == 0


@pytest.mark.slow
def test_replicas_answer_as_one_would(found: dict) -> None:
    assert found["same"]


@pytest.mark.slow
def test_a_killed_replica_is_started_anew_and_asked_again(found: dict) -> None:
    assert found["after a kill"]
    assert found["another process"]


@pytest.mark.slow
@pytest.mark.parametrize("share", ["1 replica of 3 GPU", "1 replica of 1 GPU of kind H200", "3 replicas of 1 GPU"])
def test_a_share_that_the_cluster_has_not_is_explained(found: dict, share: str) -> None:
    assert "could not be reserved within 2 s" in found[share]
    assert share in found[share]
    assert "node 2 with 2 CPU and 2 GPU (H100)" in found[share] or "node 1 with 2 CPU and 2 GPU (H100)" in found[share]
