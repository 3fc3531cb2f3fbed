"""The bytes around an embedded credential: one form in every format, in which no bit changes without being found."""

from __future__ import annotations

import importlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.audit.made_steps import credential_fault
from worldloom.provenance.audit.profile_steps import lint_manifest
from worldloom.provenance.errors import CredentialError, FormatError
from worldloom.provenance.frames import frame_faults, unhashed
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.reading import read_credential

EMBEDDED = sorted(kind for kind in EXTENSIONS if embeds(kind))
BEFORE, AFTER = 96, 5
"""Bytes before and behind a store in which its frame lies, with some that the hash covers."""
MP4, ZIP = "video/mp4", "application/zip"
SEGMENT = 64_000
STRIDE = 7
NAMES = EXTENSIONS | {"image/jpeg": "jpeg"}


@pytest.fixture(scope="module")
def payloads(independent_verifier):
    """One small file by media type; those of the other tests take seconds to make."""
    package = independent_verifier.__package__
    modules = [importlib.import_module(f"{package}.{name}") for name in ("making", "samples")]
    made = {"application/zip": modules[0].archive()}
    for kind in set(EMBEDDED) - set(made):
        made[kind] = next(getattr(each, NAMES[kind])() for each in modules if hasattr(each, NAMES[kind]))
    return made


@pytest.fixture(scope="module")
def signed(signer, payloads, making):
    return {kind: signer.sign(payloads[kind], making(kind)).data for kind in EMBEDDED}


@pytest.fixture(scope="module")
def sign(signer, making):
    """Give a function from media type and payload to the signed file."""
    return lambda kind, payload, **more: signer.sign(payload, making(kind, **more)).data


def fault(data, kind):
    found = credential_fault(read_credential(data, kind, None))
    return None if found is None else found[0]


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


def unseen(data, kind, places):
    return [at for at in places if fault(flipped(data, at), kind) is None]


@pytest.mark.parametrize("kind", EMBEDDED)
def test_a_bit_flipped_around_a_credential_is_found_wherever_it_is(signed, kind):
    data = signed[kind]
    assert fault(data, kind) is None
    start = data.index(b"jumb") - 4 if b"jumb" in data else data.index(b"<c2pa:manifest>") + 15
    size = int.from_bytes(data[start : start + 4], "big") if b"jumb" in data else data.index(b"</c2pa:") - start
    around = [*range(max(0, start - BEFORE), start), *range(start + size, min(start + size + AFTER, len(data)))]
    assert unseen(data, kind, around) == []


def box(kind, body):
    return struct.pack(">I4s", 8 + len(body), kind) + body


FILMS = {
    "room behind ftyp": lambda film: film[:28] + box(b"free", b"room") + film[28:],
    "a box with a long size": lambda film: film + struct.pack(">I4sQ", 1, b"mdat", 20) + b"abcd",
    "a last box up to the end": lambda film: film + struct.pack(">I4s", 0, b"mdat") + b"abcd",
}


@pytest.mark.parametrize("change", FILMS.values(), ids=FILMS.keys())
def test_films_of_other_writers_are_clean_once_they_are_signed(sign, payloads, change):
    assert fault(sign(MP4, change(payloads[MP4])), MP4) is None


def test_what_the_hash_of_an_mp4_leaves_out_is_bound_all_the_same(sign, payloads):
    free = box(b"free", b"words") + box(b"skip", b"more") + box(b"mfra", b"")
    data = sign(MP4, payloads[MP4] + free)
    assert fault(data, MP4) is None
    loose = [*range(data.index(b"ftyp") - 4, data.index(b"ftyp") + 24), *range(len(data) - len(free), len(data))]
    assert unseen(data, MP4, loose) == []
    assert "not those that were signed" in fault(data + box(b"free", b"new"), MP4)
    assert "not those that were signed" in fault(data[: -len(free)], MP4)


def zipped(*members, comment=b"", into=io.BytesIO):
    stream = into()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        for name, content, extra in members:
            info = zipfile.ZipInfo(name)
            info.extra = extra
            packed.writestr(info, content)
        packed.comment = comment
    return stream.getvalue()


class Pipe(io.BytesIO):
    """Cannot seek, so that zipfile writes sizes and check sums behind each member."""

    def seekable(self):
        return False


ZIPS = {
    "two members": zipped(("a.txt", b"hello", b""), ("d/b.bin", b"\1" * 30, b"")),
    "folders and one of the credential's name": zipped(("META-INF/", b"", b""), ("d/", b"", b""), ("d/y", b"abc", b"")),
    "a comment": zipped(("a", b"x", b""), comment=b"hello"),
    "extra fields": zipped(("a", b"x", b"UT\5\0\1abcd"), ("d/", b"", b"UT\5\0\1abcd")),
    "sizes behind the members": zipped(("a", b"hello", b""), ("b", b"hi", b""), into=Pipe),
    "something in front": b"#!/bin/sh\n" + zipped(("a", b"x", b"")),
}


@pytest.mark.parametrize("payload", ZIPS.values(), ids=ZIPS.keys())
def test_a_zip_has_no_byte_that_nobody_binds(sign, payload):
    data = sign(ZIP, payload)
    assert fault(data, ZIP) is None
    store = data.index(b"jumb") - 4
    after = store + int.from_bytes(data[store : store + 4], "big")
    assert unseen(data, ZIP, [*range(0, store, STRIDE), *range(after, len(data), STRIDE)]) == []


@pytest.mark.parametrize("kind", [MP4, ZIP])
def test_the_digest_is_the_same_before_and_after_signing(signed, payloads, kind):
    assert unhashed(payloads[kind], kind) == unhashed(signed[kind], kind, signed=True)
    assert read_credential(signed[kind], kind, None).generation["unhashed"] == unhashed(payloads[kind], kind)


def test_formats_whose_hash_leaves_out_nothing_else_say_nothing_of_it(signed, payloads):
    assert unhashed(payloads["image/png"], "image/png") == ""
    assert "unhashed" not in read_credential(signed["image/png"], "image/png", None).generation


@pytest.mark.parametrize("kind", EMBEDDED)
def test_large_credentials_have_the_form_too(sign, payloads, kind):
    data = sign(kind, payloads[kind], parameters={f"n{number}": "x" * 50_000 for number in range(4)})
    assert fault(data, kind) is None
    assert fault(io.BytesIO(data), kind) is None


@pytest.mark.parametrize("over", [-1, 0, 1, 7, 8, 9])
def test_a_jpeg_of_one_segment_and_a_few_bytes_has_the_form(sign, payloads, over):
    kind = "image/jpeg"
    plain = len(sign(kind, payloads[kind], parameters={"n": "x" * 50_000})) - len(payloads[kind]) - 12
    data = sign(kind, payloads[kind], parameters={"n": "x" * (50_000 + SEGMENT - plain + over)})
    assert data.count(b"\xff\xeb") >= (2 if over > 0 else 1)
    assert fault(data, kind) is None


def test_the_head_of_a_later_segment_is_found_as_well(sign, payloads):
    kind = "image/jpeg"
    data = sign(kind, payloads[kind], parameters={f"n{number}": "x" * 50_000 for number in range(4)})
    second = data.index(b"\xff\xeb", 20 + SEGMENT)
    assert unseen(data, kind, range(second, second + 20)) == []


def test_the_place_of_a_change_is_told(signed):
    data = signed["image/jpeg"]
    number = data.index(b"JP\2\x11") + 3
    assert f"byte {number} is not as the credential is written" in fault(flipped(data, number), "image/jpeg")


def test_a_second_box_for_a_credential_is_found(signed):
    data = signed[MP4]
    at = data.index(b"uuid") - 4
    own = data[at : at + 24]
    hidden = own[8:] + b"\0\0\0\0merkle\0" + bytes(30)
    second = struct.pack(">I4s", 8 + len(hidden), b"uuid") + hidden
    assert fault(data + second, MP4) is not None


@pytest.mark.parametrize("kind", [MP4, ZIP])
def test_what_was_signed_before_is_clean_but_for_a_note_and_not_strict(sign, payloads, keystore, kind, tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worldloom.provenance.signing.unhashed", lambda data, kind: "")
        data = sign(kind, payloads[kind])
    path = tmp_path / f"old.{EXTENSIONS[kind]}"
    path.write_bytes(data)
    result = audit(path, anchors=keystore.anchors())
    assert (result.exit_code, [each.code for each in result.findings]) == (0, [Code.NOTE])
    assert "before credentials bound" in result.findings[0].message
    assert f"does not bind what the hash of {kind}" in " ".join(lint_manifest(read_credential(data, kind, None), kind))


@pytest.mark.parametrize("kind", [MP4, ZIP])
def test_a_payload_of_another_format_is_refused(sign, kind):
    with pytest.raises(CredentialError, match="cannot be signed as"):
        sign(kind, b"Dear Wren, the feast is tonight.")


@given(st.binary(max_size=90), st.sampled_from([MP4, ZIP]), st.booleans())
def test_no_bytes_make_it_raise_anything_but_its_own_error(data, kind, whole):
    data = (struct.pack(">I", len(data) + 8) + b"free" + data) if whole else data
    hashes = {"c2pa.hash.bmff.v3": {}} if kind == MP4 else {"c2pa.hash.collection.data": {}}
    for work in (lambda: unhashed(data, kind), lambda: list(frame_faults(data, kind, b"store", hashes, "ab"))):
        try:
            work()
        except FormatError:
            continue
