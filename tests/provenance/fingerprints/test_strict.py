"""`audit --strict` asks that a soft binding can be read, and that log and credential have the same fingerprints."""

from __future__ import annotations

from typing import Any

import pytest
from worldloom.provenance.audit.profile_steps import fingerprint_faults, lint_manifest
from worldloom.provenance.credential import Credential
from worldloom.provenance.fingerprints import ISCC, take
from worldloom.provenance.fingerprints.soft_binding import SOFT_BINDING
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner

TEXT = b"It is a long way from the quay to the chapel, and longer with a barrow of stones."
CODES = take(TEXT, "text/plain")[ISCC]


@pytest.fixture(scope="module")
def credential(tmp_path_factory: pytest.TempPathFactory) -> Credential:
    keystore = Keystore.open(tmp_path_factory.mktemp("keys"))
    signer = CredentialSigner(RunAuthority(keystore.operator, "run-strict", 1).issue("conductor"))
    maker = Identity("rules", "rules-1", output_licence="Apache-2.0")
    making = Making("A text", "text/plain", "letter", "agent-1", maker, content="22" * 32, fingerprints=CODES)
    signed = signer.sign(TEXT, making)
    return read_credential(TEXT, "text/plain", signed.sidecar, keystore.anchors())


def with_binding(credential: Credential, value: Any) -> Credential:
    said = {**credential.said, SOFT_BINDING: value}
    return Credential(**{**vars(credential), "said": said})


def test_ours_is_signed_created_and_holds_the_profile(credential: Credential) -> None:
    assert credential.state == "Trusted"
    assert SOFT_BINDING in credential.created
    assert list(lint_manifest(credential, "text/plain")) == []


def test_one_that_cannot_be_read_is_named(credential: Credential) -> None:
    (why,) = lint_manifest(with_binding(credential, {"alg": "io.iscc.v0", "blocks": []}), "text/plain")
    assert "has not one block" in why


def test_other_fingerprints_in_the_log_are_named(credential: Credential) -> None:
    assert list(fingerprint_faults({"fingerprints": {ISCC: list(CODES)}}, credential)) == []
    assert list(fingerprint_faults({"fingerprints": {ISCC: list(CODES[:2])}}, credential)) == [
        "its credential and its log entry have different fingerprints"
    ]


@pytest.mark.parametrize("evidence", [None, {}, {"fingerprints": {}}, {"fingerprints": "none"}])
def test_an_entry_from_before_there_were_any_is_no_fault(credential: Credential, evidence: Any) -> None:
    assert list(fingerprint_faults(evidence, credential)) == []
