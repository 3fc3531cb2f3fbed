"""A key in a hardware module (SoftHSM, through PKCS#11) signs credentials by callback; it never enters the process."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from worldloom.provenance import certificates
from worldloom.provenance.algorithms import ES256, OutsideKey
from worldloom.provenance.credential import CredentialSigner, read_credential
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.run_authority import now
from worldloom.provenance.signing_key import outside_key

pytestmark = pytest.mark.external
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "1234"
NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def session(tool, tmp_path_factory):
    """A session with a new token, in a folder of this file: the module reads its settings once a process."""
    folder, util = tmp_path_factory.mktemp("module"), tool("softhsm2-util")
    module = next((each for each in MODULES if Path(each).exists()), None) or pytest.fail("no libsofthsm2.so")
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
