"""Sealed runs that these tests look at: one with things of all four kinds in it, one whole day of saltmarsh.

The runs are made once and are read only: `copy` gives one that a test may change.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from worldloom.agents.minds import Minds
from worldloom.cluster import Placement, RunOptions, RunResult, Silent, run
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.session import Session
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.ids import EventId
from worldloom.provenance.keys import Keystore
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.worlds.world import World

CRAFTS = '''"""Fourteen people, seven hours around noon in which they make things of all kinds; one knows of a feast."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="crafts", agents=14, start="10:00", hours=7, step_seconds=120, seed=5, world={"size": 128})


@scenario.at(time="10:00")
def feast(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a feast at the inn tonight at seven.")
'''


@dataclass(frozen=True)
class Chronicle:
    """What a run's log says: bodies of its content by kind, and its events by id."""

    path: Path
    storage: Storage
    log: LogReader
    lineage: Lineage
    decisions: list[dict]
    artifacts: list[dict]
    """Each with the path of its file under `path` as `file`; those that nobody decided on are `slots`."""
    exports: list[dict]
    events: dict[str, EventRow]

    @property
    def slots(self) -> list[dict]:
        """Artifacts that fill slots of genesis: everybody's portrait."""
        return [body for body in self.artifacts if body["recipe"]["parameters"].get("slot") == "genesis"]

    @property
    def decided(self) -> list[dict]:
        """Artifacts that somebody decided to make."""
        return [body for body in self.artifacts if "slot" not in body["recipe"]["parameters"]]

    @classmethod
    def read(cls, path: Path) -> Chronicle:
        storage = Storage(LocalDisk(path))
        log = LogReader(storage)
        found: dict[int, list] = {EntryKind.DECISION: [], EntryKind.ARTIFACT: [], EntryKind.EXPORT: []}
        events = {}
        for at, entry in enumerate(log.entries()):
            if entry.kind == EntryKind.EVENTS:
                block = log.content(at)
                ids = (str(EventId(block.time, block.range, row)) for row in range(len(block.rows)))
                events |= dict(zip(ids, block.rows, strict=True))
            elif entry.kind in found:
                file = log.evidence(at)["path"] if entry.kind != EntryKind.DECISION else ""
                found[entry.kind].append(log.content(at) | {"file": file})
        return cls(path, storage, log, Lineage.of(storage), *found.values(), events)


@pytest.fixture(scope="session")
def chronicle() -> Callable[[Path], Chronicle]:
    """Read what a run's log says."""
    return Chronicle.read


@pytest.fixture(scope="session")
def anchors(keystore: Keystore) -> list[bytes]:
    """Who is trusted by those that made the runs."""
    return keystore.anchors()


@pytest.fixture(scope="session")
def crafts_run(tmp_path_factory: pytest.TempPathFactory, keystore_home: Path) -> RunResult:
    """A run in which fourteen people make letters, signs, emblems and props."""
    file = tmp_path_factory.mktemp("scenario") / "crafts.py"
    file.write_text(CRAFTS)
    out = tmp_path_factory.mktemp("runs") / "crafts"
    return run(RunOptions(str(file), out=out, placement=Placement(local=True), home=keystore_home), Silent())


@pytest.fixture(scope="session")
def crafts(crafts_run: RunResult) -> Chronicle:
    return Chronicle.read(crafts_run.run)


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy a run folder, with what stands beside it, to another place."""

    def elsewhere(run_path: Path) -> Path:
        shutil.copytree(run_path, tmp_path / "moved" / run_path.name)
        for ending in (".zip", ".zip.seal"):
            shutil.copy(run_path.with_name(run_path.name + ending), tmp_path / "moved")
        return tmp_path / "moved" / run_path.name

    return elsewhere


class Watched(Silent):
    """Progress that notes after every step who stands where nobody can stand."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.strays: list[str] = []
        self.steps = 0

    def status(self, status) -> None:
        world = self.session.conductor.world
        self.steps += 1
        self.strays += [f"{agent} at {world.time} s: {why}" for agent, why in astray(world)]


def astray(world: World) -> Iterator[tuple[str, str]]:
    """Who stands in a wall or in open water, by the buildings and the land themselves, not by the walkable grid."""
    walls = set()
    for building in world.settlement.buildings:
        x, y, columns, rows = building.footprint
        walls |= {(column, row) for column in range(x, x + columns) for row in range(y, y + rows)}
        walls -= {*building.interior, *building.doors}
    for agent, column, line in zip(world.agents.ids, world.agents.column, world.agents.line, strict=True):
        if (int(column), int(line)) in walls:
            yield agent, "in a wall"
        if world.terrain.water[line, column] and not world.settlement.ways[line, column]:
            yield agent, "in the water, on no bridge or pier"


@dataclass
class Day:
    """A whole day of saltmarsh: its log, how everybody's mind was at the end, and what was seen on the way."""

    chronicle: Chronicle
    minds: Minds
    strays: list[str]
    steps: int
    measures: dict[str, int]
    personas: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="session")
def saltmarsh(tmp_path_factory: pytest.TempPathFactory, keystore: Keystore) -> Day:
    """The shipped scenario as it ships, watched at every step. Takes a minute or two."""
    loaded = load_scenario("saltmarsh")
    folder = tmp_path_factory.mktemp("runs") / "saltmarsh"
    folder.mkdir()
    place = RunPlace(Storage(LocalDisk(folder)), Storage(LocalDisk(folder.parent)), folder.name)
    generators, watched = loaded.scenario.generators, Watched()
    runtime = LocalRuntime(generators)
    watched.session = session = Session(place, keystore, runtime, watched, identities(generators))
    session.begin(loaded.scenario, loaded.source)
    session.finish()
    minds = session.conductor.minds()
    personas = dict(session.conductor.village.by_agent)
    runtime.close()
    return Day(Chronicle.read(folder), minds, watched.strays, watched.steps, session.final_measures, personas)
