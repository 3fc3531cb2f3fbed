"""What was made is found again without its credential, resized, re-encoded, reworded; what is foreign is not."""

from __future__ import annotations

import io
import json
import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from worldloom.provenance.bundle import pack_members, packed_files
from worldloom.provenance.keys import Keystore
from worldloom.provenance.recovery import FILE, LIKENESS, PAYLOAD, Recovery, index, recover, render, runs_in, to_json
from worldloom.provenance.storage import LocalDisk, Storage

soundfile = pytest.importorskip("soundfile")


def look_up(gallery: Any, data: bytes) -> Recovery:
    return recover(data, [gallery.folder])


def titles(result: Recovery) -> list[str]:
    return [each.made.title for each in result.found]


def encoded(picture: Image.Image, form: str, **how: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **how)
    return written.getvalue()


def painting(gallery: Any) -> Image.Image:
    return Image.open(io.BytesIO(gallery.payload("Painting 1"))).convert("RGB")


ALTERED: dict[str, Callable[[Image.Image], bytes]] = {
    "half_as_large": lambda p: encoded(p.resize((p.width // 2, p.height // 2)), "PNG"),
    "twice_as_large": lambda p: encoded(p.resize((p.width * 2, p.height * 2)), "PNG"),
    "jpeg_of_quality_80": lambda p: encoded(p, "JPEG", quality=80),
    "jpeg_half_as_large": lambda p: encoded(p.resize((p.width // 2, p.height // 2)), "JPEG", quality=80),
    "webp": lambda p: encoded(p, "WEBP", quality=75),
    "png_of_32_colours": lambda p: encoded(p.convert("P", palette=Image.Palette.ADAPTIVE, colors=32), "PNG"),
    "grey": lambda p: encoded(p.convert("L"), "PNG"),
    "saved_again": lambda p: encoded(p, "PNG", optimize=True),
    "cropped_by_3_per_cent": lambda p: encoded(p.crop((5, 5, p.width - 5, p.height - 5)), "JPEG", quality=90),
}


@pytest.mark.parametrize("how", ALTERED)
def test_a_picture_is_found_again(gallery: Any, how: str) -> None:
    result = look_up(gallery, ALTERED[how](painting(gallery)))
    assert titles(result) == ["Painting 1"]
    assert result.found[0].how == LIKENESS
    assert result.found[0].made.who == "Bo <b>Reed</b>"


@pytest.mark.parametrize("title", ["Painting 0", "Letter 0", "Song 0", "Portrait 0", "A stone"])
def test_the_very_file_and_the_bytes_without_its_credential_are_told_apart(gallery: Any, title: str) -> None:
    signed = look_up(gallery, gallery.stored(title))
    bare = look_up(gallery, gallery.payload(title))
    assert (titles(signed), signed.found[0].how) == ([title], FILE)
    same = gallery.stored(title) == gallery.payload(title)
    assert (titles(bare), bare.found[0].how) == ([title], FILE if same else PAYLOAD)


def test_a_signed_file_whose_credential_was_damaged_is_found_by_its_payload(gallery: Any) -> None:
    data = bytearray(gallery.stored("Painting 2"))
    data[data.index(b"io.iscc.v0")] ^= 1
    result = look_up(gallery, bytes(data))
    assert (titles(result), result.found[0].how) == (["Painting 2"], PAYLOAD)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("storm", "tempest"),
        lambda text: text.upper(),
        lambda text: "\ufeff" + text,
        lambda text: " ".join(text.split()),
    ],
    ids=["other_line_ends", "another_word", "capitals", "a_byte_order_mark", "one_line"],
)
def test_a_letter_is_found_again(gallery: Any, change: Callable[[str], str]) -> None:
    assert titles(look_up(gallery, change(gallery.payload("Letter 0").decode()).encode())) == ["Letter 0"]


def samples(data: bytes) -> tuple[np.ndarray, int]:
    with wave.open(io.BytesIO(data)) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2"), sound.getframerate()


def sounding(data: np.ndarray, rate: int, form: str) -> bytes:
    written = io.BytesIO()
    soundfile.write(written, data, rate, format=form)
    return written.getvalue()


@pytest.mark.parametrize("form", ["MP3", "FLAC", "OGG", "half_the_rate", "quiet"])
def test_a_song_is_found_again(gallery: Any, form: str) -> None:
    data, rate = samples(gallery.payload("Song 1"))
    if form == "half_the_rate":
        altered = sounding(data[::2], rate // 2, "WAV")
    elif form == "quiet":
        altered = sounding(data // 5, rate, "WAV")
    else:
        altered = sounding(data, rate, form)
    assert titles(look_up(gallery, altered)) == ["Song 1"]


def test_a_drawing_is_found_by_its_source_written_otherwise_and_by_a_picture_of_it(gallery: Any) -> None:
    pytest.importorskip("resvg_py")
    from worldloom.provenance.fingerprints.pictures import draw

    svg = gallery.payload("Portrait 1")
    assert titles(look_up(gallery, svg.replace(b"><", b">\n  <"))) == ["Portrait 1"]
    shot = Image.open(io.BytesIO(draw(svg, 400))).convert("RGBA")
    white = Image.new("RGBA", shot.size, "white")
    white.alpha_composite(shot)
    assert titles(look_up(gallery, encoded(white.convert("RGB"), "JPEG", quality=80))) == ["Portrait 1"]


def test_a_solid_with_some_bytes_changed_is_found_by_its_bytes(gallery: Any) -> None:
    data = gallery.payload("A stone")
    assert titles(look_up(gallery, data[:-4] + b"late")) == ["A stone"]


def test_what_is_foreign_is_not_found(gallery: Any, build_gallery: Any) -> None:
    other = build_gallery.__globals__
    foreign = {
        "painting": other["png"](other["painting"](77)),
        "song": other["song"](77),
        "drawing": other["drawing"](77),
        "letter": b"Sir, your goat has eaten our hedge again, and this time also the gate that was in it. Mend both.",
        "bytes": bytes(np.random.default_rng(9).integers(0, 256, 6_000, dtype=np.uint8)),
        "grey picture": encoded(Image.new("RGB", (64, 64), (9, 9, 9)), "PNG"),
        "silence": other["wav"](np.zeros(90_000, "<i2"), 22_050),
        "nothing": b"",
        "a word": b"hello",
    }
    assert {name: titles(look_up(gallery, data)) for name, data in foreign.items()} == {name: [] for name in foreign}


BOMB = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
HOSTILE = {
    "png_cut_short": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
    "png_of_a_billion_pixels": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0\0\0\0\0",
    "svg_that_reads_a_file": BOMB,
    "svg_of_entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    "wav_without_a_rate": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0" + bytes(12) + b"data\0\0\0\0",
    "mp3_of_noise": b"ID3\x04\0\0\0\0\0\0" + bytes(range(256)) * 8,
    "text_with_broken_utf8": "ä".encode()[:1] * 400,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_find_nothing_and_raise_nothing(gallery: Any, name: str) -> None:
    assert look_up(gallery, HOSTILE[name]).found == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WAVE", b"<svg ", b"fLaC"]),
    rest=st.binary(max_size=300),
)
def test_no_bytes_raise_or_are_taken_for_what_was_made(gallery: Any, head: bytes, rest: bytes) -> None:
    assert look_up(gallery, head + rest).found == ()


def test_a_run_from_before_fingerprints_is_searched_by_its_files(build_gallery: Any, tmp_path: Path) -> None:
    old = build_gallery(tmp_path / "old", Keystore.open(tmp_path / "keys"), "run-old", fingerprints=False)
    assert titles(look_up(old, ALTERED["jpeg_of_quality_80"](painting(old)))) == ["Painting 1"]


def test_where_the_stored_file_is_gone_a_near_code_has_to_do_and_says_so(gallery: Any, tmp_path: Path) -> None:
    shutil.copytree(gallery.folder, tmp_path / "run")
    (tmp_path / "run" / gallery.path("Painting 1").relative_to(gallery.folder)).unlink()
    result = recover(ALTERED["webp"](painting(gallery)), [tmp_path / "run"], tmp_path / "cache")
    assert titles(result) == ["Painting 1"]
    assert result.found[0].alike == -1
    told = render("x.webp", result, gallery.anchors)
    assert "no closer look was taken" in told
    assert "the stored file is gone" in told


def test_a_log_that_gives_a_picture_anothers_fingerprint_misleads_nobody(
    build_gallery: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code leads there, the closer look at the stored file does not."""
    space = build_gallery.__globals__
    true_take, victim = space["take"], space["png"](space["painting"](77))
    monkeypatch.setitem(
        space, "take", lambda payload, kind: true_take(victim if kind == "image/png" else payload, kind)
    )
    liar = build_gallery(tmp_path / "liar", Keystore.open(tmp_path / "keys"), "run-liar")
    assert recover(victim, [liar.folder], tmp_path / "cache").found == ()


def test_two_runs_that_made_the_same_are_both_named(gallery: Any, build_gallery: Any, tmp_path: Path) -> None:
    twin = build_gallery(tmp_path / "runs" / "twin", Keystore.open(tmp_path / "keys"), "run-twin")
    shutil.copytree(gallery.folder, tmp_path / "runs" / "first")
    found = recover(ALTERED["jpeg_of_quality_80"](painting(gallery)), runs_in([tmp_path / "runs"])).found
    assert [(each.run.name, each.made.title) for each in found] == [("first", "Painting 1"), ("twin", "Painting 1")]
    assert twin.folder in [each.run for each in found]


def test_the_answer_says_who_made_it_its_credential_and_its_log_entry(gallery: Any) -> None:
    result = look_up(gallery, ALTERED["webp"](painting(gallery)))
    told = render("stolen\x1b[31m.webp", result, gallery.anchors)
    assert "\x1b" not in told
    assert "Bo <b>Reed</b> (agent-1), day 1, 06:01, with painter-1" in told
    assert "holds, by a signer whom you trust" in told
    assert "is included under the root of 15 entries" in told
    (found,) = to_json("stolen.webp", result, gallery.anchors)["found"]
    assert json.loads(json.dumps(found)) == found
    assert (found["title"], found["agent"], found["credential"]) == ("Painting 1", "agent-1", "Trusted")
    assert (found["included"], found["log_size"], found["sealed"]) == (True, 15, False)
    assert found["pairs"] >= 6
    assert found["pairs_as_near"] == 0


def test_without_the_operators_anchor_the_signer_is_unknown(gallery: Any) -> None:
    result = look_up(gallery, gallery.stored("Painting 0"))
    assert "by a signer whom you do not know" in render("x", result, ())


def test_a_changed_stored_file_is_not_vouched_for(gallery: Any, tmp_path: Path) -> None:
    shutil.copytree(gallery.folder, tmp_path / "run")
    path = tmp_path / "run" / gallery.path("A stone").relative_to(gallery.folder)
    path.write_bytes(path.read_bytes() + b"!")
    result = recover(gallery.payload("A stone"), [tmp_path / "run"], tmp_path / "cache")
    assert to_json("x", result)["found"][0]["credential"] == "Other"


def test_the_index_is_kept_used_again_and_made_anew_when_it_is_damaged_or_more_can_be_read(
    gallery: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, true_made = [], index.made_in
    monkeypatch.setattr(index, "made_in", lambda *given: made.append(1) or true_made(*given))
    assert [len(index.open_index(gallery.folder, tmp_path)) for _ in range(2)] == [14, 14]
    assert len(made) == 1
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:200])
    assert len(index.open_index(gallery.folder, tmp_path)) == 14
    assert len(made) == 2
    monkeypatch.setattr(index, "find_spec", lambda _: None)
    assert len(index.open_index(gallery.folder, tmp_path)) == 14
    assert len(made) == 3


def test_a_cache_that_cannot_be_written_is_done_without(gallery: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert titles(recover(gallery.stored("Song 2"), [gallery.folder], tmp_path / "file" / "cache")) == ["Song 2"]


@pytest.fixture(scope="module")
def zipped(gallery: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "gallery.zip"
    path.write_bytes(pack_members(packed_files(Storage(LocalDisk(gallery.folder)))))
    return path


@pytest.mark.parametrize("title", ["Painting 1", "Letter 0", "A stone"])
def test_a_run_in_its_zip_is_searched_as_its_folder_is(gallery: Any, zipped: Path, tmp_path: Path, title: str) -> None:
    sought = ALTERED["jpeg_half_as_large"](painting(gallery)) if title == "Painting 1" else gallery.payload(title)
    first, second = (recover(sought, [run], tmp_path / str(at)) for at, run in enumerate((gallery.folder, zipped)))
    assert titles(second) == titles(first) == [title]
    there, here = (to_json("x", each, gallery.anchors)["found"][0] for each in (first, second))
    assert here == there | {"run": str(zipped)}
    assert f"worldloom audit {zipped}" in (said := render("x", second, gallery.anchors))
    assert "worldloom lineage" not in said


def test_a_zip_beside_its_folder_is_searched_where_it_is_named(gallery: Any, zipped: Path, tmp_path: Path) -> None:
    beside = tmp_path / f"{gallery.folder.name}.zip"
    (tmp_path / gallery.folder.name).symlink_to(gallery.folder)
    beside.write_bytes(zipped.read_bytes())
    assert runs_in([tmp_path]) == [tmp_path / gallery.folder.name]
    assert runs_in([beside]) == [beside]


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06 and no more", bytes(4000)], ids=["empty", "cut_off", "zeros"])
def test_what_is_named_zip_and_is_none_is_no_run(zipped: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "liar.zip").write_bytes(data)
    assert runs_in([tmp_path, tmp_path / "liar.zip", zipped]) == [zipped]


def test_runs_are_found_in_a_folder_of_runs_once_each(gallery: Any) -> None:
    assert runs_in([gallery.folder, gallery.folder.parent]) == [gallery.folder]
    assert runs_in([gallery.folder.parent.parent]) == []
