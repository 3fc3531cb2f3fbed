"""How fast an audit goes through a folder of media, on one process and on two, and the memory that a large file takes.

By the clock on the wall, the best of some rounds: others who use the machine can only slow it. Memory is the most that
a process of its own had.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from harness import ORIGIN, report
from signing import artifact, signer
from worldloom.provenance.audit import audit
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity


class Settings(NamedTuple):
    files: int
    rounds: int
    large_megabytes: int


FULL = Settings(files=1500, rounds=2, large_megabytes=1024)
SMALL = Settings(files=4, rounds=1, large_megabytes=1)
BUDGETS = {}
SMALL_MEGABYTES = 1
_CODE = """
import re, sys
from pathlib import Path
from worldloom.provenance.audit import audit
result = audit(Path(sys.argv[1]), anchors=[Path(sys.argv[2]).read_bytes()])
assert result.ok, result.findings
print(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""


def written(folder: Path, home: Path, count: int) -> list[bytes]:
    """Sign so many files, three pictures of 64 KB to a text with a sidecar; returns the anchors."""
    sign, anchors = signer(home)
    folder.mkdir()
    for number in range(count):
        media_type, extension = ("text/plain", "txt") if number % 4 == 3 else ("image/png", "png")
        made = artifact(media_type, number)
        signed = sign.sign(made.payload, Making.of(made, ORIGIN))
        path = folder / f"{number:05d}.{extension}"
        path.write_bytes(signed.data)
        if signed.sidecar is not None:
            path.with_name(f"{path.name}.c2pa").write_bytes(signed.sidecar)
    return anchors


class Took(NamedTuple):
    """Seconds by the clock on the wall, and of processors in all processes together."""

    wall: float
    cpu: float


def took(folder: Path, anchors: list[bytes], jobs: int, rounds: int) -> Took:
    """The best times of an audit of the folder."""
    best = Took(float("inf"), float("inf"))
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), processors()
        result = audit(folder, anchors=anchors, jobs=jobs)
        best = Took(min(best.wall, time.perf_counter() - wall), min(best.cpu, processors() - cpu))
        if not result.ok:
            raise SystemExit(f"files that were just signed are not clean: {result.findings[:1]}")
    return best


def processors() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def memory(room: Path, megabytes: int) -> float:
    """MB that a process had at most, which audited one file of that size with a sidecar."""
    sign, anchors = signer(room / "keys")
    identity = Identity("worldloom", "x", output_licence="Apache-2.0", source_type="compositeSynthetic")
    making = Making("x", "model/gltf-binary", "world", "world", identity, origin=ORIGIN)
    path = room / f"{megabytes}.glb"
    signed = sign.sign(bytes(megabytes << 20), making)
    path.write_bytes(signed.data)
    path.with_name(f"{path.name}.c2pa").write_bytes(signed.sidecar or b"")
    (room / "anchor.pem").write_bytes(anchors[0])
    command = [sys.executable, "-c", _CODE, str(path), str(room / "anchor.pem")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
    return round(int(re.sub(r"\D", "", said)) / 1024)


def figures(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        anchors = written(room / "media", room / "keys", settings.files)
        one, two = (took(room / "media", anchors, jobs, settings.rounds) for jobs in (1, 2))
        return {
            "files_per_second_one_process": round(settings.files / one.wall),
            "files_per_second_two_processes": round(settings.files / two.wall),
            "two_processes_over_one": round(one.wall / two.wall, 2),
            "files_per_cpu_second_one_process": round(settings.files / one.cpu),
            "files_per_cpu_second_two_processes": round(settings.files / two.cpu),
            "memory_mb_file_of_1_mb": memory(room, SMALL_MEGABYTES),
            "memory_mb_large_file": memory(room, settings.large_megabytes),
        }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
