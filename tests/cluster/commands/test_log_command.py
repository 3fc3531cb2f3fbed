"""`worldloom log` as a user types it: root, checkpoint, prove, verify, witness; refusals with their exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from worldloom.provenance.keys import Keystore


@pytest.fixture
def run(tmp_path: Path, logged_run) -> Path:
    """A run folder of the tests' own operator, with a log of 300 entries whose head at 200 is kept beside."""
    folder = tmp_path / "run"
    folder.mkdir()
    writer, _ = logged_run(folder, Keystore.open(), 200)
    shutil.copy(folder / "log" / "checkpoint", tmp_path / "older")
    shutil.copytree(folder, tmp_path / "old-copy")
    logged_run.grow(writer, 300)
    writer.commit()
    return folder


def test_root_and_checkpoint_are_printed_and_written(worldloom, run):
    told = json.loads(worldloom("log", "root", run, "--json").out)
    assert (told["size"], told["matches"], len(told["content_root"])) == (300, True, 64)
    assert worldloom("log", "root", run).out == told["root"] + "\n"
    assert worldloom("log", "root", run, "--size", 200).out != told["root"] + "\n"
    head = json.loads(worldloom("log", "checkpoint", run, "--json").out)
    assert (head["origin"], head["root"]) == ("worldloom.run/run-logged", told["root"])
    assert worldloom("log", "checkpoint", run, "--out", run.parent / "head").status == 0
    assert (run.parent / "head").read_text() == head["note"]
    assert worldloom("log", "root", run.parent / "none").status == 2
    assert worldloom("log", "root", run, "--size", 301).status == 1


def test_a_root_that_the_entries_do_not_give_is_12(worldloom, run):
    bundle = run / "log" / "tile" / "entries" / "000"
    data = bytearray(bundle.read_bytes())
    data[200] ^= 1
    bundle.write_bytes(bytes(data))
    assert worldloom("log", "root", run).status == 12


@pytest.mark.parametrize("what", ["0", "299", "event-4-0-2"])
def test_a_proof_is_checked_without_the_run(worldloom, run, what, monkeypatch):
    file, keys = run.parent / "it.tlog-proof", run.parent / "keys"
    assert worldloom("log", "prove", run, what, "--out", file).status == 0
    assert worldloom("log", "checkpoint", run, "--vkey", "--out", keys).status == 0
    shutil.rmtree(run)
    done = worldloom("log", "verify", file)
    assert (done.status, done.out.splitlines()[0]) == (0, "HOLDS")
    assert ("event" in done.out) == what.startswith("event")
    monkeypatch.setenv("WORLDLOOM_HOME", str(run.parent / "stranger"))
    assert worldloom("log", "verify", file).status == 13
    assert worldloom("log", "verify", file, "--vkey", keys).status == 0
    told = json.loads(worldloom("log", "verify", file, "--vkey", keys, "--json").out)
    assert (told["ok"], told["size"]) == (True, 300)
    assert worldloom("log", "verify", file, "--vkey", keys, "--origin", "worldloom.run/other").status == 10
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    done = worldloom("log", "verify", file, "--vkey", keys)
    assert done.status == 10
    assert "carriage returns" in done.out


def test_growth_is_proved_from_a_size_and_from_a_checkpoint(worldloom, run):
    keys, older = run.parent / "keys", run.parent / "older"
    worldloom("log", "checkpoint", run, "--vkey", "--out", keys)
    for since in ("200", older):
        file = run.parent / "grown"
        assert worldloom("log", "prove", run, "--from", since, "--out", file).status == 0
        assert worldloom("log", "verify", file, "--checkpoint", older, "--vkey", keys).status == 0
        assert worldloom("log", "verify", file, "--vkey", keys).status == 10
    assert worldloom("log", "verify", run, "--checkpoint", older).status == 0
    rolled = worldloom("log", "verify", run.parent / "old-copy", "--checkpoint", run / "log" / "checkpoint")
    assert rolled.status == 12
    assert "ROLLED BACK" in rolled.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["prove", "RUN"],
        ["prove", "RUN", "3", "--from", "2"],
        ["verify", "none"],
        ["verify", "RUN"],
        ["verify", "RUN", "--checkpoint", "none"],
        ["verify", "RUN", "--vkey", "nonsense"],
        ["witness"],
        ["witness", "RUN"],
        ["witness", "RUN", "--state", "s", "--url", "http://x"],
        ["witness", "--serve", "nowhere", "--state", "STATE"],
        ["witness", "none", "--state", "STATE"],
    ],
)
def test_wrong_use_is_2(worldloom, run, arguments):
    places = {"RUN": run, "STATE": run.parent / "book"}
    assert worldloom("log", *(places.get(each, each) for each in arguments)).status == 2


@pytest.mark.parametrize("what", ["300", "event-5-0-0", "event-4-0-99", "../x", "9" * 40, "event-٣-0-0"])
def test_what_the_log_does_not_have_is_a_message(worldloom, run, what):
    done = worldloom("log", "prove", run, what)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("worldloom: ")


def test_a_witness_sees_a_log_that_was_rolled_back(worldloom, run):
    state = run.parent / "book"
    first = worldloom("log", "witness", run, "--state", state, "--name", "w1.example")
    assert first.status == 0
    key = first.err.removeprefix("witness key: ").strip()
    assert "— w1.example " in (run.parent / "run.witness").read_text()
    assert worldloom("log", "witness", run, "--state", state, "--name", "w1.example").status == 0
    old = worldloom("log", "witness", run.parent / "old-copy", "--state", state, "--name", "w1.example")
    assert old.status == 1
    assert "ROLLED BACK" in old.err
    proof = run.parent / "proof"
    worldloom("log", "prove", run, "--from", 300, "--out", proof)
    done = worldloom("log", "witness", proof, "--state", state, "--name", "w1.example", "--out", proof, "--json")
    assert done.status == 0
    assert worldloom("log", "verify", run, "--checkpoint", proof, "--witness", key).status == 0
    other = key.replace("w1.example", "w2.example")
    assert worldloom("log", "verify", run, "--checkpoint", proof, "--witness", other).status == 2
    # The audit shows it, and a swapped old copy beside the newer word is told.
    told = json.loads(worldloom("audit", run, "--witness", key, "--json").out)
    said = [each["message"] for each in told["findings"] if each["step"] == "witness"]
    assert said[0].startswith("cosigned by w1.example on 20")
    shutil.rmtree(run)
    (run.parent / "old-copy").rename(run)
    told = json.loads(worldloom("audit", run, "--witness", key, "--json").out)
    found = [each for each in told["findings"] if each["step"] == "witness"]
    assert found[0]["code"] == 12
    assert "ROLLED BACK" in found[0]["message"]


def test_a_witness_serves_another_process_and_host_form(worldloom, run):
    """The server runs in a process of its own, as on another host; it ends when it is told to."""
    code = "from worldloom.cluster.commands.main import main; main()"
    state = run.parent / "book"
    command = [sys.executable, "-c", code, "log", "witness", "--state", state, "--serve", "127.0.0.1:0"]
    with subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ)
    ) as server:
        try:
            url = server.stdout.readline().removeprefix("serving ").strip()
            done = worldloom("log", "witness", run, "--url", url)
            assert done.status == 0, done.err
            old = worldloom("log", "witness", run.parent / "old-copy", "--url", url)
            assert (old.status, "ROLLED BACK" in old.err) == (1, True)
        finally:
            server.terminate()
    assert (run.parent / "run.witness").is_file()
    assert worldloom("log", "witness", run, "--url", url).status == 1
