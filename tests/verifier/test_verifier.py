"""The second verifier agrees with c2pa-rs on good files, and sees single changed bytes wherever they are."""

from __future__ import annotations

import random

import pytest

KINDS = ["png", "svg", "wav", "jpg", "webp", "flac", "mp3", "mp4", "pdf", "zip", "txt", "glb", "parts"]
UNPROTECTED_JPEG_BYTES = range(26, 28)  # APP11 box instance number: outside the hash, means nothing on its own
UNPROTECTED_MP4_BYTES = range(8, 28)  # what ftyp says: the specification leaves this box out of the hash


def unseen(name, place):
    return (name == "jpg" and place in UNPROTECTED_JPEG_BYTES) or (name == "mp4" and place in UNPROTECTED_MP4_BYTES)


@pytest.mark.parametrize("name", KINDS)
def test_both_verifiers_agree_on_a_good_file(independent_verifier, signer, files, name):
    kind, data, sidecar = files[name]
    result = independent_verifier.verify_bytes(data, kind, sidecar, signer.anchors)
    assert result.problems == []
    assert result.manifest_count == (2 if name == "parts" else 1)
    assert signer.sdk_state(kind, data, sidecar) == "Trusted"


def test_es256_signature_of_the_sdk_is_understood(independent_verifier, making):
    signer = making.Signer("es256")
    data, _ = signer.sign("image/png", making.png())
    assert independent_verifier.verify_bytes(data, "image/png", None, signer.anchors).problems == []
    place = data.index(b"pad") - 40
    bad = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    assert not independent_verifier.verify_bytes(bad, "image/png", None, signer.anchors).ok


@pytest.mark.parametrize("name", KINDS)
def test_a_flipped_bit_in_the_file_is_seen(independent_verifier, signer, files, name):
    kind, data, sidecar = files[name]
    chance = random.Random(f"file {name}")
    for _ in range(60):
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        bad = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
        result = independent_verifier.verify_bytes(bad, kind, sidecar, signer.anchors)
        assert not result.ok or unseen(name, place), f"{name}: byte {place}, bit {bit}"


@pytest.mark.parametrize("name", ["txt", "glb"])
def test_a_flipped_bit_in_the_sidecar_is_seen(independent_verifier, signer, files, name):
    kind, data, sidecar = files[name]
    chance = random.Random(f"sidecar {name}")
    for _ in range(60):
        place, bit = chance.randrange(len(sidecar)), 1 << chance.randrange(8)
        bad = sidecar[:place] + bytes([sidecar[place] ^ bit]) + sidecar[place + 1 :]
        result = independent_verifier.verify_bytes(data, kind, bad, signer.anchors)
        assert not result.ok, f"{name}: byte {place}, bit {bit}"


@pytest.mark.parametrize("name", KINDS)
def test_a_file_cut_short_is_a_finding_and_no_exception(independent_verifier, signer, files, name):
    kind, data, sidecar = files[name]
    for keep in {0, 1, 8, len(data) // 2, len(data) - 1}:
        assert not independent_verifier.verify_bytes(data[:keep], kind, sidecar, signer.anchors).ok
    if sidecar is not None:
        assert not independent_verifier.verify_bytes(data, kind, sidecar[:-1], signer.anchors).ok


@pytest.mark.parametrize("name", KINDS)
def test_bytes_added_at_the_end_are_seen(independent_verifier, signer, files, name):
    kind, data, sidecar = files[name]
    assert not independent_verifier.verify_bytes(data + b"\0", kind, sidecar, signer.anchors).ok


def test_a_store_of_many_jpeg_segments_is_joined(independent_verifier, making, signer, files):
    big, _ = signer.sign("image/png", making.png(), part=files["parts"][1])
    for _ in range(3):
        big, _ = signer.sign("image/png", making.png(), part=big)
    data = chained_jpeg(making, signer, big)
    assert data.count(b"\xff\xeb") > 1
    assert signer.sdk_state("image/jpeg", data) == "Trusted"
    assert independent_verifier.verify_bytes(data, "image/jpeg", None, signer.anchors).problems == []


def chained_jpeg(making, signer, part):
    """A JPEG whose store is longer than one APP11 segment holds."""
    while True:
        data, store = signer.sign("image/jpeg", making.jpeg(), part=part)
        if len(store) > 70_000:
            return data
        part, _ = signer.sign("image/png", making.png(), part=part)


def test_an_anchor_that_is_no_certificate_raises(independent_verifier, files):
    with pytest.raises(ValueError):
        independent_verifier.verify_bytes(files["png"][1], "image/png", None, [b"not a certificate"])


def test_words_in_the_directory_that_the_sdk_leaves_behind_in_a_zip_are_seen(independent_verifier, signer, files):
    kind, data, _ = files["zip"]
    gap = data.index(b"PK\1\2")
    bad = data[: gap + 46] + b"b.txt" + data[gap + 51 :]
    assert signer.sdk_state(kind, bad) == "Trusted"  # no hash covers these bytes
    assert not independent_verifier.verify_bytes(bad, kind, None, signer.anchors).ok


def test_a_zip_member_changed_added_renamed_or_dropped_is_seen(independent_verifier, signer, files):
    kind, data, _ = files["zip"]
    changed = data.replace(b"hello", b"hallo")
    renamed = data.replace(b"a.txt", b"z.txt")
    for bad in (changed, renamed, data[:40] + data[377:]):
        assert not independent_verifier.verify_bytes(bad, kind, None, signer.anchors).ok


@pytest.mark.parametrize("name", ["zip", "png"])
def test_an_embedded_credential_of_another_file_is_seen(independent_verifier, making, signer, files, name):
    kind, _, _ = files[name]
    other = making.archive().replace(b"hello", b"world") if name == "zip" else making.png(25)
    _, foreign = signer.sign(kind, other)
    found = independent_verifier.verify_bytes(files[name][1], kind, foreign, signer.anchors)
    assert {"binding", "bytes"} <= found.steps
