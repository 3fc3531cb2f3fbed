"""How long lineage takes to answer about a run of a million nodes: ancestors, descendants, paths, counts.

The log is made up, in the proportions of a village's day: each decision uses a prompt, a model, memories and what its
agent saw; events follow from decisions. Budget: p95 of the first 1,000 rows under 50 ms, of 200 random nodes and of
the hubs to which nearly everything leads, as one waits for it; the CPU time of the thread that asks stands beside it.
`build` is the one reading of the log, in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness import ORIGIN, Budget, report
from worldloom.provenance import Run
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import RunFile, write_run
from worldloom.provenance.lineage import StoredLineage
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.storage import LocalDisk, Storage


class Settings(NamedTuple):
    agents: int
    steps: int
    decisions: int
    """A step."""
    events: int
    """A step; the first follow from the step's decisions, the rest from earlier events."""
    queries: int = 200
    rows: int = 1000
    seed: int = 1


FULL = Settings(agents=1000, steps=1440, decisions=150, events=380)
SMALL = Settings(agents=5, steps=12, decisions=4, events=9, queries=5)
QUESTIONS = ("ancestors", "descendants", "descendants_of_hubs", "path", "path_to_an_ancestor")
BUDGETS = {f"{what}_p95_wall_ms": Budget(50) for what in QUESTIONS}
TEXT = Identity("embedded", "language", weights="5a" * 32, source_type="trainedAlgorithmicMedia")
MESH = Identity("embedded", "props", weights="6b" * 32, source_type="trainedAlgorithmicMedia")


class Unsynced(LocalDisk):
    """A disk that waits for nothing: the log is only there to be read."""

    def sync(self, path: str) -> None:
        pass

    def sync_folder(self, path: str) -> None:
        pass


class Made:
    """Writes the log, a step at a time."""

    def __init__(self, storage: Storage, settings: Settings) -> None:
        private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        write_run(storage, RunFile("lineage-million"))
        key = NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)
        self.log = LogWriter.create(storage, ORIGIN, key)
        self.settings, self.rng = settings, np.random.default_rng(settings.seed)
        self.events: list[str] = []
        self.memories: list[list[tuple[str, str]]] = [[] for _ in range(settings.agents)]

    def write(self) -> None:
        self.begin()
        for step in range(self.settings.steps):
            self.step(60 * step)
            if step % 20 == 19:
                self.log.commit()
        self.log.append(EntryKind.END, 60 * self.settings.steps, {"type": "end", "state": "00" * 32, "counts": {}})
        self.log.commit()

    def begin(self) -> None:
        scenario = {"name": "million", "seed": 1}
        models = {"text": TEXT.content(), "mesh": MESH.content()}
        body = {"type": "scenario", "scenario": scenario, "source": "ab" * 32, "generators": models}
        digest = self.log.append(EntryKind.SCENARIO, 0, body).content_digest
        people = [
            {"agent": f"agent-{n}", "name": f"Person {n}", "age": 30, "job": "baker", "home": "place-1"}
            for n in range(self.settings.agents)
        ]
        genesis: dict[str, Any] = {"type": "genesis", "terrain": "01" * 32, "settlement": "02" * 32, "state": "03" * 32}
        genesis |= {"personas": people, "parents": [(digest or b"").hex()]}
        self.genesis = (self.log.append(EntryKind.GENESIS, 0, genesis).content_digest or b"").hex()

    def step(self, time_: int) -> None:
        settings = self.settings
        actors = self.rng.choice(settings.agents, settings.decisions, replace=settings.agents < settings.decisions)
        decided = [self.decide(time_, int(agent), place) for place, agent in enumerate(actors)]
        rows: list[tuple[Any, ...]] = []
        for place in range(settings.events):
            agent = int(actors[place % settings.decisions])
            cause = decided[place] if place < len(decided) else self.earlier() or decided[0]
            rows.append((time_, 30, f"agent-{agent}", "walk", None, "place-1", cause, {}))
        self.log.append(EntryKind.EVENTS, time_, EventBlock(time_, 0, rows))
        self.events += [f"event-{time_}-0-{place}" for place in range(settings.events)]

    def decide(self, time_: int, agent: int, place: int) -> str:
        known = self.memories[agent]
        if self.events and self.rng.random() < 0.1:
            known.append((f"memory-{agent}-{len(known)}", self.earlier()))
        chosen = known[-20:][:: max(1, len(known[-20:]) // 4)][:4]
        seen = [self.earlier() for _ in range(2)] if self.events else []
        name = f"decision-{time_}-{agent}-{place}"
        number = time_ * 1000 + place
        body = {
            "type": "decision",
            "id": name,
            "agent": f"agent-{agent}",
            "round": 0,
            "purpose": "act",
            "request": f"{number:064x}",
            "answer": "04" * 32,
            "prompt": f"{number // 3:064x}",
            "template": "aa" * 32,
            "action": {"kind": "walk", "arguments": {}},
            "status": "ok",
            "reason": "",
            "memories": [{"id": memory, "source": source} for memory, source in chosen],
            "observed": seen,
            "generator": "text",
            "parents": [self.genesis],
        }
        digest = (self.log.append(EntryKind.DECISION, time_, body).content_digest or b"").hex()
        if place < 3:
            asked = f"{2**64 + number:064x}"
            maker = f"agent-{agent}"
            recipe = Recipe("prop", MESH, asked, "a prop", maker, time_, "make", 0, 1, parents=(digest,))
            made = Artifact(number.to_bytes(8, "big"), "model/gltf-binary", recipe, f"Prop {number}")
            self.log.append(EntryKind.ARTIFACT, time_, made.content())
        return name

    def earlier(self) -> str:
        """An event of the last hours, the later the likelier; "" where there is none yet."""
        if not self.events:
            return ""
        back = int(self.rng.exponential(self.settings.events * 60))
        return self.events[-1 - back % len(self.events)]


def build(folder: Path) -> dict[str, float]:
    """Make the cache in a process of its own; returns CPU seconds, peak memory and size in MB."""
    command = [sys.executable, __file__, "--build", str(folder)]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def built(folder: Path) -> None:
    """What that process does."""
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lineage = Run.open(folder / "run", cache=folder / "cache").lineage
    seconds, peak = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = lineage.cache_path.stat().st_size
    print(json.dumps({"seconds": seconds, "peak": peak / 1024, "before": before / 1024, "size": size / 2**20}))


class Took(NamedTuple):
    """Milliseconds that one answer took: of this thread's CPU (what it takes on an idle machine), and waited."""

    cpu: float
    wall: float


def took(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.thread_time()
    work()
    return Took((time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)


def spread(what: str, times: Sequence[Took]) -> dict[str, float]:
    """The figures of one question."""
    cpu, wall = ([getattr(each, clock) for each in times] for clock in Took._fields)
    return {
        f"{what}_p95_ms": round(float(np.percentile(cpu, 95)), 2),
        f"{what}_most_ms": round(max(cpu), 1),
        f"{what}_p95_wall_ms": round(float(np.percentile(wall, 95)), 2),
    }


def names(lineage: StoredLineage, settings: Settings) -> list[str]:
    """Random nodes."""
    rng = np.random.default_rng(settings.seed)
    numbers = rng.integers(0, len(lineage), 2 * settings.queries)
    query = "SELECT name FROM node WHERE id = ?"
    return [str(lineage._tables.execute(query, (int(number),)).fetchone()[0]) for number in numbers]


def ancestors(lineage: StoredLineage, nodes: Sequence[str]) -> list[tuple[str, str]]:
    """Each node that rests on something, with one of the first 1,000 nodes that it rests on."""
    found = [(node, lineage.ancestors(node)) for node in nodes]
    return [(node, page[len(page) * (at % 7) // 7].id) for at, (node, page) in enumerate(found) if len(page)]


def hubs(settings: Settings) -> list[str]:
    agents = [f"agent-{number}" for number in range(0, settings.agents, max(1, settings.agents // 40))]
    prompts = [f"prompt:{(60_000 * step) // 3:064x}" for step in range(0, settings.steps, max(1, settings.steps // 20))]
    return ["scenario", "genesis", "embedded/language", "embedded/props", *agents, *prompts]


def figures(settings: Settings) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run").mkdir()
        Made(Storage(Unsynced(folder / "run")), settings).write()
        made = build(folder)
        opened = took(lambda: Run.open(folder / "run", cache=folder / "cache").lineage.row("genesis"))
        lineage = Run.open(folder / "run", cache=folder / "cache").lineage
        chosen, most = names(lineage, settings), settings.rows
        one, two = chosen[: settings.queries], chosen[settings.queries :]
        times = {
            "ancestors": [took(lambda n=n: lineage.ancestors(n, limit=most)) for n in one],
            "descendants": [took(lambda n=n: lineage.descendants(n, limit=most)) for n in one],
            "path": [took(lambda a=a, b=b: lineage.path(a, b)) for a, b in zip(one, two, strict=True)],
            "path_to_an_ancestor": [took(lambda a=a, b=b: lineage.path(a, b)) for a, b in ancestors(lineage, one)],
            "descendants_of_hubs": [took(lambda n=n: lineage.descendants(n, limit=most)) for n in hubs(settings)],
        }
        full = [len(lineage.ancestors(name, limit=most)) for name in one]
        found = sum(bool(lineage.path(a, b)) for a, b in zip(one, two, strict=True))
        return {
            "nodes": len(lineage),
            "edges": int(lineage._tables.execute("SELECT value FROM meta WHERE key = 'edges'").fetchone()[0]),
            "build_cpu_seconds": round(made["seconds"], 1),
            "build_peak_mb": round(made["peak"]),
            "cache_mb": round(made["size"], 1),
            "open_ms": round(opened.cpu, 1),
            **{name: value for what, values in times.items() for name, value in spread(what, values).items()},
            "ancestors_rows_mean": round(sum(full) / len(full)),
            "paths_found_percent": round(100 * found / len(one)),
            "count_all_descendants_seconds": round(took(lambda: lineage.count_descendants("scenario")).cpu / 1000, 2),
        }


def main() -> None:
    if sys.argv[1:2] == ["--build"]:
        built(Path(sys.argv[2]))
        return
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
