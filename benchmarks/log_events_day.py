"""What the log costs when 100,000 agents live for a day, and whether one event of it is proved out of its block.

Budget: 100,000 agent-steps a CPU-second for agents that ask no model, log included (docs/design.md); here is the log's
part of that: rows checked, hashed, written as Arrow, committed to a disk, heads signed. A day is 288 steps of five
minutes; one agent-step in ten brings an event (a village of the rules: one in seven; people who follow a plan: one in
thirteen). An event of the evening is then proved to a verifier who has the operator's certificate and not the run.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from harness import Budget, report
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import RunFile, certificate_path, origin, write_run
from worldloom.provenance.ids import EVENT_BLOCK_IDS, EventId
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_proving import ProvenLog
from worldloom.provenance.log_verifying import Policy, verify_proof
from worldloom.provenance.storage import LocalDisk, Storage

STEP = 300
RUN = "benchmark"


class Settings(NamedTuple):
    agents: int
    steps: int
    one_in: int = 10
    commit_every: int = 5


BUDGETS = {
    "log_share_of_the_budget": Budget(0.25),
    "prove_event_ms": Budget(1000),
    "event_proved": Budget(1, least=True),
}
FULL = Settings(agents=100_000, steps=288)
SMALL = Settings(agents=5_000, steps=3)
OF_THE_BUDGET = 100_000
"""Agent-steps a CPU-second that the whole engine may cost."""


def rows_of(settings: Settings, range_: int, step: int) -> list[tuple[object, ...]]:
    """Events of one step in one range: every tenth agent, others in each step."""
    first, last = range_ * EVENT_BLOCK_IDS, min((range_ + 1) * EVENT_BLOCK_IDS, settings.agents)
    time_ = step * STEP
    start = first + (step * 7 - first) % settings.one_in
    return [
        (
            time_,
            30,
            f"agent-{agent}",
            "walk",
            None,
            f"place-{agent % 400}",
            None,
            {"to": f"place-{(agent + step) % 400}"},
        )
        for agent in range(start, last, settings.one_in)
    ]


def live(writer: LogWriter, settings: Settings) -> tuple[float, int]:
    """CPU seconds of the log's part of all steps, and rows written; making up the rows is not counted."""
    ranges = -(-settings.agents // EVENT_BLOCK_IDS)
    rows, seconds = 0, 0.0
    for step in range(settings.steps):
        made = [rows_of(settings, range_, step) for range_ in range(ranges)]
        began = time.process_time()
        for range_, events in enumerate(made):
            writer.append(EntryKind.EVENTS, step * STEP, EventBlock(step * STEP, range_, events))
            rows += len(events)
        if step % settings.commit_every == 0:
            writer.commit()
        seconds += time.process_time() - began
    began = time.process_time()
    writer.commit()
    return seconds + time.process_time() - began, rows


def begin(storage: Storage, store: Keystore) -> LogWriter:
    write_run(storage, RunFile(RUN))
    authority = RunAuthority(store.operator, RUN, 1)
    key = authority.issue("conductor")
    storage.write(certificate_path("ca", 1), authority.certificate_pem)
    storage.write(certificate_path("conductor", 1), key.certificate_pem)
    return LogWriter.create(storage, origin(RUN), key.note_key(origin(RUN)))


def figures(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "run"
        place.mkdir()
        storage, store = Storage(LocalDisk(place)), Keystore.open(Path(folder) / "keys")
        began = time.perf_counter()
        seconds, rows = live(begin(storage, store), settings)
        wall = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        wanted = EventId((settings.steps - 1) * STEP, settings.agents // EVENT_BLOCK_IDS // 2, 7)
        proof = ProvenLog(storage).event(wanted).encode()
        proving = time.perf_counter() - began
        began = time.perf_counter()
        verdict = verify_proof(proof, Policy(anchors=(store.operator.certificate_pem,)))
        verifying = time.perf_counter() - began
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    steps = settings.agents * settings.steps
    return {
        "agent_steps": steps,
        "events": rows,
        "log_cpu_seconds": round(seconds, 1),
        "agent_steps_per_cpu_second_of_the_log": round(steps / seconds),
        "events_per_cpu_second": round(rows / seconds),
        "log_share_of_the_budget": round(seconds / (steps / OF_THE_BUDGET), 3),
        "wall_seconds": round(wall, 1),
        "peak_memory_mb": round(peak),
        "folder_mb": round(size / 1e6),
        "event_proved": int(verdict.exit_code == 0 and verdict.event is not None),
        "prove_event_ms": round(proving * 1000, 1),
        "verify_event_ms": round(verifying * 1000, 1),
        "proof_bytes": len(proof),
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
