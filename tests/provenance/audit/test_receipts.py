"""An auditor's receipts: signed, in one byte form, of one thing, and worth as much as the auditor is trusted."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope as OthersEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from worldloom.provenance import certificates
from worldloom.provenance.artifact_bundle import make_bundle
from worldloom.provenance.audit import Demands, audit, check_receipt, write_receipt
from worldloom.provenance.audit.receipts import subjects_of
from worldloom.provenance.audit.statement import TEST_RESULT, AuditReceipt
from worldloom.provenance.ceremonies import (
    complete_operator,
    issue_operator,
    make_named_operator,
    request_certificate,
)
from worldloom.provenance.dsse import IN_TOTO, Envelope, pre_authentication, seal_envelope
from worldloom.provenance.errors import FormatError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.operator_file import Operator

ASKED = {"strict": False, "expect_root": "", "at": "", "witnesses": [], "timestamp_anchors": 0}


@pytest.fixture(scope="module")
def auditor(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("auditor")).operator


@pytest.fixture(scope="module")
def trusted(auditor):
    return [auditor.certificate_pem]


@pytest.fixture(scope="module")
def result(original):
    return audit(original.path, anchors=original.anchors, demands=Demands())


@pytest.fixture(scope="module")
def written(original, auditor, result):
    return write_receipt(result, original.path, original.anchors, auditor, ASKED)


def payload(receipt):
    return json.loads(base64.b64decode(json.loads(receipt)["payload"]))


def test_it_says_what_the_audit_found_of_what_and_when(original, auditor, trusted, result, written):
    verdict = check_receipt(written, trusted, original.path)
    assert (verdict.exit_code, verdict.faults) == (0, ())
    assert auditor.organisation in verdict.auditor
    said = verdict.receipt.said
    assert (said["content_root"], said["log_root"]) == (result.content_root, result.log_root)
    assert (said["levels"], said["exit"], verdict.receipt.result) == (result.levels, 0, "PASSED")
    assert verdict.receipt.anchors == (original.maker.operator.fingerprint,)
    assert verdict.receipt.tool.startswith("pkg:pypi/worldloom@")
    assert list(verdict.receipt.subjects) == ["SEAL"]


def test_what_was_not_clean_stays_so(run, auditor, trusted):
    (run.path / "report.html").write_bytes(b"changed")
    result = audit(run.path, anchors=run.anchors)
    verdict = check_receipt(write_receipt(result, run.path, run.anchors, auditor, ASKED), trusted, run.path)
    assert (verdict.exit_code, verdict.faults, verdict.receipt.result) == (10, (), "FAILED")
    assert verdict.receipt.said["findings"]["faults"] == len(result.faults) > 0


def test_the_zip_of_a_run_is_what_its_folder_is(original, auditor, trusted):
    result = audit(original.zip, anchors=original.anchors)
    of_zip = write_receipt(result, original.zip, original.anchors, auditor, ASKED)
    for path in (original.path, original.zip):
        assert check_receipt(of_zip, trusted, path).exit_code == 0


def test_a_receipt_of_another_run_is_told(original, run, written, trusted):
    (run.path / "SEAL").write_bytes((run.path / "SEAL").read_bytes() + b"\n")
    assert check_receipt(written, trusted, run.path).exit_code == 12
    assert check_receipt(written, trusted, original.zip.with_name("village-1.zip.seal")).exit_code == 12


def test_of_a_bundle_too(original, auditor, trusted, tmp_path):
    path = tmp_path / "it.bundle.zip"
    path.write_bytes(make_bundle(original.maker.storage, "world/world.glb")[1])
    written = write_receipt(audit(path, anchors=original.anchors), path, original.anchors, auditor, ASKED)
    assert check_receipt(written, trusted, path).exit_code == 0
    assert check_receipt(written, trusted, original.path).exit_code == 12


def test_an_auditor_whom_nobody_trusts_is_told(written, original, stranger):
    for anchors in ([], [stranger.certificate_pem], original.anchors):
        assert check_receipt(written, anchors).exit_code == 13


def test_an_auditor_whose_certificate_ran_out_is_told(written, trusted):
    late = datetime(2100, 1, 1, tzinfo=UTC)
    assert check_receipt(written, trusted).exit_code == 0
    assert check_receipt(written, trusted, at=late).exit_code == 13


def test_the_operator_of_a_run_is_no_auditor_by_that(original, result, written, trusted):
    own = write_receipt(result, original.path, original.anchors, original.maker.operator, ASKED)
    assert check_receipt(own, trusted).exit_code == 13


def test_an_auditor_under_a_root_that_stays_offline(tmp_path, original, result):
    root = make_named_operator(tmp_path / "root", "Example Auditors Ltd", None, offline=True)
    request = request_certificate(tmp_path / "desk", "Desk", None)
    complete_operator(tmp_path / "desk", issue_operator(root, request), None)
    desk = Keystore.open(tmp_path / "desk").operator
    written = write_receipt(result, original.path, original.anchors, desk, ASKED)
    assert check_receipt(written, [desk.certificate_pem]).exit_code == 0


def changed(receipt, change):
    """The statement changed, under the old signature."""
    outer = json.loads(receipt)
    inner = payload(receipt)
    change(inner)
    text = json.dumps(inner, sort_keys=True, separators=(",", ":")).encode()
    outer["payload"] = base64.b64encode(text).decode()
    return json.dumps(outer, sort_keys=True, separators=(",", ":")).encode()


CHANGES = {
    "the verdict": lambda said: said["predicate"].update(result="FAILED"),
    "a level": lambda said: said["predicate"]["worldloom"]["levels"].update(signer="fail"),
    "the time": lambda said: said["predicate"]["worldloom"].update(time="2030-01-01T00:00:00Z"),
    "the subject": lambda said: said["subject"][0]["digest"].update(sha256="00" * 32),
    "an anchor": lambda said: said["predicate"]["configuration"].pop(),
    "nothing that is said": lambda said: said.update(more=1),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_receipt_is_told(written, trusted, what):
    verdict = check_receipt(changed(written, CHANGES[what]), trusted)
    assert (verdict.exit_code, verdict.receipt) == (10, None)


@given(st.data())
def test_no_flipped_bit_passes(written, trusted, data):
    at, bit = data.draw(st.integers(0, len(written) - 1)), data.draw(st.integers(0, 7))
    bad = written[:at] + bytes([written[at] ^ 1 << bit]) + written[at + 1 :]
    assert check_receipt(bad, trusted).exit_code in (10, 13)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.just(b"{" * 100_000)))
def test_what_is_no_receipt_is_told(data):
    assert check_receipt(data, []).exit_code == 10


def test_signed_words_that_are_no_statement_of_an_audit_are_told(auditor, trusted, written):
    right = json.loads(base64.b64decode(json.loads(written)["payload"]))
    wrong = [b"{}", b"[]", b'"text"', json.dumps(right).encode()]
    without = [right | {field: None} for field in ("subject", "predicate", "predicateType")]
    wrong += [json.dumps(each, sort_keys=True, separators=(",", ":")).encode() for each in without]
    for text in wrong:
        assert check_receipt(seal_envelope(IN_TOTO, text, auditor).encode(), trusted).exit_code == 10
    whole = seal_envelope("text/plain", base64.b64decode(json.loads(written)["payload"]), auditor)
    assert check_receipt(whole.encode(), trusted).exit_code == 10


def test_a_statement_has_one_form(written):
    receipt = AuditReceipt.decode(base64.b64decode(json.loads(written)["payload"]))
    assert AuditReceipt.decode(receipt.encode()) == receipt
    lying = replace(receipt, result="FAILED")
    with pytest.raises(FormatError):
        AuditReceipt.decode(lying.encode())


def test_other_readers_take_envelope_and_statement(written, auditor):
    envelope = OthersEnvelope.from_dict(json.loads(written))
    leaf = certificates.load_certificates(auditor.chain_pem, "auditor")[0]
    key = SSlibKey.from_crypto(leaf.public_key(), keyid=certificates.fingerprint(leaf))
    assert envelope.pae() == pre_authentication(IN_TOTO, envelope.payload)
    assert list(envelope.verify([key], 1)) == [key.keyid]
    said = payload(written)
    statement = Statement.copy_from_pb(json_format.ParseDict(said, Statement([], "", {}).pb))
    statement.validate()
    assert statement.pb.predicate_type == TEST_RESULT
    assert {"result", "configuration", "passedTests", "failedTests"} <= set(said["predicate"])
    envelope.payload += b" "
    with pytest.raises(VerificationError):
        envelope.verify([key], 1)


def test_a_p256_auditor_is_read_by_others_as_well(tmp_path, original, result):
    root = make_named_operator(tmp_path, "Example Auditors Ltd", None, offline=True)
    key = generate_private_key(SECP256R1())
    chain = root.certify_issuing(key.public_key(), "Desk")
    first, *above = certificates.load_certificates(chain, "chain")
    desk = Operator(first, False, "", "", key, tuple(above))
    written = write_receipt(result, original.path, original.anchors, desk, ASKED)
    assert check_receipt(written, [certificates.pem(above[-1])]).exit_code == 0
    envelope = OthersEnvelope.from_dict(json.loads(written))
    other = SSlibKey.from_crypto(key.public_key(), keyid=certificates.fingerprint(first))
    assert envelope.verify([other], 1)
    assert not replace(Envelope.decode(written), payload=b"{}").holds


def test_a_folder_of_media_stands_under_the_list_of_its_files(original, tmp_path, auditor, trusted):
    folder = tmp_path / "media"
    (folder / "more").mkdir(parents=True)
    for name in ("b.png", "more/a.png"):
        (folder / name).write_bytes(name.encode())
    lines = "".join(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in ("b.png", "more/a.png"))
    assert subjects_of(folder) == {"files": hashlib.sha256(lines.encode()).hexdigest()}
    written = write_receipt(audit(folder, anchors=original.anchors), folder, original.anchors, auditor, ASKED)
    assert check_receipt(written, trusted, folder).faults == ()
    (folder / "more" / "a.png").write_bytes(b"other")
    assert check_receipt(written, trusted, folder).exit_code == 12
