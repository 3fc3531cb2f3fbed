"""What the tests of the report share: a run folder made by hand from real land, cast, pictures and signatures."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from worldloom.agents.persona import Persona, make_cast
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.land import LandGenerator, make_land
from worldloom.cluster.scenario import Scenario
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.mesh.glb import to_glb
from worldloom.generators.mesh.source import draw_program
from worldloom.generators.recording import Recording
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import RunFile, snapshot_commit, snapshot_part, write_run
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.store import ArtifactStore
from worldloom.provenance.text import clean_text
from worldloom.worlds.exports.map import draw_map

HOUR = 3600
ORIGIN = "worldloom.run/by-hand"
TEXT = Identity("rules", "village-1", template="aa" * 32, output_licence="Apache-2.0")
MESH = Identity("embedded", "props-by-hand", weights="66" * 32, source_type="trainedAlgorithmicMedia")
SOUND = Identity("procedural", "tunes-by-hand")
EXPORTER = Identity("worldloom", "export-map-1", source_type="dataDrivenMedia")

Words = Callable[[str], str]


def wav(seconds: float = 0.5, rate: int = 8000) -> bytes:
    """A short tone."""
    samples = b"".join(struct.pack("<h", 8000 * (at // 10 % 2 * 2 - 1)) for at in range(int(seconds * rate)))
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI", b"RIFF", len(body)) + body


@dataclass
class Texts:
    """What people are called and what they say and make; tests put hostile text here."""

    name: Words = str
    title: Words = str
    speech: Words = str
    letter: Words = str


class HandMadeRun:
    """A day in a small village whose every word the test can choose."""

    def __init__(self, folder: Path, texts: Texts, agents: int = 6, size: int = 128, hours: int = 12) -> None:
        self.folder, self.texts = folder, texts
        self.storage = Storage(LocalDisk(folder))
        self.answers = AnswerBook(self.storage)
        self.scenario = Scenario(name="by-hand", title=texts.title("A day by hand"), agents=agents, hours=hours)
        self.scenario = self.scenario.folded(world={"size": size})
        key = RunAuthority(Keystore.open().operator, "by-hand", 1).issue("conductor")
        self.signer, self.store = CredentialSigner(key), ArtifactStore(self.storage)
        write_run(self.storage, RunFile("by-hand"))
        self.log = LogWriter.create(self.storage, ORIGIN, key.note_key(ORIGIN))
        self.pictures = ProceduralImage()
        self.identities = {"image": self.pictures.identity, "mesh": MESH, "sound": SOUND, "text": TEXT}
        self.start = self.scenario.start_time
        self.rows: dict[int, list[list[Any]]] = {}
        self.decisions: list[tuple[int, dict[str, Any]]] = []
        self.item = 0

    def begin(self) -> None:
        """Scenario, land, cast."""
        land = Recording(LandGenerator(), self.answers)
        self.terrain, self.settlement = make_land(land, self.scenario)
        cast = make_cast(7, self.scenario.agents, self.settlement)
        self.cast: list[Persona] = [replace(person, name=self.texts.name(person.name)) for person in cast]
        wall = {"type": "start", "wall": "2026-03-01T09:00:00+00:00", "epoch": 1, "software": {"worldloom": "0.1.0"}}
        self.log.append(EntryKind.START, self.start, None, wall)
        body = {
            "type": "scenario",
            "scenario": self.scenario.content(),
            "source": "11" * 32,
            "generators": {kind: identity.content() for kind, identity in self.identities.items()},
        }
        digest = self.log.append(EntryKind.SCENARIO, self.start, body).content_digest
        genesis = {
            "type": "genesis",
            "terrain": self.terrain.digest,
            "settlement": self.settlement.digest,
            "state": "22" * 32,
            "personas": [person.content() for person in self.cast],
            "parents": [digest.hex()],
        }
        self.genesis = self.log.append(EntryKind.GENESIS, self.start, genesis).content_digest.hex()

    def event(self, time: int, actor: str, kind: str, **fields: Any) -> str:
        """Note an event of a step of its own; returns its id."""
        row = [time, fields.get("duration", 0), actor, kind, fields.get("target"), fields.get("place")]
        row += [fields.get("cause"), fields.get("detail", {})]
        assert time not in self.rows, "one event a second, please"
        self.rows[time] = [row]
        return f"event-{time}-{'w' if actor == 'scenario' else 0}-0"

    def say(
        self,
        time: int,
        speaker: int,
        hearer: int,
        text: str,
        source: str = "",
        place: str = "place-0",
        spoken: str = "",
    ) -> str:
        """Let somebody tell somebody something."""
        detail = {"text": self.texts.speech(text), "source": source, "heard": [f"agent-{hearer}"]}
        detail |= {"spoken": self.texts.speech(spoken)} if spoken else {}
        return self.event(
            time, f"agent-{speaker}", "say", target=f"agent-{hearer}", place=place, duration=5, detail=detail
        )

    def portraits(self) -> None:
        """Paint everybody but the last."""
        for number, person in enumerate(self.cast[:-1]):
            told = {"name": person.name, "age": person.age, "job": person.job, "mood": "calm", "slot": "genesis"}
            self.keep(self.start, number, "portrait", "image", self.genesis, f"Portrait of {person.name}", told)

    def make(self, time: int, agent: int, craft: str, kind: str, **parameters: str) -> Artifact:
        """Let somebody make something, decided and signed; others see it later if `event` says so."""
        decision = self._decide(time, agent, craft, parameters)
        artifact = self.keep(time, agent, craft, kind, decision, parameters.get("title") or f"A {craft}", parameters)
        self._put_up(time, agent, craft, artifact)
        return artifact

    def sing(self, time: int, agent: int, title: str, words: str, heard: Sequence[int]) -> Artifact:
        """Let somebody make a song of these words and sing it."""
        decision, said = self._decide(time, agent, "song", {"subject": "merry"}), self.texts.letter(words)
        text = self.keep(time, agent, "words", "text", decision, title, {"text": words, "mood": "merry"})
        told = {"mood": "merry", "words": clean_text(said).strip()[:400]}
        read = (file_digest(text.payload).hex(),)
        song = self.keep(time, agent, "song", "sound", decision, title, told, inputs=read)
        self.item += 1
        detail = {"thing": "song", "name": song.title, "artifact": song.digest}
        item, who = f"item-{self.item}", f"agent-{agent}"
        self.event(time, who, "make", target=item, cause=f"decision-{time}-{agent}-0", duration=1800, detail=detail)
        sung = detail | {"mood": "merry", "heard": [f"agent-{each}" for each in heard]}
        self.event(time + 1900, who, "sing", target=item, place="place-0", duration=60, detail=sung)
        return song

    def keep(
        self,
        time: int,
        agent: int,
        craft: str,
        kind: str,
        parent: str,
        title: str,
        parameters: Mapping[str, Any],
        inputs: tuple[str, ...] = (),
    ) -> Artifact:
        """Have something made, signed, stored and logged."""
        request = Request(kind, craft, f"agent-{agent}", time, 0, 11 + time, f"Make {craft}: {parameters}")
        request = replace(request, parameters={"craft": craft, **parameters}, inputs=inputs)
        answer = self._answer(request, craft)
        self.answers.put(request.content(), answer.content(), answer.payload)
        payload = answer.payload
        recipe = Recipe(
            kind=kind,
            generator=self.identities[kind],
            request=request.digest,
            prompt=request.prompt,
            agent=request.agent,
            time=time,
            purpose=craft,
            occurrence=0,
            seed=request.seed,
            parameters=request.parameters,
            parents=(parent,),
            inputs=inputs,
        )
        artifact = Artifact(payload, answer.media_type, recipe, self.texts.title(title))
        signed = self.signer.sign(payload, Making.of(artifact, ORIGIN))
        path = self.store.put(artifact, signed)
        self.log.append(EntryKind.ARTIFACT, time, artifact.content(), self._evidence(path, signed))
        return artifact

    def end(self) -> None:
        """Events in order, the map, a snapshot of needs, the end."""
        for time in sorted(self.rows):
            range_ = -1 if self.rows[time][0][2] == "scenario" else 0
            self.log.append(EntryKind.EVENTS, time, EventBlock(time, range_, self.rows[time]))
        finish = self.start + self.scenario.hours * HOUR
        picture = draw_map(self.terrain, self.settlement, [], side=400)
        recipe = Recipe("map", EXPORTER, "", "", "world", finish, "export", 0, 0, parents=(self.genesis,))
        making = Making("Map", "image/png", "map", "world", EXPORTER, origin=ORIGIN)
        signed = self.signer.sign(picture, making)
        self.store.write_named("world/map.png", signed)
        body = {"type": "export", "path": "world/map.png", "media_type": "image/png", "state": "33" * 32}
        body |= {"recipe": recipe.content()}
        self.log.append(EntryKind.EXPORT, finish, body, self._evidence("world/map.png", signed))
        end = {"type": "end", "state": "33" * 32, "counts": {}, "measures": {"knows_of_feast": 4}}
        self.log.append(EntryKind.END, finish, end)
        self.answers.flush()
        self.log.commit()
        self.snapshot(finish - HOUR)

    def snapshot(self, time: int) -> None:
        """Put needs on the disk as a snapshot has them."""
        count = len(self.cast)
        needs = {need: [(137 * row + shift + time // 60) % 1000 for row in range(count)] for shift, need in _NEEDS}
        part = canonical({"world": {"number": list(range(count)), **needs}, "minds": {}})
        self.storage.write(snapshot_part(time, "agents-0.json"), part)
        commit = {"time": time, "content_count": 1, "log_size": 1, "files": {"agents-0.json": file_digest(part).hex()}}
        self.storage.write(snapshot_commit(time), canonical(commit))

    def _decide(self, time: int, agent: int, craft: str, parameters: dict[str, str]) -> str:
        body = {
            "type": "decision",
            "id": f"decision-{time}-{agent}-0",
            "agent": f"agent-{agent}",
            "round": 0,
            "purpose": "act",
            "request": file_digest(f"{time} {agent}".encode()).hex(),
            "answer": "44" * 32,
            "prompt": "55" * 32,
            "template": "aa" * 32,
            "action": {"kind": "make", "arguments": {"craft": craft, "subject": parameters.get("subject", "")}},
            "status": "ok",
            "reason": "",
            "memories": [{"id": f"memory-{agent}-3", "source": f"event-{self.start}-w-0"}],
            "observed": [],
            "generator": "text",
            "parents": [self.genesis],
        }
        return self.log.append(EntryKind.DECISION, time, body).content_digest.hex()

    def _answer(self, request: Request, craft: str) -> Answer:
        if request.kind == "text":
            words = self.texts.letter(str(request.parameters["text"]))
            return Answer(payload=words.encode(), media_type="text/plain")
        if request.kind == "sound":
            return Answer(payload=wav(), media_type="audio/wav")
        if request.kind == "mesh":
            return Answer(payload=to_glb(draw_program(7, 3)[0]), media_type="model/gltf-binary")
        answer = self.pictures.generate([request])[0]
        assert answer.payload, f"{craft}: {answer.detail}"
        return answer

    def _put_up(self, time: int, agent: int, craft: str, artifact: Artifact) -> None:
        self.item += 1
        item = f"item-{self.item}"
        detail = {"thing": craft, "name": artifact.title, "artifact": artifact.digest}
        cause = f"decision-{time}-{agent}-0"
        self.event(time, f"agent-{agent}", "make", target=item, cause=cause, duration=1500, detail=detail)
        shown = detail | {"how": "put up"}
        if craft == "letter":
            given = {"target": f"agent-{(agent + 2) % len(self.cast)}", "place": "place-0"}
            self.event(time + 1600, f"agent-{agent}", "give", detail=detail | {"item": item}, **given)
        else:
            self.event(time + 1600, f"agent-{agent}", "use", target=item, place="place-0", detail=shown)
        viewer = (agent + 1) % len(self.cast)
        self.event(time + 1801, f"agent-{viewer}", "read" if craft == "letter" else "see", target=item, detail=detail)

    def _evidence(self, path: str, signed: Any) -> dict[str, Any]:
        return {
            "type": "file",
            "path": path,
            "file": file_digest(signed.data).hex(),
            "sidecar": file_digest(signed.sidecar).hex() if signed.sidecar else "",
            "manifest": signed.manifest,
            "serial": signed.serial,
        }


_NEEDS = ((0, "hunger"), (311, "tiredness"), (620, "company"))


def live(run: HandMadeRun) -> None:
    """Portraits, a fact that spreads, six things, some work and rest."""
    run.begin()
    run.portraits()
    start = run.start
    fact = run.event(
        start, "scenario", "tell", target="agent-0", detail={"text": run.texts.speech("There is a feast tonight.")}
    )
    for number in range(len(run.cast)):
        place = run.cast[number].work or run.cast[number].home
        run.event(start + 61 + number, f"agent-{number}", "move", target=place, duration=600)
        run.event(start + 661 + number, f"agent-{number}", "arrive", target=place, place=place)
        run.event(start + 701 + number, f"agent-{number}", "work", place=place, duration=6 * HOUR)
        run.event(
            start + 11 * HOUR + number, f"agent-{number}", "rest", duration=8 * HOUR, detail={"asleep": number % 2 == 0}
        )
    first = run.say(start + HOUR, 0, 1, "Have you heard? A feast tonight.", fact)
    second = run.say(start + HOUR + 60, 1, 2, "They say there is a feast.", first)
    run.say(start + HOUR + 90, 2, 1, "Somebody greeted somebody.", "", spoken="Good morning.")
    run.say(start + 3 * HOUR, 2, 3, "A feast tonight, at seven!", second, "place-1")
    run.say(start + 4 * HOUR, 0, 3, "Will you come to the feast?", fact, "place-1")
    run.make(start + 2 * HOUR, 1, "emblem", "image", subject="a fish", title="The fish of the house")
    run.make(start + HOUR + 1200, 5, "tile", "image", thing="boat", colour="red", title="Red boat tile")
    run.make(start + 2 * HOUR + 300, 2, "sign", "image", subject="bread", text="Bread", title="Sign: Bread")
    run.make(start + 5 * HOUR, 3, "letter", "text", text="Dear Ida,\ncome to the feast.\nYours", title="A letter")
    run.sing(start + 5 * HOUR + 400, 4, "Merry song: a feast", "Come to the feast,\nthe last and the least.", (1, 2))
    run.make(start + 6 * HOUR, 0, "prop", "mesh", thing="barrel", title="An oak barrel")
    run.end()


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory) -> HandMadeRun:
    """A calm day."""
    run = HandMadeRun(tmp_path_factory.mktemp("by-hand"), Texts())
    live(run)
    return run


@pytest.fixture(scope="session")
def make_by_hand() -> Callable[..., HandMadeRun]:
    """Give a function that makes such a run with chosen texts."""

    def make(folder: Path, texts: Texts) -> HandMadeRun:
        run = HandMadeRun(folder, texts)
        live(run)
        return run

    return make


@pytest.fixture(scope="session")
def texts() -> type[Texts]:
    """The class of chosen texts."""
    return Texts


LIVED = '''"""Six people, three hours of a morning; one of them knows of a feast."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="lived", agents=6, hours=3, seed=3, world={"size": 128}, generators={"text": "rules"})


@scenario.at(time="06:00")
def feast(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a feast at the inn tonight at seven.")
'''


@pytest.fixture(scope="session")
def lived(tmp_path_factory) -> Storage:
    """The folder of a run that really happened, world and all."""
    folder = tmp_path_factory.mktemp("lived")
    (folder / "lived.py").write_text(LIVED)
    options = RunOptions(scenario=str(folder / "lived.py"), out=folder / "run", placement=Placement(local=True))
    return Storage(LocalDisk(run(options, Silent()).run))
