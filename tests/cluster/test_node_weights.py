"""Weights on a node: once, whole, for nobody else, and gone with the run. Other processes are real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from worldloom.cluster import node_weights
from worldloom.cluster.node_weights import NodeFolder, own_folder, remove
from worldloom.cluster.weights_packing import Manifest, pack
from worldloom.generators.errors import WeightsError

DATA = b"numbers" * 1000


@pytest.fixture
def original(tmp_path: Path) -> Path:
    folder = tmp_path / "original"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(DATA)
    return folder


@pytest.fixture
def manifest(original: Path) -> Manifest:
    return pack(original)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    return folder


class Pieces:
    """Bytes of the one file; counts how often they were fetched."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data, self.fetched = data, 0

    def __call__(self, name: str) -> list[bytes]:
        self.fetched += 1
        return [self.data]


def test_many_at_once_unpack_once_and_get_the_same_folder(manifest: Manifest, base: Path) -> None:
    pieces, found = Pieces(), []
    start = threading.Barrier(6)

    def arrive() -> None:
        start.wait()
        found.append(NodeFolder("run", base).settle(manifest, pieces))

    threads = [threading.Thread(target=arrive) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pieces.fetched == 1
    assert sorted(each.unpacked for each in found) == [False] * 5 + [True]
    assert len({each.folder for each in found}) == 1
    assert pack(found[0].folder) == manifest


def test_the_same_weights_are_used_where_they_lie(manifest: Manifest, original: Path, base: Path) -> None:
    pieces = Pieces()
    for _ in range(2):
        settled = NodeFolder("run", base).settle(manifest, pieces, original)
        assert (settled.folder, settled.unpacked) == (original, False)
    assert pieces.fetched == 0


def test_other_weights_at_the_same_path_are_not_used(manifest: Manifest, original: Path, base: Path) -> None:
    (original / "model.safetensors").write_bytes(DATA[:-1] + b"!")
    settled = NodeFolder("run", base).settle(manifest, Pieces(), original)
    assert settled.unpacked
    assert settled.folder != original
    assert (settled.folder / "model.safetensors").read_bytes() == DATA


def test_what_a_failed_unpacking_wrote_is_never_used(manifest: Manifest, base: Path) -> None:
    holder = NodeFolder("run", base)
    with pytest.raises(WeightsError, match="changed or cut short"):
        holder.settle(manifest, Pieces(DATA[:-1]))
    assert not [path for path in holder.path.iterdir() if path.is_dir()]
    assert holder.settle(manifest, Pieces()).unpacked


KILLED = """
import os, signal, sys
from pathlib import Path
from worldloom.cluster.node_weights import NodeFolder
from worldloom.cluster.weights_packing import pack

def pieces(name):
    yield b"numbers"
    print("half", flush=True)
    signal.pause()

NodeFolder("run", Path(sys.argv[1])).settle(pack(Path(sys.argv[2])), pieces)
"""


def test_a_killed_unpacking_is_done_again_from_its_beginning(manifest: Manifest, original: Path, base: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(base), str(original)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "half\n"
        os.kill(process.pid, signal.SIGKILL)
    assert [path.name for path in (base / "run").iterdir() if path.is_dir()] == [f"{manifest.digest}.part"]
    settled = NodeFolder("run", base).settle(manifest, Pieces())
    assert settled.unpacked
    assert pack(settled.folder) == manifest
    assert not (base / "run" / f"{manifest.digest}.part").exists()


def test_it_is_gone_after_removal_but_not_while_somebody_holds_it(manifest: Manifest, base: Path) -> None:
    holder = NodeFolder("run", base)
    folder = holder.settle(manifest, Pieces()).folder
    assert not remove("run", base, seconds=0)
    assert folder.exists()
    holder.close()
    assert remove("run", base, seconds=0)
    assert not (base / "run").exists()
    assert remove("run", base), "what is gone is gone"


def test_a_run_sweeps_what_dead_ones_left_and_leaves_living_ones_alone(manifest: Manifest, base: Path) -> None:
    dead, living = NodeFolder("dead", base), NodeFolder("living", base)
    dead.settle(manifest, Pieces())
    living.settle(manifest, Pieces())
    dead.close()
    NodeFolder("next", base)
    assert sorted(path.name for path in base.iterdir() if path.is_dir()) == ["living", "next"]


def test_the_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = own_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(WeightsError, match="open to other users"):
        own_folder()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(WeightsError, match="is a link"):
        own_folder()


def test_a_full_disk_is_told_as_such(manifest: Manifest, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(node_weights, "unpack", full)
    with pytest.raises(WeightsError, match=r"No space left on device.*TMPDIR"):
        NodeFolder("run", base).settle(manifest, Pieces())
