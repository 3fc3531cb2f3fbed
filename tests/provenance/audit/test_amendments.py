"""Erased and redacted later: named by the operator it is told and no fault, else it is tampering."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.audit.amendments import Amendment
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import blob_path
from worldloom.provenance.note import sign_note
from worldloom.provenance.segments import decode_segment, encode_segment

BODY = "bodies/000000000012.seg"
ZERO = "0" * 64
ANSWERS = "answers/000000.seg"


def erase(made, path):
    """Erase the first item of a segment; returns its digest."""
    first, *rest = decode_segment(made.storage.read(path))
    made.storage.write(path, encode_segment([first.erased(), *rest]))
    return first.digest.hex()


def amend(made, operator, **changes):
    note = Amendment(made.origin, "a person asked for it", **changes)
    made.storage.write("amendments/000001", sign_note(note.text(), [operator.note_key("worldloom.operator")]))


@pytest.mark.parametrize("path", [BODY, ANSWERS])
def test_an_erased_item(forged, operator, path):
    made = forged()
    digest = erase(made, path)
    result = made.judge()
    assert result.exit_code == 10
    assert path in {finding.path for finding in result.faults}
    amend(made, operator, items=((digest, path),))
    result = made.judge()
    assert result.ok
    assert result.levels["bytes"] == "pass"
    assert [(finding.path, finding.code) for finding in result.findings] == [(path, 0)]
    assert "a person asked for it" in result.findings[0].message


def test_every_body_erased(forged, operator):
    """Digests stay, so that the log and its order can still be checked."""
    made = forged()
    gone = []
    for path in made.storage.files("bodies/"):
        items = decode_segment(made.storage.read(path))
        made.storage.write(path, encode_segment([item.erased() for item in items]))
        gone += [(item.digest.hex(), path) for item in items]
    amend(made, operator, items=tuple(gone))
    assert made.judge().faults == []


def test_an_erased_payload(forged, operator):
    made = forged()
    digest = file_digest(made.picture.payload).hex()
    made.storage.remove(blob_path(digest))
    assert made.judge().exit_code == 11
    amend(made, operator, files=((digest, blob_path(digest)),))
    assert made.judge().ok


def test_a_redacted_file(forged, operator):
    made = forged()
    path = "report.html.c2pa"
    old = made.storage.read(path)
    at = old.index(bytes(64)) + 30
    new = old[:at] + b"1" + old[at + 1 :]
    made.storage.write(path, new)
    assert made.judge().exit_code == 10
    amend(made, operator, redacted=((file_digest(old).hex(), file_digest(new).hex(), path),))
    assert made.judge().ok
    made.storage.write(path, old[:at] + b"2" + old[at + 1 :])
    assert made.judge().exit_code == 10


def test_a_stranger_may_not_amend(forged, stranger, operator):
    made = forged()
    digest = erase(made, BODY)
    amend(made, stranger, items=((digest, BODY),))
    both = [operator.certificate_pem, stranger.certificate_pem]
    for anchors in (None, both):
        result = made.judge(anchors=anchors)
        assert result.exit_code == 10
        assert {BODY, "amendments/000001"} <= {finding.path for finding in result.faults}


def test_where_nobody_vouches_for_the_run_the_note_is_believed(forged, operator, stranger):
    """The verdict is an unknown signer either way; an erased body is then not called tampering."""
    made = forged()
    digest = erase(made, BODY)
    amend(made, operator, items=((digest, BODY),))
    assert made.judge(anchors=[]).exit_code == 13
    assert made.judge(anchors=[stranger.certificate_pem]).exit_code == 13


def test_an_amendment_of_another_run_counts_for_nothing(forged, operator):
    made = forged()
    digest = erase(made, BODY)
    amend(dataclasses.replace(made, run_id="run-other"), operator, items=((digest, BODY),))
    assert made.judge().exit_code == 10


@pytest.mark.parametrize("note", [b"", b"\xff", b"text\n\nno signature\n"])
def test_notes_that_are_none(forged, note):
    made = forged()
    made.storage.write("amendments/000001", note)
    result = made.judge()
    assert {(finding.step, finding.path) for finding in result.findings} == {("amendments", "amendments/000001")}


digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
paths = st.sampled_from([BODY, ANSWERS, "report.html"])


@given(st.lists(st.tuples(digests, paths), max_size=3), st.lists(st.tuples(digests, digests, paths), max_size=2))
def test_round_trip(items, redacted):
    amendment = Amendment("worldloom.run/a", "why not", tuple(items), tuple(items), tuple(redacted))
    assert Amendment.parse(amendment.text()) == amendment


@pytest.mark.parametrize(
    "line",
    [
        "erased item x " + BODY,
        "erased item " + "0" * 64,
        "kept file " + "0" * 64 + " x",
        "",
        "redacted file " + "0" * 64 + " x",
    ],
)
def test_refuses_other_lines(line):
    with pytest.raises(FormatError):
        Amendment.parse(Amendment("worldloom.run/a", "why").text() + line + "\n")
