"""Runs and their zips that were made to harm their reader: sparse giants, deep JSON, names that lead elsewhere."""

from __future__ import annotations

import shutil
import socket
import warnings
import zipfile

import pytest
from bounded_audit import audited_apart
from hostile_files import TEN_GIB, sparse
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.steps import UNFORESEEN

MEGABYTES = 400
GIANTS = {
    "run.json": TEN_GIB,
    "SEAL": TEN_GIB,
    "log/checkpoint": TEN_GIB,
    "scenario.json": TEN_GIB,
    "trust/conductor-1.pem": TEN_GIB,
    "bodies/000000000000.seg": TEN_GIB,
    "answers/000000.seg": TEN_GIB,
    "world/world.glb": TEN_GIB,
    "world/world.glb.c2pa": TEN_GIB,
    "report.html": TEN_GIB,
    "amendments/000001": TEN_GIB,
    "answers/blobs/" + "ab/" + "ab" * 32: TEN_GIB,
}
"""Sizes of files, each of which is put into a run in the place of what was there, without room on the disk."""


@pytest.fixture(scope="module")
def giants(original, operator, tmp_path_factory):
    """The verdict on a run with each of the giants in it, by one process, whose memory was measured."""
    room = tmp_path_factory.mktemp("giants")
    folders = {}
    for number, (path, size) in enumerate(GIANTS.items()):
        folder = folders[path] = room / str(number)
        shutil.copytree(original.path, folder)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        sparse(folder / path, size=size)
    anchor = room / "anchor.pem"
    anchor.write_bytes(operator.certificate_pem)
    found, megabytes = audited_apart(list(folders.values()), [anchor])
    return {path: found[str(folder)] for path, folder in folders.items()}, megabytes


@pytest.mark.parametrize("path", GIANTS)
def test_a_giant_is_a_finding_with_its_size(giants, path):
    said = giants[0][path]
    assert said["exit"] == 10
    of_file = [finding["message"] for finding in said["findings"] if finding["path"] == path]
    assert any(f"{GIANTS[path]:,}" in message or str(GIANTS[path]) in message for message in of_file), of_file
    assert not any(finding["message"].startswith(UNFORESEEN) for finding in said["findings"])


def test_giants_are_not_read(giants):
    assert giants[1] < MEGABYTES, giants[1]


@pytest.mark.parametrize("path", ["run.json", "scenario.json", "log/checkpoint", "SEAL", "trust/ca-1.pem"])
@pytest.mark.parametrize("data", [b"[" * 1_000_000, b'{"a":' * 300_000, b"\0" * 100, b"\xff\xfe" * 9], ids="[{0f")
def test_json_nested_a_million_deep_and_other_bytes(run, path, data):
    (run.path / path).write_bytes(data)
    result = audit(run.path, anchors=run.anchors)
    assert path in {finding.path for finding in result.faults}
    assert not any(finding.message.startswith(UNFORESEEN) for finding in result.findings)


def test_sockets_and_pipes_among_the_files(run, monkeypatch):
    monkeypatch.chdir(run.path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("world/socket")
        result = audit(run.path, anchors=run.anchors)
    assert ("world/socket", "is a link or no regular file") in {(each.path, each.message) for each in result.faults}


ODD_NAMES = {
    "leads out of the folder": "../../outside",
    "leads to the root": "/etc/passwd",
    "holds a zero": "world/map.png\0.txt",
    "holds a line end": "world/a\nb",
    "is written from right to left": "world/gnp.\u202eexe",
    "is a folder": "world/",
    "is of another system": "C:\\x",
    "is longer than a name can be": "world/" + "x" * 5000,
    "begins as an option": "-rf",
    "is not a name at all": "",
}


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_a_member_of_a_zip_whose_name(run, name, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(run.zip, "a") as packed:
        info = zipfile.ZipInfo("x")
        info.filename = name  # past the check of its class
        packed.writestr(info, b"x")
    result = audit(run.zip, anchors=run.anchors)
    assert result.exit_code == 10
    assert not any(finding.message.startswith(UNFORESEEN) for finding in result.findings)
    assert sorted(tmp_path.rglob("*")) == before


def test_twenty_thousand_members_of_one_name(run):
    """Were each compared with each, this would take hours."""
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(run.zip, "a") as packed:
        for _ in range(20_000):
            packed.writestr(zipfile.ZipInfo("logs/x"), b"")
    result = audit(run.zip, anchors=run.anchors)
    assert ("logs/x", "stands in the zip twice") in {(each.path, each.message) for each in result.faults}
