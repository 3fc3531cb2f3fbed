"""What the tests of the live page share: a run folder that grows by hand, as its writer would let it grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from worldloom.cluster.scenario import Scenario
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.canonical import canonical
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import SCENARIO_JSON, RunFile, certificate_path, origin, write_run
from worldloom.provenance.ids import WORLD_RANGE, EventId
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.store import ArtifactStore

START = 6 * 3600
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
NAMES = ("Ida Hook", "Bo Reed", "Cai Tar")
TEXT = Identity("rules", "village-1")
IMAGE = Identity("procedural", "pictures-by-hand")


class GrowingRun:
    """A run of a few people without land. `commit` makes durable what came before it."""

    def __init__(self, folder: Path, run_id: str = "by-hand", title: str = "A day by hand") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.storage = Storage(LocalDisk(folder))
        self.scenario = Scenario(name="by-hand", title=title, agents=3, hours=2)
        authority = RunAuthority(Keystore.open().operator, run_id, 1)
        self.key = authority.issue("conductor")
        self.signer, self.store = CredentialSigner(self.key), ArtifactStore(self.storage)
        write_run(self.storage, RunFile(run_id))
        self.storage.write(certificate_path("ca", 1), authority.certificate_pem)
        self.storage.write(certificate_path("conductor", 1), self.key.certificate_pem)
        self.storage.write(SCENARIO_JSON, canonical(self.scenario.content()))
        self.origin = origin(run_id)
        self.log = LogWriter.create(self.storage, self.origin, self.key.note_key(self.origin))

    def begin(self, names: Iterable[str] = NAMES) -> None:
        """Log the start, the scenario and the people, all at home."""
        self.log.append(EntryKind.START, START, None, {"type": "start", "wall": "2026-03-01T09:00:00+00:00"})
        generators = {"text": TEXT.content(), "image": IMAGE.content()}
        body = {"type": "scenario", "scenario": self.scenario.content(), "source": "11" * 32, "generators": generators}
        self.log.append(EntryKind.SCENARIO, START, body)
        people = [
            {"agent": f"agent-{number}", "name": name, "age": 30, "job": "fisher", "home": f"place-{number}"}
            for number, name in enumerate(names)
        ]
        genesis = {"type": "genesis", "terrain": "", "settlement": "", "state": "22" * 32, "personas": people}
        self.log.append(EntryKind.GENESIS, START, genesis | {"parents": []})

    def events(self, time: int, *rows: tuple[Any, ...]) -> None:
        """Log one block: (actor, kind, target, place, detail) at a time, each of a minute."""
        made = [[time, 60, actor, kind, target, place, None, detail] for actor, kind, target, place, detail in rows]
        self.log.append(EntryKind.EVENTS, time, EventBlock(time, 0, made))

    def say(self, time: int, speaker: int, words: str, place: str = "place-0") -> None:
        """Log one utterance."""
        self.events(time, (f"agent-{speaker}", "say", "agent-1", place, {"text": words, "heard": ["agent-1"]}))

    def news(self, time: int, words: str) -> None:
        """Log that the scenario lets agent-0 know something, who tells agent-1 ten minutes later, who tells agent-2."""
        self.log.append(EntryKind.EVENTS, time, EventBlock(time, WORLD_RANGE, [_told(time, words)]))
        source = str(EventId(time, WORLD_RANGE, 0))
        for number in (1, 2):
            later = time + 600 * number
            detail = {"text": words, "heard": [f"agent-{number}"], "source": source}
            self.events(later, (f"agent-{number - 1}", "say", f"agent-{number}", "place-0", detail))
            source = str(EventId(later, 0, 0))

    def make(self, time: int, payload: bytes, media_type: str, title: str, **parameters: Any) -> Artifact:
        """Sign, store and log a thing that agent-0 made."""
        kind = "text" if media_type.startswith("text/") else "image"
        recipe = Recipe(
            kind=kind,
            generator=TEXT if kind == "text" else IMAGE,
            request="33" * 32,
            prompt=f"Make {title}",
            agent="agent-0",
            time=time,
            purpose="make",
            occurrence=0,
            seed=5,
            parameters=parameters,
        )
        artifact = Artifact(payload, media_type, recipe, title)
        signed = self.signer.sign(payload, Making.of(artifact, self.origin))
        path = self.store.put(artifact, signed)
        evidence = {"type": "file", "path": path, "manifest": signed.manifest, "serial": signed.serial}
        evidence |= {"file": "44" * 32, "sidecar": ""}
        self.log.append(EntryKind.ARTIFACT, time, artifact.content(), evidence)
        return artifact

    def commit(self) -> None:
        """Make what was logged durable."""
        self.log.commit()


def _told(time: int, words: str) -> list[Any]:
    return [time, 0, "scenario", "tell", "agent-0", None, None, {"text": words}]


@pytest.fixture
def growing(tmp_path: Path) -> GrowingRun:
    """A run that has begun, with three people."""
    run = GrowingRun(tmp_path / "runs" / "by-hand-1")
    run.begin()
    run.commit()
    return run


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., GrowingRun]:
    """Make further runs by name."""

    def make(name: str, names: Iterable[str] = NAMES, **options: Any) -> GrowingRun:
        run = GrowingRun(tmp_path / "runs" / name, **options)
        run.begin(names)
        run.commit()
        return run

    return make
