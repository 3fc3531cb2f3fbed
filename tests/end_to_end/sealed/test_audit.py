"""Audit of a real sealed run: clean wherever it lies and whoever may write there; never clean once it was changed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from worldloom.cluster import Placement, RunOptions, RunResult, Silent, run
from worldloom.provenance.audit import AuditResult, audit
from worldloom.provenance.audit.file_steps import sealed_file_fault
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.errors import FormatError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.seal import SealedFile, read_seal
from worldloom.provenance.storage import LocalDisk, Storage

SEED = 20_260_802
SMALL = 4096
"""Files up to this size have a bit flipped at every byte, longer ones at places drawn."""
PLACES = 200
SLOW = pytest.mark.slow


def zip_of(run_path: Path) -> Path:
    return run_path.with_name(f"{run_path.name}.zip")


def flipped(data: bytes, at: int, draw: random.Random) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << draw.randrange(8)
    return bytes(changed)


def sealed_paths(run_path: Path) -> list[str]:
    """Every file of a run, the seal too, but for the lock."""
    return [path for path in Storage(LocalDisk(run_path)).files() if path != "lock"]


def one_of_each_kind(run_path: Path) -> list[str]:
    """The first file of every kind of place: the small run of tests/provenance/audit has every deed to every file."""
    kinds: dict[tuple[str, str], str] = {}
    for path in sealed_paths(run_path):
        kinds.setdefault((path.split("/")[0], "".join(Path(path).suffixes)), path)
    return list(kinds.values())


def assert_caught(result: AuditResult, *paths: str, why: str = "") -> None:
    named = {finding.path for finding in result.faults}
    assert not result.ok, why
    assert set(paths) <= named, f"{paths} not in {sorted(named)}; {why}"
    assert not [each for each in result.findings if each.message.startswith(UNFORESEEN)], why


class TestClean:
    def test_as_it_was_sealed(self, crafts_run: RunResult, anchors: list[bytes]) -> None:
        for path in (crafts_run.run, zip_of(crafts_run.run)):
            result = audit(path, anchors=anchors)
            assert (result.exit_code, result.findings, str(result.state)) == (0, (), "sealed")
            assert set(result.levels.values()) == {"pass", "not checked"}
            assert (result.content_root, result.log_root) == (crafts_run.content_root, crafts_run.log_root)
            assert result.artifacts == crafts_run.artifacts

    def test_after_it_was_moved(self, crafts_run: RunResult, anchors: list[bytes], copy: Callable) -> None:
        moved = copy(crafts_run.run)
        assert audit(moved, anchors=anchors).ok
        assert audit(zip_of(moved), anchors=anchors).ok
        renamed = moved.rename(moved.with_name("another name ü"))
        assert audit(renamed, anchors=anchors).ok

    @pytest.mark.parametrize(("days", "code"), [(0, 0), (400, 0), (11 * 366, 13)])
    def test_at_other_times(self, crafts_run: RunResult, anchors: list[bytes], days: int, code: int) -> None:
        at = datetime.now(UTC) + timedelta(days=days)
        for path in (crafts_run.run, zip_of(crafts_run.run)):
            result = audit(path, anchors=anchors, at=at)
            assert result.exit_code == code
            # Who signed the parts of world and page is nobody that one trusts, either.
            assert {str(finding.level) for finding in result.faults} == ({"signer", "ingredients"} if code else set())

    def test_with_everything_read_only_and_nothing_opened_for_writing(
        self, crafts_run: RunResult, keystore: Keystore, copy: Callable, tmp_path: Path
    ) -> None:
        """An audit hook of the interpreter stands in for the rights that root would ignore."""
        moved = copy(crafts_run.run)
        (tmp_path / "anchor.pem").write_bytes(keystore.operator.certificate_pem)
        everything = [*moved.parent.rglob("*"), moved.parent]
        before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in everything}
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        arguments = [str(moved), str(zip_of(moved)), "--anchor", str(tmp_path / "anchor.pem")]
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, "audit", *arguments],
            env={**os.environ, "READ_ONLY": str(moved.parent)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        after = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in moved.parent.rglob("*")}
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count("CLEAN") == 2
        assert {**after, moved.parent: before[moved.parent]} == before


READ_ONLY = """
import os, sys
INSIDE = os.environ["READ_ONLY"]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")
def hook(event, arguments):
    if event not in CHANGES and not (event == "open" and arguments[2] & WRITES):
        return
    if isinstance(arguments[0], (str, bytes)) and os.path.abspath(os.fsdecode(arguments[0])).startswith(INSIDE):
        sys.stderr.write(f"changes {event} {arguments}\\n")
        os._exit(99)
sys.addaudithook(hook)
from worldloom.cluster.commands.main import main
main()
"""


class TestTrust:
    def test_without_the_anchor(self, crafts_run: RunResult) -> None:
        for path in (crafts_run.run, zip_of(crafts_run.run)):
            result = audit(path, anchors=[])
            assert result.exit_code == 13
            assert {str(finding.level) for finding in result.faults} == {"signer", "ingredients"}

    def test_a_zip_without_its_seal(self, crafts_run: RunResult, anchors: list[bytes], copy: Callable) -> None:
        moved = copy(crafts_run.run)
        zip_of(moved).with_name("crafts.zip.seal").unlink()
        result = audit(zip_of(moved), anchors=anchors)
        assert result.exit_code == 11
        assert_caught(result, "crafts.zip")

    def test_a_zip_with_the_seal_of_another(
        self, crafts_run: RunResult, small_run: RunResult, anchors: list[bytes], copy: Callable
    ) -> None:
        moved = copy(crafts_run.run)
        shutil.copy(small_run.run.with_name("small.zip.seal"), moved.with_name("crafts.zip.seal"))
        assert_caught(audit(zip_of(moved), anchors=anchors), "crafts.zip")


class TestFlippedBits:
    """The seed stands in every message."""

    @pytest.mark.parametrize(("stride", "count"), [(7, 60), pytest.param(1, PLACES, marks=SLOW)])
    def test_in_every_file_by_the_check_of_each_file(self, crafts: object, stride: int, count: int) -> None:
        draw = random.Random(SEED)
        seal, _ = read_seal(crafts.storage, [])
        assert len(seal.sealed) > 60
        for each in seal.sealed:
            data = (crafts.path / each.path).read_bytes()
            assert sealed_file_fault(each, data) == ""
            for at in self.places(len(data), stride, count, draw):
                assert sealed_file_fault(each, flipped(data, at, draw)), f"seed {SEED}: {each.path}, byte {at}"

    @pytest.mark.parametrize("stride", [17, pytest.param(5, marks=SLOW)])
    def test_in_the_seal(self, crafts: object, keystore: Keystore, stride: int) -> None:
        draw = random.Random(SEED)
        whole = (crafts.path / "SEAL").read_bytes()
        verifiers = trusted_verifiers(crafts.storage)
        assert read_seal(crafts.storage, verifiers)[1]
        disk = OneFile()
        for at in range(0, len(whole), stride):
            disk.data = flipped(whole, at, draw)
            try:
                _, signed_by = read_seal(Storage(disk), verifiers)
            except FormatError:
                continue
            assert not signed_by, f"seed {SEED}: SEAL, byte {at}"

    def test_in_a_file_of_each_kind_through_the_whole_audit(
        self, crafts_run: RunResult, anchors: list[bytes], copy: Callable
    ) -> None:
        moved, draw = copy(crafts_run.run), random.Random(SEED)
        for path in one_of_each_kind(moved):
            data = (moved / path).read_bytes()
            at = draw.randrange(len(data))
            (moved / path).write_bytes(flipped(data, at, draw))
            assert_caught(audit(moved, anchors=anchors), path, why=f"seed {SEED}: {path}, byte {at}")
            (moved / path).write_bytes(data)
        assert audit(moved, anchors=anchors).ok

    @pytest.mark.parametrize("count", [3, pytest.param(12, marks=SLOW)])
    def test_in_the_zip(self, crafts_run: RunResult, anchors: list[bytes], copy: Callable, count: int) -> None:
        draw = random.Random(SEED)
        packed = zip_of(copy(crafts_run.run))
        data = packed.read_bytes()
        for at in (draw.randrange(len(data)) for _ in range(count)):
            packed.write_bytes(flipped(data, at, draw))
            assert_caught(audit(packed, anchors=anchors), why=f"seed {SEED}: {packed.name}, byte {at}")
        packed.write_bytes(data)

    @pytest.mark.parametrize("stride", [89, pytest.param(17, marks=SLOW)])
    def test_in_the_seal_of_the_zip(
        self, small_run: RunResult, anchors: list[bytes], copy: Callable, stride: int
    ) -> None:
        draw = random.Random(SEED)
        packed = zip_of(copy(small_run.run))
        beside = packed.with_name(f"{packed.name}.seal")
        note = beside.read_bytes()
        for at in range(draw.randrange(stride), len(note), stride):
            beside.write_bytes(flipped(note, at, draw))
            why = f"seed {SEED}: {beside.name}, byte {at}"
            assert_caught(audit(packed, anchors=anchors), packed.name, why=why)

    @staticmethod
    def places(size: int, stride: int, count: int, draw: random.Random) -> range | list[int]:
        if size <= SMALL:
            return range(draw.randrange(stride) % size, size, stride)
        return [draw.randrange(size) for _ in range(count)]


class OneFile:
    """A disk on which every file has the same bytes."""

    data = b""

    def read(self, path: str) -> bytes:
        return self.data


def trusted_verifiers(storage: Storage) -> list:
    from worldloom.provenance.folder import origin, read_run
    from worldloom.provenance.trust import log_verifiers

    return log_verifiers(storage, origin(read_run(storage).run_id))


class TestChangedFolders:
    def test_files_added_outside_logs(self, crafts_run: RunResult, anchors: list[bytes], copy: Callable) -> None:
        moved = copy(crafts_run.run)
        (moved / "logs").mkdir()
        (moved / "logs" / "ray.log").write_text("diagnostics lie outside the seal")
        assert audit(moved, anchors=anchors).ok
        for path in ("notes.txt", "world/second.glb", "artifacts/zz/zz.png", "answers/999999.seg", "trust/x-9.pem"):
            (moved / path).parent.mkdir(exist_ok=True)
            (moved / path).write_bytes(b"added")
            assert_caught(audit(moved, anchors=anchors), path)
            (moved / path).unlink()

    def test_a_file_of_each_kind_removed_or_renamed(
        self, crafts_run: RunResult, anchors: list[bytes], copy: Callable
    ) -> None:
        moved = copy(crafts_run.run)
        for path in one_of_each_kind(moved):
            other = (moved / path).rename(moved / f"{path}.moved")
            assert_caught(audit(moved, anchors=anchors), path, f"{path}.moved")
            other.rename(moved / path)
        assert audit(moved, anchors=anchors).ok

    def test_a_foreign_sidecar(
        self, crafts_run: RunResult, small_run: RunResult, anchors: list[bytes], copy: Callable
    ) -> None:
        """Of the same file of another run by the same operator; of another file of the same run."""
        moved = copy(crafts_run.run)
        beside = moved / "world" / "world.glb.c2pa"
        for other in (small_run.run / "world" / "world.glb.c2pa", next(moved.glob("artifacts/*/*.glb.c2pa"))):
            own = beside.read_bytes()
            shutil.copy(other, beside)
            assert_caught(audit(moved, anchors=anchors), "world/world.glb.c2pa", "world/world.glb")
            beside.write_bytes(own)

    def test_two_artifacts_change_places(self, crafts_run: RunResult, anchors: list[bytes], copy: Callable) -> None:
        moved = copy(crafts_run.run)
        one, other = sorted(moved.glob("artifacts/*/*.svg"))[:2]
        kept = one.read_bytes()
        shutil.copy(other, one)
        other.write_bytes(kept)
        assert_caught(audit(moved, anchors=anchors), *(str(path.relative_to(moved)) for path in (one, other)))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Keystore:
    return Keystore.open(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def again(small_file: Path, stranger: Keystore, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The small run once more, by somebody else."""
    out = tmp_path_factory.mktemp("again") / "small"
    return run(RunOptions(str(small_file), out=out, placement=Placement(local=True), home=stranger.home), Silent())


class TestAnotherOperator:
    """Somebody who does the whole run again with a keystore of their own: same content, other signer."""

    def test_a_run_in_another_folder_with_empty_caches_has_the_same_content(
        self, again: RunResult, small_run: RunResult
    ) -> None:
        assert again.run != small_run.run
        assert again.calls == small_run.calls
        assert (again.content_root, again.log_root != small_run.log_root) == (small_run.content_root, True)

    def test_everything_signed_again_is_never_clean(
        self, again: RunResult, stranger: Keystore, anchors: list[bytes]
    ) -> None:
        assert audit(again.run, anchors=stranger.anchors()).ok
        for path in (again.run, zip_of(again.run)):
            result = audit(path, anchors=anchors, expect_root=again.content_root)
            assert result.exit_code == 13
            assert_caught(result, "trust/conductor-1.pem")

    @pytest.mark.parametrize(
        ("parts", "named"),
        [
            (["world"], "world/world.glb.c2pa"),
            (["trust"], "trust/conductor-1.pem"),
            (["SEAL"], "SEAL"),
            (["report.html", "report.html.c2pa"], "report.html.c2pa"),
            (["scenario.py.c2pa"], "scenario.py.c2pa"),
            (["log", "bodies", "trust", "SEAL"], "report.html.c2pa"),
        ],
    )
    def test_parts_signed_again_and_put_in_place(
        self, again: RunResult, small_run: RunResult, anchors: list[bytes], copy: Callable, parts: list[str], named: str
    ) -> None:
        moved = copy(small_run.run)
        for part in parts:
            shutil.rmtree(moved / part) if (moved / part).is_dir() else (moved / part).unlink()
            copied = shutil.copytree if (again.run / part).is_dir() else shutil.copy
            copied(again.run / part, moved / part)
        assert_caught(audit(moved, anchors=anchors), named)


def test_every_file_of_the_run_is_named_by_its_seal(crafts: object) -> None:
    """What the other tests flip, remove and rename is all there is."""
    seal, _ = read_seal(crafts.storage, [])
    assert {each.path for each in seal.sealed} == set(sealed_paths(crafts.path)) - {"SEAL"}
    assert all(each.size for each in seal.sealed if isinstance(each, SealedFile))
