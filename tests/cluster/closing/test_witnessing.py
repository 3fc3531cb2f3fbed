"""A sealed run's head is cosigned by the witnesses that answer; the audit shows it; one that does not ends no run."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.cluster.closing import witnessing
from worldloom.cluster.closing.witnessing import ask_witnesses
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.audit import audit
from worldloom.provenance.cosignature import CosignerKey
from worldloom.provenance.keys import Keystore
from worldloom.provenance.seal import make_seal, write_seal
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.witness_book import WitnessBook
from worldloom.provenance.witness_server import WitnessServer


@pytest.fixture
def witness(tmp_path: Path):
    """A witness that trusts the tests' operator, and serves; its key."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    key = CosignerKey("w1.example", private.public_key().public_bytes_raw(), private.sign)
    book = WitnessBook(tmp_path / "book.json", key, lambda: [Keystore.open().operator.certificate_pem])
    with WitnessServer(("127.0.0.1", 0), book) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server, key.cosigner
        server.shutdown()
        thread.join()


@pytest.fixture
def sealed(tmp_path: Path, logged_run):
    """A sealed folder as `seal_run` leaves it, with the key that is still alive then."""
    folder = tmp_path / "run"
    folder.mkdir()
    log, key = logged_run(folder, Keystore.open(), 12, 40)
    log.tidy()
    storage = Storage(LocalDisk(folder))
    write_seal(
        storage, make_seal(storage, log.origin, log.checkpoint, log.content_root(), {}), key.note_key(log.origin)
    )
    place = RunPlace(storage, Storage(LocalDisk(tmp_path)), "run")
    return place, SimpleNamespace(storage=storage, key=key, origin=log.origin)


def said(folder: Path, **options: object) -> list[tuple[int, str]]:
    result = audit(folder, anchors=[Keystore.open().operator.certificate_pem], **options)
    return [(int(found.code), found.message) for found in result.findings if found.step == "witness"]


def test_its_word_lies_beside_the_run_and_covers_the_seal(witness, sealed, tmp_path):
    server, cosigner = witness
    place, writer = sealed
    notes = list(ask_witnesses(place, writer, [server.url, "http://127.0.0.1:1"]))
    assert notes[0] == f"cosigned by the witness at {server.url}"
    assert notes[1].startswith("not cosigned by http://127.0.0.1:1: ")
    assert "\nworldloom-seal " in (tmp_path / "run.witness").read_text()
    run = tmp_path / "run"
    assert said(run, witnesses=[cosigner])[0][1].startswith("cosigned by w1.example on 20")
    assert said(run)[0][1].startswith("bears cosignatures that nobody checked")
    seal = run / "SEAL"
    seal.write_bytes(seal.read_bytes().replace(b"\n\n", b"\ncount x 1\n\n", 1))
    assert said(run, witnesses=[cosigner]) == [
        (10, "names another SEAL than the one in the run: it was sealed twice, or swapped")
    ]


def test_without_its_word_a_demanded_witness_is_missing(witness, sealed, tmp_path):
    assert said(tmp_path / "run") == []
    ((code, why),) = said(tmp_path / "run", witnesses=[witness[1]])
    assert (code, "is missing" in why) == (11, True)


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b"a\n1\n" + b"A" * 43 + b"=\n\n", b"\xff" * 100, b"\n" * 10_000, b"x\n\n" * 5_000]
)
def test_a_file_of_witnesses_that_is_none_is_told(sealed, tmp_path, data):
    (tmp_path / "run.witness").write_bytes(data)
    ((code, why),) = said(tmp_path / "run")
    assert (code, "cannot be read" in why) == (10, True)


def test_another_runs_word_is_told(witness, sealed, tmp_path, logged_run):
    server, _ = witness
    place, writer = sealed
    list(ask_witnesses(place, writer, [server.url]))
    other = tmp_path / "other"
    other.mkdir()
    logged_run(other, Keystore.open(), 40, run_id="run-another")
    (tmp_path / "other.witness").write_bytes((tmp_path / "run.witness").read_bytes())
    assert said(other)[0] == (10, "is of 'worldloom.run/run-logged', not of this run")


def test_nobody_asked_nothing_written(sealed, tmp_path):
    assert list(ask_witnesses(*sealed, [])) == []
    assert not (tmp_path / "run.witness").exists()


def test_all_witnesses_together_have_one_deadline(sealed, monkeypatch):
    monkeypatch.setattr(witnessing, "PATIENCE", -1.0)
    notes = list(ask_witnesses(*sealed, ["http://127.0.0.1:1", "http://127.0.0.1:2"]))
    assert all("did not answer in time" in note for note in notes)
