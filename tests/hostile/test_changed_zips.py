"""Zips of runs that somebody changed, and zips made to harm their reader."""

import io
import random
import warnings
import zipfile

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.bundle import ZipSeal, read_zip_seal
from worldloom.provenance.errors import FormatError
from worldloom.provenance.storage import LocalDisk, Storage

SEED = 20_261_124
PLACES = 200
THROUGH_THE_AUDIT = 12


def flipped(data, at, draw):
    return data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]


def assert_caught(run, *paths):
    result = audit(run.zip, anchors=run.anchors)
    assert not result.ok
    assert set(paths) <= {finding.path for finding in result.faults}
    assert not [finding for finding in result.findings if finding.message.startswith(UNFORESEEN)]
    return result


def test_one_bit_at_random_places_is_seen_by_the_check_of_the_file(original):
    print("seed", SEED)
    draw = random.Random(SEED)
    data = original.zip.read_bytes()
    verifier = original.maker.key.note_key(original.maker.origin).verifier
    seal, signed_by = read_zip_seal(original.zip.with_name("village-1.zip.seal").read_bytes(), [verifier])
    assert signed_by
    assert seal == ZipSeal.of(data, original.maker.origin)
    for _ in range(PLACES):
        assert seal != ZipSeal.of(flipped(data, draw.randrange(len(data)), draw), original.maker.origin)


def test_one_bit_at_every_byte_of_the_zip_seal(original):
    draw = random.Random(SEED)
    note = original.zip.with_name("village-1.zip.seal").read_bytes()
    verifier = original.maker.key.note_key(original.maker.origin).verifier
    for at in range(len(note)):
        try:
            assert read_zip_seal(flipped(note, at, draw), [verifier])[1] == [], at
        except FormatError:
            continue


def test_flips_through_the_whole_audit(run):
    print("seed", SEED)
    draw = random.Random(SEED)
    data = run.zip.read_bytes()
    for _ in range(THROUGH_THE_AUDIT):
        run.zip.write_bytes(flipped(data, draw.randrange(len(data)), draw))
        assert_caught(run, "village-1.zip")


def test_cut_short_or_grown(run):
    data = run.zip.read_bytes()
    for other in (data + b"x", data[:-1], data[: len(data) // 2], b"x" + data, b"", b"PK"):
        run.zip.write_bytes(other)
        assert_caught(run, "village-1.zip")


def members(run):
    with zipfile.ZipFile(run.zip) as packed:
        return {info.filename: packed.read(info) for info in packed.infolist()}


def rewrite(run, files, *, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed, warnings.catch_warnings(action="ignore"):
        for name, data in files:
            packed.writestr(name, data)
    run.zip.write_bytes(stream.getvalue())


@pytest.mark.parametrize("name", ["../../outside", "/etc/passwd", "a\\b", "C:\\x", "x.txt", "world/ü\n", "x" * 5000])
def test_a_member_added(run, name):
    rewrite(run, [*members(run).items(), (name, b"x")])
    assert_caught(run, "village-1.zip")
    assert not (run.path.parent.parent / "outside").exists()


def test_a_member_removed(run):
    found = members(run)
    for name in ("world/world.glb", "SEAL", "run.json"):
        rewrite(run, [(path, data) for path, data in found.items() if path != name])
        assert_caught(run, "village-1.zip", name)


def test_a_member_changed(run):
    rewrite(run, [(name, data + b" " if name == "scenario.json" else data) for name, data in members(run).items()])
    assert_caught(run, "village-1.zip", "scenario.json")


def test_a_member_twice(run):
    """Readers differ on which of the two counts."""
    rewrite(run, [*members(run).items(), ("scenario.json", b"{}")])
    assert_caught(run, "village-1.zip", "scenario.json")


def test_a_bomb(run):
    rewrite(run, [*members(run).items(), ("logs/x", bytes(10**7))], compression=zipfile.ZIP_DEFLATED)
    assert_caught(run, "village-1.zip")


def test_another_zip_under_this_ones_seal(run, maker, operator, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    data, _ = maker(Storage(LocalDisk(folder)), operator).make().packed()
    run.zip.write_bytes(data)
    assert_caught(run, "village-1.zip")
