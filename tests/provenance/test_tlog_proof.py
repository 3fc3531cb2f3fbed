"""Proof files and vkeys: one byte form, the specifications' own examples, and every hostile form refused by name."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.cosignature import Cosigner, CosignerKey, cosigned, message, with_lines
from worldloom.provenance.errors import FormatError
from worldloom.provenance.note import Checkpoint, NoteKey, NoteVerifier, open_note, parse_note, sign_note
from worldloom.provenance.tlog_proof import ConsistencyProof, InclusionProof, parse_proof
from worldloom.provenance.vkey import parse_vkey, vkey

ORIGIN = "example.com/log"
VKEY_OF_THE_SPECIFICATION = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE_OF_THE_SPECIFICATION = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def private(seed=1):
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def key(seed=1, name=ORIGIN):
    return NoteKey(name, private(seed).public_key().public_bytes_raw(), private(seed).sign)


def cosigner(seed=7, name="witness.example/w1"):
    return CosignerKey(name, private(seed).public_key().public_bytes_raw(), private(seed).sign)


def note(size=9, root=b"r" * 32, extensions=()):
    return sign_note(Checkpoint(ORIGIN, size, root, extensions).text(), [key()])


def test_the_example_of_signed_note_verifies_under_its_vkey():
    verifier = parse_vkey(VKEY_OF_THE_SPECIFICATION)
    assert vkey(verifier) == VKEY_OF_THE_SPECIFICATION
    assert open_note(NOTE_OF_THE_SPECIFICATION.encode(), [verifier])[1] == ["example.com/foo"]


def test_a_cosignature_is_over_what_the_specification_says():
    text = parse_note(note())[0]
    assert message(text, 1679315147).split("\n")[:3] == ["cosignature/v1", "time 1679315147", ORIGIN]
    line = cosigner().line(text, 1679315147)
    name, encoded = line.removeprefix("— ").split()
    blob = base64.b64decode(encoded)
    public = cosigner().public
    assert name == "witness.example/w1"
    assert blob[:4] == hashlib.sha256(b"witness.example/w1\n\x04" + public).digest()[:4]
    assert int.from_bytes(blob[4:12], "big") == 1679315147
    private(7).public_key().verify(blob[12:], message(text, 1679315147).encode())
    both = with_lines(note(), [line])
    assert cosigned(both, [cosigner().cosigner, cosigner(8, "w2").cosigner]) == [("witness.example/w1", 1679315147)]
    assert open_note(note(), [key().verifier])[1] == [ORIGIN]


def test_a_later_word_of_the_same_witness_takes_the_place_of_the_first():
    text = parse_note(note())[0]
    twice = with_lines(with_lines(note(), [cosigner().line(text, 5)]), [cosigner().line(text, 6)])
    assert [each.time for each in cosigned(twice, [cosigner().cosigner])] == [6]


def test_a_cosignature_of_another_time_or_text_spoils_the_note():
    text = parse_note(note())[0]
    other = with_lines(note(10), [cosigner().line(text, 5)])
    with pytest.raises(FormatError, match="not one of this checkpoint"):
        cosigned(other, [cosigner().cosigner])
    assert cosigned(other, [cosigner(9).cosigner]) == []  # of a key that nobody gave: ignored, as C2SP asks


@pytest.mark.parametrize("time", [0, -1, 2**63])
def test_no_cosignature_is_of_no_time(time):
    with pytest.raises(FormatError):
        cosigner().line(parse_note(note())[0], time)


@pytest.mark.parametrize("each", [key().verifier, cosigner().cosigner])
def test_vkeys_round_trip(each):
    assert parse_vkey(vkey(each)) == each


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        VKEY_OF_THE_SPECIFICATION.replace("530d903a", "530d903b"),
        VKEY_OF_THE_SPECIFICATION.replace("530d903a", "530D903A"),
        VKEY_OF_THE_SPECIFICATION.replace("example.com", "example.org"),
        VKEY_OF_THE_SPECIFICATION[:-4],
        "a b" + VKEY_OF_THE_SPECIFICATION,
        VKEY_OF_THE_SPECIFICATION.replace("+Ae", "+Be"),
        "+".join(["x", "00000000", "AQ=="]),
    ],
)
def test_malformed_vkeys_are_refused(text):
    with pytest.raises(FormatError):
        parse_vkey(text)


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)


@settings(max_examples=60)
@given(st.integers(0, 2**62), hashes, st.none() | st.binary(min_size=1, max_size=200))
def test_inclusion_proofs_round_trip(index, path, extra):
    proof = InclusionProof(index, path, note(index + 1), extra)
    assert parse_proof(proof.encode()) == proof


@settings(max_examples=60)
@given(st.integers(0, 2**62), hashes)
def test_consistency_proofs_round_trip(old, path):
    proof = ConsistencyProof(old, path, note(old))
    assert parse_proof(proof.encode()) == proof


@settings(max_examples=200)
@given(st.data())
def test_no_two_texts_are_one_proof(data):
    whole = InclusionProof(3, (b"a" * 32, b"b" * 32), note(), b"extra").encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    change = data.draw(st.sampled_from([b"", b"\n", b" ", b"0", b"=", b"\r", b"\xff", whole[at : at + 1] * 2]))
    other = whole[:at] + change + whole[at + 1 :]
    if other == whole:
        return
    try:
        proof = parse_proof(other)
    except FormatError:
        return
    assert proof.encode() == other


GOOD = InclusionProof(3, (b"a" * 32,), note(), b"x").encode()
HOSTILE = {
    "empty": (b"", "no empty line"),
    "only a head": (b"c2sp.org/tlog-proof@v1\n", "no empty line"),
    "another version": (GOOD.replace(b"@v1", b"@v2"), "begins with"),
    "windows line ends": (GOOD.replace(b"\n", b"\r\n"), "carriage returns"),
    "a negative index": (GOOD.replace(b"index 3", b"index -3"), "index -3"),
    "an index with a leading zero": (GOOD.replace(b"index 3", b"index 03"), "index 03"),
    "an index in other digits": (GOOD.replace(b"index 3", "index ٣".encode()), "not ASCII"),
    "an index beyond 64 bits": (GOOD.replace(b"index 3", b"index " + b"9" * 30), "index 9"),
    "an index of 10 MB": (GOOD.replace(b"index 3", b"index " + b"9" * 10_000_000), "4000000 are the most"),
    "an index beyond the log": (GOOD.replace(b"index 3", b"index 9"), "beyond the 9 entries"),
    "no index": (GOOD.replace(b"index 3\n", b""), "index <number>"),
    "two extras": (GOOD.replace(b"extra eA==", b"extra eA==\nextra eA=="), "index <number>"),
    "an extra that is not base64": (GOOD.replace(b"extra eA==", b"extra !"), "base64"),
    "an extra with stray bits": (GOOD.replace(b"extra eA==", b"extra eB=="), "base64"),
    "a short hash": (GOOD.replace(base64.b64encode(b"a" * 32), base64.b64encode(b"a" * 31)), "32 bytes"),
    "64 hashes": (InclusionProof(3, (b"a" * 32,) * 64, note(), None).encode(), "63 are the most"),
    "no checkpoint": (GOOD[: GOOD.index(b"\n\n") + 2], "signed note"),
    "a checkpoint with a root of 31 bytes": (
        InclusionProof(3, (), sign_note(f"{ORIGIN}\n9\n{base64.b64encode(bytes(31)).decode()}\n", [key()])).encode(),
        "malformed",
    ),
    "a checkpoint of a negative size": (
        InclusionProof(3, (), sign_note(f"{ORIGIN}\n-9\n{base64.b64encode(bytes(32)).decode()}\n", [key()])).encode(),
        "malformed",
    ),
    "a checkpoint beyond 63 bits": (
        InclusionProof(3, (), sign_note(Checkpoint(ORIGIN, 2**64, bytes(32)).text(), [key()])).encode(),
        "more than a log can have",
    ),
    "bytes after the note": (GOOD + b"x", "signed note"),
    "a second note after the note": (GOOD + b"\n" + note(), "signed note|log checkpoint"),
    "a null byte": (GOOD.replace(b"index", b"\0index"), "begins|index"),
    "an old size beyond the new": (ConsistencyProof(10, (), note(9)).encode(), "has 9 entries, and the older 10"),
    "an old size that is no number": (b"old many\n\n" + note(), "old <number>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_proofs_are_refused_by_name(name):
    data, why = HOSTILE[name]
    with pytest.raises(FormatError, match=why):
        parse_proof(data)


def test_extension_lines_are_read_where_they_may_stand_and_nowhere_else():
    extended = note(9, extensions=("worldloom-seal ab",))
    assert InclusionProof(3, (), extended).checkpoint.extensions == ("worldloom-seal ab",)
    with pytest.raises(FormatError, match="three lines"):
        Checkpoint.parse(parse_note(extended)[0])


def test_seals_and_logs_still_refuse_signatures_of_other_types():
    spoilt = with_lines(note(), [cosigner().line(parse_note(note())[0], 5)])
    parse_note(spoilt, foreign=True)
    with pytest.raises(FormatError, match="68 bytes"):
        parse_note(spoilt)


def test_a_cosigner_is_no_verifier_of_notes():
    assert Cosigner(ORIGIN, key().public).key_id != NoteVerifier(ORIGIN, key().public).key_id
