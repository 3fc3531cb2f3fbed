"""Redaction of a run: what goes, what stays provable, and that being killed at any write loses nothing."""

import pytest
from worldloom.cluster.errors import AskError, RunFolderError
from worldloom.cluster.redaction.redacting import RedactOptions, redact, redact_place
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.errors import FormatError, RedactionError
from worldloom.provenance.folder import artifact_path, blob_path
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import Storage
from worldloom.provenance.withdrawing import carries_prompt

WHY = "the people asked for it"
PROMPTS = [b"paint an emblem", b"write a letter", b"a picture", b"a letter"]
ALL = RedactOptions(prompts=True, reason=WHY)


def placed(disk):
    return RunPlace(Storage(disk), Storage(PowerLossDisk()), "village-1")


def holding(place, words):
    """Files of the run that hold some words."""
    return [path for path in place.storage.files() if words in place.storage.read(path)]


def left(place):
    """Files that still hold a prompt. An answer may hold the same words, as the decisions of this run do."""
    found = {path for prompt in PROMPTS for path in holding(place, prompt)}
    return {path for path in found if not path.endswith(".answers") or b'"prompt"' in place.storage.read(path)}


def test_no_prompt_is_left_and_the_run_is_clean(place, keystore, judged):
    assert all(holding(place, prompt) for prompt in PROMPTS)
    result = redact_place(place, ALL, keystore)
    assert (result.requests, result.bodies, len(result.credentials)) == (7, 2, 2)
    assert not left(place)
    verdict = judged(place)
    assert verdict.faults == []
    assert all(finding.code == Code.NOTE and WHY in finding.message for finding in verdict.findings)


def test_answers_stay_without_their_prompts(place, sealed, keystore):
    before = AnswerBook(sealed.storage)
    redact_place(place, ALL, keystore)
    after = AnswerBook(place.storage)
    assert list(after) == list(before)
    for digest in before:
        assert after.get(digest).answer == before.get(digest).answer
        assert after.get(digest).payload == before.get(digest).payload
        assert "prompt" not in after.get(digest).request


def test_one_persons_prompts(place, keystore, sealed, judged):
    result = redact_place(place, RedactOptions(agents=("Ada",), reason=WHY), keystore)
    assert result.credentials == (artifact_path(sealed.picture.digest, "png"),)
    assert holding(place, b"a letter")
    assert not holding(place, b"a picture")
    assert judged(place).faults == []


def test_a_file_that_nobody_named_is_untouched(place, keystore, sealed):
    letter = artifact_path(sealed.letter.digest, "txt.c2pa")
    before = place.storage.read(letter)
    redact_place(place, RedactOptions(names=(sealed.picture.digest[:12],), reason=WHY), keystore)
    assert place.storage.read(letter) == before
    assert carries_prompt(read_credential(place.storage.read(letter[:-5]), "text/plain", before))


@pytest.mark.parametrize("name", ["path", "digest", "entry", "decision", "request"])
def test_things_are_named_in_many_ways(name, place, keystore, sealed, judged):
    picture = sealed.picture
    index = next(at for at in range(sealed.log.size) if "picture" in str(_body(sealed, at)))
    names = {
        "path": artifact_path(picture.digest, "png"),
        "digest": picture.digest,
        "entry": f"entry:{index}",
        "decision": "decision-21600-0-0",
        "request": f"request:{picture.recipe.request}",
    }
    result = redact_place(place, RedactOptions(names=(names[name],), reason=WHY), keystore)
    assert result.requests == 1
    assert result.credentials == ((names["path"],) if name in ("path", "digest", "entry") else ())
    assert judged(place).faults == []


def _body(sealed, index):
    return LogReader(sealed.storage).content(index)


def test_a_whole_artifact_goes_with_file_answer_and_report(place, keystore, sealed, judged):
    path, payload = artifact_path(sealed.picture.digest, "png"), sealed.picture.content()["payload"]
    result = redact_place(place, RedactOptions(names=(path,), whole=True, reason=WHY), keystore)
    assert set(result.files) == {path, blob_path(payload)}
    assert result.report == "erased"
    assert (result.answers, result.bodies) == (1, 1)
    assert not {path, blob_path(payload), "report.html", "report.html.c2pa"} & set(place.storage.files())
    assert AnswerBook(place.storage).get(sealed.picture.recipe.request) is None
    assert judged(place).faults == []


def test_the_body_of_events_goes_only_as_a_whole(place, keystore, sealed, judged):
    index = next(at for at in range(sealed.log.size) if "EventBlock" in repr(_body(sealed, at)))
    with pytest.raises(RedactionError, match="--whole"):
        redact_place(place, RedactOptions(names=(f"entry:{index}",), reason=WHY), keystore)
    redact_place(place, RedactOptions(names=(f"entry:{index}",), whole=True, reason=WHY), keystore)
    assert judged(place).faults == []


def test_a_second_redaction_follows_the_first(place, keystore, sealed, judged):
    first = redact_place(place, RedactOptions(names=(sealed.picture.digest,), reason=WHY), keystore)
    second = redact_place(place, ALL, keystore)
    assert (first.amendment, second.amendment) == ("amendments/000001", "amendments/000002")
    assert not holding(place, b"a picture")
    assert judged(place).faults == []
    third = redact_place(place, ALL, keystore)
    assert (third.amendment, third.finished) == ("", False)


def test_a_dry_run_changes_nothing(place, keystore):
    before = {path: place.storage.read(path) for path in place.storage.files()}
    result = redact_place(place, RedactOptions(prompts=True, dry=True), keystore)
    assert result.requests == 7
    assert {path: place.storage.read(path) for path in place.storage.files()} == before


@pytest.mark.parametrize("name", ["entry:999", "entry:x", "decision-1-1-1", "ab", "00000000", "../../etc/passwd", ""])
def test_what_is_not_there_cannot_be_redacted(name, place, keystore):
    with pytest.raises(RedactionError, match="entry:"):
        redact_place(place, RedactOptions(names=(name,), reason=WHY), keystore)


@pytest.mark.parametrize("name", ["entry:3", "entry:4"])
def test_what_a_run_cannot_be_read_without_stays(name, place, keystore):
    with pytest.raises(RedactionError, match="without it"):
        redact_place(place, RedactOptions(names=(name,), whole=True, reason=WHY), keystore)


def test_nobody_of_that_name(place, keystore):
    with pytest.raises(AskError, match="nobody here"):
        redact_place(place, RedactOptions(agents=("Zoe",), reason=WHY), keystore)


def test_a_reason_is_needed(place, keystore):
    with pytest.raises(FormatError, match="why"):
        redact_place(place, RedactOptions(prompts=True, reason=" \n\u202e"), keystore)
    assert not place.storage.files("amendments/")


def test_a_hostile_reason_is_one_line(place, keystore, judged):
    why = "x\nerased file " + "0" * 64 + " SEAL\n\x1b[2J— worldloom.operator AAAA"
    redact_place(place, RedactOptions(prompts=True, reason=why), keystore)
    assert judged(place).faults == []


def test_a_stranger_cannot_redact(place, tmp_path):
    with pytest.raises(RedactionError, match="only its operator"):
        redact_place(place, ALL, Keystore.open(tmp_path))
    assert not place.storage.files("amendments/")


def test_what_is_no_run_and_an_open_run_are_refused_and_told_why(tmp_path):
    with pytest.raises(RunFolderError, match="is no run folder"):
        redact(tmp_path, ALL)
    (tmp_path / "run.json").write_bytes(b"{}")
    with pytest.raises(RunFolderError, match="resume"):
        redact(tmp_path, ALL)


def test_killed_at_any_write_it_is_finished_by_the_next_one(sealed, keystore, judged):
    """Power is lost before each operation; what is left is audited, and the same command again finishes."""
    operation, done = 0, False
    while not done:
        disk = sealed.storage.disk.after_crash(0)
        disk.crash_at(operation)
        place = placed(disk)
        try:
            redact_place(place, ALL, keystore)
            done = True
        except PowerLoss:
            place = placed(disk.after_crash(operation))
        before = judged(place)
        assert all("cannot be checked" not in finding.message for finding in before.findings)
        committed = place.storage.exists("amendments/000001")
        redact_place(place, ALL, keystore)
        assert judged(place).faults == []
        assert not left(place)
        # One wish gives one amendment, however often it was interrupted.
        assert [path for path in place.storage.files("amendments/") if path.endswith("1")] == ["amendments/000001"]
        assert not (committed and place.storage.exists("amendments/000002"))
        operation += 1
    assert operation > 20
