"""The operator's log of revoked certificates: it only grows, is signed, and counts for its own operator alone."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.ceremonies import (
    complete_operator,
    issue_operator,
    make_named_operator,
    request_certificate,
)
from worldloom.provenance.errors import FormatError, KeystoreError
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.note import sign_note
from worldloom.provenance.revocations import (
    KEY_NAME,
    REASONS,
    Revocation,
    RevocationList,
    certificates_to_revoke,
    list_revocations,
    read_revocations,
    revoke,
)

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
TIMES = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)).map(  # noqa: DTZ001  (made aware at once)
    lambda time: time.replace(microsecond=0, tzinfo=dt.UTC)
)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
LISTS = st.builds(
    RevocationList,
    DIGESTS,
    st.lists(st.binary(max_size=40), max_size=2).map(tuple),
    st.lists(
        st.builds(Revocation, st.integers(1, 2**159).map(str), DIGESTS, TIMES, st.sampled_from(REASONS)), max_size=4
    ).map(tuple),
)


@pytest.fixture
def store(tmp_path):
    return Keystore.open(tmp_path / "home")


def leaf(store, role="conductor", part=1):
    key = RunAuthority(store.operator, "a", part).issue(role)
    return key, x509.load_pem_x509_certificates(key.chain_pem)


@given(LISTS)
def test_a_list_reads_back_as_it_was_written(made):
    assert RevocationList.parse(made.text()) == made


@given(LISTS, st.data())
def test_a_changed_list_is_refused_or_another_list(made, data):
    text = made.text()
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters(codec="ascii")) + text[place + 1 :]
    if changed != text:
        with contextlib.suppress(FormatError):
            assert RevocationList.parse(changed) != made


def test_a_list_grows_and_its_root_says_so(store):
    (_, (one, _)), (_, (two, _)) = leaf(store), leaf(store, part=2)
    assert list_revocations(store.home, store.operator).revoked == ()
    first = revoke(store.home, store.operator, [one], "keyCompromise")
    second = revoke(store.home, store.operator, [one, two], "superseded")
    assert [each.reason for each in second.revoked] == ["keyCompromise", "superseded"]  # the first word stays
    assert second.continues(first)
    assert not first.continues(second)
    assert list_revocations(store.home, store.operator) == second


def test_a_revoked_leaf_and_all_below_a_revoked_authority_are_found(store):
    key, (certificate, authority) = leaf(store)
    other, _ = leaf(store, part=2)
    for revoked in (certificate, authority):
        revoke(store.home, store.operator, [revoked], "unspecified")
        known = read_revocations([("r", (store.home / "revocations").read_bytes())], store.anchors())
        assert known.of_chain(key.chain_pem, NOW)
        assert known.of_chain(other.chain_pem, NOW) == []


def test_an_issuing_authority_signs_the_list_under_its_root(tmp_path):
    root = make_named_operator(tmp_path / "root", "One", None, offline=True)
    request = request_certificate(tmp_path / "home", "", None)
    complete_operator(tmp_path / "home", issue_operator(root, request), None)
    store = Keystore.open(tmp_path / "home")
    key, (certificate, *_) = leaf(store)
    revoke(store.home, store.operator, [certificate], "unspecified")
    note = (store.home / "revocations").read_bytes()
    assert read_revocations([("r", note)], [root.certificate_pem]).of_chain(key.chain_pem, NOW)


def test_nobody_revokes_what_another_operator_issued(store, tmp_path):
    other = Keystore.open(tmp_path / "other")
    key, (certificate, _) = leaf(store)
    revoke(other.home, other.operator, [certificate], "keyCompromise")
    note = (other.home / "revocations").read_bytes()
    known = read_revocations([("r", note)], [*store.anchors(), *other.anchors()])
    assert known.of_chain(key.chain_pem, NOW) == []


def test_a_list_of_a_stranger_or_a_forged_one_is_the_auditors_mistake_and_said(store, tmp_path):
    other = Keystore.open(tmp_path / "other")
    _, (certificate, _) = leaf(store)
    revoke(store.home, store.operator, [certificate], "unspecified")
    note = (store.home / "revocations").read_bytes()
    with pytest.raises(KeystoreError, match="none of the anchors"):
        read_revocations([("list", note)], other.anchors())
    text = RevocationList(store.operator.fingerprint).text()
    forged = sign_note(text, [other.operator.note_key(KEY_NAME)])
    for hostile in (b"", b"garbage", note[:-20], note.replace(b"unspecified", b"superseded"), forged):
        with pytest.raises(KeystoreError, match="list: "):
            read_revocations([("list", hostile)], store.anchors())


def test_a_keystores_list_that_was_tampered_with_is_not_written_over(store):
    _, (certificate, _) = leaf(store)
    revoke(store.home, store.operator, [certificate], "unspecified")
    path = store.home / "revocations"
    path.write_bytes(path.read_bytes().replace(b"unspecified", b"superseded"))
    with pytest.raises(KeystoreError, match="un-revokes"):
        revoke(store.home, store.operator, [certificate], "unspecified")


@pytest.mark.parametrize("reason", ["", "because", "keyCompromise "])
def test_a_reason_that_is_none_is_refused(store, reason):
    with pytest.raises(KeystoreError, match="keyCompromise"):
        revoke(store.home, store.operator, [], reason)


@pytest.mark.parametrize("chain", [b"", b"garbage"])
def test_a_chain_that_is_none_was_not_revoked(store, chain):
    assert read_revocations([], store.anchors()).of_chain(chain, NOW) == []


def test_a_file_or_a_run_names_what_to_revoke(store, tmp_path):
    key, (certificate, authority) = leaf(store)
    (tmp_path / "run" / "trust").mkdir(parents=True)
    (tmp_path / "run" / "trust" / "conductor-1.pem").write_bytes(key.certificate_pem)
    (tmp_path / "run" / "trust" / "operator-1.pem").write_bytes(b"is the operator's own, and not looked at")
    assert certificates_to_revoke(tmp_path / "run") == [certificate]
    (tmp_path / "chain.pem").write_bytes(key.chain_pem)
    assert certificates_to_revoke(tmp_path / "chain.pem") == [certificate, authority]
    for wrong in (tmp_path / "none.pem", tmp_path, tmp_path / "run" / "trust" / "operator-1.pem"):
        with pytest.raises(KeystoreError, match=wrong.name):
            certificates_to_revoke(wrong)
