"""lineage.sqlite is a cache: made anew if damaged, of another log or older than an erasure; by several at once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from worldloom.provenance.errors import LineageError
from worldloom.provenance.folder import body_segment
from worldloom.provenance.lineage import NodeKind, StoredLineage, Why
from worldloom.provenance.lineage.cache import CACHE_VARIABLE, Cache, cache_folder
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import LocalDisk, Storage

SECRET = "a word that was erased"


@pytest.fixture
def run(graph_log, tmp_path) -> Storage:
    storage = Storage(LocalDisk(tmp_path / "run"))
    log = graph_log(storage)
    log.thing("decision-60-0-0", reason=SECRET)
    log.thing("decision-60-1-0", ["decision-60-0-0"])
    return log.commit()


@pytest.fixture
def built(monkeypatch) -> list[int]:
    """Counts how often tables were made anew."""
    times: list[int] = []
    fill = Cache._fill

    def counted(self: Cache, tables: sqlite3.Connection) -> None:
        times.append(1)
        fill(self, tables)

    monkeypatch.setattr(Cache, "_fill", counted)
    return times


def ancestors(lineage: StoredLineage) -> set[str]:
    return set(lineage.ancestors("decision-60-1-0").ids)


def test_it_is_made_once_and_lies_where_the_user_wants_it(run, built, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "lineage"
    first = StoredLineage.of(run)
    assert first.cache_path.parent == cache_folder()
    assert first.cache_path.stat().st_mode & 0o077 == 0, "titles and reasons are nobody else's business"
    assert ancestors(StoredLineage.of(run)) == ancestors(first)
    assert len(built) == 1
    assert not any(path.name == "lineage.sqlite" for path in (tmp_path / "run").rglob("*"))


@pytest.mark.parametrize(
    "harm", ["empty", "nonsense", "cut", "zeros inside", "another table", "no meta", "a folder of it"]
)
def test_a_damaged_one_is_made_anew(run, opened, built, harm) -> None:
    lineage = opened(run)
    wanted, path = ancestors(lineage), lineage.cache_path
    lineage.close()
    data = path.read_bytes()
    if harm in ("another table", "no meta"):
        with sqlite3.connect(path) as tables:
            tables.execute("DROP TABLE edge" if harm == "another table" else "DELETE FROM meta")
    elif harm == "a folder of it":
        path.unlink()
        path.mkdir()
    else:
        harmed = {"empty": b"", "nonsense": b"x" * 5000, "cut": data[: len(data) // 2]}
        path.write_bytes(harmed.get(harm, data[:4096] + bytes(len(data) - 4096)))
    assert ancestors(opened(run)) == wanted


def test_harm_that_shows_only_while_answering_is_healed(run, opened) -> None:
    lineage = opened(run)
    wanted, path = ancestors(lineage), lineage.cache_path
    lineage.close()
    lineage = opened(run)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000)
    assert ancestors(lineage) == wanted


def test_another_log_of_the_same_run_id_is_not_answered_from_it(run, graph_log, opened, tmp_path) -> None:
    opened(run)
    other = graph_log(Storage(LocalDisk(tmp_path / "other")))
    other.thing("decision-60-1-0", ["decision-60-7-0"])
    for number in range(5):
        other.thing(f"decision-90-{number}-0")
    assert ancestors(opened(other.commit())) == {
        "agent-0",
        "decision-60-7-0",
        f"model:embedded/words-1@{'7e' * 32}",
        f"request:{'0d' * 32}",
    }
    assert "decision-60-0-0" in ancestors(opened(run))


def test_what_was_erased_is_shown_as_erased_and_gone_from_the_cache(run, opened) -> None:
    lineage = opened(run)
    path = lineage.cache_path
    assert SECRET.encode() in path.read_bytes()
    lineage.close()
    segment = body_segment(0)
    items = decode_segment(run.read(segment))
    run.write(
        segment, encode_segment(item.erased() if SECRET.encode() in (item.data or b"") else item for item in items)
    )
    lineage = opened(run)
    assert SECRET.encode() not in path.read_bytes()
    (erased,) = [orphan for orphan in lineage.orphans() if orphan.why == Why.ERASED]
    assert lineage.row(erased.id).kind == NodeKind.MISSING
    assert lineage.row(erased.id).what == "erased"
    assert [orphan.id for orphan in lineage.orphans() if orphan.why == Why.UNKNOWN] == ["agent-0", "decision-60-0-0"]
    assert "decision-60-0-0" in ancestors(lineage)


def test_a_folder_that_cannot_be_written_costs_the_cache_and_nothing_else(run, opened) -> None:
    assert ancestors(opened(run, Path("/proc/worldloom"))) == ancestors(opened(run))


def test_a_log_that_is_refused_leaves_no_file_and_the_older_cache(graph_log, opened, tmp_path) -> None:
    log = graph_log()
    log.thing("decision-1-0-0", ["decision-2-0-0"])
    before = opened(log.commit())
    log.thing("decision-2-0-0", ["decision-1-0-0"])
    with pytest.raises(LineageError):
        opened(log.commit())
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [before.cache_path.name]
    assert before.ancestors("decision-1-0-0").ids


BUILD = """
import sys
from pathlib import Path
from worldloom.provenance import Run
print(len(Run.open(sys.argv[1], cache=Path(sys.argv[2])).lineage.ancestors("decision-60-1-0")))
"""


def test_processes_that_build_and_read_on_at_once_agree(run, graph_log, tmp_path) -> None:
    def at_once() -> list[str]:
        command = [sys.executable, "-c", BUILD, str(tmp_path / "run"), str(tmp_path / "shared")]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        return [process.communicate(timeout=120)[0].strip() for process in running]

    assert at_once() == ["4"] * 3
    assert at_once() == ["4"] * 3
    assert len(list((tmp_path / "shared").iterdir())) == 1


def test_a_moved_run_keeps_its_cache(run, opened, built, tmp_path) -> None:
    opened(run)
    shutil.move(tmp_path / "run", tmp_path / "moved")
    opened(Storage(LocalDisk(tmp_path / "moved")))
    assert len(built) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"memories": [{"id": "no number in it", "source": ""}]},
        {"prompt": ["a", "list"]},
        {"id": 7},
        {"id": ["a", "list"]},
        {"agent": {"a": "map"}},
        {"generator": "oracle"},
        {"observed": [7]},
        {"reason": 7, "action": []},
        {"parents": 7},
    ],
    ids=str,
)
def test_a_body_that_is_not_of_its_kind_names_its_entry(graph_log, opened, changes) -> None:
    log = graph_log()
    log.thing("decision-60-0-0", **changes)
    with pytest.raises(LineageError, match="log entry 1: not the body of its kind"):
        opened(log.commit())


@pytest.mark.parametrize("prompt", ["", "not a digest", "AB" * 32, "zz" * 32])
def test_a_prompt_that_is_no_digest_stays_what_it_is(graph_log, opened, prompt) -> None:
    log = graph_log()
    log.thing("decision-60-0-0", prompt=prompt)
    assert opened(log.commit()).facts(f"request:{'0d' * 32}")["prompt"] == prompt
