"""Run folders that somebody changed without a key: flipped bits, files added, removed, renamed, replaced, linked.

However it is done, the audit is never clean and names the file.
"""

import os
import random
import shutil

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.file_steps import sealed_file_fault
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.errors import FormatError
from worldloom.provenance.seal import read_seal
from worldloom.provenance.storage import LocalDisk, Storage

SEED = 20_261_124
SMALL = 4096
PLACES = 200
THROUGH_THE_AUDIT = 3


def files(run):
    """All names under the seal, and the seal itself."""
    return [path for path in Storage(LocalDisk(run.path)).files() if path != "lock"]


def flipped(data, at, draw):
    return data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]


def places(data, draw):
    return range(len(data)) if len(data) <= SMALL else [draw.randrange(len(data)) for _ in range(PLACES)]


def assert_caught(run, *paths):
    result = audit(run.path, anchors=run.anchors)
    named = {finding.path for finding in result.faults}
    assert not result.ok
    assert set(paths) <= named, (paths, named)
    assert not [finding for finding in result.findings if finding.message.startswith(UNFORESEEN)]


def test_one_bit_at_every_byte_is_seen_by_the_check_of_each_file(original):
    print("seed", SEED)
    draw = random.Random(SEED)
    seal, _ = read_seal(Storage(LocalDisk(original.path)), [])
    assert len(seal.sealed) > 20
    for each in seal.sealed:
        data = (original.path / each.path).read_bytes()
        assert sealed_file_fault(each, data) == ""
        for at in places(data, draw):
            assert sealed_file_fault(each, flipped(data, at, draw)), (each.path, at)


def test_one_bit_at_every_byte_of_the_seal(original):
    print("seed", SEED)
    draw = random.Random(SEED)
    storage = Storage(LocalDisk(original.path))
    verifier = original.maker.key.note_key(original.maker.origin).verifier
    data = storage.read("SEAL")
    disk = type("OneFile", (), {"read": lambda self, path: self.data})()
    for at in range(len(data)):
        disk.data = flipped(data, at, draw)
        try:
            _, signed_by = read_seal(Storage(disk), [verifier])
        except FormatError:
            continue
        assert signed_by == [], at


def test_flips_in_every_file_through_the_whole_audit(run):
    print("seed", SEED)
    draw = random.Random(SEED)
    for path in files(run):
        data = (run.path / path).read_bytes()
        for _ in range(THROUGH_THE_AUDIT):
            (run.path / path).write_bytes(flipped(data, draw.randrange(len(data)), draw))
            assert_caught(run, path)
        (run.path / path).write_bytes(data)
    assert audit(run.path, anchors=run.anchors).ok


def test_every_file_cut_short_or_grown(run):
    for path in files(run):
        data = (run.path / path).read_bytes()
        for other in (b"", data[:-1], data + b"\0"):
            (run.path / path).write_bytes(other)
            assert_caught(run, path)
        (run.path / path).write_bytes(data)


def test_every_file_removed(run):
    for path in files(run):
        data = (run.path / path).read_bytes()
        (run.path / path).unlink()
        assert_caught(run, path)
        (run.path / path).write_bytes(data)


def test_every_file_renamed(run):
    for path in files(run):
        other = run.path / f"{path}x"
        (run.path / path).rename(other)
        assert_caught(run, path, f"{path}x")
        other.rename(run.path / path)


@pytest.mark.parametrize(
    "path",
    [
        "notes.txt",
        ".hidden",
        "world/second.glb",
        "artifacts/ab/" + "ab" * 32 + ".png",
        "answers/000009.seg",
        "answers/blobs/ab/" + "ab" * 32,
        "bodies/000000000003.seg",
        "bodies/old.seg",
        "log/tile/0/000.p/7",
        "log/tile/x",
        "snapshots/t=0025200/world.json",
        "trust/other-1.pem",
        "trust/operator.key",
        "report.html.part",
        "scenario.py.c2pa.c2pa",
        "amendments/nobody",
        "SEAL.bak",
        "logs2/x",
        "run.json/",
    ],
)
def test_a_file_added(run, path):
    if path.endswith("/"):
        (run.path / path).unlink()
        (run.path / path).mkdir()
        path += "x"
    (run.path / path).parent.mkdir(parents=True, exist_ok=True)
    (run.path / path).write_bytes(b"added")
    assert_caught(run, path)


@pytest.mark.parametrize(
    "name", [b"a\nline", b"\xff\xfe", "ü".encode(), b"a" * 200, b"-rf", b"con\x01trol", b"back\\slash"]
)
def test_odd_names(run, name):
    (run.path / os.fsdecode(name)).write_bytes(b"x")
    assert_caught(run, os.fsdecode(name))


def test_links_in_place_of_files(run, tmp_path):
    """The bytes behind the link are the right ones: they need not be, when the next reader comes."""
    for path in ("run.json", "world/world.glb", "log/checkpoint", "SEAL", "trust/conductor-1.pem"):
        outside = tmp_path / "outside"
        shutil.copy(run.path / path, outside)
        (run.path / path).unlink()
        (run.path / path).symlink_to(outside)
        assert_caught(run, path)
        (run.path / path).unlink()
        shutil.copy(outside, run.path / path)


def test_links_in_place_of_folders(run, tmp_path):
    for folder in ("world", "trust", "log"):
        shutil.move(run.path / folder, tmp_path / folder)
        (run.path / folder).symlink_to(tmp_path / folder)
        assert_caught(run, folder)
        (run.path / folder).unlink()
        shutil.move(tmp_path / folder, run.path / folder)
    assert audit(run.path, anchors=run.anchors).ok


def test_a_loop_of_links(run):
    (run.path / "world" / "again").symlink_to(run.path)
    assert_caught(run, "world/again")


def test_a_pipe_that_never_ends(run):
    """A fifo would block its reader for ever."""
    (run.path / "report.html").unlink()
    os.mkfifo(run.path / "report.html")
    assert_caught(run, "report.html")


class TestLog:
    """The log without a key to sign a new head."""

    BUNDLE = "log/tile/entries/000.p/18"

    def entries(self, run):
        data = (run.path / self.BUNDLE).read_bytes()
        return [data[at : at + 86] for at in range(0, len(data), 86)]

    def test_an_entry_cut_from_the_end(self, run):
        entries = self.entries(run)
        (run.path / self.BUNDLE).write_bytes(b"".join(entries[:-1]))
        assert_caught(run, self.BUNDLE)

    def test_an_entry_cut_and_the_bundle_renamed(self, run):
        entries = self.entries(run)
        (run.path / self.BUNDLE).unlink()
        (run.path / "log/tile/entries/000.p/17").write_bytes(b"".join(entries[:-1]))
        assert_caught(run, self.BUNDLE, "log/tile/entries/000.p/17")

    @pytest.mark.parametrize(("one", "other"), [(6, 7), (0, 17), (3, 4)])
    def test_entries_swapped(self, run, one, other):
        entries = self.entries(run)
        entries[one], entries[other] = entries[other], entries[one]
        (run.path / self.BUNDLE).write_bytes(b"".join(entries))
        assert_caught(run, self.BUNDLE, "log/checkpoint")

    @pytest.mark.parametrize("at", [0, 6, 8, 17])
    def test_an_entry_dropped_and_another_doubled(self, run, at):
        entries = self.entries(run)
        del entries[at]
        (run.path / self.BUNDLE).write_bytes(b"".join([*entries, entries[-1]]))
        assert_caught(run, self.BUNDLE)

    @pytest.mark.parametrize("keep_seal", [True, False])
    def test_the_tail_cut_at_a_checkpoint(self, maker, operator, tmp_path, keep_seal):
        """The writer itself signed the shorter log once; only the seal says that there was more."""
        folder, old = tmp_path / "run", tmp_path / "old"
        folder.mkdir()
        remember = {"commit two": lambda made: shutil.copytree(folder, old)}
        made = maker(Storage(LocalDisk(folder)), operator, twists=remember).make()
        assert audit(folder, anchors=[operator.certificate_pem]).ok
        for part in ("log", "bodies"):
            shutil.rmtree(folder / part)
            shutil.copytree(old / part, folder / part)
        if not keep_seal:
            (folder / "SEAL").unlink()
        result = audit(folder, anchors=[operator.certificate_pem])
        assert made.log.size == 18
        assert result.entries == 16
        assert not result.ok
        named = {finding.path for finding in result.faults}
        assert named >= ({"log/checkpoint", "bodies/000000000016.seg"} if keep_seal else {"SEAL"})


class TestSidecars:
    def test_of_another_file(self, run):
        letter = next(run.path.glob("artifacts/*/*.txt.c2pa"))
        shutil.copy(run.path / "report.html.c2pa", letter)
        assert_caught(run, str(letter.relative_to(run.path)), str(letter.relative_to(run.path)).removesuffix(".c2pa"))

    def test_beside_a_file_that_carries_its_own(self, run):
        picture = next(run.path.glob("artifacts/*/*.png"))
        beside = picture.with_name(picture.name + ".c2pa")
        shutil.copy(run.path / "report.html.c2pa", beside)
        assert_caught(run, str(beside.relative_to(run.path)))

    def test_of_the_same_file_in_another_run(self, run, forged):
        """Signed by the same operator, over the same bytes."""
        other = forged(run_id="run-other")
        path = "world/world.glb.c2pa"
        (run.path / path).write_bytes(other.storage.read(path))
        assert_caught(run, path, "world/world.glb")


def test_the_file_of_another_run_with_its_credential(run, forged):
    other = forged(run_id="run-other")
    for path in ("report.html", "report.html.c2pa"):
        (run.path / path).write_bytes(other.storage.read(path))
    assert_caught(run, "report.html.c2pa")


def test_the_seal_of_another_run_of_the_same_operator(run, forged):
    (run.path / "SEAL").write_bytes(forged(run_id="run-other").storage.read("SEAL"))
    assert_caught(run, "SEAL")


def test_trust_of_another_operator_put_in_place(run, forged, stranger):
    other = forged(operator=stranger)
    for path in ("trust/ca-1.pem", "trust/conductor-1.pem"):
        (run.path / path).write_bytes(other.storage.read(path))
    assert_caught(run, "trust/ca-1.pem", "trust/conductor-1.pem")


def test_everything_signed_again_by_another_operator(run, maker, stranger, tmp_path):
    folder = tmp_path / "again"
    folder.mkdir()
    maker(Storage(LocalDisk(folder)), stranger).make()
    assert audit(folder, anchors=[stranger.certificate_pem]).ok
    result = audit(folder, anchors=run.anchors)
    assert result.exit_code == 13
    assert {finding.path for finding in result.findings} == {"trust/conductor-1.pem"}
