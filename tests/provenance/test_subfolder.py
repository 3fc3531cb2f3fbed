from pathlib import Path

import pytest
from worldloom.provenance.errors import StorageError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.subfolder import Subfolder


@pytest.fixture(params=["disk", "memory"])
def disk(request, tmp_path: Path):
    return LocalDisk(tmp_path) if request.param == "disk" else PowerLossDisk()


def test_files_of_the_subfolder_lose_its_name_and_others_are_not_seen(disk):
    whole, part = Storage(disk), Storage(Subfolder(disk, "run"))
    part.write("log/checkpoint", b"1")
    part.write("run.json", b"2")
    whole.write("run.zip", b"3")
    assert part.files() == ["log/checkpoint", "run.json"]
    assert part.files("log/") == ["log/checkpoint"]
    assert whole.read("run/run.json") == part.read("run.json") == b"2"
    part.remove("run.json")
    assert not whole.exists("run/run.json")
    assert part.size("log/checkpoint") == 1


def test_a_path_that_leaves_the_subfolder_is_refused(disk):
    with pytest.raises(StorageError):
        Storage(Subfolder(disk, "run")).write("../run.zip", b"")
