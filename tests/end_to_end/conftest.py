"""A small scenario, its sealed run, and ways to make the same run again on other disks and in other processes."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from worldloom.cluster import Placement, RunOptions, RunResult, Silent, run
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import LoadedScenario, load_scenario
from worldloom.cluster.session import Session
from worldloom.provenance.keys import Keystore

SMALL = '''"""Six people of a small village, three hours of a morning; one of them knows of a feast."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="small", agents=6, hours=3, seed=3, world={"size": 128})


@scenario.at(time="06:00")
def feast(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a feast at the inn tonight at seven.")


@scenario.measure("knows_of_feast")
def knows_of_feast(stage: Stage) -> int:
    return sum(any("feast" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
'''

TINY = '''"""Two people, two steps of half an hour: the example of docs/formats.md."""

from worldloom.cluster import Scenario

scenario = Scenario(
    name="tiny", agents=2, hours=1, step_seconds=1800, start="08:00", seed=4, world={"size": 96}, portraits=False
)
'''


@pytest.fixture(scope="session", autouse=True)
def exports_drawn_once() -> Iterator[None]:
    """Draw the same world's map and model once: these tests make the same run many times, and drawing is slow."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (("map", "draw_map"), ("gltf", "export_glb")):
            where = f"worldloom.worlds.exports.{module}"
            patch.setattr(f"{where}.{name}", remembered(getattr(importlib.import_module(where), name)))
        yield


def remembered(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    known: dict[Any, bytes] = {}

    @wraps(draw)
    def again(terrain: Any, settlement: Any, placed: Any, *owners: Any) -> bytes:
        key = (terrain.digest, settlement.digest, tuple(placed), repr(owners))
        if key not in known:
            known[key] = draw(terrain, settlement, placed, *owners)
        return known[key]

    return again


@pytest.fixture(scope="session")
def keystore_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keystore")


@pytest.fixture(scope="session")
def keystore(keystore_home: Path) -> Keystore:
    return Keystore.open(keystore_home)


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "small.py"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedScenario:
    path = tmp_path_factory.mktemp("scenario") / "tiny.py"
    path.write_text(TINY)
    return load_scenario(str(path))


@pytest.fixture(scope="session")
def small(small_file: Path) -> LoadedScenario:
    return load_scenario(str(small_file))


@pytest.fixture(scope="session")
def small_run(small_file: Path, keystore_home: Path, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The small scenario, run in this process and sealed. Read only: copy it before you change anything."""
    out = tmp_path_factory.mktemp("runs") / "small"
    options = RunOptions(str(small_file), out=out, placement=Placement(local=True), home=keystore_home)
    return run(options, Silent())


@pytest.fixture
def session(keystore: Keystore) -> Iterator[Callable[[RunPlace, LoadedScenario], Session]]:
    """Make sessions on any disk, without a lock."""
    runtimes: list[LocalRuntime] = []

    def make(place: RunPlace, loaded: LoadedScenario, **options: Any) -> Session:
        generators = loaded.scenario.generators
        runtimes.append(LocalRuntime(generators))
        known = identities(generators)
        return Session(place, keystore, runtimes[-1], Silent(), known, run_id="run-test", **options)

    yield make
    for runtime in runtimes:
        runtime.close()
