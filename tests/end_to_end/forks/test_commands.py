"""`worldloom fork`, `diff` and `ask` as a user calls them: what they print, in words and as JSON, and how they end."""

from __future__ import annotations

import json
import shlex
import sys

import pytest
from worldloom.cluster.commands import main as front
from worldloom.cluster.finished import FinishedRun

FEAST = "What do you know of the feast?"


@pytest.fixture
def worldloom(monkeypatch, capsys, keystore_home):
    """Call `worldloom` in this process; returns exit status, standard output and standard error."""
    monkeypatch.setenv("WORLDLOOM_HOME", str(keystore_home))

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["worldloom", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            front.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return call


def test_fork_says_where_it_lies_and_what_came_of_it(worldloom, village, tmp_path):
    out = tmp_path / "fork"
    command = ("fork", village.run, "--at", "day 1, 12:58", "--generator", "text=mute", "--local")
    status, printed, _ = worldloom(*command, "--out", out, "--json")
    assert status == 0
    told = json.loads(printed)
    assert (told["state"], told["run"]) == ("sealed", str(out))
    assert FinishedRun.open(out).parent.time == 46_680


def test_fork_tells_bad_input_in_one_message(worldloom, village, tmp_path):
    status, printed, said = worldloom("fork", village.run, "--at", "23:00", "--out", tmp_path / "fork")
    assert (status, printed) == (1, "")
    assert said.count("worldloom: ") == 1
    assert "outside the run" in said
    assert worldloom("fork", village.run)[0] == 2
    assert worldloom("fork", village.run, "--at", "10:00", "--generator", "text")[0] == 2


def test_diff_prints_where_runs_part_and_how_much_differs(worldloom, village, muted):
    status, printed, _ = worldloom("diff", village.run, muted.run)
    assert status == 0
    for words in ("The second is a fork of the first", "They part at content", "knows_of_feast", "Only in 1, said:"):
        assert words in printed
    told = json.loads(worldloom("diff", village.run, muted.run, "--json")[1])
    assert told["parting"]["time"] >= 39_600
    assert "All content is the same." in worldloom("diff", village.run, village.run)[1]


def test_ask_prints_the_answer_and_for_each_memory_a_command_that_works(worldloom, village):
    status, printed, _ = worldloom("ask", village.run, "agent-0", FEAST)
    assert status == 0
    assert "Answer:   There is a feast at the inn tonight at seven." in printed
    command = next(line for line in printed.splitlines() if line.strip().startswith("worldloom lineage"))
    status, tree, _ = worldloom(*shlex.split(command)[1:])
    assert status == 0
    assert "There is a feast at the inn tonight at seven." in tree
    assert "scenario" in tree


def test_ask_prints_one_json_object(worldloom, village):
    status, printed, _ = worldloom("ask", village.run, "agent-0", FEAST, "--at", "10:00", "--json")
    told = json.loads(printed)
    assert (status, told["known"], told["time"]) == (0, True, 36_000)
    assert told["memories"][0]["source"].startswith("event-")


def test_ask_ends_with_1_where_there_is_no_answer(worldloom, village):
    status, printed, _ = worldloom("ask", village.run, "agent-0", FEAST, "--generator", "text=mute")
    assert status == 1
    assert "No answer: no answer: not a word" in printed


def test_ask_takes_no_maker_of_pictures(worldloom, village):
    assert worldloom("ask", village.run, "agent-0", FEAST, "--generator", "image=procedural")[0] == 2


def test_lineage_of_a_name_needs_a_run(worldloom, village, tmp_path):
    status, _, said = worldloom("lineage", tmp_path / "nowhere", "agent-0")
    assert status == 2
    assert "is no run folder" in said
    assert worldloom("lineage", village.run, "agent-0")[0] == 0
    assert worldloom("lineage", village.run, "agent-999")[0] == 1
