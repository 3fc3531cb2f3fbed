"""`openai:` against a real server: transformers' own `serve` with the fitted checkpoint (see conftest)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest
from worldloom.generators.errors import EndpointError
from worldloom.generators.requests import Status
from worldloom.generators.text.openai_text import OpenAIText

pytestmark = pytest.mark.external

COLOURS = ("red", "blue", "green", "yellow", "black", "white", "grey", "brown")
START_SECONDS = 180
SERVE = "from transformers.cli.transformers import main; main()"


def boat(state):
    return f"The boat is {state}. Answer with JSON."


@pytest.fixture(scope="module")
def served(checkpoint, tmp_path_factory):
    """The address of a server of the fitted model, and its process's log."""
    missing = [name for name in ("fastapi", "uvicorn", "openai", "accelerate") if find_spec(name) is None]
    if missing:
        pytest.fail(f"{', '.join(missing)}: not installed; .ci/run installs worldloom[dev], which has them")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-c", SERVE, "serve", str(checkpoint), "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}/v1#{checkpoint}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"transformers serve ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                if reply.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"transformers serve did not answer within {START_SECONDS} s: {log.read_text()[-2000:]}")


def test_a_real_server_s_model_says_what_it_was_taught(served, wish):
    generator = OpenAIText(f"{served}?temperature=0")
    answers = generator.generate([wish(boat(colour), seed=seed) for seed, colour in enumerate(COLOURS)])
    assert [answer.text for answer in answers] == [f'{{"colour":"{colour}"}}' for colour in COLOURS]
    assert answers[0].parameters["schema_sent"]
    assert answers[0].parameters["tokens"] > 0
    assert generator.facts["most_in_flight"] > 1


def test_a_real_repair_is_asked_for_and_made(served, wish):
    generator = OpenAIText(f"{served}?temperature=0")
    fog, lost = generator.generate([wish(boat("in the fog")), wish(boat("lost"))])
    assert (fog.status, fog.text, fog.parameters["attempts"]) == (Status.OK, '{"colour":"white"}', 2)
    assert (lost.status, lost.text) == (Status.INVALID, "I do not know.")
    assert generator.facts["repairs"] == 2


def test_a_letter_comes_as_plain_text(served, wish):
    (answer,) = OpenAIText(f"{served}?temperature=0").generate([wish("Write a letter.", schema={})])
    assert answer.text == "Dear friend, the sea is calm."


def test_a_model_that_the_server_has_not_is_explained(served, wish):
    base = served.partition("#")[0]
    try:
        (answer,) = OpenAIText(f"{base}#no-such-model").generate([wish(boat("red"))])
        said = f"{answer.status}: {answer.detail}"
    except EndpointError as error:
        said = f"failed: {error}"
    assert said.startswith("failed")
    assert "no-such-model" in said


def test_a_wrong_path_is_explained(served, wish):
    base, _, model = served.partition("#")
    with pytest.raises(EndpointError, match="/v1"):
        OpenAIText(f"{base.removesuffix('/v1')}/v9#{model}").generate([wish(boat("red"))])
