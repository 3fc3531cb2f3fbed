"""The tamper matrix for credentials: what was done to a file of each format, and the code by which audit finds it.

The files lie alone, without a run whose log and seal would see every changed byte: the credential must do it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import random
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from throwaway_certificates import EMAIL, Holder, issue
from worldloom.provenance import certificates
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.demands import Demands
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.audit.made_steps import credential_fault
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.revocations import Revocation, Revocations
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.trust import chain_faults

RULES = Identity("rules", "rules-1", output_licence="Apache-2.0")
KINDS = sorted(EXTENSIONS)
BESIDE = [kind for kind in KINDS if not embeds(kind)]
WRITTEN = ("application/json", "model/vnd.usda")
FLIPS = [15, pytest.param(200, marks=pytest.mark.slow)]
LEFT_OUT = {"image/jpeg": range(26, 28), "video/mp4": range(8, 28)}
"""Bytes that the independent verifier passes over, as C2PA does: a number in a JPEG segment, what `ftyp` says."""


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


@pytest.fixture(scope="module")
def known_revoked(files, store):
    """What an auditor knows of who revoked the certificate that signed the files."""
    chain = read_credential(files["text/plain"][0], "text/plain", files["text/plain"][1]).chain_pem
    leaf = certificates.load_certificates(chain, "leaf")[0]
    known = Revocation(
        str(leaf.serial_number), certificates.fingerprint(leaf), dt.datetime.now(dt.UTC), "keyCompromise"
    )
    return Revocations({known.fingerprint: (known, store.operator.certificate_pem)})


@pytest.fixture(scope="module")
def forge(independent_verifier):
    return importlib.import_module(f"{independent_verifier.__package__}.forge").forge


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
        read = read_credential(pair[0], kind, pair[1], anchors)
        assert read.state in ("Trusted", "Valid", "Invalid", "Missing", "Unreadable")
        assert credential_fault(read) is not None, (place, bit, in_sidecar)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_each_format_is_clean_alone(files, store, tmp_path, kind):
    result = audit(put(tmp_path, kind, *files[kind]), anchors=store.anchors())
    assert (result.exit_code, result.findings) == (0, ())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "text" in kind or "xml" in kind or kind in WRITTEN])
def test_line_ends_rewritten_on_the_way_are_tampering(files, store, tmp_path, kind):
    data, sidecar = files[kind]
    bad = data.replace(b"\n", b"\r\n") if b"\n" in data else data.replace(b">", b">\r\n", 1) + b"\r\n"
    path = put(tmp_path, kind, bad, sidecar)
    result = audit(path, anchors=store.anchors())
    assert result.exit_code == Code.TAMPERED
    assert {each.path for each in result.faults} == {path.name}


@pytest.mark.parametrize("kind", KINDS)
def test_a_bit_flipped_in_file_or_sidecar_goes_through_the_whole_audit(files, store, tmp_path, kind):
    """One place of each: `test_a_bit_flipped_anywhere` shows the others at the step that reads a credential."""
    data, sidecar = files[kind]
    for victim in (data, sidecar):
        if victim is None:
            continue
        at = victim.rindex(b"c2pa") if victim is sidecar or sidecar is None else len(victim) // 2
        bad = victim[:at] + bytes([victim[at] ^ 1]) + victim[at + 1 :]
        path = put(tmp_path, kind, *((bad, sidecar) if victim is data else (data, bad)))
        result = audit(path, anchors=store.anchors())
        assert result.exit_code in (Code.TAMPERED, Code.MISSING)
        assert {each.path for each in result.faults} == {path.name}
        assert not [each for each in result.findings if each.message.startswith(UNFORESEEN)]


@pytest.mark.parametrize("kind", BESIDE)
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


def certified(store, *, purpose=EMAIL):
    """A run's authority's leaf for another purpose, and the chain of the two."""
    authority = RunAuthority(store.operator, "a", 1)
    above = Holder(authority._certificate, authority._key)
    return issue("conductor-1", above, Ed25519PrivateKey.generate(), authority=False, purpose=purpose), above


WRONG = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING]


@pytest.mark.parametrize("purpose", WRONG)
def test_a_leaf_for_another_purpose_is_not_trusted(store, purpose):
    now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    good, bad = (b"".join(each.pem for each in certified(store, purpose=oid)) for oid in (EMAIL, purpose))
    assert chain_faults(good, store.anchors(), now) == []
    assert any("purposes" in each for each in chain_faults(bad, store.anchors(), now))


@pytest.mark.parametrize("purpose", WRONG)
@pytest.mark.parametrize("kind", BESIDE)
def test_a_credential_by_a_leaf_for_another_purpose_is_found(files, store, forge, tmp_path, kind, purpose):
    """No SDK signs with such a leaf, so the store is taken apart and signed by hand."""
    data, sidecar = files[kind]
    for oid, codes in ((EMAIL, {0}), (purpose, {Code.TAMPERED, Code.UNTRUSTED})):
        signed = forge(sidecar, lambda draft: None, list(certified(store, purpose=oid)))
        path = put(tmp_path, kind, data, signed)
        result = audit(path, anchors=store.anchors())
        assert result.exit_code in codes
        assert {each.path for each in result.faults} == ({path.name} if oid is purpose else set())


@pytest.mark.parametrize("kind", KINDS)
def test_a_leaf_that_has_run_out_is_13_and_names_the_file(files, store, tmp_path, kind):
    path = put(tmp_path, kind, *files[kind])
    result = audit(path, anchors=store.anchors(), at=dt.datetime.now(dt.UTC) + dt.timedelta(days=11 * 366))
    assert result.exit_code == Code.UNTRUSTED
    assert {(each.step, each.path) for each in result.faults} == {("file-signer", path.name)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_leaf_that_was_revoked_is_13_and_names_the_file(files, store, known_revoked, tmp_path, kind):
    path = put(tmp_path, kind, *files[kind])
    result = audit(path, anchors=store.anchors(), demands=Demands(revocations=known_revoked))
    assert result.exit_code == Code.UNTRUSTED
    assert {(each.step, each.path) for each in result.faults} == {("file-revoked", path.name)}


@pytest.mark.parametrize("change", ["added", "renamed", "left out"])
def test_a_zip_with_another_member_is_tampering(files, store, tmp_path, change):
    data, _ = files["application/zip"]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = [(each, packed.read(each)) for each in packed.namelist()]
    first = members[0]
    members[:1] = {"added": [first, ("x.txt", b"x")], "renamed": [("x.txt", first[1])], "left out": []}[change]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    path = put(tmp_path, "application/zip", out.getvalue(), None)
    result = audit(path, anchors=store.anchors())
    assert result.exit_code in (Code.TAMPERED, Code.MISSING)
    assert {each.path for each in result.faults} == {path.name}
