"""`worldloom audit` as a user calls it: formats, files, several paths, the lowest code. Judging is tested elsewhere."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import small_run
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from worldloom.cluster.commands.audit_telling import watched


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A run folder with its operator's certificate, and a copy in which a file differs."""
    from worldloom.provenance.keys import Keystore
    from worldloom.provenance.storage import LocalDisk, Storage

    room = tmp_path_factory.mktemp("audited")
    operator = Keystore.open(room / "keys").operator
    for name in ("village", "changed"):
        (room / name).mkdir()
        small_run.Maker(Storage(LocalDisk(room / name)), operator).make()
    (room / "changed" / "world" / "world.glb").write_bytes(b"other")
    (room / "anchor.pem").write_bytes(operator.certificate_pem)
    return room


def test_one_list_of_results_and_the_lowest_code(worldloom, village):
    done = worldloom(
        "audit", village / "village", village / "changed", "--anchor", village / "anchor.pem", "--format=json"
    )
    said = json.loads(done.out)
    assert (done.status, said["exit"]) == (10, 10)
    assert [each["ok"] for each in said["results"]] == [True, False]
    assert done.err == ""


def test_each_format_on_standard_output(worldloom, village):
    def told(format_):
        done = worldloom("audit", village / "changed", "--anchor", village / "anchor.pem", "--format", format_)
        assert done.status == 10
        return done.out

    Sarif.model_validate(json.loads(told("sarif")))
    assert ET.fromstring(told("junit").encode()).get("failures") != "0"
    assert told("html").lstrip().startswith("<!doctype html>")
    assert told("text").startswith("NOT CLEAN (10)")


def test_files_by_their_endings_besides_the_text(worldloom, village, tmp_path):
    names = ["a.json", "b.sarif", "c.xml", "d.html", "e.txt"]
    outs = [part for name in names for part in ("--out", tmp_path / name)]
    done = worldloom("audit", village / "village", "--anchor", village / "anchor.pem", *outs)
    assert (done.status, done.out.splitlines()[0]) == (0, f"CLEAN: {village / 'village'} (sealed)")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "e.txt").read_text() == done.out
    assert json.loads((tmp_path / "a.json").read_text())["results"][0]["ok"]


def test_what_cannot_be_written_is_refused_before_the_audit(worldloom, village, tmp_path):
    for out, why in (
        (tmp_path / "x.pdf", "its ending names no format"),
        (tmp_path / "no folder" / "x.html", "there is no such folder"),
        (village / "village" / "x.html", "lies in what is audited"),
    ):
        done = worldloom("audit", village / "village", "--out", out)
        assert done.status == 2
        assert why in done.err
    assert worldloom("audit", village / "village", "--json", "--format", "json").status == 2


def test_json_stays_one_line_a_path(worldloom, village):
    done = worldloom("audit", village / "village", village / "anchor.pem", "--anchor", village / "anchor.pem", "--json")
    assert [json.loads(line)["state"] for line in done.out.splitlines()] == ["sealed", "file"]


def test_nothing_is_drawn_where_there_is_no_terminal(worldloom, village):
    assert worldloom("audit", village / "village", "--anchor", village / "anchor.pem").err == ""


class Terminal(io.StringIO):
    """Where a bar may be drawn."""

    def isatty(self):
        return True


def test_a_bar_on_a_terminal_and_none_when_quiet(monkeypatch):
    for quiet in (False, True):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        with watched(quiet, 2) as begin:
            told = begin(Path("a\x1b[2Jb"))
            if told is not None:
                told("sealed-files", 3, 40)
        assert ("1/2 a\\x1b[2Jb: sealed-files" in screen.getvalue()) == (not quiet)
        assert "\x1b[2J" not in screen.getvalue()
        assert "3/40" in screen.getvalue() or quiet


def test_the_largest_file_to_read_is_the_auditors_choice(worldloom, village, tmp_path):
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(3 << 30)
    done = worldloom("audit", tmp_path / "film.mp4", "--largest", "2")
    assert done.status == 10
    assert "no file of more than 2,147,483,648 is read" in done.out
