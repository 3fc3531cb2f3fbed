"""A private run: no prompt in any byte of it, audits clean, replays with its secret, shows one prompt at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from worldloom.cluster import ForkOptions, Placement, ResumeOptions, RunOptions, RunResult, Silent, fork, run
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.replaying import replay
from worldloom.cluster.revealing import reveal
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.scenario_file import LoadedScenario
from worldloom.cluster.session import Session
from worldloom.generators import recording
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.demands import Demands
from worldloom.provenance.audit.findings import State
from worldloom.provenance.audit.judge import judge_run
from worldloom.provenance.audit.opened import OpenRun
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError, RedactionError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.veil import Veil, salted_digest

LOCAL = Placement(local=True)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def private(small_file: Path, keystore_home: Path, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Three people, an hour, in private; read only."""
    out = tmp_path_factory.mktemp("runs") / "private"
    options = RunOptions(
        str(small_file),
        out,
        agents=3,
        hours=1,
        placement=LOCAL,
        home=keystore_home,
        private=True,
    )
    return run(options, Silent())


@pytest.fixture
def elsewhere(private: RunResult, copy: Callable[[Path], Path]) -> Path:
    """A copy with its secret beside it."""
    moved = copy(private.run)
    salt_of(moved).write_bytes(salt_of(private.run).read_bytes())
    return moved


def salt_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.salt")


def replayed(folder: Path, home: Path):
    return replay(folder, ResumeOptions(LOCAL, home=home), Silent())


def test_it_replays_with_its_secret_and_holds_no_prompt(
    elsewhere: Path, keystore_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts: set[str] = set()
    recall = recording.recall

    def heard(book, request):
        prompts.add(request.prompt)
        return recall(book, request)

    monkeypatch.setattr(recording, "recall", heard)
    assert replayed(elsewhere, keystore_home).equal
    words = [prompt[:50].encode().replace(b"\n", b"\\n") for prompt in prompts if prompt]
    assert len(words) > 5
    for path in (*elsewhere.rglob("*"), elsewhere.with_name("private.zip")):
        data = path.read_bytes() if path.is_file() else b""
        assert not any(each in data for each in words), path


def test_without_its_secret_it_audits_clean_and_nobody_replays_it(
    private: RunResult, copy: Callable[[Path], Path], keystore_home: Path, anchors: list[bytes]
) -> None:
    moved = copy(private.run)
    assert audit(moved, anchors=anchors, demands=Demands(strict=True)).exit_code == 0
    with pytest.raises(RunFolderError, match=r"private\.salt is not beside it"):
        replayed(moved, keystore_home)
    salt_of(moved).write_bytes(b"worldloom/salt/1\n" + b"00" * 32 + b"\n")
    with pytest.raises(RunFolderError, match="another run"):
        replayed(moved, keystore_home)


def test_the_secret_is_neither_in_the_folder_nor_in_the_zip(private: RunResult) -> None:
    secret = salt_of(private.run).read_bytes().split()[1]
    veil = Veil(bytes.fromhex(secret.decode()))
    for path in (*private.run.rglob("*"), private.run.with_name("private.zip")):
        data = path.read_bytes() if path.is_file() else b""
        assert secret not in data, path
        assert veil.secret not in data, path
    assert FinishedRun.open(private.run).told["veil"] == veil.commitment


def test_digests_are_salted_in_credential_and_decision(private: RunResult) -> None:
    log = FinishedRun.open(private.run).log
    storage = Storage(LocalDisk(private.run))
    for index, entry in enumerate(log.entries()):
        if entry.kind == EntryKind.ARTIFACT:
            body, path = log.content(index), log.evidence(index)["path"]
            assert (body["recipe"]["prompt"], len(body["recipe"]["veil"])) == ("", 64)
            beside = storage.read(f"{path}.c2pa") if storage.exists(f"{path}.c2pa") else None
            said = read_credential(storage.read(path), body["media_type"], beside).generation
            assert (said["prompt"], said["prompt_salted"]) == (body["recipe"]["veil"], True)


def named(private: RunResult, kind: int) -> str:
    log = FinishedRun.open(private.run).log
    index = next(at for at, entry in enumerate(log.entries()) if entry.kind == kind)
    return log.content(index)["id"] if kind == EntryKind.DECISION else log.evidence(index)["path"]


@pytest.mark.parametrize("kind", [EntryKind.DECISION, EntryKind.ARTIFACT])
def test_one_prompt_is_shown_and_an_audit_says_that_it_was_used(
    kind: int, private: RunResult, keystore_home: Path, anchors: list[bytes]
) -> None:
    name = named(private, kind)
    shown = reveal(private.run, name, home=keystore_home)
    assert shown.prompt
    assert RevealedPrompt.decode(shown.encode()) == shown
    result = audit(private.run, anchors=anchors, demands=Demands(revealed=(("shown.json", shown),)))
    assert (result.exit_code, [finding.message for finding in result.findings]) == (
        0,
        [f"is the prompt that was used for {name}"],
    )
    if kind == EntryKind.ARTIFACT:
        alone = audit(private.run / name, anchors=anchors, demands=Demands(revealed=(("shown.json", shown),)))
        assert alone.exit_code == 0


def test_a_prompt_that_was_not_used_is_found_out(private: RunResult, keystore_home: Path, anchors: list[bytes]) -> None:
    shown = reveal(private.run, named(private, EntryKind.DECISION), home=keystore_home)
    prompt = shown.prompt + " And be rude."
    lies = [
        dataclasses.replace(shown, prompt=prompt),
        dataclasses.replace(shown, prompt=prompt, request={**shown.request, "veil": salted_digest(shown.salt, prompt)}),
        dataclasses.replace(shown, origin="worldloom.run/other"),
    ]
    for lie in lies:
        result = audit(private.run, anchors=anchors, demands=Demands(revealed=(("shown.json", lie),)))
        assert [(finding.path, finding.step) for finding in result.faults] == [("shown.json", "revealed")]
        assert result.exit_code == 10


def test_only_what_was_asked_is_revealed_and_only_of_private_runs(
    private: RunResult, crafts_run: RunResult, keystore_home: Path
) -> None:
    with pytest.raises(RedactionError):
        reveal(private.run, "decision-1-1-1", home=keystore_home)
    with pytest.raises(RunFolderError, match="not private"):
        reveal(crafts_run.run, "decision-1-1-1", home=keystore_home)


def test_a_fork_shares_the_past_and_its_secret(
    elsewhere: Path, keystore_home: Path, tmp_path: Path, anchors: list[bytes]
) -> None:
    child = fork(elsewhere, ForkOptions("06:50", out=tmp_path / "child", placement=LOCAL, home=keystore_home), Silent())
    assert salt_of(child.run).read_bytes() == salt_of(elsewhere).read_bytes()
    assert audit(child.run, anchors=anchors).exit_code == 0
    assert replayed(child.run, keystore_home).equal


def test_a_secret_that_stands_there_is_not_written_over(small_file: Path, keystore_home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.salt").write_bytes(b"somebody's")
    options = RunOptions(str(small_file), tmp_path / "x", placement=LOCAL, home=keystore_home, private=True)
    with pytest.raises((RunFolderError, FormatError), match=r"x\.salt"):
        run(options, Silent())
    assert (tmp_path / "x.salt").read_bytes() == b"somebody's"


def test_an_interrupted_one_goes_on_with_its_secret_only(
    session: Callable[..., Session], tiny: LoadedScenario, anchors: list[bytes]
) -> None:
    place = RunPlace(Storage(PowerLossDisk()), Storage(PowerLossDisk()), "tiny")
    scenario = tiny.scenario.folded(private=True)
    session(place, tiny).begin(scenario, tiny.source)
    secret = place.beside.read("tiny.salt")
    place.beside.remove("tiny.salt")
    with pytest.raises(RunFolderError, match=r"tiny\.salt"):
        session(place, tiny).recover(scenario)
    place.beside.write("tiny.salt", secret)
    again = session(place, tiny)
    again.recover(scenario)
    again.finish()
    opened = OpenRun(place.storage, anchors=anchors, at=datetime.now(UTC), state=State.SEALED)
    assert judge_run(opened, "").exit_code == 0
    assert place.beside.read("tiny.salt") == secret
