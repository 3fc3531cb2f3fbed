"""Names in the run folder and the strict form of run.json."""

import pytest
from worldloom.provenance import folder
from worldloom.provenance.errors import FormatError, NewerFormatError, StorageError
from worldloom.provenance.folder import RunFile, read_run, write_run
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

DIGEST = "ab" * 32


def test_names_are_those_of_the_design():
    assert folder.artifact_path(DIGEST, "png") == f"artifacts/ab/{DIGEST}.png"
    assert folder.sidecar("scenario.py") == "scenario.py.c2pa"
    assert folder.snapshot_commit(36000) == "snapshots/t=0036000/commit.json"
    assert folder.certificate_path("conductor", 1) == "trust/conductor-1.pem"
    assert folder.blob_path(DIGEST) == f"answers/blobs/ab/{DIGEST}"
    assert folder.origin("r1") == "worldloom.run/r1"


def test_segment_names_round_trip_and_sort_as_numbers():
    for number in (0, 9, 10, 123456):
        assert folder.body_segment_index(folder.body_segment(number)) == number
        assert folder.answer_segment_number(folder.answer_segment(number)) == number
    assert folder.body_segment(9) < folder.body_segment(10)
    for name in ("bodies/9.seg", "bodies/x.seg", "answers/000001.seg.part"):
        with pytest.raises(FormatError):
            folder.body_segment_index(name)
        with pytest.raises(FormatError):
            folder.answer_segment_number(name)


def test_only_diagnostics_lock_amendments_and_the_seal_lie_outside_the_seal():
    outside = ["lock", "SEAL", "logs/x", "amendments/1"]
    inside = [
        "run.json",
        "logs",
        "log/checkpoint",
        "lock/x",
        "x/lock",
        "bodies/000000000000.seg",
        "SEAL.part",
    ]
    assert all(map(folder.outside_seal, outside))
    assert not any(map(folder.outside_seal, inside))


@pytest.mark.parametrize("digest", ["", "AB" * 32, "../" * 20, "ab" * 31])
def test_only_digests_name_artifacts_and_blobs(digest):
    with pytest.raises(FormatError):
        folder.artifact_path(digest, "png")
    with pytest.raises(FormatError):
        folder.blob_path(digest)


def test_no_extension_leads_out_of_the_folder():
    with pytest.raises(StorageError):
        folder.artifact_path(DIGEST, "/../../x")


def test_run_json_round_trips_and_is_written_once():
    storage = Storage(PowerLossDisk())
    run = RunFile("8f3a-1", {"weather": 0x8000})
    write_run(storage, run)
    assert read_run(storage) == run
    assert storage.read("run.json") == b'{"format":1,"kinds":{"weather":32768},"run":"8f3a-1"}'
    with pytest.raises(FormatError, match="already"):
        write_run(storage, run)


def test_a_newer_run_says_to_upgrade_whatever_else_it_holds():
    with pytest.raises(NewerFormatError, match="upgrade"):
        RunFile.decode(b'{"format": 2, "wholly": [{"new": 1.5}]}')


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format":1,"kinds":{},"run":"a"}\n',
        b'{"format": 1,"kinds":{},"run":"a"}',
        b'{"format":0,"kinds":{},"run":"a"}',
        b'{"format":true,"kinds":{},"run":"a"}',
        b'{"format":1,"kinds":[],"run":"a"}',
        b'{"format":1,"kinds":{},"run":"../a"}',
        b'{"format":1,"kinds":{},"run":"a","x":1}',
        b'{"format":1,"kinds":{"a":1},"run":"a"}',
        b'{"format":1,"kinds":{"a":32768,"b":32768},"run":"a"}',
        b'{"format":1,"kinds":{"a":"x"},"run":"a"}',
        b"\xff",
        b"[" * 100000,
    ],
)
def test_malformed_run_files_are_refused(data):
    with pytest.raises(FormatError):
        RunFile.decode(data)
