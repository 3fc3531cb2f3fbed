"""Forks of real runs: what they share, what they say of it, and that both can be proved with the fork alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from worldloom.cluster import Placement, ResumeOptions, RunOptions, Silent, resume, run, running
from worldloom.cluster.errors import DivergedError, LostWorkerError, MomentError, RunFolderError, ScenarioError
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.forking import fork, parent_at
from worldloom.cluster.makers import named
from worldloom.cluster.options import ForkOptions
from worldloom.cluster.replaying import replay
from worldloom.cluster.runtime import LocalRuntime
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.audit import audit
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.identities import read_identity
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.merkle import verify_consistency
from worldloom.provenance.parent import SharedPast
from worldloom.provenance.storage import LocalDisk, Storage

START, PARTS, END = 32_400, 39_600, 46_800
LOCAL = Placement(local=True)


def decisions(bodies) -> list[tuple[int, dict]]:
    return [(time, body) for kind, time, body in bodies if kind == EntryKind.DECISION]


def without_parents(found) -> list[dict]:
    return [{**body, "parents": []} for _, body in found]


def test_the_past_is_the_parents_content_for_content(village, muted, bodies):
    parent, child = FinishedRun.open(village.run), FinishedRun.open(muted.run)
    past = SharedPast(child.parent, parent.logged)
    for number, body in enumerate(bodies(muted.run)):
        assert past.follow(number, *body) == ""
    assert past.whole
    assert past.seen == child.parent.content_count > 50


def test_before_the_moment_nobody_else_is_asked_and_from_it_on_only_who_was_named(mute, muted, village, bodies):
    assert mute.asked, "the fork must have asked"
    assert all(request.time >= PARTS for request in mute.asked)
    mine, theirs = decisions(bodies(muted.run)), decisions(bodies(village.run))
    early = [each for each in mine if each[0] < PARTS]
    assert without_parents(early) == without_parents([each for each in theirs if each[0] < PARTS])
    assert {body["generator"] for _, body in early} == {"text"}
    late = [body for time, body in mine if time >= PARTS]
    assert {(body["generator"], body["status"]) for body in late} == {(f"text@{PARTS}", "failed")}


def test_its_first_entry_names_the_parent_up_to_the_moment(village, muted):
    parent, named = FinishedRun.open(village.run), FinishedRun.open(muted.run).parent
    assert (named.run, named.origin, named.time) == (parent.run_id, parent.origin, PARTS)
    assert all(known.time < PARTS for known in parent.logged[2 : named.content_count])
    assert parent.logged[named.content_count].time >= PARTS
    assert parent.log.content_tree.root(named.content_count).hex() == named.content_root
    proof = parent.log.consistency_proof(named.log_size)
    assert verify_consistency(
        named.log_size, parent.log.size, proof, bytes.fromhex(named.log_root), parent.log.root()
    ), "the parent's log, as sealed, must go on from the one that the fork names"


def test_the_parent_stays_as_it_is(village, as_made, muted, same, files):
    assert muted.run != same.run != village.run
    assert files(village.run) == as_made


def test_a_fork_audits_clean_where_its_parent_is_unknown(muted, tmp_path, keystore):
    moved = tmp_path / "alone" / "fork"
    shutil.copytree(muted.run, moved)
    for ending in (".zip", ".zip.seal"):
        shutil.copy(muted.run.with_name(f"fork{ending}"), moved.parent)
    assert audit(moved, anchors=keystore.anchors()).exit_code == 0
    assert audit(moved.with_name("fork.zip"), anchors=keystore.anchors()).exit_code == 0


@pytest.mark.parametrize("regenerate", [False, True])
def test_a_fork_replays_equal(muted, keystore_home, tmp_path, regenerate):
    moved = Path(shutil.copytree(muted.run, tmp_path / "fork"))
    result = replay(moved, ResumeOptions(LOCAL, regenerate=regenerate, home=keystore_home), Silent())
    assert result.equal, result.first_difference
    assert bool(result.regenerated) == regenerate
    assert result.agreeing == result.regenerated
    assert "text:rules" not in result.regenerated, "the past of a fork is recorded, whoever replays it"


def test_a_sample_of_a_fork_asks_nobody_what_another_answered_in_its_past(muted, keystore_home, tmp_path):
    moved = Path(shutil.copytree(muted.run, tmp_path / "fork"))
    result = replay(moved, ResumeOptions(LOCAL, regenerate=True, sample="30%", home=keystore_home), Silent())
    assert result.agreeing == result.regenerated
    assert "past of a fork" in result.left["text:mute"].why
    assert not any(key.startswith("text:rules") for key in result.regenerated)
    assert sum(result.regenerated.values()) + sum(left.count for left in result.left.values()) == result.sample.drawn


def test_with_the_same_makers_it_goes_on_as_the_parent_did(village, same, bodies):
    mine, theirs = bodies(same.run), bodies(village.run)
    assert [each[:2] for each in mine] == [each[:2] for each in theirs]
    assert without_parents(decisions(mine)) == without_parents(decisions(theirs))
    assert set(mine[0][2]["generators"]) == {"text", "image", "mesh"} | set(theirs[0][2]["generators"])
    assert same.measures == village.measures


def test_with_the_parents_recording_as_a_maker_it_goes_on_as_the_parent_did(village, forked, bodies):
    again = forked(generators={"text": f"recorded:{village.run}"})
    mine, theirs = decisions(bodies(again.run)), decisions(bodies(village.run))
    plain = [{**body, "generator": "text"} for body in without_parents(mine)]
    assert plain == without_parents(theirs)
    late = {body["generator"] for time, body in mine if time >= PARTS}
    assert late == {f"text@{PARTS}"}, "a recording is another generator than the one that was recorded"


def test_made_things_lead_back_to_the_run_whose_past_is_shared(village, muted):
    lineage = Lineage.of(Storage(LocalDisk(muted.run)))
    made = next(node for node, facts in lineage.graph.nodes(data=True) if facts["kind"] == "artifact")
    run_id = FinishedRun.open(village.run).run_id
    path = lineage.path(made, f"run:{run_id}")
    assert path[-2:] == ("scenario", f"run:{run_id}")
    assert f"run {run_id}, to content" in lineage.tree("scenario")


def test_the_report_says_whose_fork_it_is(village, muted):
    page = (muted.run / "report.html").read_text()
    assert FinishedRun.open(village.run).run_id in page
    assert "text@39600" in page


def test_a_fork_of_a_fork_names_both(village, muted, forked, bodies):
    later = forked("12:00", of=muted.run, generators={"text": "rules"})
    child = FinishedRun.open(later.run)
    assert child.parent.run == FinishedRun.open(muted.run).run_id
    assert child.parent.scenario["parent"]["run"] == FinishedRun.open(village.run).run_id
    names = {(time >= PARTS) + (time >= 43_200): body["generator"] for time, body in decisions(bodies(later.run))}
    assert names == {0: "text", 1: f"text@{PARTS}", 2: "text@43200"}


def test_a_fork_of_a_fork_from_before_the_first_names_no_maker_of_after(village, muted):
    first = FinishedRun.open(village.run).told["generators"]
    early = parent_at(FinishedRun.open(muted.run), 36_000)
    assert set(early.scenario["generators"]) == {*first, f"text@{PARTS}"}
    live = {kind: read_identity(told) for kind, told in first.items()}
    assert set(named(live, early)) == set(first)


def test_a_finished_run_goes_on_where_it_ended(village, forked, bodies):
    longer = bodies(forked("13:00", hours=5).run)
    theirs = bodies(village.run)
    steps = [each for each in theirs if each[0] not in (EntryKind.EXPORT, EntryKind.END)]
    assert [each[:2] for each in longer[: len(steps)]] == [each[:2] for each in steps]
    assert longer[-1][1] == END + 3600


def test_a_fork_at_the_very_start_shares_the_world_and_its_people(village, forked):
    child = FinishedRun.open(forked(str(START), hours=1).run)
    assert child.parent.content_count == 2
    assert child.told["parent"]["time"] == START


class StoppedError(RuntimeError):
    pass


class StopsAt(Silent):
    """Progress that kills the run at a step."""

    def __init__(self, step):
        self.step = step

    def status(self, status):
        if status.step == self.step:
            raise StoppedError


@pytest.mark.parametrize("step", [1, 61])
def test_a_fork_that_was_stopped_resumes_without_its_parent(village, muted, keystore_home, tmp_path, step):
    parent, out = Path(shutil.copytree(village.run, tmp_path / "village")), tmp_path / "fork"
    options = ForkOptions("11:00", out=out, generators={"text": "mute"}, placement=LOCAL, home=keystore_home)
    with pytest.raises(StoppedError):
        fork(parent, options, StopsAt(step))
    shutil.rmtree(parent)
    done = resume(out, ResumeOptions(LOCAL, home=keystore_home), Silent())
    theirs, mine = FinishedRun.open(muted.run), FinishedRun.open(out)
    # The copy has the parent's id and log, so both forks name the same parent and must come to the same content.
    assert (done.content_root, mine.parent) == (muted.content_root, theirs.parent)


def is_decision_at_ten(value) -> bool:
    return value["request"]["kind"] == "text" and value["request"]["time"] >= 36_000


def test_a_parent_whose_answers_were_changed_cannot_be_forked(village, forked, tmp_path, changed_answers):
    copy = Path(shutil.copytree(village.run, tmp_path / "village"))

    def change(value):
        if is_decision_at_ten(value):
            value["answer"] = {**value["answer"], "text": "", "status": "late", "detail": "never came"}
        return value

    changed_answers(copy, change)
    with pytest.raises(DivergedError, match=r"content [0-9]+ \(decision .* is not what run-"):
        forked(of=copy, out=tmp_path / "fork")


def test_a_parent_whose_answers_are_gone_cannot_be_forked(village, forked, tmp_path, changed_answers):
    copy = Path(shutil.copytree(village.run, tmp_path / "village"))
    changed_answers(copy, lambda value: None if is_decision_at_ten(value) else value)
    with pytest.raises(DivergedError, match=r"no answer is recorded .* which the shared past must hold"):
        forked(of=copy, out=tmp_path / "fork")
    assert len(AnswerBook(Storage(LocalDisk(copy)))) > 1


def test_a_parent_whose_log_is_not_what_was_signed_cannot_be_forked(village, forked, tmp_path, changed_answers):
    copy = Path(shutil.copytree(village.run, tmp_path / "village"))
    bundle = max(path for path in copy.glob("log/tile/entries/**/*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    data[-40] ^= 1  # in the content digest of the last entry
    bundle.write_bytes(bytes(data))
    with pytest.raises(RunFolderError, match="not what its checkpoint signs"):
        forked(of=copy, out=tmp_path / "fork")


def test_the_first_entry_cannot_claim_another_past(muted, keystore_home, tmp_path):
    child = FinishedRun.open(muted.run)
    lie = SharedPast(replace(child.parent, content_root="ab" * 32))
    faults = [
        lie.follow(number, known.kind, known.time, child.log.content(index))
        for number, (known, index) in enumerate(zip(child.logged, child.indices, strict=True))
    ]
    assert "are not those of" in faults[child.parent.content_count - 1]
    assert not any(faults[: child.parent.content_count - 1])


@pytest.mark.parametrize(
    ("at", "options", "error", "said"),
    [
        ("08:58", {}, MomentError, "day 2, 08:58 .* outside the run: it lasts from day 1, 09:00"),
        ("day 2 09:00", {}, MomentError, "outside the run"),
        ("99999999", {}, MomentError, "outside the run"),
        ("half past ten", {}, MomentError, "'half past ten' is no time: write one such as"),
        ("day 0 12:00", {}, MomentError, "is no time"),
        ("", {}, MomentError, "'' is no time"),
        ("1" * 5000, {}, MomentError, "'1{40}…' is no time"),
        ("12:00\x1b[2J", {}, MomentError, r"'12:00\\x1b\[2J' is no time"),
        ("13:00", {}, MomentError, "nothing is left to run at day 1, 13:00.*--hours 5"),
        ("11:00", {"hours": 2}, MomentError, "nothing is left to run at day 1, 11:00"),
        ("11:00", {"generators": {"text": "oracle"}}, UnknownGeneratorError, "no text generator is called 'oracle'"),
        ("11:00", {"generators": {"smell": "rules"}}, ScenarioError, "no generator kind 'smell'"),
        ("11:00", {"hours": 10**9}, ScenarioError, "hours"),
    ],
)
def test_a_fork_that_cannot_be_says_why_and_leaves_nothing(forked, tmp_path, at, options, error, said):
    with pytest.raises(error, match=said):
        forked(at, out=tmp_path / "fork", **options)
    assert not (tmp_path / "fork").exists()


def test_what_is_no_sealed_run_cannot_be_forked(village, village_file, forked, keystore_home, tmp_path):
    with pytest.raises(RunFolderError, match="so it is no run"):
        forked(of=tmp_path)
    with pytest.raises(StoppedError):
        run(RunOptions(str(village_file), out=tmp_path / "half", placement=LOCAL, home=keystore_home), StopsAt(40))
    with pytest.raises(RunFolderError, match="has not ended; `worldloom resume` it first"):
        forked(of=tmp_path / "half")
    copy = Path(shutil.copytree(village.run, tmp_path / "unsealed"))
    (copy / "SEAL").unlink()
    with pytest.raises(RunFolderError, match="is not sealed; `worldloom resume` it first"):
        forked(of=copy)


def test_a_fork_never_writes_into_a_run(village, forked):
    with pytest.raises(RunFolderError, match="holds a run already"):
        forked(out=village.run)


def test_code_of_strangers_runs_only_if_told_so(village, tmp_path):
    options = ForkOptions("11:00", out=tmp_path / "fork", hours=3, placement=LOCAL, home=tmp_path / "stranger")
    with pytest.raises(ScenarioError, match="--trust-code"):
        fork(village.run, options, Silent())
    with pytest.raises(StoppedError):
        fork(village.run, replace(options, trust_code=True), StopsAt(1))


class LosesWorkers(LocalRuntime):
    """A runtime whose worker is lost when somebody first thinks at or after some moments, once each."""

    moments: ClassVar[list[int]] = []

    def consider(self, time, round_, observations):
        if self.moments and time >= self.moments[0]:
            self.moments.pop(0)
            raise LostWorkerError(f"a worker is gone at {time}")
        return super().consider(time, round_, observations)


def test_lost_workers_change_no_fork(forked, same, monkeypatch):
    """In the shared past, where the fork parts, in the hook's step at noon, and later: back to the last whole hour."""
    monkeypatch.setattr(running, "LocalRuntime", LosesWorkers)
    monkeypatch.setattr(LosesWorkers, "moments", [36_600, PARTS, 43_200, 44_400])
    again = forked()
    assert not LosesWorkers.moments
    assert again.content_root == same.content_root


@pytest.mark.slow
def test_on_ray_with_two_cohorts_it_is_the_same_fork(small_run, forked, ray_address):
    """The small run, for its makers ship: those of the village are known in this process only."""
    chosen = {"at": "07:30", "of": small_run.run, "generators": {"text": "uniform"}}
    here, there = forked(**chosen), forked(**chosen, placement=Placement(cohorts=2, address=ray_address))
    assert there.content_root == here.content_root != small_run.content_root


def test_scenario_json_is_what_the_fork_runs(muted):
    told = json.loads((muted.run / "scenario.json").read_text())
    assert told["generators"]["text"] == "mute"
