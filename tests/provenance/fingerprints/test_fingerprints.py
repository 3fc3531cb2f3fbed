"""Codes are those of ISO 24138, are carried as the soft binding wants them, and change with what is shown, not how."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from worldloom.provenance.errors import FingerprintError
from worldloom.provenance.fingerprints import ISCC, PICTURE, SOUND, iscc, take
from worldloom.provenance.fingerprints import pictures as seen
from worldloom.provenance.fingerprints.soft_binding import bound_codes, soft_binding
from worldloom.provenance.fingerprints.texts import alike
from worldloom.provenance.media import TABLE
from worldloom.provenance.recovery.asking import ask
from worldloom.provenance.recovery.near import chance, distance, distances

# The second test vector of the standard's own set for each code, and IEP-0020's whole-asset value.
VALUE = (
    "0007578c7c8fbfbdb58f29f63efeb3871553faa75ff97458d49eff5ee4ddf36bb6c92007a88248c53a852c8d7e9c547047c9a36c4052b6ac"
    "abef1e2a4ce15e586e0cb305300705b41f3472493225d27edcbdb63236846a53ee28deca5e3561acc0c9bbdf81b54007a522af4a2c9cbf6a"
    "808924afd2acfa0793347b936678f5982e22fdd3dd4a0e37"
)
TEXT, DATA, INSTANCE = (
    "ISCC:EAD2RASIYU5IKLENP2OFI4CHZGRWYQCSW2WKX3Y6FJGOCXSYNYGLGBI",
    "ISCC:GADQLNA7GRZESMRF2J7NZPNWGI3II2ST5YUN5SS6GVQ2ZQGJXPPYDNI",
    "ISCC:IAD2KIVPJIWJZP3KQCESJL6SVT5APEZUPOJWM6HVTAXCF7OT3VFA4NY",
)
bodies = st.binary(min_size=32, max_size=32)
headers = st.sampled_from([iscc.PICTURE_HEADER, iscc.TEXT_HEADER, iscc.DATA_HEADER, iscc.INSTANCE_HEADER])
codes = st.lists(st.builds(lambda head, body: iscc.unit_text(head + body), headers, bodies), min_size=1, max_size=5)


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def test_the_library_passes_the_standards_own_vectors() -> None:
    import iscc_lib

    assert iscc_lib.conformance_selftest()


def test_units_stand_one_after_the_other_as_the_registered_algorithm_wants_them() -> None:
    assert iscc.sequence([TEXT, DATA, INSTANCE]).hex() == VALUE[68:]
    assert iscc.units(bytes.fromhex(VALUE[68:])) == [TEXT, DATA, INSTANCE]


@given(codes)
def test_a_soft_binding_is_read_as_it_was_written(written: list[str]) -> None:
    assert bound_codes(soft_binding(written)) == tuple(written)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"alg": "org.else", "blocks": [{"scope": {}, "value": [1]}]},
        {"alg": ISCC, "blocks": []},
        {"alg": ISCC, "blocks": [{"scope": {}, "value": "text"}]},
        {"alg": ISCC, "blocks": [{"scope": {}, "value": [256]}]},
        {"alg": ISCC, "blocks": [{"scope": {}, "value": []}]},
        {"alg": ISCC, "blocks": [{"scope": {}, "value": [0x30, 7, 1]}]},
        {"alg": ISCC, "blocks": [{"scope": {}, "value": [0x60, 7, *range(32)]}]},
    ],
)
def test_what_is_no_soft_binding_is_refused(value: object) -> None:
    with pytest.raises(FingerprintError):
        bound_codes(value)


@pytest.mark.parametrize("code", ["", "ISCC:", "ISCC:GADQ", TEXT.lower(), TEXT + "A", TEXT[5:], "ISCC:!!"])
def test_text_that_is_no_unit_is_refused(code: str) -> None:
    with pytest.raises(FingerprintError):
        iscc.unit_bytes(code)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.extension)
def test_every_media_type_has_at_least_the_codes_of_its_bytes(row: object) -> None:
    taken = take(b"some bytes that are of no such type", row.name)  # type: ignore[attr-defined]
    assert [code[5:7] for code in taken[ISCC]][-2:] == ["GA", "IA"]
    assert take(b"", row.name) == {}  # type: ignore[attr-defined]


def test_the_same_bytes_have_the_same_fingerprints() -> None:
    data = png(Image.effect_noise((64, 48), 80))
    assert take(data, "image/png") == take(data, "image/png")
    assert set(take(data, "image/png")) == {ISCC, PICTURE}


def test_without_pillow_a_picture_is_told_by_its_bytes_and_why_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(Image.effect_noise((64, 48), 80))
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert [code[5:7] for code in take(data, "image/png")[ISCC]] == ["GA", "IA"]
    asked = ask(data)
    assert [family for family, _ in asked.codes] == ["data"]
    assert "worldloom[recover]" in asked.why


def test_a_transparent_ground_counts_as_white_and_an_even_border_not_at_all() -> None:
    heart = Image.effect_noise((60, 60), 90).convert("RGB")
    framed = Image.new("RGB", (100, 90), "white")
    framed.paste(heart, (25, 10))
    clear = Image.new("RGBA", (100, 90), (200, 10, 10, 0))
    clear.paste(heart.convert("RGBA"), (25, 10))
    one, two, three = (seen.codes(seen.open_picture(png(each))) for each in (heart, framed, clear))
    assert one.iscc == two.iscc == three.iscc
    assert one.whole != two.whole == three.whole


def test_a_look_tells_a_picture_from_another_and_from_an_even_one() -> None:
    one, other = (Image.effect_noise((90, 90), 60).resize((9, 9)).resize((90, 90)).convert("RGB") for _ in range(2))
    even = Image.new("RGB", (90, 90), (7, 7, 7))
    assert seen.alike(one, one.resize((45, 45))) > 970
    assert seen.alike(one, other) < 900
    assert seen.alike(even, even) == 0


def test_a_drawing_that_refers_outside_or_draws_itself_over_and_over_is_refused() -> None:
    pytest.importorskip("resvg_py")
    head, end = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">', "</svg>"
    outside = ['<image href="/etc/passwd"/>', '<image xlink:href=" file:///x"/>', "<style>@import 'x';</style>"]
    outside += [
        '<rect style="fill:url(http://x)"/>',
        '<image href="&#x2f;x"/>',
        '<image href="data:image/svg+xml;base64,"/>',
    ]
    for inside in [*outside, '<use href="#a"/>' * 70, "<rect" * 10]:
        with pytest.raises(FingerprintError):
            seen.draw(f"{head}{inside}{end}".encode(), 32)
    assert seen.draw(f'{head}<rect width="5" height="5" fill="url(#g)"/>{end}'.encode(), 32).startswith(b"\x89PNG")


def test_a_sound_is_told_by_its_melody_not_by_how_loud_it_is() -> None:
    from worldloom.provenance.fingerprints.sounds import sound_code

    def wav(notes: list[int], loud: int) -> bytes:
        import wave

        at = np.arange(5_000) / 22_050
        data = np.concatenate([np.sin(2 * np.pi * 200 * 2 ** (note / 12) * at) * loud for note in notes]).astype("<i2")
        written = io.BytesIO()
        with wave.open(written, "wb") as file:
            file.setparams((1, 2, 22_050, 0, "NONE", ""))
            file.writeframes(data.tobytes())
        return written.getvalue()

    up, down = list(range(16)), list(range(16, 0, -1))
    codes_ = [bytes.fromhex(sound_code(wav(*each))) for each in ((up, 20_000), (up, 4_000), (down, 20_000))]
    assert distance(codes_[0], codes_[1]) < 10
    assert distance(codes_[0], codes_[2]) > 56
    assert set(take(wav(up, 9_000), "audio/wav")) == {ISCC, SOUND}


def test_words_are_compared_in_their_order() -> None:
    assert alike("a b c d", "A  B\nc d") == 1000
    assert alike("a b c d", "d c b a") < 500


@given(st.lists(bodies, min_size=1, max_size=30), bodies)
def test_distances_are_counts_of_bits(rows: list[bytes], asked: bytes) -> None:
    table = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 32)
    assert distances(table, asked).tolist() == [distance(row, asked) for row in rows]


@given(st.lists(bodies, max_size=30), st.integers(0, 256))
def test_chance_counts_pairs_of_codes_that_differ(rows: list[bytes], bits: int) -> None:
    table = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 32)
    different = sorted(set(rows))
    pairs = [(one, two) for at, one in enumerate(different) for two in different[at + 1 :]]
    assert chance(table, bits) == (len(pairs), sum(distance(*pair) <= bits for pair in pairs))
