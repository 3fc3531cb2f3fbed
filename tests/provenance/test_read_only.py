from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.provenance.audit.regular import RegularFiles
from worldloom.provenance.bundle import pack_members
from worldloom.provenance.errors import StorageError
from worldloom.provenance.storage import Disk, LocalDisk
from worldloom.provenance.zip_disk import ZipDisk

WRITES: dict[str, Callable[[Disk], None]] = {
    "create": lambda disk: disk.create("new.txt", b"new"),
    "sync": lambda disk: disk.sync("kept.txt"),
    "sync_many": lambda disk: disk.sync_many(["kept.txt"]),
    "sync_folder": lambda disk: disk.sync_folder(""),
    "rename": lambda disk: disk.rename("kept.txt", "new.txt"),
    "remove": lambda disk: disk.remove("kept.txt"),
}


@pytest.mark.parametrize("write", WRITES)
def test_the_files_of_an_audit_are_not_written(tmp_path: Path, write: str) -> None:
    (tmp_path / "kept.txt").write_bytes(b"kept")
    with pytest.raises(StorageError, match="an audit changes nothing"):
        WRITES[write](RegularFiles(LocalDisk(tmp_path), "checkpoint"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"kept.txt": b"kept"}


@pytest.mark.parametrize("write", WRITES)
def test_a_zip_is_not_written_and_says_what_to_do(write: str) -> None:
    disk = ZipDisk(pack_members([("kept.txt", b"kept")]))
    with pytest.raises(StorageError, match="unpack it"):
        WRITES[write](disk)
    assert disk.read("kept.txt") == b"kept"
