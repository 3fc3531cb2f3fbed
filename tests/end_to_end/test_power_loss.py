"""The example of docs/formats.md through power loss at every operation and a full disk at every write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from worldloom.cluster.closing.close import is_packed, pack_again
from worldloom.cluster.options import Silent
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.audit import audit
from worldloom.provenance.errors import StorageError
from worldloom.provenance.folder import ARTIFACTS, CHECKPOINT, SEAL
from worldloom.provenance.media import media_type_of
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.seal import read_seal
from worldloom.provenance.storage import Storage
from worldloom.provenance.subfolder import Subfolder

NAME = "run"
Recover = Callable[[PowerLossDisk], None]


def place_on(disk: PowerLossDisk) -> RunPlace:
    return RunPlace(Storage(Subfolder(disk, NAME)), Storage(disk), NAME)


@pytest.fixture
def run(session, keystore, tiny) -> Recover:
    """What a user does, at first and after a crash: run if nothing has begun, else resume; pack a sealed run."""

    def go_on(disk: PowerLossDisk) -> None:
        place = place_on(disk)
        if place.storage.exists(SEAL):
            if not is_packed(place):
                pack_again(place, keystore)
            return
        again = session(place, tiny)
        if place.storage.exists(CHECKPOINT):
            again.recover(tiny.scenario)
        else:
            for path in place.storage.files():
                place.storage.remove(path)
            again.begin(tiny.scenario, tiny.source)
        again.finish()

    return go_on


@pytest.fixture
def undisturbed(run: Recover) -> PowerLossDisk:
    disk = PowerLossDisk()
    run(disk)
    return disk


def sealed_root(disk: PowerLossDisk) -> str:
    return read_seal(place_on(disk).storage, [])[0].content_root


def check(disk: PowerLossDisk, root: str, keystore) -> None:
    """The run is sealed and clean, its content is the undisturbed one's, and no content has two credentials."""
    place = place_on(disk)
    assert sealed_root(disk) == root
    with TemporaryDirectory() as folder:
        for path in disk.files():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(disk.read(path))
        for run in (NAME, f"{NAME}.zip"):
            result = audit(Path(folder) / run, anchors=keystore.anchors())
            assert (result.exit_code, result.findings) == (0, ())
    names = [path for path in place.storage.files(ARTIFACTS) if not path.endswith(".c2pa")]
    said = Counter()
    for path in names:
        beside = f"{path}.c2pa"
        sidecar = place.storage.read(beside) if place.storage.exists(beside) else None
        said[read_credential(place.storage.read(path), media_type_of(path), sidecar).generation["content"]] += 1
    assert set(said.values()) <= {1}
    assert len(said) == len(names)


def crash(run: Recover, at: int) -> PowerLossDisk:
    """The disk as a power loss at that operation of a run may leave it; the operation is the seed."""
    disk = PowerLossDisk()
    disk.crash_at(at)
    with pytest.raises(PowerLoss):
        run(disk)
    return disk.after_crash(at)


def every(operations: int, stride: int) -> range:
    return range(stride // 2, operations, stride)


def test_the_example_has_all_that_the_page_tells_of(undisturbed):
    files = place_on(undisturbed).storage.files()
    assert any(path.startswith(ARTIFACTS) for path in files)
    for wanted in ("run.json", "scenario.py.c2pa", "trust/ca-1.pem", "log/checkpoint", "world/world.glb.c2pa", SEAL):
        assert wanted in files
    assert [path for path in undisturbed.files() if not path.startswith("run/")] == ["run.zip", "run.zip.seal"]


@pytest.mark.parametrize("stride", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_power_loss_at_any_operation(run, undisturbed, keystore, stride):
    root = sealed_root(undisturbed)
    for at in every(len(undisturbed.operations), stride):
        disk = crash(run, at)
        run(disk)
        check(disk, root, keystore)


@pytest.mark.parametrize("stride", [41, pytest.param(5, marks=pytest.mark.slow)])
def test_power_loss_again_while_resuming(run, undisturbed, keystore, stride):
    root = sealed_root(undisturbed)
    for at in every(len(undisturbed.operations), stride):
        disk = crash(run, at)
        disk.crash_at(at % 53)
        try:
            run(disk)
        except PowerLoss:
            disk = disk.after_crash(at + 1)
            run(disk)
        check(disk, root, keystore)


@pytest.mark.parametrize("stride", [19, pytest.param(1, marks=pytest.mark.slow)])
def test_a_full_disk_at_any_write_says_so_and_loses_nothing(run, undisturbed, keystore, stride):
    root = sealed_root(undisturbed)
    writes = sum(operation.startswith("create") for operation in undisturbed.operations)
    for at in every(writes, stride):
        disk = PowerLossDisk()
        disk.full_at(at)
        with pytest.raises(StorageError, match="No space left on device; free space"):
            run(disk)
        disk.free()
        run(disk)
        check(disk, root, keystore)


def test_a_damaged_snapshot_is_told_of_and_costs_time_alone(run, undisturbed, keystore, monkeypatch):
    """The step after the only snapshot loses power, and a part of it is damaged: all steps are done again."""
    operations = undisturbed.operations
    newest = max(at for at, what in enumerate(operations) if what.startswith("rename") and "/snapshots/" in what)
    disk = PowerLossDisk()
    disk.crash_at(next(at for at in range(newest, len(operations)) if operations[at].endswith("log/checkpoint")))
    with pytest.raises(PowerLoss):
        run(disk)
    disk = disk.after_crash(0)
    damaged = max(path for path in disk.files(f"{NAME}/snapshots") if path.endswith("world.json"))
    disk.create(damaged, b"{}")
    disk.sync(damaged)
    phases: list[str] = []
    monkeypatch.setattr(Silent, "phase", lambda _, name: phases.append(name))
    run(disk)
    told = damaged.removeprefix(f"{NAME}/").removesuffix("/world.json")
    assert f"{told} is damaged and was removed; its steps are done again" in phases
    check(disk, sealed_root(undisturbed), keystore)
