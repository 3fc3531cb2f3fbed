"""Go's checksum database code reads our logs, proofs and cosignatures: a verifier that this project did not write."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.cosignature import CosignerKey, with_lines
from worldloom.provenance.ids import EventId
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_proving import ProvenLog
from worldloom.provenance.note import parse_note
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.vkey import vkey

SOURCE = Path(__file__).parent.parent / "external" / "tlog" / "main.go"
GO_PATH = Path("/usr/share/gocode")
"""Where Debian's golang-golang-x-mod-dev puts golang.org/x/mod."""


@pytest.fixture(scope="module")
def second(tool, tmp_path_factory):
    """Build the verifier once; gives a function from arguments to (accepted, lines)."""
    if not (GO_PATH / "src" / "golang.org" / "x" / "mod").is_dir():
        pytest.fail("golang.org/x/mod is not installed: apt-get install golang-golang-x-mod-dev, or .ci/run")
    folder = tmp_path_factory.mktemp("go")
    settings = {"GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    program = folder / "tlog"
    command = [tool("go"), "build", "-o", str(program), str(SOURCE)]
    subprocess.run(command, env={**os.environ, **settings}, check=True, timeout=600)

    def judge(*arguments):
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
        return done.returncode == 0, done.stdout.splitlines()

    return judge


@pytest.mark.external
@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_go_accepts_what_we_write_and_refuses_what_was_changed(second, tmp_path, logged_run, size):
    run = tmp_path / "run"
    run.mkdir()
    writer, _ = logged_run(run, Keystore.open(tmp_path / "keys"), max(1, size // 2))
    older = tmp_path / "older"
    older.write_bytes((run / "log" / "checkpoint").read_bytes())
    logged_run.grow(writer, size)
    writer.commit()
    writer.tidy()
    proven = ProvenLog(Storage(LocalDisk(run)))
    key = vkey(proven.keys[0])
    witness = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
    cosigner = CosignerKey("w1.example", witness.public_key().public_bytes_raw(), witness.sign)
    files = {name: tmp_path / name for name in ("entry", "grown", "cosigned", "event")}
    files["entry"].write_bytes(proven.entry(size - 1).encode())
    files["grown"].write_bytes(proven.consistency(max(1, size // 2)).encode())
    note = proven.log.raw_checkpoint
    files["cosigned"].write_bytes(with_lines(note, [cosigner.line(parse_note(note)[0], 1_700_000_000)]))
    asked = ["--proof", files["entry"], proven.log.raw_entry(size - 1).hex(), "--grown", files["grown"], older]
    asked += ["--cosigned", files["cosigned"], vkey(cosigner.cosigner)]
    if size > 4:
        files["event"].write_bytes(proven.event(EventId(4, 0, 0)).encode())
        asked += ["--proof", files["event"], proven.log.raw_entry(4).hex()]
    accepted, told = second(run / "log", key, *asked)
    assert accepted, told
    assert told[1:] == [
        f"entries {size}",
        f"proof {size - 1}",
        f"grown {max(1, size // 2)}",
        "cosigned w1.example",
        *(["proof 4"] if size > 4 else []),
    ]
    wrong = bytearray(proven.log.raw_entry(size - 1))
    wrong[-1] ^= 1
    assert not second(run / "log", key, "--proof", files["entry"], wrong.hex())[0]
    for path in sorted((run / "log" / "tile").rglob("*")):
        if path.is_file() and "entries" not in path.parts and size > 1:  # one entry is proved without a tile
            before = path.read_bytes()
            path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
            assert not second(run / "log", key)[0], path
            path.write_bytes(before)
