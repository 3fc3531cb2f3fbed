"""How operators come about: named, with a root that stays offline, under another's authority; and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from throwaway_certificates import issue
from worldloom.provenance import certificates
from worldloom.provenance.audit.amendments import operator_keys
from worldloom.provenance.ceremonies import (
    REQUEST_KEY_FILE,
    bring_operator,
    complete_operator,
    issue_operator,
    make_named_operator,
    request_certificate,
)
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import Keystore, RunAuthority, SigningPolicy, trusted_anchors
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.run_authority import write_certificates
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import Storage
from worldloom.provenance.trust import chain_faults, read_trust

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch):
    monkeypatch.delenv("WORLDLOOM_PASSPHRASE", raising=False)


@pytest.fixture
def offline(tmp_path):
    """(the root, a keystore under it)."""
    root = make_named_operator(tmp_path / "root", "Example Studios Ltd", None, offline=True)
    request = request_certificate(tmp_path / "home", "whatever I like", None)
    complete_operator(tmp_path / "home", issue_operator(root, request), None)
    return root, Keystore.open(tmp_path / "home")


def test_an_operator_has_the_organisation_that_it_was_given(tmp_path):
    made = make_named_operator(tmp_path, "Müller & Söhne", None)
    again = Keystore.open(tmp_path).operator
    assert again.organisation == made.organisation == "Müller & Söhne"
    leaf = x509.load_pem_x509_certificate(RunAuthority(again, "a", 1).issue("conductor").certificate_pem)
    assert certificates.organisation(leaf) == "Müller & Söhne"


@pytest.mark.parametrize("name", ["x" * 65, "two\nlines", "\0"])
def test_an_organisation_that_no_certificate_can_hold_is_refused(tmp_path, name):
    with pytest.raises(KeystoreError, match="organisation"):
        make_named_operator(tmp_path, name, None)
    assert not (tmp_path / "operator.pem").exists()


def test_a_second_operator_is_never_made_over_the_first(tmp_path):
    before = make_named_operator(tmp_path, "One", None).certificate_pem
    for ceremony in (
        lambda: make_named_operator(tmp_path, "Two", None),
        lambda: request_certificate(tmp_path, "", None),
        lambda: bring_operator(tmp_path, *brought(), None),
    ):
        with pytest.raises(KeystoreError, match="'One' is the operator already"):
            ceremony()
    assert Keystore.open(tmp_path).operator.certificate_pem == before


def test_under_a_root_that_stays_offline_everything_chains_to_that_root(offline, making, payloads):
    root, store = offline
    assert store.operator.organisation == "Example Studios Ltd"  # the root's owner says who asks
    assert store.anchors() == [root.certificate_pem] == trusted_anchors(store.home)
    key = RunAuthority(store.operator, "a", 1).issue("conductor")
    assert len(x509.load_pem_x509_certificates(key.chain_pem)) == 3
    assert chain_faults(key.chain_pem, [root.certificate_pem], NOW) == []
    file = CredentialSigner(key).sign(payloads["image/png"], making("image/png"))
    read = read_credential(file.data, "image/png", None, [root.certificate_pem])
    assert (read.state, read.chain_pem) == ("Trusted", key.chain_pem)


def test_the_private_key_of_the_root_is_not_where_worlds_run(offline):
    root, store = offline
    kept = (store.home / "operator.pem").read_bytes()
    assert kept.count(b"PRIVATE KEY") == 2  # one, with its begin and its end
    key = serialization.load_pem_private_key(kept, None)
    assert key.public_key() != root.certificate.public_key()
    assert not (store.home / REQUEST_KEY_FILE).exists()


def test_a_runs_trust_folder_carries_the_issuing_authority(offline):
    root, store = offline
    authority = RunAuthority(store.operator, "a", 1)
    key, storage = authority.issue("conductor"), Storage(PowerLossDisk())
    write_certificates(storage, authority, [key])
    found = read_trust(storage)
    assert found.faults == ()
    assert [each.path for each in found.certificates] == [
        "trust/ca-1.pem",
        "trust/conductor-1.pem",
        "trust/operator-1.pem",
    ]
    (conductor,) = [each for each in found.certificates if each.role == "conductor"]
    assert conductor.chain_pem == key.chain_pem
    assert chain_faults(conductor.chain_pem, [root.certificate_pem], NOW) == []


@pytest.mark.parametrize(
    "hostile", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_hostile_issuing_authority_in_trust_is_a_fault(offline, hostile):
    _, store = offline
    authority = RunAuthority(store.operator, "a", 1)
    storage = Storage(PowerLossDisk())
    write_certificates(storage, authority, [authority.issue("conductor")])
    storage.write("trust/operator-1.pem", hostile)
    assert [path for path, _ in read_trust(storage).faults] == ["trust/operator-1.pem"]


def test_an_ordinary_root_has_no_room_for_an_issuing_authority(tmp_path):
    root = make_named_operator(tmp_path / "root", "One", None)
    with pytest.raises(KeystoreError, match="--offline"):
        issue_operator(root, request_certificate(tmp_path / "home", "", None))


def test_the_answer_to_another_request_is_refused_and_the_key_waits_on(tmp_path):
    root = make_named_operator(tmp_path / "root", "One", None, offline=True)
    request_certificate(tmp_path / "home", "", None)
    other = issue_operator(root, request_certificate(tmp_path / "other", "", None))
    with pytest.raises(KeystoreError, match="another key"):
        complete_operator(tmp_path / "home", other, None)
    assert (tmp_path / "home" / REQUEST_KEY_FILE).exists()
    with pytest.raises(KeystoreError, match="waits for its certificate already"):
        request_certificate(tmp_path / "home", "", None)


def test_a_chain_without_a_request_is_refused(tmp_path):
    with pytest.raises(KeystoreError, match="no key waits"):
        complete_operator(tmp_path, b"", None)


@pytest.mark.parametrize("request_", [b"", b"garbage", b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"])
def test_a_broken_request_is_refused(tmp_path, request_):
    root = make_named_operator(tmp_path, "One", None, offline=True)
    with pytest.raises(KeystoreError, match="request"):
        issue_operator(root, request_)


def test_a_passphrase_locks_a_waiting_key_too(tmp_path):
    root = make_named_operator(tmp_path / "root", "One", None, offline=True)
    request = request_certificate(tmp_path / "home", "", b"secret")
    assert b"ENCRYPTED" in (tmp_path / "home" / REQUEST_KEY_FILE).read_bytes()
    complete_operator(tmp_path / "home", issue_operator(root, request), b"secret")
    with pytest.raises(KeystoreError, match="WORLDLOOM_PASSPHRASE"):
        Keystore.open(tmp_path / "home")
    assert Keystore.open(tmp_path / "home", passphrase="secret").operator.durable


def brought(*, authority=True, room=1, with_root=True):
    """(key, chain) as a company's own authority hands them out: P-256, under its root."""
    top, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    root = issue("Corporate Root CA", None, top, authority=True, organisation="Corporate Root", days=8000)
    room = room if authority else None
    mine = issue("Corporate CA", root, key, authority=authority, room=room, organisation="Corporate", days=8000)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, mine.pem + (root.pem if with_root else b"")


def test_a_companys_own_chain_signs_worlds(tmp_path, making, payloads):
    key, chain = brought()
    operator = bring_operator(tmp_path, key, chain, None)
    assert operator.organisation == "Corporate"
    signing = RunAuthority(Keystore.open(tmp_path).operator, "a", 1).issue("conductor")
    file = CredentialSigner(signing).sign(payloads["audio/wav"], making("audio/wav"))
    assert read_credential(file.data, "audio/wav", None, Keystore.open(tmp_path).anchors()).state == "Trusted"
    assert len(operator.note_key("worldloom.operator").sign(b"x")) > 64  # by ECDSA: tests/provenance/test_note_ecdsa.py


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: brought(authority=False), "none of an authority"),
        (lambda: brought(room=0), "may have 0 authorities below it"),
        (lambda: brought(with_root=False), "not issued by the next one"),
        (lambda: (brought()[0], brought()[1]), "another key"),
        (lambda: (b"garbage", brought()[1]), "cannot be read"),
        (lambda: (brought()[0], b"garbage"), "no certificate"),
        (lambda: (rsa(), brought()[1]), "use an Ed25519 or a P-256 key"),
    ],
)
def test_a_chain_that_cannot_run_worlds_is_refused_with_its_reason(tmp_path, made, why):
    with pytest.raises(KeystoreError, match=why):
        bring_operator(tmp_path, *made(), None)
    assert not (tmp_path / "operator.pem").exists()


def rsa():
    return rsa_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_the_policy_is_kept_and_a_broken_one_is_named(tmp_path):
    store = Keystore.open(tmp_path)
    assert store.policy == SigningPolicy()
    store.keep_policy(SigningPolicy("es256", leaf_per_agent=True))
    assert Keystore.open(tmp_path).policy == SigningPolicy("es256", leaf_per_agent=True)
    with pytest.raises(KeystoreError, match="ed25519, es256"):
        SigningPolicy("rsa")
    (tmp_path / "signing.json").write_bytes(b'{"algorithm":7}')
    with pytest.raises(KeystoreError, match=r"signing\.json"):
        store.policy  # noqa: B018


def test_the_issuing_authority_signs_for_the_operator_too(offline):
    root, store = offline
    authority = RunAuthority(store.operator, "a", 1)
    storage = Storage(PowerLossDisk())
    write_certificates(storage, authority, [authority.issue("conductor")])
    signers = [each for each in read_trust(storage).certificates if each.role == "conductor"]
    mine = store.operator.note_key("worldloom.operator").public
    assert mine in operator_keys(signers, [root.certificate_pem], NOW)
    assert operator_keys(signers, [], NOW) == []
