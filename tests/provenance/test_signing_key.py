"""Keys that sign: born with a request, ES256, one for each agent, and keys that live outside this process."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from worldloom.provenance.algorithms import ALGORITHMS, ED25519, ES256, OutsideKey, generate, sign_with
from worldloom.provenance.certificate_lint import lint_pem
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import RunAuthority, SigningPolicy
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.run_authority import write_certificates
from worldloom.provenance.signers import SIGNER, RunSigners
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.signing_key import KeyRequest, outside_key
from worldloom.provenance.storage import Storage
from worldloom.provenance.trust import chain_faults, log_verifiers, read_trust

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


@pytest.fixture
def authority(keystore):
    return RunAuthority(keystore.operator, "a", 1)


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "video/mp4", "application/zip"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_both_algorithms_sign_and_both_verifiers_accept(
    authority, keystore, payloads, making, independent_verifier, algorithm, kind
):
    key = authority.issue("cohort-1", algorithm)
    file = CredentialSigner(key).sign(payloads[kind], making(kind))
    read = read_credential(file.data, kind, file.sidecar, keystore.anchors())
    assert (read.state, read.serial) == ("Trusted", key.serial)
    result = independent_verifier.verify_bytes(file.data, kind, file.sidecar, keystore.anchors(), NOW)
    assert result.problems == []


def test_a_key_of_another_process_gets_its_certificate_by_request(authority, keystore, making):
    request = KeyRequest("cohort-3")
    key = request.complete(authority.certify("cohort-3", request.pem))
    assert chain_faults(key.chain_pem, keystore.anchors(), NOW) == []
    signed = CredentialSigner(key).sign(b"x", making())
    assert read_credential(b"x", "text/plain", signed.sidecar, keystore.anchors()).serial == key.serial
    with pytest.raises(KeystoreError, match="already"):
        request.complete(authority.certify("cohort-4", request.pem))


def test_only_the_request_leaves_the_process_that_bore_the_key(authority, keystore):
    code = (
        "import sys\n"
        "from worldloom.provenance.signing_key import KeyRequest\n"
        "request = KeyRequest('cohort-9')\n"
        "print(repr(request.pem), flush=True)\n"
        "key = request.complete(eval(sys.stdin.readline()))\n"
        "import json; print(json.dumps([key.chain_pem.decode(), key.sign(b'hello').hex()]))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pem = eval(child.stdout.readline())
    assert b"PRIVATE" not in pem
    told, _ = child.communicate(repr(authority.certify("cohort-9", pem)) + "\n", timeout=60)
    chain, signature = json.loads(told)
    assert chain_faults(chain.encode(), keystore.anchors(), NOW) == []
    x509.load_pem_x509_certificate(chain.encode()).public_key().verify(bytes.fromhex(signature), b"hello")


def test_the_certificate_of_another_key_is_not_taken(authority):
    one, two = KeyRequest("cohort-1"), KeyRequest("cohort-2")
    with pytest.raises(KeystoreError, match="another key"):
        one.complete(authority.certify("cohort-2", two.pem))


def test_hostile_requests_are_refused(authority):
    good = KeyRequest("cohort-1").pem
    body = bytearray(x509.load_pem_x509_csr(good).public_bytes(serialization.Encoding.DER))
    body[-5] ^= 1
    forged = x509.load_der_x509_csr(bytes(body)).public_bytes(serialization.Encoding.PEM)
    large = generate_private_key(SECP384R1())
    other = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(large, hashes.SHA256())
    for request in (b"", b"garbage", forged, other.public_bytes(serialization.Encoding.PEM)):
        with pytest.raises(KeystoreError):
            authority.certify("cohort-1", request)
    authority.certify("cohort-1", good)  # a refused request takes no role


@pytest.mark.parametrize("role", ["ca", "operator", "", "a/b", "A", "agent-" + "9" * 60])
def test_roles_that_are_no_signers_are_refused(authority, role):
    with pytest.raises(KeystoreError, match="role"):
        authority.issue(role)


def test_notes_are_signed_with_ed25519_only(authority):
    key = authority.issue("signer", ES256)
    assert key.public == b""
    with pytest.raises(KeystoreError, match="notes"):
        key.note_key("worldloom.run/a")
    assert authority.issue("conductor").note_key("worldloom.run/a")


def test_trust_holds_keys_of_both_kinds_and_notes_only_of_one(authority, keystore):
    storage = Storage(PowerLossDisk())
    write_certificates(storage, authority, [authority.issue("conductor"), authority.issue("signer", ES256)])
    found = read_trust(storage)
    assert found.faults == ()
    assert len(log_verifiers(storage, "worldloom.run/a")) == 1
    for each in found.certificates:
        if each.role != "ca":
            assert chain_faults(each.chain_pem, keystore.anchors(), NOW) == []


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_that_lives_elsewhere_signs_by_callback(authority, keystore, making, independent_verifier, algorithm):
    secret, calls = generate(algorithm), []

    def service(data):
        calls.append(len(data))
        return sign_with(secret, data)

    chain = authority.certify("kms", csr(secret, algorithm))
    key = outside_key(OutsideKey(algorithm, secret.public_key(), service), chain)
    with pytest.raises(KeystoreError, match="lives elsewhere"):
        key.private_pem()
    signed = CredentialSigner(key).sign(b"words", making())
    read = read_credential(b"words", "text/plain", signed.sidecar, keystore.anchors())
    assert (read.state, read.serial) == ("Trusted", key.serial)
    assert calls
    assert independent_verifier.verify_bytes(b"words", "text/plain", signed.sidecar, keystore.anchors(), NOW).ok
    key.destroy()
    with pytest.raises(KeystoreError, match="gone"):
        key.sign(b"x")


def csr(secret, algorithm):
    scheme = None if algorithm == ED25519 else hashes.SHA256()
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(secret, scheme)
    return request.public_bytes(serialization.Encoding.PEM)


def test_a_service_that_fails_is_an_error_and_no_credential(authority, making):
    secret = generate(ED25519)

    def broken(data):
        raise OSError("the module is gone")

    chain = authority.certify("kms", csr(secret, ED25519))
    key = outside_key(OutsideKey(ED25519, secret.public_key(), broken), chain)
    with pytest.raises(Exception, match="cannot be signed"):
        CredentialSigner(key).sign(b"words", making())


def test_the_chain_of_another_key_is_not_taken_for_an_outside_key(authority):
    with pytest.raises(KeystoreError, match="another key"):
        outside_key(
            OutsideKey(ED25519, generate(ED25519).public_key(), bytes),
            authority.certify("a", csr(generate(ED25519), ED25519)),
        )


@pytest.fixture
def ring(authority):
    announced = []
    key = authority.issue("conductor")

    def make(policy):
        return RunSigners(key, authority, policy, lambda born, time: announced.append((born.role, time))), announced

    return key, make


def test_by_default_the_processs_own_key_signs_everything_and_the_authority_is_gone(ring, authority, making):
    key, make = ring
    signers, announced = make(SigningPolicy())
    assert not authority.alive
    assert signers.sign(b"x", making()).serial == key.serial
    assert announced == []


def test_with_a_leaf_for_each_agent_their_things_differ_in_certificate(ring, making, keystore):
    key, make = ring
    signers, announced = make(SigningPolicy(leaf_per_agent=True))
    serials = [signers.sign(b"x", making(on_behalf=who, time=60)).serial for who in ("agent-1", "agent-2", "agent-1")]
    assert serials[0] == serials[2] != serials[1]
    assert signers.sign(b"x", making(on_behalf="world")).serial == key.serial
    assert announced == [("agent-1", 60), ("agent-2", 60)]


def test_with_es256_another_key_signs_what_is_nobodys(ring, making, keystore):
    key, make = ring
    signers, announced = make(SigningPolicy(ES256))
    signed = signers.sign(b"x", making(on_behalf="agent-1", time=0))
    assert signed.serial != key.serial
    assert announced == [(SIGNER, 0)]
    assert read_credential(b"x", "text/plain", signed.sidecar, keystore.anchors()).state == "Trusted"


def test_all_keys_of_a_process_die_with_its_own(ring, authority, making):
    key, make = ring
    signers, _ = make(SigningPolicy(leaf_per_agent=True))
    signers.sign(b"x", making(on_behalf="agent-1"))
    key.destroy()
    assert not authority.alive
    for who in ("agent-1", "agent-2", "world"):
        with pytest.raises(KeystoreError):
            signers.sign(b"x", making(on_behalf=who))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_issued_here_passes_the_linter(authority, algorithm):
    assert lint_pem(authority.issue("conductor", algorithm).chain_pem, NOW) == []
