"""A small real run made by hand through the foundation, with a hook at every value for those who want to forge it.

A conftest takes its fixtures from here.

Two agents, two steps: decisions, one PNG and one letter, events, a snapshot, an export, the end, report, SEAL, zip.
"""

from __future__ import annotations

import io
import shutil
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.audit.findings import AuditResult, State
from worldloom.provenance.audit.judge import judge_run
from worldloom.provenance.audit.opened import OpenRun
from worldloom.provenance.audit.steps import STEPS
from worldloom.provenance.bundle import pack, zip_seal
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import ANSWER, digest_json, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import (
    REPORT,
    SCENARIO_JSON,
    SCENARIO_PY,
    RunFile,
    artifact_path,
    certificate_path,
    origin,
    outside_seal,
    sidecar,
    snapshot_commit,
    snapshot_folder,
    snapshot_part,
    write_run,
)
from worldloom.provenance.keys import Keystore, Operator, RunAuthority, SigningKey
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.making import Making
from worldloom.provenance.media import EXTENSIONS
from worldloom.provenance.note import sign_note
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.profile import define
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.seal import Seal, SealedCertificate, SealedFile, SealedSegment, seal_of_file
from worldloom.provenance.signing import EMPTY_FILE, CredentialSigner, SignedFile
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import run_certificates

RUN = "run-village"
ORIGIN = origin(RUN)
START = 21600
WALL = "2026-11-24T06:00:00+00:00"
SOURCE = b"scenario = 'village'\n"
TEXT = Identity("rules", "rules-1", template="11" * 32, output_licence="Apache-2.0")
PAINTER = Identity("procedural", "emblem-1", output_licence="Apache-2.0")
EXPORTER = Identity("worldloom", "export-glb-1", source_type="compositeSynthetic")
REPORTER = Identity("worldloom", "report-1", source_type="dataDrivenMedia")
PACKER = Identity("worldloom", "bundle-1", source_type="compositeSynthetic")
AUTHOR = Identity("person", "scenario", source_type="digitalCreation")
GLB = b"glTF" + struct.pack("<II", 2, 48) + struct.pack("<I4s", 28, b"JSON") + b'{"asset":{"version":"2.0"}}'.ljust(28)

Twist = Callable[[Any], Any]


def png(side: int = 12, shade: int = 9) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([row, shade, 7]) * side for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class Maker:
    """Writes a run into a storage. `twists` maps names of values to functions that forge them."""

    storage: Storage
    operator: Operator
    twists: Mapping[str, Twist] = field(default_factory=dict)
    run_id: str = RUN
    used: set[str] = field(default_factory=set)

    def alter(self, name: str, value: Any) -> Any:
        if name not in self.twists:
            return value
        self.used.add(name)
        return self.twists[name](value)

    def make(self) -> Maker:
        self._begin()
        self._step_one()
        self._step_two()
        self._close()
        self.seal()
        unused = set(self.twists) - self.used - {"seal"}
        assert not unused, f"no value of that name was forged: {unused}"
        return self

    @property
    def origin(self) -> str:
        return origin(self.run_id)

    def _begin(self) -> None:
        write_run(self.storage, self.alter("run", RunFile(self.run_id)))
        self.authority = RunAuthority(self.operator, self.run_id, 1)
        self.key: SigningKey = self.authority.issue("conductor")
        self.storage.write(certificate_path("ca", 1), self.authority.certificate_pem)
        self.storage.write(certificate_path("conductor", 1), self.key.certificate_pem)
        self.signer = CredentialSigner(self.alter("signer", self.key))
        scenario = {"name": "village", "seed": 7, "agents": 2}
        self.storage.write(SCENARIO_JSON, canonical(self.alter("scenario.json", scenario)))
        self.answers = AnswerBook(self.storage)
        self.log = LogWriter.create(self.storage, self.origin, self.key.note_key(self.origin))
        numeric = {"machine": "x86_64"}
        start = {"type": "start", "wall": WALL, "epoch": 1, "software": {"worldloom": "0"}, "numeric_class": numeric}
        self.append("start", EntryKind.START, START, evidence=start)
        for role, serial in (("ca", self.authority.serial), ("conductor", self.key.serial)):
            path = certificate_path(role, 1)
            digest = file_digest(self.storage.read(path)).hex()
            said = {"type": "certificate", "role": role, "serial": serial, "path": path, "sha256": digest}
            self.append(f"certificate {role}", EntryKind.CERTIFICATE, START, evidence=said)
        making = Making("village.py", "text/x-python", "scenario", "scenario", AUTHOR, origin=self.origin)
        said = self.file(SCENARIO_PY, SOURCE, making)
        body = {
            "type": "scenario",
            "scenario": scenario,
            "source": file_digest(SOURCE).hex(),
            "generators": {"text": TEXT.content(), "image": PAINTER.content()},
        }
        digest = self.append("scenario", EntryKind.SCENARIO, START, body, said)
        personas = [{"agent": "agent-0", "name": "Ada"}, {"agent": "agent-1", "name": "Ben"}]
        state = "22" * 32
        genesis = {"type": "genesis", "terrain": state, "settlement": state, "state": state, "personas": personas}
        self.genesis = self.append("genesis", EntryKind.GENESIS, START, {**genesis, "parents": [digest]})
        self.commit("begin")
        self._snapshot()

    def _snapshot(self) -> None:
        parts = {"world.json": canonical({"time": START}), "agents-0.json": canonical({"agent-0": 1})}
        files = {snapshot_part(START, name): data for name, data in parts.items()}
        files[snapshot_commit(START)] = canonical({"time": START})
        said = {
            "type": "snapshot",
            "path": snapshot_folder(START),
            "files": {path: file_digest(data).hex() for path, data in files.items()},
            "content_count": 2,
        }
        for path, data in files.items():
            self.storage.write(path, self.alter(f"file {path}", data))
        self.append("snapshot", EntryKind.SNAPSHOT, START, evidence=said)

    def _step_one(self) -> None:
        painted = self.decision(0, START, 0, "paint an emblem")
        wrote = self.decision(1, START, 0, "write a letter")
        self.picture = self.artifact("picture", 0, painted, PAINTER, "image/png", png())
        self.letter = self.artifact("letter", 1, wrote, TEXT, "text/plain", b"Come to the feast tonight.\n")
        rows = [
            (START, 60, "agent-0", "make", None, "place-1", f"decision-{START}-0-0", {"artifact": self.picture.digest}),
            (START, 9, "agent-1", "say", "agent-0", "place-1", f"decision-{START}-1-0", {"text": "A feast!"}),
        ]
        self.events("events one", START, 0, rows)
        self.events(
            "world events", START, -1, [(START, 0, "scenario", "tell", "agent-1", None, "scenario", {"text": "x"})]
        )
        self.commit("one")

    def _step_two(self) -> None:
        time = START + 60
        memory = [{"id": "memory-0-1", "source": f"event-{START}-0-1"}]
        self.decision(0, time, 0, "go", memories=memory)
        self.decision(1, time, 0, "wait")
        self.decision(0, time, 1, "answer")
        rows = [
            (time, 60, "agent-0", "move", None, "place-1", f"decision-{time}-0-0", {}),
            (time, 0, "agent-1", "see", "item-1", None, f"event-{START}-0-0", {"artifact": self.picture.digest}),
        ]
        self.events("events two", time, 0, rows)
        self.commit("two")

    def _close(self) -> None:
        time, state = START + 120, "33" * 32
        recipe = Recipe("world", EXPORTER, "", "", "world", time, "export", 0, 0, {"state": state}, (self.genesis,))
        making = Making(
            "The world",
            "model/gltf-binary",
            "world",
            "world",
            EXPORTER,
            time=time,
            parameters=recipe.parameters,
            parents=recipe.parents,
            origin=self.origin,
        )
        said = self.file("world/world.glb", GLB, making)
        body = {
            "type": "export",
            "path": "world/world.glb",
            "media_type": "model/gltf-binary",
            "recipe": recipe.content(),
        }
        self.append("export", EntryKind.EXPORT, time, {**body, "state": state}, said)
        counts = {"decisions": 5, "artifacts": 2, "events": 5}
        self.append("end", EntryKind.END, time, {"type": "end", "state": state, "counts": counts})
        self.commit("end")
        self.log.tidy()
        page = Making("Report", "text/html", "report", "world", REPORTER, origin=self.origin)
        self.file(REPORT, b"<!doctype html><title>village</title>\n", page)

    def decision(self, agent: int, time: int, round_: int, text: str, memories: Any = ()) -> str:
        """Record question and answer and log the decision; returns its content digest."""
        name = f"decision {agent} {time - START} {round_}"
        request = {"kind": "text", "agent": f"agent-{agent}", "time": time, "occurrence": round_, "prompt": text}
        answer = {"status": "ok", "text": text, "payload": ""}
        digest = self.answers.put(request, self.alter(f"answer of {name}", answer))
        body = {
            "type": "decision",
            "id": f"decision-{time}-{agent}-{round_}",
            "agent": f"agent-{agent}",
            "round": round_,
            "request": digest,
            "answer": digest_json(ANSWER, answer).hex(),
            "action": {"kind": "wait"},
            "memories": list(memories),
            "observed": [],
            "generator": "text",
            "parents": [self.genesis],
        }
        return self.append(name, EntryKind.DECISION, time, body)

    def artifact(
        self,
        name: str,
        agent: int,
        decision: str,
        identity: Identity,
        media_type: str,
        payload: bytes,
        inputs: tuple[str, ...] = (),
    ) -> Artifact:
        """Record, sign, store and log a made thing; `inputs` are digests of payloads that it was made from."""
        request = {"kind": name, "agent": f"agent-{agent}", "time": START, "occurrence": 0, "prompt": f"a {name}"}
        answer = {"status": "ok", "text": "", "payload": file_digest(payload).hex() if payload else ""}
        digest = self.answers.put(request, answer, payload)
        recipe = Recipe(
            name, identity, digest, f"a {name}", f"agent-{agent}", START, "make", 0, 2**63, {"size": 12}, (decision,)
        )
        recipe = replace(recipe, inputs=inputs)
        artifact = self.alter(f"artifact {name}", Artifact(payload, media_type, recipe, f"The {name}"))
        path = artifact_path(artifact.digest, EXTENSIONS[media_type])
        said = self.file(path, payload, Making.of(artifact, self.origin), name)
        self.append(name, EntryKind.ARTIFACT, START, artifact.content(), said)
        return artifact

    def file(self, path: str, payload: bytes, making: Making, name: str | None = None) -> dict[str, Any]:
        """Sign and store a file; returns its evidence."""
        name = name or path
        bytes_, said = self.alter(f"payload {name}", payload), self.alter(f"making {name}", making)
        signed: SignedFile = self.signer.sign(bytes_, said) if bytes_ else EMPTY_FILE
        signed = self.alter(f"signed {name}", signed)
        if signed.sidecar is not None:
            self.storage.write(sidecar(path), signed.sidecar)
        self.storage.write(path, signed.data)
        told = {
            "type": "file",
            "path": path,
            "file": file_digest(signed.data).hex(),
            "sidecar": "" if signed.sidecar is None else file_digest(signed.sidecar).hex(),
            "manifest": signed.manifest,
            "serial": signed.serial,
            "wall": WALL,
            "device": "cpu",
        }
        return told | ({"unsigned": signed.unsigned} if signed.unsigned else {})

    def events(self, name: str, time: int, range_: int, rows: list[Any]) -> None:
        self.append(name, EntryKind.EVENTS, time, EventBlock(time, range_, self.alter(f"rows of {name}", rows)))

    def append(self, name: str, kind: int, time: int, body: Any = None, evidence: Any = None) -> str:
        """Append an entry, forged if asked; `before` and `after` twists may append others."""
        self.alter(f"before {name}", self)
        body, evidence = self.alter(name, body), self.alter(f"evidence {name}", evidence)
        if body is None and evidence is None:
            return ""
        added = self.log.append(kind, time, body, evidence)
        self.alter(f"after {name}", self)
        return "" if added.content_digest is None else added.content_digest.hex()

    def commit(self, name: str) -> None:
        self.answers.flush()
        self.log.commit()
        self.alter(f"commit {name}", self)

    def seal(self) -> None:
        """Seal the folder as it is, whatever is in it."""
        seal = self.alter("seal", self.forced_seal())
        self.storage.write("SEAL", sign_note(seal.text(), [self.key.note_key(self.origin)]))

    def forced_seal(self) -> Seal:
        """What `make_seal` gives, for folders too that it refuses."""
        storage = self.storage
        sealed = [seal_of_file(path, storage.read(path)) for path in storage.files() if not outside_seal(path)]
        return Seal(
            origin=self.origin,
            checkpoint=LogReader(storage).checkpoint,
            content_root=self.log.content_root().hex(),
            certificates=tuple(SealedCertificate(each.path, each.serial) for each in run_certificates(storage)),
            counts={"artifacts": 2, "decisions": 5},
            files=tuple(each for each in sealed if isinstance(each, SealedFile)),
            segments=tuple(each for each in sealed if isinstance(each, SealedSegment)),
        )

    def change(self, path: str, change: Callable[[bytes], bytes]) -> Maker:
        """Change a file and seal again."""
        self.storage.write(path, change(self.storage.read(path)))
        self.seal()
        return self

    def packed(self) -> tuple[bytes, bytes]:
        """The zip and its seal."""
        making = Making("The run", "application/zip", "bundle", "operator", PACKER, origin=self.origin)
        data = pack(self.storage, self.signer.sign, making)
        return data, zip_seal(data, self.key.note_key(self.origin))

    def judge(self, *, without: str = "", anchors: list[bytes] | None = None, **more: Any) -> AuditResult:
        """Audit with all steps, or all but one; `more` is what an opened run takes besides."""
        known = [self.operator.certificate_pem] if anchors is None else anchors
        run = OpenRun(self.storage, anchors=known, at=datetime.now(UTC), state=State.SEALED, **more)
        return judge_run(run, "", [step for step in STEPS if step.name != without])


@pytest.fixture(scope="session")
def operator(tmp_path_factory) -> Operator:
    return Keystore.open(tmp_path_factory.mktemp("operator")).operator


@pytest.fixture(scope="session")
def stranger(tmp_path_factory) -> Operator:
    return Keystore.open(tmp_path_factory.mktemp("stranger")).operator


@pytest.fixture(scope="session")
def maker() -> type[Maker]:
    return Maker


@pytest.fixture(scope="session")
def forged(operator) -> Callable[..., Maker]:
    """Make a run in memory with some values forged, sealed with its own key."""

    def forge(twists: Mapping[str, Twist] | None = None, **options: Any) -> Maker:
        options = {"operator": operator, **options}
        return Maker(Storage(PowerLossDisk()), twists=twists or {}, **options).make()

    return forge


@dataclass(frozen=True)
class OnDisk:
    """A run folder with its zip beside it, and who made it."""

    path: Path
    maker: Maker

    @property
    def zip(self) -> Path:
        return self.path.with_name(f"{self.path.name}.zip")

    @property
    def anchors(self) -> list[bytes]:
        return [self.maker.operator.certificate_pem]


@pytest.fixture(scope="session")
def original(tmp_path_factory, operator) -> OnDisk:
    """The run on disk; never change it: `run` gives copies."""
    path = tmp_path_factory.mktemp("runs") / "village-1"
    path.mkdir()
    made = Maker(Storage(LocalDisk(path)), operator).make()
    data, seal = made.packed()
    path.with_name("village-1.zip").write_bytes(data)
    path.with_name("village-1.zip.seal").write_bytes(seal)
    return OnDisk(path, made)


@pytest.fixture
def run(original, tmp_path) -> OnDisk:
    """A copy of the run on disk."""
    copy = tmp_path / "moved" / "village-1"
    shutil.copytree(original.path.parent, copy.parent)
    return OnDisk(copy, original.maker)


class BadIngredient:
    """Signs as CredentialSigner does, with a tampered picture among the ingredients."""

    def __init__(self, picture):
        self.picture = picture
        self.signer = None

    def remember(self, making):
        self.making = making
        return making

    def sign(self, payload, making, signer):
        from c2pa import Builder

        definition = define(making)
        with Builder(definition.manifest, context=signer._context) as builder:
            damaged = self.picture.replace(b"IDAT", b"IDAt")
            builder.add_ingredient({"title": "part", "relationship": "componentOf"}, "image/png", io.BytesIO(damaged))
            builder.set_no_embed()
            store = builder.sign(signer._signer, making.media_type, io.BytesIO(payload), io.BytesIO())
        return SignedFile(payload, bytes(store), definition.label, signer._key.serial)

    def __call__(self, signed):
        return self.sign(signed.data, self.making, self.signer)


@pytest.fixture
def with_a_bad_ingredient(original, maker, monkeypatch):
    picture = original.maker.storage.read(artifact_path(original.maker.picture.digest, "png"))
    bad = BadIngredient(picture)
    go_on = maker._close

    def close(made):
        bad.signer = made.signer
        go_on(made)

    monkeypatch.setattr(maker, "_close", close)
    return bad
