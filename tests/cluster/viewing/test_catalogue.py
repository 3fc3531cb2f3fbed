"""Which runs are listed: those of the folders given, found by key only, never by a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.viewing.catalogue import Catalogue


def run_at(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    return folder


def test_a_folder_of_runs_and_a_run_are_told_apart(tmp_path: Path) -> None:
    one, two = run_at(tmp_path / "runs" / "one-1"), run_at(tmp_path / "alone")
    found = Catalogue.of([tmp_path / "runs", two]).runs()
    assert {(each.key, each.folder) for each in found} == {("one-1", one), ("alone", two)}


def test_a_run_that_comes_later_is_listed(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    catalogue = Catalogue.of([tmp_path / "runs"])
    assert catalogue.runs() == []
    run_at(tmp_path / "runs" / "new-1")
    assert [each.key for each in catalogue.runs()] == ["new-1"]


def test_a_run_named_twice_is_listed_once(tmp_path: Path) -> None:
    run = run_at(tmp_path / "runs" / "one-1")
    assert len(Catalogue.of([tmp_path / "runs", run, run]).runs()) == 1


def test_runs_of_one_name_in_two_folders_have_keys_of_their_own(tmp_path: Path) -> None:
    run_at(tmp_path / "a" / "one-1")
    run_at(tmp_path / "b" / "one-1")
    catalogue = Catalogue.of([tmp_path / "a", tmp_path / "b"])
    keys = [each.key for each in catalogue.runs()]
    assert len(set(keys)) == 2
    assert {catalogue.find(key).folder.parent.name for key in keys} == {"a", "b"}


@pytest.mark.parametrize("name", ["a b", "ü", "<script>", "..x", "a'b", "x" * 120])
def test_odd_names_get_keys_that_are_plain(tmp_path: Path, name: str) -> None:
    run_at(tmp_path / "runs" / name)
    key = Catalogue.of([tmp_path / "runs"]).runs()[0].key
    assert key.startswith("run-")
    assert key.removeprefix("run-").isalnum()


def test_a_link_in_a_folder_of_runs_is_left_out(tmp_path: Path) -> None:
    run_at(tmp_path / "secret" / "elsewhere-1")
    run_at(tmp_path / "runs" / "one-1")
    (tmp_path / "runs" / "link-1").symlink_to(tmp_path / "secret" / "elsewhere-1")
    assert [each.key for each in Catalogue.of([tmp_path / "runs"]).runs()] == ["one-1"]


@pytest.mark.parametrize("key", ["..", "../secret", "../../etc", "/etc", "%2e%2e", "one-1/../../secret", "", "\0"])
def test_a_key_is_never_a_path(tmp_path: Path, key: str) -> None:
    run_at(tmp_path / "secret")
    run_at(tmp_path / "runs" / "one-1")
    assert Catalogue.of([tmp_path / "runs"]).find(key) is None


def test_a_file_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("")
    with pytest.raises(RunFolderError, match="is a file"):
        Catalogue.of([tmp_path / "x.zip"])


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(RunFolderError, match="neither a run nor a folder of runs"):
        Catalogue.of([tmp_path])


def test_a_path_into_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no such folder"):
        Catalogue.of([tmp_path / "no" / "such"])


def test_a_new_run_gets_the_next_free_folder(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    run_at(runs / "town-1")
    (runs / "town-2.zip").write_text("")
    assert Catalogue.of([runs]).free_folder("town") == runs.resolve() / "town-3"


def test_single_runs_leave_no_folder_for_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no folder to write a new one"):
        Catalogue.of([run_at(tmp_path / "one")]).free_folder("town")
