"""The certificate linter names the extension that is missing or wrong, and has nothing to say of good ones."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from throwaway_certificates import exactly, name_of, pem
from worldloom.provenance.certificate_lint import lint_pem
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import RunAuthority

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
KEY = Ed25519PrivateKey.generate()
EXTENSIONS = {
    "basic": (x509.BasicConstraints(False, None), True),
    "usage": (x509.KeyUsage(True, False, False, False, False, False, False, False, False), True),
    "purpose": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
    "subject": (x509.SubjectKeyIdentifier.from_public_key(KEY.public_key()), False),
    "authority": (x509.AuthorityKeyIdentifier.from_issuer_public_key(KEY.public_key()), False),
}


def purposes(*oids):
    return x509.ExtendedKeyUsage(list(oids)), False


def leaf(*, without="", days=(-1, 400), organisation="Example", key=KEY, **changed):
    extensions = [each for name, each in {**EXTENSIONS, **changed}.items() if name != without]
    today = NOW - dt.timedelta(hours=2)
    start, end = (today + dt.timedelta(days=each) for each in days)
    subject, issuer = name_of("signer", organisation), name_of("an authority")
    return pem(exactly(subject, key.public_key(), issuer, KEY, extensions, start, end))


def usage(sign, issue=False):
    return x509.KeyUsage(sign, False, True, False, False, issue, False, False, False)


WRONG = {
    "no basic constraints": (lambda: leaf(without="basic"), "basicConstraints (2.5.29.19)", "missing"),
    "no key usage": (lambda: leaf(without="usage"), "keyUsage (2.5.29.15)", "missing"),
    "key usage not critical": (lambda: leaf(usage=(usage(True), False)), "keyUsage (2.5.29.15)", "critical"),
    "no digital signature": (lambda: leaf(usage=(usage(False), True)), "keyUsage (2.5.29.15)", "digitalSignature"),
    "issues others": (lambda: leaf(usage=(usage(True, True), True)), "keyUsage (2.5.29.15)", "keyCertSign"),
    "no purpose": (lambda: leaf(without="purpose"), "extendedKeyUsage (2.5.29.37)", "emailProtection"),
    "for web servers": (
        lambda: leaf(purpose=purposes(ExtendedKeyUsageOID.SERVER_AUTH)),
        "extendedKeyUsage (2.5.29.37)",
        "1.3.6.1.5.5.7.3.1",
    ),
    "for anything": (
        lambda: leaf(purpose=purposes(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)),
        "extendedKeyUsage (2.5.29.37)",
        "2.5.29.37.0",
    ),
    "for two things": (
        lambda: leaf(purpose=purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CODE_SIGNING)),
        "extendedKeyUsage (2.5.29.37)",
        "exactly one",
    ),
    "for C2PA alone": (
        lambda: leaf(purpose=purposes(x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1"))),
        "extendedKeyUsage (2.5.29.37)",
        "trust_config",
    ),
    "no subject key": (lambda: leaf(without="subject"), "subjectKeyIdentifier (2.5.29.14)", "missing"),
    "no authority key": (lambda: leaf(without="authority"), "authorityKeyIdentifier (2.5.29.35)", "missing"),
    "nobody's": (lambda: leaf(organisation=""), "subject", "organisation"),
    "expired": (lambda: leaf(days=(-400, -30)), "validity", "expired"),
    "of tomorrow": (lambda: leaf(days=(20, 400)), "validity", "not valid before"),
    "an RSA key": (lambda: leaf(key=generate_private_key(65537, 2048)), "subjectPublicKeyInfo", "P-256"),
    "unknown and critical": (
        lambda: leaf(more=(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"x"), True)),
        "1.2.3.4",
        "not known here",
    ),
}


def test_a_good_certificate_has_nothing_said_of_it():
    assert lint_pem(leaf(), NOW) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_and_nothing_else(name):
    made, part, word = WRONG[name]
    (found,) = [each for each in lint_pem(made(), NOW) if "has 2 purposes" in each.message or name != "for two things"]
    assert found.part == part
    assert word in found.message
    assert "signer" in found.certificate


def authority_of(**changed):
    parts = {
        "basic": (x509.BasicConstraints(True, 0), True),
        "usage": (x509.KeyUsage(False, False, False, False, False, True, True, False, False), True),
        **changed,
    }
    return leaf(without="purpose", **parts)


def test_an_authority_is_judged_as_one():
    assert lint_pem(authority_of(), NOW) == []
    (lax,) = lint_pem(authority_of(basic=(x509.BasicConstraints(True, 0), False)), NOW)
    assert lax.part.startswith("basicConstraints")
    (idle,) = lint_pem(authority_of(usage=(usage(True), True)), NOW)
    assert "keyCertSign" in idle.message


def test_a_chain_in_the_wrong_order_is_said(keystore):
    key = RunAuthority(keystore.operator, "a", 1).issue("conductor")
    leaf_pem, above = key.certificate_pem, key.chain_pem.removeprefix(key.certificate_pem)
    assert lint_pem(key.chain_pem + keystore.operator.certificate_pem, NOW) == []
    (found,) = lint_pem(above + leaf_pem, NOW)
    assert (found.part, "not issued by the next" in found.message) == ("issuer", True)


@pytest.mark.parametrize("data", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_the_callers_mistake(data):
    with pytest.raises(KeystoreError):
        lint_pem(data, NOW)
