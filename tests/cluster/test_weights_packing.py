"""A folder taken apart and put together again, and what is refused on either way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from worldloom.cluster import weights_packing
from worldloom.cluster.weights_packing import Manifest, PackedFile, pack, size_of, unpack
from worldloom.generators.errors import WeightsError

FILES = {
    "config.json": b"{}",
    "model.safetensors": bytes(range(256)) * 10,
    "training/log/tile/0/000.p": b"",
    "a ü": b"u",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "weights"
    for name, data in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


@pytest.fixture
def packed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Manifest, dict[str, list[bytes]]]:
    monkeypatch.setattr(weights_packing, "PIECE_BYTES", 1000)
    pieces: dict[str, list[bytes]] = {}
    manifest = pack(folder, lambda name, piece: pieces.setdefault(name, []).append(piece))
    return manifest, pieces


def from_pieces(pieces: dict[str, list[bytes]]) -> Callable[[str], Iterable[bytes]]:
    return lambda name: pieces.get(name, [])


def test_a_folder_comes_out_as_it_went_in(packed, tmp_path: Path) -> None:
    manifest, pieces = packed
    assert [len(piece) for piece in pieces["model.safetensors"]] == [1000, 1000, 560]
    unpack(manifest, from_pieces(pieces), tmp_path / "there")
    found = {str(path.relative_to(tmp_path / "there")): path for path in (tmp_path / "there").rglob("*")}
    assert {name: path.read_bytes() for name, path in found.items() if path.is_file()} == FILES
    assert pack(tmp_path / "there") == manifest
    assert manifest.size == size_of(tmp_path / "there") == sum(map(len, FILES.values()))


def test_the_digest_is_of_names_and_bytes_and_of_nothing_else(folder: Path, tmp_path: Path) -> None:
    digest = pack(folder).digest
    twin = Path(shutil.copytree(folder, tmp_path / "twin", copy_function=shutil.copyfile))
    os.utime(twin / "config.json", (1, 1))
    assert pack(twin).digest == digest
    (twin / "config.json").write_bytes(b"[]")
    assert pack(twin).digest != digest
    (twin / "config.json").write_bytes(b"{}")
    (twin / "config.json").rename(twin / "confih.json")
    assert pack(twin).digest != digest


def test_what_no_backend_reads_stays_behind(folder: Path) -> None:
    before = pack(folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "objects").write_bytes(b"much")
    (folder / ".hidden").symlink_to("/etc/passwd")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    assert pack(folder) == before


def test_a_link_within_the_folder_travels_as_the_file_it_leads_to(folder: Path) -> None:
    (folder / "again.safetensors").symlink_to("model.safetensors")
    found = {file.name: file for file in pack(folder).files}
    assert found["again.safetensors"].sha256 == found["model.safetensors"].sha256


def test_a_link_that_leads_out_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    (folder / "tokenizer.json").symlink_to("../secret")
    with pytest.raises(WeightsError, match=r"tokenizer\.json.*leads out of the folder"):
        pack(folder)


def test_a_link_to_a_folder_is_refused(folder: Path) -> None:
    (folder / "round").symlink_to(folder)
    with pytest.raises(WeightsError, match=r"round.*link to a folder"):
        pack(folder)


def test_a_broken_link_and_a_pipe_are_refused(folder: Path) -> None:
    (folder / "gone").symlink_to("nowhere")
    with pytest.raises(WeightsError, match=r"gone.*is no file"):
        pack(folder)
    (folder / "gone").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(WeightsError, match=r"pipe.*is no file"):
        pack(folder)


@pytest.mark.parametrize("name", ["bad\nname", "bad\\name", b"bad\xff".decode("utf-8", "surrogateescape")])
def test_names_that_weights_do_not_have_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"1")
    with pytest.raises(WeightsError, match="marks in its name"):
        pack(folder)


def test_too_many_files_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_packing, "MOST_FILES", 3)
    with pytest.raises(WeightsError, match="holds 4 files and may hold 3"):
        pack(folder)


def test_a_folder_that_is_gone_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere: the weights cannot be read"):
        pack(tmp_path / "nowhere")


HOSTILE = ["../out", "/out", "a/../../out", "..", "", "a//b", "./a", "a/.b", "a\\b", "a\0b", "a\nb", "x" * 300]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(packed, name: str, tmp_path: Path) -> None:
    manifest, pieces = packed
    hostile = Manifest((*manifest.files, PackedFile(name, 1, "0" * 64)))
    with pytest.raises(WeightsError, match="nothing of them was written"):
        unpack(hostile, from_pieces(pieces | {name: [b"1"]}), tmp_path / "deep" / "there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["weights"]


def test_a_name_twice_or_a_file_that_is_a_folder_is_refused(packed, tmp_path: Path) -> None:
    manifest, pieces = packed
    for name in ("config.json", "training"):
        more = Manifest((*manifest.files, PackedFile(name, 1, "0" * 64)))
        with pytest.raises(WeightsError, match="nothing of them was written"):
            unpack(more, from_pieces(pieces), tmp_path / "there")
    assert not (tmp_path / "there").exists()


def changed(pieces: dict[str, list[bytes]], name: str, change: Callable[[bytes], bytes]) -> dict[str, list[bytes]]:
    return pieces | {name: [change(pieces[name][0]), *pieces[name][1:]]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda piece: piece[:-1], "changed or cut short"),
        (lambda piece: bytes([piece[0] ^ 1]) + piece[1:], "changed or cut short"),
        (lambda piece: piece + b"more", "longer than the 2560 bytes"),
    ],
    ids=["truncated", "one bit", "longer"],
)
def test_other_bytes_than_were_packed_are_found(packed, change, said: str, tmp_path: Path) -> None:
    manifest, pieces = packed
    with pytest.raises(WeightsError, match=rf"model\.safetensors: .*{said}"):
        unpack(manifest, from_pieces(changed(pieces, "model.safetensors", change)), tmp_path / "there")


def test_a_file_that_never_came_is_found(packed, tmp_path: Path) -> None:
    manifest, pieces = packed
    with pytest.raises(WeightsError, match=r"model\.safetensors"):
        unpack(manifest, from_pieces({**pieces, "model.safetensors": []}), tmp_path / "there")


def test_nothing_is_written_over(packed, tmp_path: Path) -> None:
    manifest, pieces = packed
    (tmp_path / "there").mkdir()
    with pytest.raises(FileExistsError):
        unpack(manifest, from_pieces(pieces), tmp_path / "there")
