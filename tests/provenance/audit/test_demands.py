"""What an auditor demands besides: strictness, revocations, a trusted time on the seal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil

import pytest
import timestamp_authority
from cryptography import x509
from worldloom.provenance.audit import Demands, audit
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.errors import FormatError, KeystoreError, StorageError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.revocations import REVOCATIONS_FILE, read_revocations, revoke
from worldloom.provenance.timestamp import ask_timestamp, read_timestamp
from worldloom.provenance.trust import run_certificates

PATHS = ["path", "zip"]
DAY = dt.timedelta(days=1)


def at(result, code):
    return [(each.step, each.path) for each in result.findings if each.code == code]


@pytest.mark.parametrize(("what", "steps"), [("path", {"profile"}), ("zip", {"profile", "zip-profile"})])
def test_a_strict_auditor_sees_what_the_others_pass_over(run, what, steps):
    assert audit(getattr(run, what), anchors=run.anchors).ok
    result = audit(getattr(run, what), anchors=run.anchors, demands=Demands(strict=True))
    assert result.exit_code == Code.MISSING
    assert {each.step for each in result.findings} == steps  # the small run's exporters name no licence


def test_a_strict_auditor_is_content_with_a_whole_manifest(run):
    (picture,) = run.path.glob("artifacts/*/*.png")
    assert audit(picture, anchors=run.anchors, demands=Demands(strict=True)).findings == ()


@pytest.fixture
def revoked(run, operator, tmp_path):
    """Give revocations of a certificate of the run, by role, since some days from now."""

    def make(role, days=0):
        store = Keystore(tmp_path, operator)
        (found,) = [each for each in run_certificates(run.maker.storage) if each.role == role]
        since = dt.datetime.now(dt.UTC) + days * DAY
        revoke(tmp_path, store.operator, x509.load_pem_x509_certificates(found.pem), "keyCompromise", since)
        return read_revocations([("r", (tmp_path / REVOCATIONS_FILE).read_bytes())], run.anchors)

    return make


@pytest.mark.parametrize("what", PATHS)
@pytest.mark.parametrize("role", ["ca", "conductor"])
def test_a_revoked_certificate_fails_the_run(run, revoked, what, role):
    result = audit(getattr(run, what), anchors=run.anchors, demands=Demands(revocations=revoked(role)))
    assert result.exit_code == Code.UNTRUSTED
    assert ("revoked", "trust/conductor-1.pem") in at(result, Code.UNTRUSTED)
    assert result.levels["signer"] == "fail"
    assert (what == "zip") == (("zip-revoked", "village-1.zip") in at(result, Code.UNTRUSTED))


def test_a_single_file_of_a_revoked_signer_fails(run, revoked):
    (picture,) = run.path.glob("artifacts/*/*.png")
    assert audit(picture, anchors=run.anchors).ok
    result = audit(picture, anchors=run.anchors, demands=Demands(revocations=revoked("conductor")))
    assert at(result, Code.UNTRUSTED) == [("file-revoked", picture.name)]


def test_revoking_another_runs_certificate_touches_nothing(run, operator, tmp_path):
    other = Keystore.open(tmp_path / "other").operator
    revoke(tmp_path, operator, [other.certificate], "unspecified")
    known = read_revocations([("r", (tmp_path / REVOCATIONS_FILE).read_bytes())], run.anchors)
    assert audit(run.path, anchors=run.anchors, demands=Demands(revocations=known)).ok


@pytest.fixture(scope="session")
def authority(tool, tmp_path_factory):
    """A timestamp authority that `openssl ts` plays."""
    return timestamp_authority.Authority(tmp_path_factory.mktemp("tsa"), tool("openssl"))


@pytest.fixture(scope="session")
def response(authority, original):
    """A timestamp on the seal of the run."""
    with authority.served() as url:
        return ask_timestamp(url, (original.path / "SEAL").read_bytes())


@pytest.fixture
def stamped(run, response):
    """The run with its timestamp beside it."""
    run.path.with_name("village-1.tsr").write_bytes(response)
    return run


@pytest.mark.external
@pytest.mark.parametrize("what", PATHS)
def test_a_trusted_timestamp_is_told(stamped, authority, what):
    demands = Demands(stamp_anchors=(authority.root_pem,))
    result = audit(getattr(stamped, what), anchors=stamped.anchors, demands=demands)
    assert result.ok
    assert [each.message[:15] for each in result.findings if each.step == "stamp"] == ["SEAL existed on"]


@pytest.mark.external
def test_a_timestamp_that_nobody_vouches_for_is_a_note_unless_one_is_demanded(stamped, tmp_path):
    assert at(audit(stamped.path, anchors=stamped.anchors), Code.NOTE) == [("stamp", "*.tsr")]
    stranger = Keystore.open(tmp_path / "stranger").operator.certificate_pem
    result = audit(stamped.path, anchors=stamped.anchors, demands=Demands(stamp_anchors=(stranger,)))
    assert (result.exit_code, at(result, Code.UNTRUSTED)) == (Code.UNTRUSTED, [("stamp", "*.tsr")])


@pytest.mark.external
def test_the_timestamp_of_another_seal_is_tampering(stamped, authority):
    with authority.served() as url:
        stamped.path.with_name("village-1.tsr").write_bytes(ask_timestamp(url, b"another seal"))
    result = audit(stamped.path, anchors=stamped.anchors, demands=Demands(stamp_anchors=(authority.root_pem,)))
    assert at(result, Code.TAMPERED) == [("stamp", "*.tsr")]


@pytest.mark.external
def test_a_bit_flipped_in_a_timestamp_never_gives_another_trusted_time(response, authority, original):
    seal = (original.path / "SEAL").read_bytes()
    honest = read_timestamp(response, seal, [authority.root_pem])
    assert honest.trusted
    for place in range(0, len(response), max(1, len(response) // 200)):
        bad = response[:place] + bytes([response[place] ^ 1 << place % 8]) + response[place + 1 :]
        try:
            found = read_timestamp(bad, seal, [authority.root_pem])
        except FormatError:
            continue
        assert not found.trusted or found.time == honest.time, place


@pytest.mark.external
@pytest.mark.parametrize(("days", "code"), [(1, 0), (-1, Code.UNTRUSTED)])
def test_a_seal_that_is_older_than_a_revocation_outlives_it(stamped, authority, revoked, days, code):
    demands = Demands(revocations=revoked("conductor", days), stamp_anchors=(authority.root_pem,))
    assert audit(stamped.path, anchors=stamped.anchors, demands=demands).exit_code == code
    without = dataclasses.replace(demands, stamp_anchors=())
    assert audit(stamped.path, anchors=stamped.anchors, demands=without).exit_code == Code.UNTRUSTED


@pytest.mark.external
def test_a_stamped_run_outlives_its_certificates(stamped, authority):
    later = dt.datetime.now(dt.UTC) + 11 * 366 * DAY
    demands = Demands(stamp_anchors=(authority.root_pem,))
    assert audit(stamped.path, anchors=stamped.anchors, at=later).exit_code == Code.UNTRUSTED
    assert audit(stamped.path, anchors=stamped.anchors, at=later, demands=demands).ok


@pytest.mark.external
@pytest.mark.parametrize("change", [lambda answer: b"", lambda answer: b"garbage", lambda answer: answer[:-40]])
def test_an_authority_that_answers_nonsense_is_an_error(authority, change):
    with authority.served(change) as url, pytest.raises(FormatError):
        ask_timestamp(url, b"seal")


@pytest.mark.external
def test_the_answer_to_another_question_is_an_error(authority, response):
    with authority.served(lambda _: response) as url, pytest.raises(FormatError):
        ask_timestamp(url, b"seal")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x", "", "http://127.0.0.1:1/"])
def test_an_address_that_is_none_is_an_error(url):
    with pytest.raises(StorageError, match="timestamp authority"):
        ask_timestamp(url, b"seal")


@pytest.mark.parametrize("data", [b"", b"garbage", b"\x30\x03\x02\x01\x00", b"\x30" * 900])
def test_a_timestamp_of_garbage_is_a_finding(run, data):
    run.path.with_name("village-1.tsr").write_bytes(data)
    result = audit(run.path, anchors=run.anchors)
    assert at(result, Code.TAMPERED) == [("stamp", "*.tsr")]


def test_an_anchor_for_timestamps_that_is_none_raises(run):
    with pytest.raises(KeystoreError, match="anchor"):
        audit(run.path, anchors=run.anchors, demands=Demands(stamp_anchors=(b"garbage",)))


def test_an_unsealed_run_has_no_use_for_a_timestamp(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "open")
    (tmp_path / "open" / "SEAL").unlink()
    (tmp_path / "open.tsr").write_bytes(b"x")
    assert audit(tmp_path / "open", anchors=run.anchors).exit_code == Code.TAMPERED
