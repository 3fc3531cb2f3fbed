"""The tamper matrix for credentials: what was done to a file of each format, and the code by which audit finds it.

The files lie alone, without a run whose log and seal would see every changed byte: the credential must do it.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from worldloom.provenance import certificates
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.credential import CredentialSigner, read_credential
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.recipe import Identity
from worldloom.provenance.trust import chain_faults

RULES = Identity("rules", "rules-1", output_licence="Apache-2.0")
KINDS = sorted(EXTENSIONS)
FLIPS = [15, pytest.param(200, marks=pytest.mark.slow)]
LEFT_OUT = {"image/jpeg": range(26, 28), "video/mp4": range(8, 28)}
"""Bytes that C2PA's hash leaves out and that mean nothing else: a JPEG segment's number, what `ftyp` says."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def files(store, payloads):
    """(file, sidecar) of each media type."""
    signer = CredentialSigner(RunAuthority(store.operator, "a", 1).issue("conductor"))
    made = {}
    for kind, payload in payloads.items():
        making = Making("a thing", kind, "letter", "agent-1", RULES, content="c0" * 32, origin="worldloom.run/a")
        signed = signer.sign(payload, making)
        made[kind] = signed.data, signed.sidecar
    return made


def put(folder: Path, kind: str, data: bytes, sidecar: bytes | None, name: str = "") -> Path:
    path = folder / (name or f"thing.{EXTENSIONS[kind]}")
    path.write_bytes(data)
    if sidecar is not None:
        path.with_name(f"{path.name}.c2pa").write_bytes(sidecar)
    return path


@pytest.mark.parametrize("flips", FLIPS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bit_flipped_anywhere_is_found_and_nothing_crashes(files, store, independent_verifier, kind, flips):
    data, sidecar = files[kind]
    chance, anchors = random.Random(f"matrix {kind}"), store.anchors()
    now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    for _ in range(flips):
        in_sidecar = sidecar is not None and chance.random() < 0.5
        victim = sidecar if in_sidecar else data
        place, bit = chance.randrange(len(victim)), 1 << chance.randrange(8)
        bad = victim[:place] + bytes([victim[place] ^ bit]) + victim[place + 1 :]
        pair = (data, bad) if in_sidecar else (bad, sidecar)
        seen = not independent_verifier.verify_bytes(pair[0], kind, pair[1], anchors, now).ok
        assert seen or place in LEFT_OUT.get(kind, ()), (place, bit, in_sidecar)
        # The SDK passes over padding and box flags of the manifest, never over the content that is bound.
        read = read_credential(pair[0], kind, pair[1], anchors)
        assert read.state in ("Trusted", "Valid", "Invalid", "Missing", "Unreadable")
        if not in_sidecar and not embeds(kind):
            assert not read.holds, place


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_each_format_is_clean_alone(files, store, tmp_path, kind):
    result = audit(put(tmp_path, kind, *files[kind]), anchors=store.anchors())
    assert (result.exit_code, result.findings) == (0, ())


@pytest.mark.parametrize("kind", ["text/markdown", "model/vnd.usda", "application/x-tmx+xml", "image/svg+xml"])
def test_line_ends_rewritten_on_the_way_are_tampering(files, store, tmp_path, kind):
    data, sidecar = files[kind]
    bad = data.replace(b"\n", b"\r\n") if b"\n" in data else data.replace(b"><", b">\r\n<", 1)
    assert bad != data
    path = put(tmp_path, kind, bad, sidecar)
    result = audit(path, anchors=store.anchors())
    assert result.exit_code == Code.TAMPERED
    assert {each.path for each in result.faults} == {path.name}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not embeds(kind)])
def test_a_file_given_another_type_by_its_name_is_tampering(files, store, tmp_path, kind):
    other = "html" if kind != "text/html" else "txt"
    path = put(tmp_path, kind, *files[kind], name=f"thing.{other}")
    result = audit(path, anchors=store.anchors())
    assert result.exit_code == Code.TAMPERED
    assert any("media type" in each.message for each in result.faults)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if embeds(kind)])
def test_an_embedded_file_given_another_type_by_its_name_is_found(files, store, tmp_path, kind):
    other = "png" if kind != "image/png" else "wav"
    result = audit(put(tmp_path, kind, *files[kind], name=f"thing.{other}"), anchors=store.anchors())
    assert result.exit_code in (Code.TAMPERED, Code.MISSING)


@pytest.mark.parametrize("kind", KINDS)
def test_the_credential_of_another_file_is_tampering(files, store, tmp_path, kind):
    data, sidecar = files[kind]
    if sidecar is None:
        return  # a store in another file's place is the flips' case: its bytes are that file's
    foreign = files["text/plain" if kind != "text/plain" else "text/html"][1]
    assert audit(put(tmp_path, kind, data, foreign), anchors=store.anchors()).exit_code == Code.TAMPERED


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_its_credential_is_missing_one(files, payloads, store, tmp_path, kind):
    assert audit(put(tmp_path, kind, payloads[kind], None), anchors=store.anchors()).exit_code == Code.MISSING


def certified(store, *, purpose=ExtendedKeyUsageOID.EMAIL_PROTECTION, end=None):
    """A chain like a run's, whose leaf has another purpose or end."""
    authority = RunAuthority(store.operator, "a", 1)
    key = Ed25519PrivateKey.generate()
    good = certificates.leaf_certificate(
        key.public_key(), "conductor", 1, authority._certificate, authority._key, dt.datetime.now(dt.UTC)
    )
    builder = x509.CertificateBuilder(
        good.issuer, good.subject, good.public_key(), good.serial_number, good.not_valid_before_utc.replace(tzinfo=None)
    ).not_valid_after(end or good.not_valid_after_utc)
    for each in good.extensions:
        value = x509.ExtendedKeyUsage([purpose]) if isinstance(each.value, x509.ExtendedKeyUsage) else each.value
        builder = builder.add_extension(value, each.critical)
    return certificates.pem(builder.sign(authority._key, None)) + authority.certificate_pem


@pytest.mark.parametrize("purpose", [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING])
def test_a_leaf_for_another_purpose_is_not_trusted(store, purpose):
    now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    assert chain_faults(certified(store), store.anchors(), now) == []
    assert any("purposes" in each for each in chain_faults(certified(store, purpose=purpose), store.anchors(), now))


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "video/mp4"])
def test_a_leaf_that_has_run_out_is_13_and_names_the_file(files, store, tmp_path, kind):
    path = put(tmp_path, kind, *files[kind])
    result = audit(path, anchors=store.anchors(), at=dt.datetime.now(dt.UTC) + dt.timedelta(days=11 * 366))
    assert result.exit_code == Code.UNTRUSTED
    assert {(each.step, each.path) for each in result.faults} == {("file-signer", path.name)}
