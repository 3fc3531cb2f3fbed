"""How many entries a second the log takes, batched: append, commit, everything on a real disk.

Budget: 100,000 entries a second (docs/design.md, Budgets). Prints entries a second with their bodies made
canonical, digested, committed and synced, and without the disk (a commit waits for two fsyncs a 256 entries); the best
of the rounds, since others who use machine and disk can only slow them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness import ORIGIN, Budget, report
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Disk, LocalDisk, Storage


class Settings(NamedTuple):
    entries: int
    batch: int
    blocks: int
    rows: int = 4096
    rounds: int = 3
    seed: int = 1


BUDGETS = {"small_entries_per_second_disk": Budget(100_000, least=True)}
FULL = Settings(entries=100_000, batch=20_000, blocks=20)
SMALL = Settings(entries=1000, batch=300, blocks=2, rows=100, rounds=1)


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
    private = Ed25519PrivateKey.from_private_bytes(FULL.seed.to_bytes(32, "big"))
    return NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)


def measure(make_body: Callable[[int], dict[str, object]], disk: Disk, settings: Settings) -> float:
    """Seconds for all entries with such bodies, in batches, each committed to the disk."""
    bodies = [make_body(number) for number in range(settings.entries)]
    storage = Storage(disk)
    start = time.perf_counter()
    writer = LogWriter.create(storage, ORIGIN, signer())
    for number, content in enumerate(bodies):
        writer.append(EntryKind.DECISION, number // 1000, content)
        if (number + 1) % settings.batch == 0:
            writer.commit()
    writer.commit()
    seconds = time.perf_counter() - start
    reader = LogReader(storage, [signer().verifier])
    assert reader.size == settings.entries
    assert reader.root() == reader.checkpoint.root
    return seconds


def measure_rows(disk: Disk, settings: Settings) -> float:
    """Seconds for event blocks: the form in which agents that ask no model reach the log."""
    rows = [(60, 30, f"agent-{row}", "walk", None, "place-1", None, None) for row in range(settings.rows)]
    writer = LogWriter.create(Storage(disk), ORIGIN, signer())
    start = time.perf_counter()
    for block in range(settings.blocks):
        writer.append(EntryKind.EVENTS, 60, EventBlock(60, block, rows))
    writer.commit()
    return time.perf_counter() - start


def figures(settings: Settings) -> dict[str, int]:
    result = {}
    for where in ("disk", "memory"):
        with tempfile.TemporaryDirectory() as folder:
            for name, measured, count in (
                ("small_entries", partial(measure, small), settings.entries),
                ("decision_entries", partial(measure, decision), settings.entries),
                ("event_rows", measure_rows, settings.blocks * settings.rows),
            ):
                disks = [disk_of(where, Path(folder) / f"{name}-{number}") for number in range(settings.rounds)]
                seconds = min(measured(disk, settings) for disk in disks)
                result[f"{name}_per_second_{where}"] = round(count / seconds)
    return result


def disk_of(where: str, folder: Path) -> Disk:
    return LocalDisk(folder) if where == "disk" else PowerLossDisk()


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
