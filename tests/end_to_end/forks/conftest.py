"""A sealed run, forks of it, and a maker of text that says no word: read only, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

import pytest
from worldloom.cluster import Placement, RunOptions, RunResult, Silent, run
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.forking import fork
from worldloom.cluster.options import ForkOptions
from worldloom.generators.registry import register
from worldloom.generators.requests import Answer, Status
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.provenance.digests import REQUEST, digest_json
from worldloom.provenance.recipe import Identity
from worldloom.provenance.segments import ItemType, encode_segment, make_item, scan_segment
from worldloom.worlds.exports import gltf
from worldloom.worlds.exports import map as maps

VILLAGE = '''"""Eight people, four hours in which things are made; one knows of a feast, one hears at noon of a ship."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(
    name="village",
    agents=8,
    start="09:00",
    hours=4,
    step_seconds=120,
    seed=5,
    world={"size": 96, "seed": 5},
    generators={"text": "rules", "image": "procedural", "mesh": "bare"},
)


@scenario.at(time="09:00")
def feast(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a feast at the inn tonight at seven.")


@scenario.at(time="12:00")
def ship(stage: Stage) -> None:
    stage.tell(stage.agents()[1], "A foreign ship with red sails lies in the bay.")


@scenario.measure("knows_of_feast")
def knows_of_feast(stage: Stage) -> int:
    return sum(any("feast" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
'''

START, PARTS, END = 32_400, 39_600, 46_800
"""09:00, when forks part (11:00), 13:00."""

LOCAL = Placement(local=True)


class Mute:
    """A maker that never has an answer; notes what it was asked."""

    identity = Identity("mute", "mute-1", output_licence="Apache-2.0")

    def __init__(self):
        self.asked = []

    def generate(self, requests):
        self.asked += requests
        return [Answer(status=Status.FAILED, detail="not a word") for _ in requests]


MUTE, BARE = Mute(), Mute()


@pytest.fixture(scope="session", autouse=True)
def exports_drawn_once() -> Iterator[None]:
    """Draw every land once, whatever stands on it: drawing takes longer than a fork, and nobody here looks at it."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((maps, "draw_map"), (gltf, "export_glb")):
            patch.setattr(module, name, once_a_land(getattr(module, name)))
        yield


def once_a_land(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    known: dict[str, bytes] = {}

    @wraps(draw)
    def again(terrain, settlement, placed, *owners) -> bytes:
        if terrain.digest not in known:
            known[terrain.digest] = draw(terrain, settlement, placed, *owners)
        return known[terrain.digest]

    return again


@pytest.fixture(scope="session", autouse=True)
def makers() -> None:
    """A text maker to part with; and nobody in the village carves, since drawing what they put up takes long."""
    register("text", "mute", lambda _: MUTE)
    register("mesh", "bare", lambda _: BARE)


@pytest.fixture
def mute() -> Mute:
    return MUTE


@pytest.fixture(scope="session")
def village_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "village.py"
    path.write_text(VILLAGE)
    return path


@pytest.fixture(scope="session")
def village(village_file, makers, keystore_home, tmp_path_factory) -> RunResult:
    out = tmp_path_factory.mktemp("runs") / "village"
    return run(RunOptions(str(village_file), out=out, placement=LOCAL, home=keystore_home), Silent())


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with the time of its last change and its bytes."""
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def as_made(village) -> dict[str, tuple[int, bytes]]:
    """The village's files before anybody forked, compared or asked it."""
    return listing(village.run)


@pytest.fixture(scope="session")
def files() -> Callable[[Path], dict[str, tuple[int, bytes]]]:
    return listing


@pytest.fixture(scope="session")
def forked(village, as_made, keystore_home, tmp_path_factory) -> Callable[..., RunResult]:
    """Fork a run, the village unless another is named, into a new folder."""

    def make(at: str = "11:00", *, of: Path | None = None, **options) -> RunResult:
        out = options.pop("out", None) or tmp_path_factory.mktemp("forks") / "fork"
        chosen = {"placement": LOCAL, "home": keystore_home, **options}
        return fork(of or village.run, ForkOptions(at=at, out=out, **chosen), Silent())

    return make


@pytest.fixture(scope="session")
def muted(forked) -> RunResult:
    """The village, silent from 11:00 on."""
    return forked(generators={"text": "mute"})


@pytest.fixture(scope="session")
def same(forked, village) -> RunResult:
    """The village again from 11:00 on, by the makers that it had."""
    return forked()


@pytest.fixture(scope="session")
def bodies() -> Callable[[Path], list]:
    """Content bodies of a run in order, each as (kind, time, body)."""

    def read(folder: Path) -> list:
        found = FinishedRun.open(folder)
        return [
            (known.kind, known.time, found.log.content(index))
            for known, index in zip(found.logged, found.indices, strict=True)
        ]

    return read


def rewrite(folder: Path, change) -> None:
    """Change recorded answers, or drop them (None), and write the segments anew: what a forger does first."""
    for path in folder.glob("answers/*.seg"):
        items = []
        for _, item in scan_segment(path.read_bytes()):
            value = change(parse_canonical(item.data))
            if value is not None:
                items.append(make_item(ItemType.ANSWER, digest_json(REQUEST, value["request"]), canonical(value)))
        path.write_bytes(encode_segment(items))


@pytest.fixture(scope="session")
def changed_answers() -> Callable:
    return rewrite
