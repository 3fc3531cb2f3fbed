"""Erased and redacted later: named by the operator it is told and no fault, else it is tampering."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.amendment import Amendment, one_reason
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import artifact_path, blob_path
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.note import sign_note
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.withdrawing import PromptRemover

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
    """The letter loses its prompt as the command takes it out: the first signature holds, the digest is another."""
    made = forged()
    path = artifact_path(made.letter.digest, "txt")
    remover = PromptRemover(RunAuthority(operator, made.run_id, 0).issue("redactor"), [operator.certificate_pem])
    old = made.storage.read(f"{path}.c2pa")
    new = remover.remove(made.storage.read(path), "text/plain", old, "The letter").sidecar
    made.storage.write(f"{path}.c2pa", new)
    assert made.judge().exit_code == 10
    amend(made, operator, redacted=((file_digest(old).hex(), file_digest(new).hex(), f"{path}.c2pa"),))
    result = made.judge()
    assert result.faults == []
    assert [finding.path for finding in result.findings] == [f"{path}.c2pa"]
    other = remover.remove(made.storage.read(path), "text/plain", old, "Another letter").sidecar
    made.storage.write(f"{path}.c2pa", other)
    assert made.judge().exit_code == 10
    made.storage.write(f"{path}.c2pa", old)
    assert {finding.step for finding in made.judge().faults} >= {"amended"}


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


def chained(made, **changes):
    """An amendment in today's form, after the seal."""
    seal = file_digest(made.storage.read("SEAL")).hex()
    return Amendment(made.origin, "a wish", after=seal, at="2027-01-02T03:04:05Z", **changes)


def write(made, operator, amendment, number=1):
    note = sign_note(amendment.text(), [operator.note_key("worldloom.operator")])
    made.storage.write(f"amendments/{number:06d}", note)
    return file_digest(note).hex()


def test_who_when_and_why_are_told(forged, operator):
    made = forged()
    digest = erase(made, BODY)
    write(made, operator, chained(made, items=((digest, BODY),)))
    (finding,) = made.judge().findings
    assert finding.message == (
        f"{digest} was erased by {operator.organisation} on 2027-01-02T03:04:05Z: a wish (amendments/000001)"
    )


def test_amendments_form_a_chain(forged, operator):
    """One that was taken away is missed, for the next one names it."""
    made = forged()
    first = write(made, operator, chained(made, items=((erase(made, BODY), BODY),)))
    second = dataclasses.replace(chained(made, items=((erase(made, ANSWERS), ANSWERS),)), after=first)
    write(made, operator, second, 2)
    assert made.judge().ok
    made.storage.remove("amendments/000001")
    result = made.judge()
    assert result.exit_code == 10
    assert {finding.path for finding in result.faults} == {BODY, ANSWERS, "amendments/000002"}


def test_an_amendment_of_another_digest_is_a_finding(forged, operator):
    made = forged()
    write(made, operator, chained(made, items=((ZERO, BODY),), files=((ZERO, "report.html"),)))
    faults = made.judge().faults
    assert {(finding.step, finding.path, int(finding.code)) for finding in faults} == {
        ("amended", BODY, 10),
        ("amended", "report.html", 10),
    }


def test_an_amendment_of_what_is_still_there_is_a_finding(forged, operator):
    made = forged()
    (first, *_) = decode_segment(made.storage.read(BODY))
    page = file_digest(made.storage.read("report.html")).hex()
    redacted = ((page, ZERO, "report.html"),)
    write(made, operator, chained(made, items=((first.digest.hex(), BODY),), redacted=redacted))
    faults = made.judge().faults
    assert {(finding.step, finding.path, int(finding.code)) for finding in faults} == {
        ("amended", BODY, 10),
        ("amended", "report.html", 10),
    }
    assert "worldloom redact" in faults[0].message


def test_an_amendment_erases_a_whole_report(forged, operator):
    made = forged()
    paths = ("report.html", "report.html.c2pa")
    gone = tuple((file_digest(made.storage.read(path)).hex(), path) for path in paths)
    for path in paths:
        made.storage.remove(path)
    assert made.judge().exit_code == 11
    write(made, operator, chained(made, files=gone))
    assert made.judge().faults == []


def test_circles_of_redactions_end(forged, operator):
    made = forged()
    page = file_digest(made.storage.read("report.html")).hex()
    redacted = ((page, ZERO, "report.html"), (ZERO, page, "report.html"))
    write(made, operator, chained(made, redacted=redacted))
    assert not made.judge().ok


@pytest.mark.parametrize("at", ["", "yesterday", "2027-01-02T03:04:05+00:00", "2027-01-02T03:04:05Z\nwhy none"])
def test_refuses_other_times(at):
    with pytest.raises(FormatError):
        Amendment.parse(Amendment("worldloom.run/a", "why", after=ZERO, at=at).text())


@given(st.lists(st.tuples(digests, paths), max_size=2), st.text(max_size=200))
def test_round_trip_of_a_chained_one(kept, why):
    try:
        reason = one_reason(why)
    except FormatError:
        return
    amendment = Amendment("worldloom.run/a", reason, after=ZERO, at="2027-01-02T03:04:05Z", kept=tuple(kept))
    assert Amendment.parse(amendment.text()) == amendment
