"""Single files that were made to harm their reader: a clear finding each, in memory that does not grow with them."""

from __future__ import annotations

import os

import pytest
from bounded_audit import audited_apart
from hostile_files import GIB, SMALL, SPARSE, sparse
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.demands import Demands
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.bounds import Bounds

MEGABYTES = 400
"""What an audit of all these files may take, some 110 of which are Python, the SDK and this package."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """All of them judged by one process, whose memory was measured."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in SMALL.items():
        (folder / name).write_bytes(make())
    for name, write in SPARSE.items():
        write(folder / name)
    found, megabytes = audited_apart([folder / name for name in (*SMALL, *SPARSE)], [])
    return {path.rpartition("/")[2]: said for path, said in found.items()}, megabytes


@pytest.mark.parametrize("name", [*SMALL, *SPARSE])
def test_ends_with_a_clear_finding(judged, name):
    said = judged[0][name]
    messages = [finding["message"] for finding in said["findings"]]
    assert said["exit"] in (10, 11)
    assert messages
    assert not any(message.startswith(UNFORESEEN) for message in messages)
    assert all(len(message) < 500 for message in messages)


def test_memory_does_not_grow_with_the_files(judged):
    assert judged[1] < MEGABYTES, judged[1]


@pytest.mark.parametrize("name", [name for name in SPARSE if name != "nine-gigabytes-of-directory.zip"])
def test_what_is_too_large_is_said_with_its_size(judged, name):
    (finding,) = [each for each in judged[0][name]["findings"] if each["step"] == "file-credential"]
    assert "worldloom.bounds: has " in finding["message"]


@pytest.mark.parametrize("name", ["hundred-thousand-chunks.png", "thirty-thousand-boxes.mp4"])
def test_more_parts_than_are_followed(judged, name):
    assert any("more parts than are followed" in each["message"] for each in judged[0][name]["findings"])


def test_members_over_each_other_are_not_read_one_by_one(judged):
    said = judged[0]["members-over-each-other.zip"]["findings"]
    assert any("its members claim 100,000,000,000 bytes" in each["message"] for each in said)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    os.mkfifo(tmp_path / "sidecar.glb.c2pa")
    (tmp_path / "sidecar.glb").write_bytes(b"glTF")
    for name, why in (("pipe.png", "is a pipe, and no file"), ("sidecar.glb", "is a pipe, and no file")):
        result = audit(tmp_path / name, anchors=[])
        assert result.exit_code == 10
        assert [finding.message for finding in result.findings] == [why]


def test_a_device_is_not_read(tmp_path):
    (tmp_path / "endless.png").symlink_to("/dev/zero")
    result = audit(tmp_path / "endless.png", anchors=[])
    assert [finding.message for finding in result.findings] == ["is a device, and no file"]


def test_an_auditor_may_allow_more_or_less(tmp_path):
    sparse(tmp_path / "x.glb", size=5 * GIB)
    (tmp_path / "x.glb.c2pa").write_bytes(b"x")
    few = Demands(bounds=Bounds(largest=1000))
    (message,) = [each.message for each in audit(tmp_path / "x.glb", anchors=[], demands=few).findings]
    assert "no file of more than 1,000 is read; --largest allows more" in message
    many = Demands(bounds=Bounds(largest=6 * GIB, store=0))
    (message,) = [each.message for each in audit(tmp_path / "x.glb", anchors=[], demands=many).findings]
    assert "its sidecar has 1 bytes" in message
