"""How fast the audit of a long run is on one process and on two, and the memory that it takes.

The run is a sealed one of people who decide every minute: each decision with a recorded answer to a prompt of 1.5 KB,
eight memories that it rests on, and an event that it causes. By the clock on the wall and by processors, the best of
some rounds; memory is the most that the process had that asked, and the largest of those that it started.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness import report
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import ANSWER, digest_json, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import REPORT, SCENARIO_JSON, SCENARIO_PY, RunFile, certificate_path, origin, write_run
from worldloom.provenance.ids import decision_id
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity
from worldloom.provenance.seal import make_seal, write_seal
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.store import ArtifactStore


class Settings(NamedTuple):
    entries: int
    agents: int
    rounds: int


FULL = Settings(entries=100_000, agents=200, rounds=3)
SMALL = Settings(entries=10, agents=3, rounds=1)
BUDGETS = {}
RUN = "run-benchmark"
STATE = "22" * 32
MEMORIES = 8
PROMPT = "It is a day like any other in the village, and somebody stands at the well.\n" * 20
AUTHOR = Identity("person", "scenario", source_type="digitalCreation")
REPORTER = Identity("worldloom", "report-1", source_type="dataDrivenMedia", output_licence="Apache-2.0")
TEXT = Identity("rules", "rules-1", template="11" * 32, output_licence="Apache-2.0")
_CODE = """
import json, os, re, resource, sys, time
from pathlib import Path
from worldloom.provenance.audit import audit

if __name__ == "__main__":
    begun = time.perf_counter()
    result = audit(Path(sys.argv[1]), anchors=[Path(sys.argv[2]).read_bytes()], jobs=int(sys.argv[3]))
    wall = time.perf_counter() - begun
    assert result.ok, result.findings[:3]
    spent = os.times()
    most = re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    print(json.dumps({
        "wall": wall,
        "cpu": spent.user + spent.system + spent.children_user + spent.children_system,
        "memory": int(most[1]) / 1024,
        "memory_of_others": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }))
"""


class Writer:
    """Writes a run of so many entries into a folder, as a run is written, and seals it."""

    def __init__(self, folder: Path, home: Path, agents: int) -> None:
        folder.mkdir()
        self.storage, self.agents = Storage(LocalDisk(folder)), agents
        keystore = Keystore.open(home)
        self.anchor = keystore.anchors()[0]
        authority = RunAuthority(keystore.operator, RUN, 1)
        self.key = authority.issue("conductor")
        self.signer = CredentialSigner(self.key)
        write_run(self.storage, RunFile(RUN))
        self.answers = AnswerBook(self.storage)
        self.log = LogWriter.create(self.storage, origin(RUN), self.key.note_key(origin(RUN)))
        for role, pem, serial in (
            ("ca", authority.certificate_pem, authority.serial),
            ("conductor", self.key.certificate_pem, self.key.serial),
        ):
            path = certificate_path(role, 1)
            self.storage.write(path, pem)
            said = {"type": "certificate", "role": role, "serial": serial, "path": path, "sha256": _hex(pem)}
            self.log.append(EntryKind.CERTIFICATE, 0, evidence=said)

    def write(self, entries: int) -> None:
        self._begin()
        step = 0
        while self.log.size < entries:
            self._step(step)
            step += 1
        self.log.append(EntryKind.END, 60 * step, {"type": "end", "state": STATE, "counts": {}})
        head = self.log.commit()
        self.log.tidy()
        self._signed(REPORT, "text/html", b"<!doctype html><title>x</title>\n", REPORTER, "report")
        seal = make_seal(self.storage, origin(RUN), head, self.log.content_root(), {})
        write_seal(self.storage, seal, self.key.note_key(origin(RUN)))

    def _begin(self) -> None:
        source, scenario = b"scenario = 'x'\n", {"name": "x"}
        self.storage.write(SCENARIO_JSON, canonical(scenario))
        said = self._signed(SCENARIO_PY, "text/x-python", source, AUTHOR, "scenario")
        generators = {"text": TEXT.content()}
        body = {"type": "scenario", "scenario": scenario, "source": _hex(source), "generators": generators}
        parent = self.log.append(EntryKind.SCENARIO, 0, body, said).content_digest
        personas = [{"agent": f"agent-{number}"} for number in range(self.agents)]
        world = {"terrain": STATE, "settlement": STATE, "state": STATE, "personas": personas}
        genesis = {"type": "genesis", **world, "parents": [(parent or b"").hex()]}
        self.genesis = (self.log.append(EntryKind.GENESIS, 0, genesis).content_digest or b"").hex()
        self.log.commit()

    def _signed(self, path: str, media_type: str, data: bytes, identity: Identity, kind: str) -> dict[str, Any]:
        signed = self.signer.sign(data, Making(kind, media_type, kind, "world", identity, origin=origin(RUN)))
        ArtifactStore(self.storage).write_named(path, signed)
        beside = _hex(signed.sidecar or b"")
        said = {"type": "file", "path": path, "file": _hex(signed.data), "sidecar": beside}
        return {**said, "manifest": signed.manifest, "serial": signed.serial}

    def _step(self, step: int) -> None:
        time = 60 * step
        for agent in range(self.agents):
            self.log.append(EntryKind.DECISION, time, self._decision(time, agent))
        rows = [
            (time, 60, f"agent-{agent}", "move", None, "place-1", decision_id(time, agent, 0), {"to": "the well"})
            for agent in range(self.agents)
        ]
        self.log.append(EntryKind.EVENTS, time, EventBlock(time, 0, rows))
        self.answers.flush()
        self.log.commit()

    def _decision(self, time: int, agent: int) -> dict[str, Any]:
        request = {"kind": "text", "agent": f"agent-{agent}", "time": time, "prompt": PROMPT}
        answer = {"status": "ok", "text": "walk to the well", "payload": ""}
        before = min(MEMORIES, self.agents) if time else 0
        memories = [{"id": f"memory-{agent}-{n}", "source": f"event-{time - 60}-0-{n}"} for n in range(before)]
        return {
            "type": "decision",
            "id": decision_id(time, agent, 0),
            "agent": f"agent-{agent}",
            "round": 0,
            "request": self.answers.put(request, answer),
            "answer": digest_json(ANSWER, answer).hex(),
            "action": {"kind": "move", "to": "place-1"},
            "memories": memories,
            "observed": [f"item-{number}" for number in range(MEMORIES)],
            "generator": "text",
            "parents": [self.genesis],
        }


def _hex(data: bytes) -> str:
    return file_digest(data).hex()


class Took(NamedTuple):
    """Seconds, and MB of the process that asked and of the largest that it started."""

    wall: float
    cpu: float
    memory: float
    memory_of_others: float


def took(room: Path, jobs: int, rounds: int) -> Took:
    """The best of some audits, each by a process of its own."""
    script = room / "audit_it.py"
    script.write_text(_CODE)
    command = [sys.executable, str(script), str(room / "run"), str(room / "anchor.pem"), str(jobs)]
    done = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(rounds)]
    found = [json.loads(each.stdout) for each in done]
    return Took(**{name: min(each[name] for each in found) for name in Took._fields})


def measured(settings: Settings, jobs: Sequence[int]) -> list[Took]:
    """Audits of a run of that size on so many processes."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        writer = Writer(room / "run", room / "keys", settings.agents)
        writer.write(settings.entries)
        (room / "anchor.pem").write_bytes(writer.anchor)
        return [took(room, each, settings.rounds) for each in jobs]


def figures(settings: Settings) -> dict[str, float]:
    one, two = measured(settings, (1, 2))
    (small,) = measured(SMALL, (1,))
    return {
        "entries_per_second_one_process": round(settings.entries / one.wall),
        "entries_per_second_two_processes": round(settings.entries / two.wall),
        "two_processes_over_one": round(one.wall / two.wall, 2),
        "entries_per_cpu_second_one_process": round(settings.entries / one.cpu),
        "entries_per_cpu_second_two_processes": round(settings.entries / two.cpu),
        "memory_mb_small_run": round(small.memory),
        "memory_mb_one_process": round(one.memory),
        "memory_mb_two_processes": round(two.memory),
        "memory_mb_largest_of_the_two": round(two.memory_of_others),
        "memory_kb_per_entry": round((one.memory - small.memory) * 1024 / settings.entries, 2),
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
