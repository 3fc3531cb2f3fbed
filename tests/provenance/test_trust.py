"""Chains judged at a time of one's choosing, and the trust/ folder of a run, hostile files among it."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from throwaway_certificates import exactly, key_usage, name_of, pem
from worldloom.provenance import certificates
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.folder import certificate_path
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage
from worldloom.provenance.trust import chain_faults, log_verifiers, read_trust, run_certificates

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)  # tests make their certificates after this line has run
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("home")).operator


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("other")).operator


@pytest.fixture(scope="module")
def key(operator):
    return RunAuthority(operator, "a", 1).issue("conductor")


@pytest.fixture(scope="module")
def anchors(operator):
    return [operator.certificate_pem]


def test_a_runs_chain_is_trusted_under_its_operator_today(key, anchors):
    assert chain_faults(key.chain_pem, anchors, NOW) == []


@pytest.mark.parametrize("days", [1, 400, 3650])
def test_a_chain_outlives_its_run_by_years(key, anchors, days):
    assert chain_faults(key.chain_pem, anchors, NOW + days * DAY) == []


def test_after_eleven_years_a_chain_is_expired(key, anchors):
    faults = chain_faults(key.chain_pem, anchors, NOW + 11 * 366 * DAY)
    assert faults
    assert all("expired" in fault for fault in faults)


def test_before_its_making_a_chain_is_not_valid(key, anchors):
    assert any("not valid before" in fault for fault in chain_faults(key.chain_pem, anchors, NOW - DAY))


def test_an_expired_anchor_is_no_anchor(key, anchors):
    faults = chain_faults(key.chain_pem, anchors, NOW + 31 * 366 * DAY)
    assert any("CN=Worldloom operator" in fault and "expired" in fault for fault in faults)


def test_without_the_operators_anchor_nobody_is_trusted(key, other):
    for anchors in ([], [other.certificate_pem]):
        assert any("no trust anchor" in fault for fault in chain_faults(key.chain_pem, anchors, NOW))


def test_one_of_several_anchors_is_enough(key, operator, other):
    assert chain_faults(key.chain_pem, [other.certificate_pem + operator.certificate_pem], NOW) == []
    assert chain_faults(key.chain_pem, [other.certificate_pem, operator.certificate_pem], NOW) == []


def test_a_run_authority_may_be_the_anchor_itself(operator):
    authority = RunAuthority(operator, "a", 1)
    key = authority.issue("conductor")
    assert chain_faults(key.chain_pem, [authority.certificate_pem], NOW) == []


def test_a_leaf_is_no_anchor_for_itself(key):
    assert chain_faults(key.certificate_pem, [key.certificate_pem], NOW)


def test_a_leaf_without_its_run_authority_is_not_trusted(key, anchors):
    assert any("no trust anchor" in fault for fault in chain_faults(key.certificate_pem, anchors, NOW))


def test_a_chain_in_the_wrong_order_is_not_trusted(key, anchors):
    leaf, middle = key.chain_pem.split(b"-----BEGIN")[1:]
    assert chain_faults(b"-----BEGIN" + middle + b"-----BEGIN" + leaf, anchors, NOW)


def test_an_authority_of_the_same_name_and_another_key_did_not_issue_the_leaf(operator, key, anchors):
    twin = RunAuthority(operator, "a", 1)
    faults = chain_faults(key.certificate_pem + twin.certificate_pem, anchors, NOW)
    assert any("not issued by" in fault for fault in faults)


def test_an_anchor_that_is_no_certificate_is_the_callers_mistake(key):
    with pytest.raises(KeystoreError, match="anchor"):
        chain_faults(key.chain_pem, [b"garbage"], NOW)


@pytest.mark.parametrize("chain", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_chain_that_cannot_be_read_is_a_fault_not_an_exception(chain, anchors):
    assert len(chain_faults(chain, anchors, NOW)) == 1


def test_a_chain_without_end_is_not_walked(key, anchors):
    assert "9 are" not in chain_faults(key.certificate_pem * 9, anchors, NOW)[0]
    assert "has 9 certificates" in chain_faults(key.certificate_pem * 9, anchors, NOW)[0]


ROOT = Ed25519PrivateKey.generate()
MIDDLE = Ed25519PrivateKey.generate()
LEAF = Ed25519PrivateKey.generate()


def forged(name, public, issuer, key, extensions):
    """A certificate with exactly these (extension, critical), issued by `issuer` with `key`."""
    return pem(exactly(name_of(name), public, name_of(issuer), key, extensions, NOW - DAY, NOW + DAY))


AUTHORITY = [(x509.BasicConstraints(True, None), True), (key_usage(certify=True), True)]
SIGNER = [
    (x509.BasicConstraints(False, None), True),
    (key_usage(sign=True), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
]


def chain(*, root=AUTHORITY, middle=AUTHORITY, leaf=SIGNER):
    """(chain, anchor) of the same three keys with these extensions."""
    return (
        forged("leaf", LEAF.public_key(), "middle", MIDDLE, leaf)
        + forged("middle", MIDDLE.public_key(), "root", ROOT, middle),
        forged("root", ROOT.public_key(), "root", ROOT, root),
    )


def test_the_forgers_own_honest_chain_is_trusted():
    signed, anchor = chain()
    assert chain_faults(signed, [anchor], NOW) == []


def replaced(extensions, place, extension, critical=True):
    return [*extensions[:place], (extension, critical), *extensions[place + 1 :]]


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
WRONG = {
    "an issuer that is no authority": (
        {"middle": replaced(AUTHORITY, 0, x509.BasicConstraints(False, None))},
        "no auth",
    ),
    "an issuer that may not sign certificates": (
        {"middle": replaced(AUTHORITY, 1, key_usage(sign=True))},
        "no authority",
    ),
    "an issuer that says nothing of itself": ({"middle": []}, "not issued by"),
    "an anchor that is no authority": ({"root": replaced(AUTHORITY, 0, x509.BasicConstraints(False, None))}, "anchor"),
    "an anchor without room below": ({"root": replaced(AUTHORITY, 0, x509.BasicConstraints(True, 0))}, "anchor"),
    "a leaf that is an authority": ({"leaf": replaced(SIGNER, 0, x509.BasicConstraints(True, None))}, "authority's"),
    "a leaf that may certify": ({"leaf": replaced(SIGNER, 1, key_usage(sign=True, certify=True))}, "key usage"),
    "a leaf whose key usage is not critical": ({"leaf": replaced(SIGNER, 1, key_usage(sign=True), False)}, "key usage"),
    "a leaf for web servers": (
        {"leaf": replaced(SIGNER, 2, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))},
        "purposes",
    ),
    "a leaf for two purposes": (
        {"leaf": replaced(SIGNER, 2, x509.ExtendedKeyUsage([EMAIL, ExtendedKeyUsageOID.CODE_SIGNING]))},
        "purposes",
    ),
    "a leaf without purpose": ({"leaf": SIGNER[:2]}, "ExtendedKeyUsage"),
    "a leaf without key usage": ({"leaf": [SIGNER[0], SIGNER[2]]}, "KeyUsage"),
    "a critical extension nobody knows in the leaf": ({"leaf": [*SIGNER, (UNKNOWN, True)]}, "not known"),
    "a critical extension nobody knows in the issuer": ({"middle": [*AUTHORITY, (UNKNOWN, True)]}, "not known"),
    "a critical extension nobody knows in the anchor": ({"root": [*AUTHORITY, (UNKNOWN, True)]}, "not known"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_chain_with_one_thing_wrong_is_not_trusted(name):
    changes, words = WRONG[name]
    signed, anchor = chain(**changes)
    faults = chain_faults(signed, [anchor], NOW)
    assert len(faults) == 1
    assert words in faults[0]


def test_an_extension_nobody_knows_and_nobody_must_is_no_fault():
    signed, anchor = chain(leaf=[*SIGNER, (UNKNOWN, False)])
    assert chain_faults(signed, [anchor], NOW) == []


SHA1_ROOT = b"""\
-----BEGIN CERTIFICATE-----
MIIBXjCCAQSgAwIBAgIUARak2pDWQQHyfOKp3yo14/AcjBEwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBcjAgFw0yNjExMjQyMTUxMTlaGA8yMTI2MTAzMTIxNTExOVow
DDEKMAgGA1UEAwwBcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDT3TZSS3/0q
F2ts/19MR4IryvLbcXgi++UgDdzGfyXw7CAi7DMBP7Ixt7LOLuiHu1V24bbCzFr3
x02745xANKSjQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0G
A1UdDgQWBBQl7vhn73BBsf3yd3AlrbxQ7UplSzAKBggqhkjOPQQDAgNIADBFAiEA
99oET+PbicNrYPKkMA/bWGCBjBpbktrwS/PUcpDWtw4CIDauEvjCl9AZ8fb03V5c
3TefS01IECzhbtgIySZFAeDC
-----END CERTIFICATE-----
"""
SHA1_LEAF = b"""\
-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIBBTAJBgcqhkjOPQQBMAwxCjAIBgNVBAMMAXIwIBcNMjYx
MTI0MjE1MTE5WhgPMjEyNjEwMzEyMTUxMTlaMAwxCjAIBgNVBAMMAWwwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATf4nDisNpNTe1PYHqPCyB6b4m0v9XBtN6D+wK5
xFFhI4G500zhgsdfvCoIzIfIeRsT2oAArLmsSSKb7tzmtoeIo3UwczAMBgNVHRMB
Af8EAjAAMA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDBDAdBgNV
HQ4EFgQUxLuBu8pAtKgP87VGjaLFaOqz8RswHwYDVR0jBBgwFoAUJe74Z+9wQbH9
8ndwJa28UO1KZUswCQYHKoZIzj0EAQNJADBGAiEAmvw6/QUIxszP089sK9cqj776
NrmGt/tfHZyKi6YiubwCIQCcMozYg9szXBdrWfHuyrh+qBs8orI/ShC4fBXBD86g
AQ==
-----END CERTIFICATE-----
"""


def test_a_signature_over_a_broken_hash_is_not_trusted():
    faults = chain_faults(SHA1_LEAF, [SHA1_ROOT], dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert any("broken hash, sha1" in fault for fault in faults)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_bit_flipped_in_any_certificate_of_the_chain_is_never_trusted(key, anchors, data):
    ders = [each.public_bytes(serialization.Encoding.DER) for each in x509.load_pem_x509_certificates(key.chain_pem)]
    which = data.draw(st.integers(0, 1))
    bit = data.draw(st.integers(0, 8 * len(ders[which]) - 1))
    flipped = bytearray(ders[which])
    flipped[bit // 8] ^= 1 << bit % 8
    ders[which] = bytes(flipped)
    try:
        pem = certificates.pem_of_der(ders)
    except KeystoreError:
        return
    assert chain_faults(pem, anchors, NOW)


# The trust/ folder of a run.


def issue(storage, operator, run_id="a", part=1, roles=("conductor",)):
    authority = RunAuthority(operator, run_id, part)
    issued = [authority.issue(role) for role in roles]
    storage.write(certificate_path("ca", part), authority.certificate_pem)
    for each in issued:
        storage.write(certificate_path(each.role, part), each.certificate_pem)
    return issued


@pytest.fixture
def storage():
    return Storage(PowerLossDisk())


def test_a_runs_certificates_are_read_with_role_serial_key_and_chain(storage, operator, anchors):
    (conductor, cohort) = issue(storage, operator, roles=("conductor", "cohort-0"))
    found = {each.path: each for each in run_certificates(storage)}
    assert list(found) == ["trust/ca-1.pem", "trust/cohort-0-1.pem", "trust/conductor-1.pem"]
    read = found["trust/conductor-1.pem"]
    assert (read.role, read.part, read.run_id) == ("conductor", 1, "a")
    assert (read.serial, read.public, read.chain_pem) == (conductor.serial, conductor.public, conductor.chain_pem)
    assert found["trust/cohort-0-1.pem"].role == "cohort-0"
    assert found["trust/cohort-0-1.pem"].serial == cohort.serial
    assert chain_faults(read.chain_pem, anchors, NOW) == []
    assert read_trust(storage).faults == ()


def test_every_start_of_a_run_adds_a_key_of_its_log(storage, operator):
    keys = [issue(storage, operator, part=part, roles=("conductor", "cohort-0"))[0] for part in (1, 2)]
    found = log_verifiers(storage, "worldloom.run/a")
    assert [each.public for each in found] == [key.public for key in keys]
    assert {each.name for each in found} == {"worldloom.run/a"}


def test_only_conductors_of_this_run_sign_its_log(storage, operator):
    issue(storage, operator, run_id="b", part=1)
    issue(storage, operator, run_id="a", part=2, roles=("cohort-0",))
    assert log_verifiers(storage, "worldloom.run/a") == []


def test_an_empty_folder_vouches_for_nobody(storage):
    assert run_certificates(storage) == []
    assert read_trust(storage).authorities == []


def plant(storage, operator, other, name):
    (mine,) = issue(storage, operator)
    foreign = RunAuthority(other, "a", 9).issue("conductor")
    planted = {
        "garbage": ("trust/note.pem", b"garbage"),
        "a conductor of nobody": ("trust/conductor-9.pem", foreign.certificate_pem),
        "a certificate under another's name": ("trust/conductor-2.pem", mine.certificate_pem),
        "two certificates in one file": ("trust/conductor-1.pem", mine.chain_pem),
        "words after the certificate": ("trust/conductor-1.pem", mine.certificate_pem + b"hello\n"),
        "the operator's root": ("trust/ca-2.pem", operator.certificate_pem),
        "a certificate of no run": ("trust/leaf-1.pem", forged("leaf-1", LEAF.public_key(), "middle", MIDDLE, SIGNER)),
    }
    path, data = planted[name]
    storage.write(path, data)
    return path, mine


@pytest.mark.parametrize(
    "name",
    [
        "garbage",
        "a conductor of nobody",
        "a certificate under another's name",
        "two certificates in one file",
        "words after the certificate",
        "the operator's root",
        "a certificate of no run",
    ],
)
def test_a_planted_file_is_a_fault_by_its_path_and_no_certificate(storage, operator, other, name):
    path, _ = plant(storage, operator, other, name)
    trust = read_trust(storage)
    assert [where for where, _ in trust.faults] == [path]
    assert path not in {each.path for each in trust.certificates}


def test_a_cohorts_key_renamed_to_conductor_signs_no_log(storage, operator):
    authority = RunAuthority(operator, "a", 1)
    storage.write("trust/ca-1.pem", authority.certificate_pem)
    storage.write("trust/conductor-1.pem", authority.issue("cohort-0").certificate_pem)
    assert log_verifiers(storage, "worldloom.run/a") == []


def test_a_leaf_that_plays_authority_certifies_nobody(storage, operator):
    (conductor,) = issue(storage, operator)
    private = serialization.load_pem_private_key(conductor.private_pem(), None)
    leaf = x509.load_pem_x509_certificate(conductor.certificate_pem)
    forged_leaf = certificates.leaf_certificate(LEAF.public_key(), "conductor", 2, leaf, private, NOW)
    storage.write("trust/conductor-2.pem", certificates.pem(forged_leaf))
    assert [each.public for each in log_verifiers(storage, "worldloom.run/a")] == [conductor.public]
    assert [path for path, _ in read_trust(storage).faults] == ["trust/conductor-2.pem"]


def test_a_leaf_of_another_run_under_this_runs_authority_is_a_fault(storage, operator):
    # What an authority's key could do if it were stolen: certify under another run's id.
    authority = RunAuthority(operator, "a", 1)
    other_run = RunAuthority(operator, "b", 1)
    storage.write("trust/ca-1.pem", authority.certificate_pem)
    storage.write("trust/conductor-1.pem", other_run.issue("conductor").certificate_pem)
    assert [path for path, _ in read_trust(storage).faults] == ["trust/conductor-1.pem"]
