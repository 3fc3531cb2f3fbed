"""An operator's P-256 key signs notes by C2SP's type 0x02, in one form; logs and witnesses stay with Ed25519."""

from __future__ import annotations

import base64
import contextlib
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from throwaway_certificates import issue
from worldloom.provenance import note_ecdsa
from worldloom.provenance.audit.amendments import anchor_verifiers
from worldloom.provenance.ceremonies import bring_operator
from worldloom.provenance.errors import FormatError
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.note import NoteKey, NoteVerifier, open_note, parse_note, sign_note
from worldloom.provenance.revocations import REVOCATIONS_FILE, read_revocations, revoke

OPERATOR_NOTE = "worldloom.operator"
TEXT = "worldloom/example/1\nsomething\n"


@pytest.fixture(scope="module")
def key():
    return generate_private_key(SECP256R1())


@pytest.fixture(scope="module")
def signer(key):
    return NoteKey("example.com/op", note_ecdsa.spki(key.public_key()), lambda data: note_ecdsa.sign(key, data))


@pytest.fixture(scope="module")
def operator(key, tmp_path_factory):
    """Of a company whose own authority has a P-256 key."""
    top = generate_private_key(SECP256R1())
    root = issue("Root CA", None, top, authority=True, organisation="Example", days=8000)
    mine = issue("CA", root, key, authority=True, room=1, organisation="Example", days=8000)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    home = tmp_path_factory.mktemp("operator")
    return bring_operator(home, pem, mine.pem + root.pem, None), home


def test_a_note_is_signed_and_read_back_in_one_form(signer):
    for _ in range(20):
        note = sign_note(TEXT, [signer])
        assert open_note(note, [signer.verifier]) == (TEXT, ["example.com/op"])


def test_the_key_id_is_the_start_of_the_digest_of_the_spki(signer):
    _, [(_, blob)] = parse_note(sign_note(TEXT, [signer]))
    assert blob[:4] == note_ecdsa.key_id(signer.public)


def test_the_other_signature_of_the_same_is_refused(signer):
    """Anybody can turn (r, s) into (r, n - s), which ECDSA takes as well."""
    note = sign_note(TEXT, [signer])
    head, _, encoded = note.decode().rstrip("\n").rpartition(" ")
    blob = base64.b64decode(encoded)
    r, s = decode_dss_signature(blob[4:])
    other = blob[:4] + encode_dss_signature(r, note_ecdsa._ORDER - s)
    assert not note_ecdsa.verify(signer.public, TEXT.encode(), other[4:])
    with pytest.raises(FormatError):
        parse_note(f"{head} {base64.b64encode(other).decode()}\n".encode())


@pytest.mark.parametrize("place", range(4, 75, 7))
def test_a_flipped_bit_is_never_the_signers(signer, place):
    note = sign_note(TEXT, [signer])
    head, _, encoded = note.decode().rstrip("\n").rpartition(" ")
    blob = bytearray(base64.b64decode(encoded))
    blob[min(place, len(blob) - 1)] ^= 1
    with contextlib.suppress(FormatError):
        assert open_note(f"{head} {base64.b64encode(bytes(blob)).decode()}\n".encode(), [signer.verifier])[1] == []


def test_another_curve_signs_no_notes(signer):
    other = generate_private_key(SECP384R1())
    der = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert not note_ecdsa.verify(der, b"x", note_ecdsa.sign(generate_private_key(SECP256R1()), b"x"))
    with pytest.raises(FormatError, match="32 bytes"):
        NoteVerifier("a", der)


@pytest.mark.external
def test_openssl_verifies_the_signature(signer, key, tool, tmp_path):
    _, [(_, blob)] = parse_note(sign_note(TEXT, [signer]))
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, data in (("key.pem", pem), ("text", TEXT.encode()), ("sig", blob[4:])):
        (tmp_path / name).write_bytes(data)
    command = [tool("openssl"), "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "text"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "Verified OK\n"


def test_an_operator_with_such_a_key_signs_receipts_and_amendments(operator):
    signed = sign_note(TEXT, [operator[0].note_key(OPERATOR_NOTE)])
    known = note_ecdsa.spki(operator[0].certificate.public_key())
    assert open_note(signed, anchor_verifiers(signed, [known])) == (TEXT, [OPERATOR_NOTE])


def test_an_operator_with_such_a_key_revokes(operator):
    made, home = operator
    leaf = RunAuthority(made, "a", 1).issue("conductor")
    from worldloom.provenance.certificates import load_certificates

    (certificate,) = load_certificates(leaf.certificate_pem, "leaf")
    revoke(home, made, [certificate], "keyCompromise")
    known = read_revocations([("r", (home / REVOCATIONS_FILE).read_bytes())], [made.certificate_pem])
    assert len(known.by_fingerprint) == 1
