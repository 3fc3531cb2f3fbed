"""What the tests of lineage share: a hand-made run, logs of made-up graphs in memory, and how to open them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import RunFile, write_run
from worldloom.provenance.lineage import StoredLineage
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import Storage

ORIGIN = "worldloom.run/lineage"
TEXT = Identity("embedded", "words-1", weights="7e" * 32, template="aa" * 32)


class Graph:
    """A log that says of each thing what it rests on: decisions whose ids and causes are whatever a test wants."""

    def __init__(self, storage: Storage | None = None, run: str = "lineage") -> None:
        self.storage = storage or Storage(PowerLossDisk())
        private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        write_run(self.storage, RunFile(run))
        self.log = LogWriter.create(
            self.storage, ORIGIN, NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)
        )
        scenario = {"name": "graph", "seed": 7}
        body = {"type": "scenario", "scenario": scenario, "source": "5c" * 32, "generators": {"text": TEXT.content()}}
        self.log.append(EntryKind.SCENARIO, 0, body)

    def thing(self, name: str, causes: Iterable[str] = (), **changes: Any) -> bytes:
        """Log a thing and what it rests on; returns its content digest."""
        body = {
            "type": "decision",
            "id": name,
            "agent": "agent-0",
            "purpose": "act",
            "request": "0d" * 32,
            "prompt": "0e" * 32,
            "action": {"kind": "walk", "arguments": {}},
            "status": "ok",
            "reason": "",
            "memories": [],
            "observed": list(causes),
            "generator": "text",
            "parents": [],
        } | changes
        return self.log.append(EntryKind.DECISION, 60, body).content_digest or b""

    def commit(self) -> Storage:
        self.log.commit()
        return self.storage


@pytest.fixture
def graph_log() -> Callable[..., Graph]:
    return Graph


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., StoredLineage]:
    """Opens the lineage of a log with a cache of this test's own."""

    def open_(storage: Storage, cache: Path | None = None) -> StoredLineage:
        return StoredLineage.of(storage, (), cache or tmp_path / "cache")

    return open_


@pytest.fixture(scope="session")
def in_memory() -> ModuleType:
    """The tests of the graph in memory, whose hand-made run is this folder's, too."""
    path = Path(__file__).parent.parent / "test_lineage.py"
    spec = importlib.util.spec_from_file_location("lineage_in_memory", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(in_memory: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The hand-made run on a disk."""
    from worldloom.provenance.storage import LocalDisk

    folder = tmp_path_factory.mktemp("runs") / "a run"
    folder.mkdir()
    return in_memory.HandMade(Storage(LocalDisk(folder)))


def causes_of(graph: Any) -> Mapping[str, set[str]]:
    return {node: set(graph.successors(node)) for node in graph}
