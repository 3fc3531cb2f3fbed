"""Signed notes and checkpoints: the C2SP example, one byte form, bit flips."""

import base64
import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.note import (
    Checkpoint,
    NoteKey,
    NoteVerifier,
    open_note,
    open_note_keys,
    sign_note,
)


def key(name="worldloom.run/a", seed=1):
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return NoteKey(name, private.public_key().public_bytes_raw(), private.sign)


TEXT = "worldloom.run/a\n3\n" + base64.b64encode(bytes(32)).decode() + "\n"


def test_the_example_of_go_sumdb_note_verifies():
    # From the documentation of golang.org/x/mod/sumdb/note.
    verifier = NoteVerifier("PeterNeumann", base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:])
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert verifier.key_id.hex() == "c74f20a3"
    assert open_note(f"{text}\n— PeterNeumann {signature}\n".encode(), [verifier]) == (text, ["PeterNeumann"])


def test_a_note_opens_with_its_keys_and_names_nobody_without():
    one, other = key(), key("witness.example", 2)
    data = sign_note(TEXT, [one, other])
    assert open_note(data, [other.verifier, one.verifier]) == (TEXT, ["witness.example", "worldloom.run/a"])
    assert open_note(data, []) == (TEXT, [])
    assert open_note(data, [key(seed=3).verifier]) == (TEXT, [])


def test_several_keys_may_share_an_origin():
    first, second = key(seed=1), key(seed=2)
    text, signed = open_note_keys(sign_note(TEXT, [second]), [first.verifier, second.verifier])
    assert text == TEXT
    assert signed == [second.verifier]


def test_another_text_under_the_same_signature_names_nobody():
    data = sign_note(TEXT, [key()]).replace(b"\n3\n", b"\n4\n")
    assert open_note(data, [key().verifier])[1] == []


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_is_malformed_or_signed_by_nobody(data):
    note = sign_note(TEXT, [key()])
    bit = data.draw(st.integers(0, len(note) * 8 - 1))
    bad = bytearray(note)
    bad[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(FormatError):
        assert open_note(bytes(bad), [key().verifier])[1] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d + b"\n",
        lambda d: d[:-1],
        lambda d: d.replace(b"\n", b"\r\n"),
        lambda d: d[: d.rindex(b"\xe2")],
        lambda d: d + d[d.rindex(b"\xe2") :],
        lambda d: b"",
        lambda d: b"\n\n",
        lambda d: d.replace("—".encode(), b"-"),
        lambda d: d[:-3] + b"B=\n",
        lambda d: d.replace(b" worldloom", b"  worldloom"),
        lambda d: b"\xff" + d,
    ],
)
def test_malformed_notes_are_refused(change):
    with pytest.raises(FormatError):
        open_note(change(sign_note(TEXT, [key()])), [key().verifier])


@pytest.mark.parametrize("text", ["", "no line feed", "tab\t\n", "nul\0\n"])
def test_texts_that_no_note_can_hold_are_not_signed(text):
    with pytest.raises(FormatError):
        sign_note(text, [key()])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_names_that_no_key_can_have_are_refused(name):
    with pytest.raises(FormatError):
        key(name).verifier  # noqa: B018


def test_a_note_without_signer_or_with_short_signature_is_refused():
    with pytest.raises(FormatError):
        sign_note(TEXT, [])
    with pytest.raises(FormatError):
        sign_note(TEXT, [NoteKey("a", bytes(32), lambda data: b"short")])
    with pytest.raises(FormatError):
        NoteVerifier("a", bytes(31))


@settings(max_examples=40)
@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_checkpoints_round_trip(size, root):
    checkpoint = Checkpoint("worldloom.run/x", size, root)
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        TEXT + "extension\n",
        TEXT.replace("3", "03"),
        TEXT.replace("3", "-3"),
        TEXT.replace("3", "٣"),
        TEXT.replace("3", "9" * 5000),
        TEXT.replace("=", ""),
        TEXT.replace("A=", "B="),
        "\n3\n" + TEXT.split("\n")[2] + "\n",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    with pytest.raises(FormatError):
        Checkpoint.parse(text)
