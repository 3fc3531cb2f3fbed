"""A key in a hardware module (SoftHSM, through PKCS#11) signs credentials by callback; it never enters the process."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from worldloom.provenance import certificates
from worldloom.provenance.algorithms import ES256, OutsideKey, holds
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.outside_signer import open_signer
from worldloom.provenance.reading import read_credential
from worldloom.provenance.run_authority import now
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.signing_key import outside_key

pytestmark = pytest.mark.external
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "1234"
WRONG_PIN = "pkcs11:token=worldloom;object=signer?module-path={module}&pin-value=9753"
NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def module_path():
    return next((each for each in MODULES if Path(each).exists()), None) or pytest.fail("no libsofthsm2.so")


@pytest.fixture(scope="module")
def session(tool, tmp_path_factory):
    """A session with a new token, in a folder of this file: the module reads its settings once a process."""
    folder, util = tmp_path_factory.mktemp("module"), tool("softhsm2-util")
    module = module_path()
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        command = [util, "--init-token", "--free", "--label", "worldloom", "--so-pin", PIN, "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        import pkcs11

        with pkcs11.lib(module).get_token(token_label="worldloom").open(user_pin=PIN, rw=True) as opened:
            yield opened


@pytest.fixture(scope="module")
def module_key(session):
    """(public key, function that signs in the module)."""
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_named_curve_parameters

    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    public, private = parameters.generate_keypair(mechanism=Mechanism.EC_KEY_PAIR_GEN, store=True, label="signer")
    point = bytes(public[Attribute.EC_POINT])[2:]  # an octet string around the point
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)

    def sign(data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        return bytes(private.sign(digest.finalize(), mechanism=Mechanism.ECDSA))  # r and s, as COSE has it

    return key, sign


def test_a_key_in_a_module_signs_credentials_that_both_verifiers_accept(
    module_key, keystore, making, payloads, independent_verifier
):
    public, sign = module_key
    authority = RunAuthority(keystore.operator, "a", 1)
    # A module's owner gets the certificate from whatever authority he has; here it is the run's.
    leaf = certificates.leaf_certificate(public, "module", 1, authority._certificate, authority._key, now())
    key = outside_key(OutsideKey(ES256, public, sign), certificates.pem(leaf) + authority.certificate_pem, "module")
    for kind in ("image/png", "text/plain"):
        file = CredentialSigner(key).sign(payloads[kind], making(kind))
        read = read_credential(file.data, kind, file.sidecar, keystore.anchors())
        assert (read.state, read.serial) == ("Trusted", key.serial)
        assert independent_verifier.verify_bytes(file.data, kind, file.sidecar, keystore.anchors(), NOW).problems == []


def test_the_key_cannot_be_taken_out_of_the_module(session, module_key):
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.exceptions import PKCS11Error

    (private,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    with pytest.raises(PKCS11Error):
        private[Attribute.VALUE]


def test_the_command_line_finds_the_key_by_its_uri(session, module_key, keystore, making, payloads, monkeypatch):
    uri = f"pkcs11:token=worldloom;object=signer?module-path={module_path()}"
    monkeypatch.setenv("WORLDLOOM_PIN", PIN)
    key = open_signer(uri)
    assert (key.algorithm, key.public, holds(key.public, key.sign(b"x"), b"x")) == (ES256, module_key[0], True)
    signing = RunAuthority(keystore.operator, "a", 1).issue_outside("signer", key)
    file = CredentialSigner(signing).sign(payloads["image/png"], making("image/png"))
    assert read_credential(file.data, "image/png", None, keystore.anchors()).state == "Trusted"


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("pkcs11:token=other;object=signer?module-path={module}", "0 of that name in the module; it has 'worldloom'"),
        ("pkcs11:token=worldloom;object=other?module-path={module}", "0 objects of type private key"),
        ("pkcs11:token=worldloom;object=signer?module-path=/etc/passwd", "no PKCS#11 module"),
        ("pkcs11:token=worldloom;object=signer?module-path=/no/module.so", "no such file"),
    ],
)
def test_what_is_missing_is_said(session, module_key, monkeypatch, uri, why):
    monkeypatch.setenv("WORLDLOOM_PIN", PIN)
    with pytest.raises(KeystoreError, match=why):
        open_signer(uri.format(module=module_path()))


def test_a_wrong_pin_is_said_and_never_shown(session, module_key, monkeypatch):
    # While this process is logged in the module takes any PIN, so another process asks.
    uri = WRONG_PIN.format(module=module_path())
    code = f"from worldloom.provenance.outside_signer import open_signer; open_signer({uri!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "the PIN is wrong" in done.stderr
    assert "9753" not in done.stderr.rsplit("KeystoreError", 1)[1]
