"""How many entries a second the log takes, batched: append, commit, everything on a real disk.

Budget: 100,000 entries a second (docs/design.md, Budgets). Prints entries a second with their bodies made
canonical, digested, committed and synced, and without the disk (a commit waits for two fsyncs a 256 entries);
writes them to benchmarks/results/log_append.json with machine, seed and commit.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Disk, LocalDisk, Storage

BUDGET = 100_000
ENTRIES = 100_000
BATCH = 20_000
BLOCKS = 20
ROWS = 4096
SEED = 1
ORIGIN = "worldloom.run/benchmark"
RESULT = Path(__file__).parent / "results" / "log_append.json"


def small(number: int) -> dict[str, object]:
    return {"type": "decision", "agent": f"agent-{number}", "request": f"{number:064x}"}


def decision(number: int) -> dict[str, object]:
    return {
        "type": "decision",
        "agent": f"agent-{number % 1000}",
        "round": 0,
        "request": f"{number:064x}",
        "prompt": f"{number + 1:064x}",
        "answer": f"{number + 2:064x}",
        "memories": [[f"memory-{number}", f"event-{number}-0-1"]],
        "action": {"kind": "walk", "target": "place-3"},
    }


def signer() -> NoteKey:
    private = Ed25519PrivateKey.from_private_bytes(SEED.to_bytes(32, "big"))
    return NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)


def measure(make_body: Callable[[int], dict[str, object]], disk: Disk) -> float:
    """Seconds for all entries with such bodies, in batches, each committed to the disk."""
    bodies = [make_body(number) for number in range(ENTRIES)]
    storage = Storage(disk)
    start = time.perf_counter()
    writer = LogWriter.create(storage, ORIGIN, signer())
    for number, content in enumerate(bodies):
        writer.append(EntryKind.DECISION, number // 1000, content)
        if (number + 1) % BATCH == 0:
            writer.commit()
    seconds = time.perf_counter() - start
    reader = LogReader(storage, [signer().verifier])
    assert reader.size == ENTRIES
    assert reader.root() == reader.checkpoint.root
    return seconds


def measure_rows(disk: Disk) -> float:
    """Seconds for event blocks: the form in which agents that ask no model reach the log."""
    rows = [(60, 30, f"agent-{row}", "walk", None, "place-1", None, None) for row in range(ROWS)]
    writer = LogWriter.create(Storage(disk), ORIGIN, signer())
    start = time.perf_counter()
    for block in range(BLOCKS):
        writer.append(EntryKind.EVENTS, 60, EventBlock(60, block, rows))
    writer.commit()
    return time.perf_counter() - start


def figures() -> dict[str, int]:
    result = {}
    for where in ("disk", "memory"):
        with tempfile.TemporaryDirectory() as folder:
            for name, measured, count in (
                ("small_entries", lambda disk: measure(small, disk), ENTRIES),
                ("decision_entries", lambda disk: measure(decision, disk), ENTRIES),
                ("event_rows", measure_rows, BLOCKS * ROWS),
            ):
                disk = LocalDisk(Path(folder) / name) if where == "disk" else PowerLossDisk()
                result[f"{name}_per_second_{where}"] = round(count / measured(disk))
    return result


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    measured = figures()
    result = {
        "benchmark": "log_append",
        "budget_entries_per_second": BUDGET,
        **measured,
        "entries": ENTRIES,
        "batch": BATCH,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:40} {value:>10,}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
