"""Whole audits: clean runs stay clean wherever they lie, and every level, state and exit code comes up."""

import dataclasses
import fcntl
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from worldloom.provenance.audit import Level, State, audit, audit_unsealed, render
from worldloom.provenance.audit.steps import STEPS
from worldloom.provenance.errors import KeystoreError, StorageError
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.receipt import RECORDED, SAMPLED, Left, Receipt, write_receipt
from worldloom.provenance.sample import SampleSize, draw, sample_of
from worldloom.provenance.storage import LocalDisk, Storage

ALL_BUT_LAST = dict.fromkeys(["bytes", "credential", "signer", "ingredients", "log"], "pass")


def findings(result):
    return {(each.step, each.path) for each in result.findings}


@pytest.mark.parametrize("what", ["path", "zip"])
def test_a_sealed_run_is_clean(run, what):
    result = audit(getattr(run, what), anchors=run.anchors)
    assert result.findings == ()
    assert (result.ok, result.exit_code, result.state) == (True, 0, State.SEALED)
    assert result.levels == {**ALL_BUT_LAST, "reproduced": "not checked"}
    assert (result.entries, result.artifacts) == (18, 2)
    assert result.content_root == run.maker.log.content_root().hex()
    assert result.log_root == run.maker.log.root().hex()
    assert audit(getattr(run, what), anchors=run.anchors, expect_root=result.content_root).ok


def test_each_check_of_a_folder_is_told_of_as_it_begins(run):
    told = []
    audit(run.path, anchors=run.anchors, told=lambda *check: told.append(check))
    assert told == [(step.name, number, len(STEPS)) for number, step in enumerate(STEPS, 1)]


def test_folder_and_zip_audit_alike(run):
    folder, packed = (audit(path, anchors=run.anchors) for path in (run.path, run.zip))
    assert set(folder.checks) < set(packed.checks)
    assert dataclasses.replace(folder, path="", checks=()) == dataclasses.replace(packed, path="", checks=())


def test_read_only_and_under_an_odd_name(run, tmp_path):
    odd = tmp_path / "a place with ü"
    odd.mkdir()
    folder = odd / "x"
    shutil.move(run.path, folder)
    for each in [*folder.rglob("*"), folder]:
        each.chmod(0o555 if each.is_dir() else 0o444)
    assert audit(folder, anchors=run.anchors).ok
    for each in [folder, *folder.rglob("*")]:
        each.chmod(0o755 if each.is_dir() else 0o644)


@pytest.mark.parametrize(("days", "code"), [(0, 0), (400, 0), (4000, 13), (-400, 13)])
def test_chains_are_judged_at_the_time_given(run, days, code):
    at = datetime.now(UTC) + timedelta(days=days)
    for path in (run.path, run.zip):
        result = audit(path, anchors=run.anchors, at=at)
        assert result.exit_code == code
        assert {each.level for each in result.findings} <= {Level.SIGNER}


def test_without_the_anchor_the_signer_is_unknown(run, stranger):
    for anchors in ([], [stranger.certificate_pem]):
        for path in (run.path, run.zip):
            result = audit(path, anchors=anchors)
            assert result.exit_code == 13
            assert result.levels == {**ALL_BUT_LAST, "signer": "fail", "reproduced": "not checked"}


def test_another_root_than_expected(run):
    for path in (run.path, run.zip, run.path / "world" / "world.glb"):
        result = audit(path, anchors=run.anchors, expect_root="ab" * 32)
        assert (result.exit_code, result.levels["log"]) == (12, "fail")


def test_logs_and_lock_are_outside(run):
    (run.path / "logs").mkdir()
    (run.path / "logs" / "anything at all").write_text("x")
    (run.path / "lock").write_text("1\n")
    assert audit(run.path, anchors=run.anchors).ok


def test_a_run_that_is_written_is_open_and_one_that_was_left_interrupted(run):
    (run.path / "SEAL").unlink()
    interrupted = audit(run.path, anchors=run.anchors)
    assert (interrupted.state, interrupted.exit_code) == (State.INTERRUPTED, 12)
    assert findings(interrupted) == {("sealed", "SEAL")}
    handle = os.open(run.path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    opened = audit(run.path, anchors=run.anchors)
    os.close(handle)
    assert (opened.state, opened.exit_code) == (State.OPEN, 12)
    assert "writing" in opened.findings[0].message


@pytest.mark.parametrize("stop", ["begin", "one", "two"])
def test_a_run_interrupted_anywhere_lacks_only_its_seal(maker, operator, stop):
    """What was not committed, such as files without an entry, is no fault before the end."""

    class StopError(Exception):
        pass

    def raise_stopped(made):
        raise StopError

    made = maker(Storage(PowerLossDisk()), operator, twists={f"commit {stop}": raise_stopped})
    with pytest.raises(StopError):
        made.make()
    made.storage.disk.create("artifacts/ab/half.png.part", b"x")
    made.storage.write(f"artifacts/ab/{'ab' * 32}.png", b"without an entry yet")
    assert {finding.step for finding in made.judge().findings} == {"sealed"}


def test_all_but_the_seal_is_audited_before_it(forged, operator):
    made = forged()
    made.storage.remove("SEAL")
    made.storage.remove("report.html")
    made.storage.remove("report.html.c2pa")
    result = audit_unsealed(made.storage, [operator.certificate_pem], datetime.now(UTC))
    assert result.ok
    assert not result.findings
    made.storage.remove("run.json")
    assert audit_unsealed(made.storage, [operator.certificate_pem], datetime.now(UTC)).exit_code == 11


def test_a_zip_without_its_seal(run):
    run.zip.with_name("village-1.zip.seal").unlink()
    result = audit(run.zip, anchors=run.anchors)
    assert result.exit_code == 11
    assert findings(result) == {("zip-seal", "village-1.zip")}


def test_a_zip_packed_again_by_another_key_of_the_operator(run):
    """After a crash between SEAL and zip the packer's certificate travels in the zip's credential alone."""
    key = RunAuthority(run.maker.operator, run.maker.run_id, 2).issue("packer")
    again = dataclasses.replace(run.maker, storage=Storage(LocalDisk(run.path)))
    again.key, again.signer = key, type(run.maker.signer)(key)
    data, seal = again.packed()
    run.zip.write_bytes(data)
    run.zip.with_name("village-1.zip.seal").write_bytes(seal)
    assert audit(run.zip, anchors=run.anchors).findings == ()


def test_a_zip_sealed_by_a_stranger(run, stranger):
    key = RunAuthority(stranger, run.maker.run_id, 1).issue("conductor")
    again = dataclasses.replace(run.maker, storage=Storage(LocalDisk(run.path)))
    again.key, again.signer = key, type(run.maker.signer)(key)
    data, seal = again.packed()
    run.zip.write_bytes(data)
    run.zip.with_name("village-1.zip.seal").write_bytes(seal)
    result = audit(run.zip, anchors=run.anchors)
    assert result.exit_code == 13
    assert {each.step for each in result.findings} == {"zip-signer"}


def test_everything_signed_again_by_another_operator(forged, stranger, operator):
    """Nothing inside tells it from the first: only the anchor does."""
    made = forged(operator=stranger)
    assert made.judge().ok
    result = made.judge(anchors=[operator.certificate_pem])
    assert result.exit_code == 13
    assert {each.step for each in result.findings} == {"trust"}


class TestSingleFiles:
    def test_with_a_credential_inside_or_beside(self, run):
        files = [*run.path.glob("artifacts/*/*.png"), *run.path.glob("artifacts/*/*.txt"), run.path / "world/world.glb"]
        assert len(files) == 3
        for path in files:
            result = audit(path, anchors=run.anchors)
            assert (result.ok, result.state, result.findings) == (True, State.FILE, ())
            assert result.levels == {
                "bytes": "not checked",
                "credential": "pass",
                "signer": "pass",
                "ingredients": "pass",
                "log": "not checked",
                "reproduced": "not checked",
            }
            assert audit(path, anchors=[]).exit_code == 13
            assert audit(path, anchors=run.anchors, at=datetime.now(UTC) + timedelta(days=4000)).exit_code == 13

    def test_changed(self, run):
        path = run.path / "world/world.glb"
        path.write_bytes(path.read_bytes().replace(b"2.0", b"2.1"))
        assert audit(path, anchors=run.anchors).exit_code == 10

    def test_without_its_credential(self, run):
        (run.path / "world/world.glb.c2pa").unlink()
        assert audit(run.path / "world/world.glb", anchors=run.anchors).exit_code == 11
        assert audit(run.path / "scenario.json", anchors=run.anchors).exit_code == 11

    def test_under_the_name_of_another_type(self, run, tmp_path):
        for suffix in ("txt", "html", "bin"):
            shutil.copy(run.path / "world/world.glb", tmp_path / f"x.{suffix}")
            shutil.copy(run.path / "world/world.glb.c2pa", tmp_path / f"x.{suffix}.c2pa")
            result = audit(tmp_path / f"x.{suffix}", anchors=run.anchors)
            assert result.exit_code == 10
            assert findings(result) == {("file-claims", f"x.{suffix}")}

    def test_any_other_zip_is_a_file(self, run, tmp_path):
        (tmp_path / "x.zip").write_bytes(b"PK\5\6" + bytes(18))
        assert audit(tmp_path / "x.zip", anchors=run.anchors).state == State.FILE


class TestReceipts:
    def receipt(self, run, **changes):
        root = run.maker.log.content_root().hex()
        receipt = Receipt(run.maker.origin, root, root, RECORDED, "2026-11-24T10:00:00Z")
        return dataclasses.replace(receipt, **changes)

    def written(self, run, receipt, operator):
        write_receipt(
            Storage(LocalDisk(run.path.parent)), run.path.name, receipt, operator.note_key("worldloom.operator")
        )
        return [audit(path, anchors=run.anchors) for path in (run.path, run.zip)]

    def test_an_equal_replay_makes_the_run_reproduced(self, run, operator):
        for result in self.written(run, self.receipt(run), operator):
            assert result.ok
            assert result.levels["reproduced"] == "pass"
            assert result.findings[0].code == 0

    @pytest.mark.parametrize("changes", [{"replayed_root": "ab" * 32}, {"content_root": "ab" * 32}, {"origin": "x"}])
    def test_another_result_is_told_and_leaves_the_run_clean(self, run, operator, changes):
        for result in self.written(run, self.receipt(run, **changes), operator):
            assert result.ok
            assert result.levels["reproduced"] == "fail"

    def test_a_strangers_receipt_says_nothing(self, run, stranger):
        for result in self.written(run, self.receipt(run), stranger):
            assert result.ok
            assert result.levels["reproduced"] == "not checked"

    def sampled(self, run, *, digest="", **changes):
        """A sample of two answers of each kind, as anybody draws it."""
        book = run.maker.answers
        kinds: dict = {}
        for request in book:
            kinds.setdefault(book.get(request).request["kind"], []).append(request)
        root = LogReader(Storage(LocalDisk(run.path))).content_root().hex()
        drawn = draw(root, kinds, SampleSize(2))
        sample = sample_of(drawn, SampleSize(2), len(book))
        made = {f"{kind}:rules": len(found) for kind, found in drawn.items()}
        values = {"mode": SAMPLED, "replayed_root": "", "regenerated": made, "agreeing": made}
        return self.receipt(
            run, sample=sample._replace(digest=digest or sample.digest), numeric_class="ab" * 32, **values | changes
        )

    def test_a_sample_that_agrees_makes_the_run_reproduced(self, run, operator):
        for result in self.written(run, self.sampled(run), operator):
            assert result.levels["reproduced"] == "pass"
            assert "a sample of" in " ".join(finding.message for finding in result.findings)

    def test_a_sample_that_somebody_chose_is_told(self, run, operator):
        for result in self.written(run, self.sampled(run, digest="00" * 32), operator):
            assert result.levels["reproduced"] == "fail"

    def test_a_sample_of_which_a_part_could_not_be_made_anew_is_not_enough(self, run, operator):
        left = {"text:openai": Left(2, "it does not promise to repeat itself")}
        for result in self.written(run, self.sampled(run, left=left), operator):
            assert result.levels["reproduced"] == "not checked"
            assert "not made anew: 2 by text:openai" in " ".join(finding.message for finding in result.findings)

    @pytest.mark.parametrize(("logged", "state"), [(("ab" * 32,), "fail"), (("cd" * 32,), "not checked")])
    def test_answers_that_differ_count_on_the_same_numeric_class_only(self, run, operator, logged, state):
        for result in self.written(run, self.sampled(run, agreeing={}, logged_classes=logged), operator):
            assert result.levels["reproduced"] == state
            assert result.exit_code == 0

    def test_a_receipt_that_is_none(self, run):
        (run.path.parent / "village-1.replay").write_bytes(b"\xff")
        assert audit(run.path, anchors=run.anchors).levels["reproduced"] == "fail"


def test_wrong_input_raises(run, tmp_path):
    with pytest.raises(KeystoreError, match="anchor"):
        audit(run.path, anchors=[b"no certificate"])
    with pytest.raises(StorageError, match="missing"):
        audit(tmp_path / "nothing", anchors=[])


def test_a_folder_that_is_no_run(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    result = audit(tmp_path, anchors=[])
    assert result.state == State.FOLDER
    assert result.exit_code == 10
    assert ("file-credential", "photo.jpg") in findings(result)


def test_json_has_the_fields_of_the_command_line(run):
    (run.path / "run.json").unlink()
    told = json.loads(json.dumps(audit(run.path, anchors=run.anchors).to_json()))
    fields = ["path", "ok", "state", "content_root", "log_root", "entries", "artifacts", "levels", "findings"]
    assert list(told) == fields
    assert told["ok"] is False
    assert {"level", "code", "path", "message"} <= set(told["findings"][0])


def test_text_escapes_what_evidence_says(run):
    (run.path / "ev\nil \u202e.txt").write_text("x")
    text = render(audit(run.path, anchors=run.anchors))
    assert "NOT CLEAN (10)" in text
    assert "ev\\u000ail \\u202e.txt" in text


def test_step_names_are_told_apart():
    assert len({step.name for step in STEPS}) == len(STEPS)


class Committing:
    """A disk on which somebody commits just after an audit has listed the files."""

    def __init__(self, disk, commit):
        self._disk, self._commit, self.commits = disk, commit, 0

    def files(self, prefix=""):
        found = self._disk.files(prefix)
        if not prefix and not self.commits:
            self.commits = 1
            self._commit()
        return found

    def __getattr__(self, name):
        return getattr(self._disk, name)


def test_a_commit_during_the_audit_of_an_open_run(maker, operator):
    made = maker(Storage(PowerLossDisk()), operator, twists={"commit two": _stop})
    with pytest.raises(StopError):
        made.make()

    def commit():
        made.decision(1, 21660 + 60, 0, "goes on")
        made.commit("more")

    disk = Committing(made.storage.disk, commit)
    result = audit_unsealed(Storage(disk), [operator.certificate_pem], datetime.now(UTC))
    assert disk.commits == 1
    assert result.findings == ()
    assert result.entries == 16


class StopError(Exception):
    """Ends the making of a run."""


def _stop(made):
    raise StopError
