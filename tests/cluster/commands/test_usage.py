"""Wrong use is told before anything is begun, with exit status 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--generator", "rules"], "write KIND=SPEC"),
        (["run", "--generator", "=rules"], "write KIND=SPEC"),
        (["run", "--generator", "text=rules", "--generator", "text=recorded:x"], "given twice"),
        (["run", "--local", "--address", "127.0.0.1:6379"], "give one of them"),
        (["run", "--agents", "0"], "--agents"),
        (["run", "--hours", "soon"], "--hours"),
        (["run", "--seed", "-1"], "--seed"),
        (["run", "--cohorts", "0"], "--cohorts"),
        (["resume"], "RUN"),
        (["audit"], "PATH"),
        (["audit", "nothing-here"], "there is no such file"),
        (["audit", ".", "--at", "yesterday"], "write a time as"),
        (["audit", ".", "--expect-root", "abc"], "64 lower-case hexadecimal digits"),
        (["audit", ".", "--anchor", "nothing.pem"], "there is no such file"),
        (["lineage", "nothing-here"], "there is no such file"),
        (["lineage", "x", "--format", "cuneiform"], "graphml"),
        (["lineage", ".", "--orphans", "--ancestors"], "one question at a time"),
        (["lineage", "nothing-here", "agent-3"], "is no run folder"),
        (["keys", "trust", "nothing.pem"], "there is no such file"),
        (["paint"], "paint"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told(worldloom: Callable, tmp_path: Path, monkeypatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    done = worldloom(*arguments)
    assert done.status == 2
    assert done.out == ""
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_keys_are_made_listed_trusted_and_shown(worldloom: Callable, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "theirs"))
    theirs = worldloom("keys", "show").out
    assert theirs.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE" not in theirs
    (tmp_path / "their.pem").write_text(theirs)
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "mine"))
    assert str(tmp_path / "mine") in worldloom("keys", "init").out
    added = worldloom("keys", "trust", tmp_path / "their.pem")
    assert added.status == 0
    fingerprint = added.out.split("sha256 ")[1].split()[0]
    listed = worldloom("keys", "list").out
    assert listed.count("sha256") == 2
    assert fingerprint in listed
    assert worldloom("keys", "distrust", fingerprint).status == 0
    assert worldloom("keys", "list").out.count("sha256") == 1


def test_a_file_that_is_no_certificate_cannot_be_trusted(worldloom: Callable, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("hello")
    done = worldloom("keys", "trust", tmp_path / "no.pem")
    assert done.status == 1
    assert done.err.startswith("worldloom: ")


def test_keys_init_where_nothing_can_be_written_says_what_to_do(worldloom: Callable, monkeypatch) -> None:
    monkeypatch.setenv("WORLDLOOM_HOME", "/proc/worldloom")
    done = worldloom("keys", "init")
    assert done.status == 1
    assert "WORLDLOOM_HOME" in done.err
