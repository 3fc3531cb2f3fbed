"""A log of a million entries: append on a disk, open it to go on, prove an entry, and the memory that this takes.

Budgets: 100,000 entries a second appended (docs/design.md), opened in 2 s, an entry proved in 5 ms. Opening is the
writer's: every entry is hashed and compared with the tiles and the signed root. A proof is checked as it is made. What
CPU seconds say beside the wall clock is what a machine without neighbours would do, waits for the disk apart.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness import ORIGIN, Budget, report
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.storage import LocalDisk, Storage


class Settings(NamedTuple):
    entries: int
    batch: int
    proofs: int
    seed: int = 1


BUDGETS = {
    "append_per_second": Budget(100_000, least=True),
    "open_seconds": Budget(2),
    "prove_ms": Budget(5),
    "prove_ms_worst": Budget(5),
}
FULL = Settings(entries=1_000_000, batch=20_000, proofs=500)
SMALL = Settings(entries=1_000, batch=300, proofs=5)


def signer(settings: Settings) -> NoteKey:
    private = Ed25519PrivateKey.from_private_bytes(settings.seed.to_bytes(32, "big"))
    return NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)


def append(storage: Storage, settings: Settings) -> None:
    writer = LogWriter.create(storage, ORIGIN, signer(settings))
    for number in range(settings.entries):
        writer.append(EntryKind.DECISION, number // 1000, {"type": "decision", "agent": f"agent-{number}", "round": 0})
        if (number + 1) % settings.batch == 0:
            writer.commit()
    writer.commit()


def open_again(storage: Storage, settings: Settings) -> None:
    writer = LogWriter.recover(storage, ORIGIN, signer(settings), [signer(settings).verifier])
    assert writer.size == settings.entries


def prove(storage: Storage, settings: Settings) -> list[float]:
    """Milliseconds of each proof: of entries all over the log, the first with nothing in memory."""
    log = LogReader(storage, [signer(settings).verifier])
    taken = []
    for number in range(settings.proofs):
        index = number * 7919 % settings.entries
        began = time.perf_counter()
        log.inclusion_proof(index)  # raises where entry, tiles and signed root do not agree
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def measured(work: Callable[[], object]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds, and by how many MB the process's peak of memory grew."""
    wall, cpu, peak = time.perf_counter(), time.process_time(), peak_mb()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu, peak_mb() - peak


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def figures(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage(LocalDisk(Path(folder)))
        appended = measured(lambda: append(storage, settings))
        opened = measured(lambda: open_again(storage, settings))
        proofs: list[float] = []
        proved = measured(lambda: proofs.extend(prove(storage, settings)))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    ordered = sorted(proofs)
    return {
        "append_per_second": round(settings.entries / appended[0]),
        "append_per_cpu_second": round(settings.entries / appended[1]),
        "append_memory_mb": round(appended[2], 1),
        "open_seconds": round(opened[0], 2),
        "open_cpu_seconds": round(opened[1], 2),
        "open_memory_mb": round(opened[2], 1),
        "prove_ms": round(ordered[len(ordered) // 2], 3),
        "prove_ms_worst": round(ordered[-1], 3),
        "prove_cpu_ms": round(proved[1] * 1000 / settings.proofs, 3),
        "prove_first_ms": round(proofs[0], 3),
        "prove_memory_mb": round(proved[2], 1),
        "folder_mb": round(size / 1e6, 1),
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
