"""The seam on a real folder: whole files only, nothing outside the root, errors that say what to do."""

import errno
import os

import pytest
from worldloom.provenance.errors import StorageError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import LocalDisk, Storage, check_path, storage_error


@pytest.fixture(params=["local", "memory"])
def storage(request, tmp_path):
    return Storage(LocalDisk(tmp_path) if request.param == "local" else PowerLossDisk())


def test_what_is_written_is_read(storage):
    storage.write("a/b/c.png", b"1")
    storage.write_many([("a/d", b""), ("z", b"22")])
    assert storage.read("a/b/c.png") == b"1"
    assert storage.size("z") == 2
    assert storage.files() == ["a/b/c.png", "a/d", "z"]
    assert storage.files("a/b") == storage.files("a/b/") == ["a/b/c.png"]
    assert storage.files("nowhere") == []
    assert storage.exists("a/d")
    assert not storage.exists("a")
    assert not storage.exists("a/e")


def test_writing_again_replaces(storage):
    storage.write("f", b"long before")
    storage.write("f", b"now")
    assert storage.read("f") == b"now"


def test_files_are_in_the_order_of_their_utf8_bytes(storage):
    names = ["a/b", "a-b", "ü", "z", "a", "\U0001f600", "\uffee"]
    for name in names[:4] + names[5:]:
        storage.write(name, b"")
    assert storage.files() == sorted(set(names) - {"a"}, key=str.encode)


def test_a_batch_is_written_whole_with_one_sync_a_folder():
    disk = PowerLossDisk()
    Storage(disk).write_batch((f"tiles/{number}", bytes([number])) for number in range(3))
    assert disk.files() == ["tiles/0", "tiles/1", "tiles/2"]
    assert disk.operations[-1] == "sync_folder tiles"
    assert sum(operation.startswith("sync_folder") for operation in disk.operations) == 1
    assert disk.after_crash(1).files() == disk.files()


def test_removed_files_are_gone_and_missing_ones_are_errors(storage):
    storage.write("a/b", b"1")
    storage.remove("a/b")
    assert storage.files() == []
    for call in (storage.read, storage.size, storage.remove):
        with pytest.raises(StorageError, match="a/b"):
            call("a/b")


def test_a_batch_that_is_removed_takes_the_folders_that_it_empties_with_it_and_no_others(tmp_path):
    storage = Storage(LocalDisk(tmp_path))
    storage.write_batch([("old/a", b""), ("old/b", b""), ("kept/a", b""), ("kept/b", b""), ("root", b"")])
    storage.remove_batch(["old/a", "old/b", "kept/a", "root"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept"]
    storage.remove_batch(["kept/b"])
    storage.write("kept/c", b"again")
    assert storage.files() == ["kept/c"]


def test_parts_of_interrupted_writes_are_cleared_below_a_folder_only(storage):
    storage.disk.create("log/tile.part", b"half")
    storage.disk.create("artifacts/x.part", b"half")
    storage.write("log/checkpoint", b"whole")
    assert storage.clear_parts("log/") == ["log/tile.part"]
    assert storage.files() == ["artifacts/x.part", "log/checkpoint"]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".", "a\\b", "a\0b"])
def test_paths_out_of_the_folder_are_refused(storage, path):
    with pytest.raises(StorageError):
        check_path(path)
    for call in (storage.read, storage.remove, storage.exists, lambda p: storage.write(p, b"")):
        with pytest.raises(StorageError):
            call(path)


def test_symbolic_links_are_listed_but_never_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"key")
    run = tmp_path / "run"
    run.mkdir()
    (run / "file").symlink_to(tmp_path / "secret" / "key")
    (run / "folder").symlink_to(tmp_path / "secret")
    storage = Storage(LocalDisk(run))
    assert storage.files() == ["file", "folder"]
    assert not storage.exists("file")
    assert not storage.exists("folder/key")
    for path in ("file", "folder/key"):
        with pytest.raises(StorageError, match="symbolic link"):
            storage.read(path)
    with pytest.raises(StorageError, match="symbolic link"):
        storage.write("folder/new", b"x")
    with pytest.raises(StorageError, match="symbolic link"):
        storage.files("folder")
    assert (tmp_path / "secret" / "key").read_bytes() == b"key"
    storage.remove("file")
    assert storage.files() == ["folder"]


def test_a_root_reached_through_a_link_is_fine(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    storage = Storage(LocalDisk(tmp_path / "link"))
    storage.write("a ü/b", b"1")
    assert storage.read("a ü/b") == b"1"


def test_a_full_disk_says_what_to_do_and_leaves_the_old_file():
    disk = PowerLossDisk()
    storage = Storage(disk)
    storage.write("a", b"old")
    disk.full_at(1)
    with pytest.raises(StorageError, match=r"a\.part: No space left on device; free space and `worldloom resume`"):
        storage.write("a", b"new")
    assert storage.files() == ["a"]
    assert storage.read("a") == b"old"
    disk.free()
    storage.write("a", b"new")
    assert storage.read("a") == b"new"


def test_a_folder_in_the_files_place_is_an_error_not_a_crash(tmp_path):
    (tmp_path / "a").mkdir()
    storage = Storage(LocalDisk(tmp_path))
    with pytest.raises(StorageError, match="a"):
        storage.write("a", b"1")
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_every_error_names_the_path():
    for number in (errno.EACCES, errno.EROFS, errno.EIO, errno.ENOSPC):
        assert str(storage_error(OSError(number, os.strerror(number)), "x/y")).startswith(
            f"x/y: {os.strerror(number)}; "
        )
