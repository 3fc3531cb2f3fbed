"""`worldloom disclose` and `worldloom audit --recover` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gallery_run
import pytest
from worldloom.provenance.keys import Keystore


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("recover")
    return gallery_run.build(home / "runs" / "gallery", Keystore.open(home / "keys"), "run-typed")


def test_a_stripped_picture_is_found_and_told(worldloom: Callable[..., Any], gallery: Any, tmp_path: Path) -> None:
    (tmp_path / "stolen.png").write_bytes(gallery.payload("Painting 3"))
    done = worldloom("audit", "--recover", tmp_path / "stolen.png", gallery.folder.parent)
    assert done.status == 0
    assert "Painting 3" in done.out
    told = worldloom("audit", "--recover", tmp_path / "stolen.png", gallery.folder, "--json")
    assert json.loads(told.out)["found"][0]["title"] == "Painting 3"


def test_what_is_not_found_ends_with_11(worldloom: Callable[..., Any], gallery: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Nobody in that village ever wrote this letter, and nobody will read it there.")
    done = worldloom("audit", "--recover", tmp_path / "mine.txt", gallery.folder)
    assert (done.status, done.out.startswith("NOT FOUND")) == (11, True)


def test_a_file_or_folder_that_is_none_is_said(worldloom: Callable[..., Any], gallery: Any, tmp_path: Path) -> None:
    missing = worldloom("audit", "--recover", tmp_path / "none.png", gallery.folder)
    assert (missing.status, "there is no such file" in missing.err) == (2, True)
    (tmp_path / "x.png").write_bytes(b"x")
    empty = worldloom("audit", "--recover", tmp_path / "x.png", tmp_path)
    assert (empty.status, "neither a run, as a folder or a zip" in empty.err) == (2, True)


def test_disclose_prints_or_writes_a_page(worldloom: Callable[..., Any], gallery: Any, tmp_path: Path) -> None:
    assert worldloom("disclose", gallery.folder).out.startswith("DISCLOSURE of ")
    assert json.loads(worldloom("disclose", gallery.folder, "--json").out)["things"] == 14
    done = worldloom("disclose", gallery.folder, "--html", tmp_path / "page.html")
    assert (done.status, "Written" in done.out) == (0, True)
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_disclose_of_what_is_no_run_is_said(worldloom: Callable[..., Any], tmp_path: Path) -> None:
    done = worldloom("disclose", tmp_path)
    assert done.status != 0
    assert "Traceback" not in done.err
