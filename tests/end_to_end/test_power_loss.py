"""The example of docs/formats.md through power loss at every operation and a full disk at every write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from worldloom.cluster.closing.close import is_packed, pack_again
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.audit import audit_disk
from worldloom.provenance.credential import read_credential
from worldloom.provenance.errors import StorageError
from worldloom.provenance.folder import ARTIFACTS, CHECKPOINT, SEAL
from worldloom.provenance.media import media_type_of
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.seal import Seal
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
    return Seal.parse_note(place_on(disk).storage.read(SEAL)).content_root


def check(disk: PowerLossDisk, root: str, keystore) -> None:
    """The run is sealed and clean, its content is the undisturbed one's, and no content has two credentials."""
    place = place_on(disk)
    assert sealed_root(disk) == root
    result = audit_disk(place.storage, place.beside, NAME, anchors=keystore.anchors(), at=datetime.now(UTC))
    assert not result.findings
    names = [path for path in place.storage.files(ARTIFACTS) if not path.endswith(".c2pa")]
    said = Counter()
    for path in names:
        beside = f"{path}.c2pa"
        sidecar = place.storage.read(beside) if place.storage.exists(beside) else None
        said[read_credential(place.storage.read(path), media_type_of(path), sidecar).generation["content"]] += 1
    assert set(said.values()) <= {1}
    assert len(said) == len(names)
