"""A real run without its prompts: none is left in any byte, every credential and proof holds, it replays equal."""

from __future__ import annotations

import base64
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from worldloom.cluster import Placement, ResumeOptions, RunResult, Silent
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.redaction.page import GONE
from worldloom.cluster.redaction.redacting import RedactOptions, RedactResult, redact
from worldloom.cluster.replaying import replay
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.media import media_type_of
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import LocalDisk, Storage

WHY = "the cast asked for it"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{160,}")


def prompts_of(run: Path) -> set[bytes]:
    """The beginning of every prompt that a run recorded."""
    book = AnswerBook(Storage(LocalDisk(run)))
    said = (book.get(digest).request["prompt"] for digest in book)
    return {prompt[:60].encode() for prompt in said if prompt}


def holds(data: bytes, words: set[bytes], depth: int = 2) -> bool:
    """Whether bytes hold one of some words, in base64 as well, and in JSON."""
    if any(each in data or each.replace(b"\n", b"\\n") in data for each in words):
        return True
    return depth > 0 and any(holds(inner, words, depth - 1) for inner in decoded(data))


def decoded(data: bytes) -> Iterator[bytes]:
    for found in _BASE64.finditer(data):
        text = found[0][: len(found[0]) // 4 * 4]
        yield base64.b64decode(text)


@pytest.fixture(scope="module")
def redacted(
    crafts_run: RunResult, keystore_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, RedactResult]:
    """A copy of the run without its prompts; read only."""
    folder = tmp_path_factory.mktemp("redacted") / crafts_run.run.name
    shutil.copytree(crafts_run.run, folder)
    for ending in (".zip", ".zip.seal"):
        shutil.copy(crafts_run.run.with_name(crafts_run.run.name + ending), folder.parent)
    return folder, redact(folder, RedactOptions(prompts=True, reason=WHY, home=keystore_home))


def test_no_prompt_is_left_in_any_file(redacted: tuple[Path, RedactResult], crafts_run: RunResult) -> None:
    words = prompts_of(crafts_run.run)
    before = [path for path in crafts_run.run.rglob("*") if path.is_file() and holds(path.read_bytes(), words)]
    assert {path.relative_to(crafts_run.run).parts[0] for path in before} >= {"answers", "bodies", "artifacts"}
    after = [path for path in redacted[0].rglob("*") if path.is_file() and holds(path.read_bytes(), words)]
    assert after == []
    with zipfile.ZipFile(redacted[0].with_name(f"{redacted[0].name}.zip")) as packed:
        assert not any(holds(packed.read(name), words) for name in packed.namelist())


def test_folder_and_zip_are_clean_and_say_what_went(
    redacted: tuple[Path, RedactResult], anchors: list[bytes], crafts_run: RunResult
) -> None:
    folder, done = redacted
    assert done.packed
    assert done.credentials
    for path in (folder, folder.with_name(f"{folder.name}.zip")):
        result = audit(path, anchors=anchors)
        assert (result.exit_code, result.content_root) == (0, crafts_run.content_root)
        assert {finding.code for finding in result.findings} == {Code.NOTE}
        assert all(WHY in finding.message for finding in result.findings)
        assert {finding.path.partition("/")[0] for finding in result.findings} >= {"answers", "bodies", "artifacts"}


def test_without_the_anchor_the_signer_is_unknown_and_nothing_is_tampered(redacted: tuple[Path, RedactResult]) -> None:
    assert audit(redacted[0], anchors=[]).exit_code == 13


def test_both_verifiers_take_every_redacted_file(
    redacted: tuple[Path, RedactResult], anchors: list[bytes], independent_verifier: ModuleType
) -> None:
    for name in redacted[1].credentials:
        path = redacted[0] / name
        beside = path.with_name(f"{path.name}.c2pa")
        store = beside.read_bytes() if beside.is_file() else None
        media_type, data = media_type_of(name), path.read_bytes()
        credential = read_credential(data, media_type, store, anchors)
        assert (credential.state, credential.failures, len(credential.updates)) == ("Trusted", (), 1), name
        assert independent_verifier.verify_bytes(data, media_type, store, anchors).problems == [], name
        assert audit(path, anchors=anchors).exit_code == 0, name


def test_the_page_says_that_prompts_were_erased(redacted: tuple[Path, RedactResult]) -> None:
    page = (redacted[0] / "report.html").read_text("utf-8")
    assert page.count(GONE) >= 1
    assert redacted[1].report == "written anew"


def test_it_replays_to_the_same_root(
    redacted: tuple[Path, RedactResult], keystore_home: Path, anchors: list[bytes]
) -> None:
    result = replay(redacted[0], ResumeOptions(Placement(local=True), home=keystore_home), Silent())
    assert (result.equal, result.stopped) == (True, "")
    assert audit(redacted[0], anchors=anchors).levels["reproduced"] == "pass"


def test_where_an_answer_is_gone_a_replay_says_how_far_it_came(
    crafts_run: RunResult, copy: Callable[[Path], Path], keystore_home: Path, crafts: object, anchors: list[bytes]
) -> None:
    moved = copy(crafts_run.run)
    named = crafts.decisions[len(crafts.decisions) // 2]["id"]
    redact(moved, RedactOptions(names=(named,), whole=True, reason=WHY, home=keystore_home))
    result = replay(moved, ResumeOptions(Placement(local=True), home=keystore_home), Silent())
    assert (result.equal, result.first_difference, result.receipt) == (False, "", None)
    assert "was erased later" in result.stopped
    assert 2 < int(result.stopped.split()[0].replace(",", "")) < len(FinishedRun.open(moved).logged)
    assert audit(moved, anchors=anchors).exit_code == 0


def test_a_redacted_picture_that_was_changed_is_found(
    redacted: tuple[Path, RedactResult], anchors: list[bytes], tmp_path: Path
) -> None:
    name = next(each for each in redacted[1].credentials if each.endswith((".png", ".svg")))
    data = bytearray((redacted[0] / name).read_bytes())
    data[-30] ^= 1
    changed = tmp_path / Path(name).name
    changed.write_bytes(data)
    assert audit(changed, anchors=anchors).exit_code == 10


def test_lineage_still_knows_each_file(redacted: tuple[Path, RedactResult]) -> None:
    lineage = Lineage.of(Storage(LocalDisk(redacted[0])))
    for name in redacted[1].credentials:
        assert lineage.resolve(redacted[0] / name) == Path(name).name.partition(".")[0]
