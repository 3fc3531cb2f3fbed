"""How long `worldloom run` takes from start to sealed run, what of it is provenance, and how much memory it needs.

Budgets: 180 s, 6 GB, provenance 3 % (docs/design.md, Budgets). Runs the shipped scenario saltmarsh as a user does, in
process and on Ray, each in a process of its own, then audits and replays it. Memory is the peak of the sum over the
whole process tree's proportional set sizes, sampled. The program counts signing, log, snapshots (which let a run go on
after a crash) and seal as provenance; with the audit before the seal the share is shown beside it.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from harness import Budget, report
from worldloom.cluster.parts import PROVENANCE


class Settings(NamedTuple):
    scenario: str
    agents: int
    hours: int
    places: tuple[str, ...]
    seed: int = 7


BUDGETS = {
    "run_seconds_local": Budget(180),
    "run_seconds_ray": Budget(180),
    "peak_memory_gb_local": Budget(6),
    "peak_memory_gb_ray": Budget(6),
    "provenance_share_local": Budget(0.03),
    "provenance_share_ray": Budget(0.03),
}
FULL = Settings("saltmarsh", agents=25, hours=24, places=("local", "ray"))
SMALL = Settings("", agents=2, hours=1, places=("local",))
TINY = """from worldloom.cluster import Scenario

scenario = Scenario(name="tiny", world={"size": 96}, step_seconds=1800)
"""
COMMAND = [sys.executable, "-m", "worldloom.cluster.commands.main"]
DETAILS = """
import json, sys
from pathlib import Path
from worldloom.cluster import Placement, RunOptions, Silent, run
asked = json.loads(sys.argv[1])
placement = Placement(local=asked.pop("place") == "local")
result = run(RunOptions(out=Path(asked.pop("out")), placement=placement, **asked), Silent())
print(json.dumps(result.to_json() | {"share": result.provenance_share, "parts": dict(result.time_by_part)}))
"""


def timed(command: list[str]) -> tuple[float, float, str]:
    """Wall seconds, peak memory in GB, and the last line that the command printed."""
    start, peak = time.perf_counter(), [0]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    watcher = threading.Thread(target=watch, args=(process, peak))
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, peak[0] / 1e9, out.strip().splitlines()[-1]


def watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(proportional, family(process.pid))))
        time.sleep(0.5)


def family(root: int) -> list[int]:
    """The process and everything below it; Ray's daemons are its children too."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
    found, queue = [], [root]
    while queue:
        found.append(queue.pop())
        queue += [child for child, parent in parents.items() if parent == found[-1]]
    return found


def proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # ended meanwhile
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def figures(settings: Settings) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "tiny.py").write_text(TINY)
        os.environ["WORLDLOOM_HOME"] = str(folder / "home")
        result: dict[str, Any] = {}
        roots = [run_at(place, folder, settings, result) for place in settings.places]
        if len(set(roots)) > 1:
            raise SystemExit(f"the run's content depends on where it computes: {', '.join(roots)}")
        first = folder / settings.places[0]
        seconds, memory, _ = timed([*COMMAND, "audit", str(first), "--json"])
        result |= {"audit_seconds": round(seconds, 1), "audit_peak_memory_gb": round(memory, 2)}
        result["replay_seconds"] = round(timed([*COMMAND, "replay", str(first), "--trust-code", "--json"])[0], 1)
        files = [path for path in first.rglob("*") if path.is_file()]
        result["run_folder_mb"] = round(sum(path.stat().st_size for path in files) / 1e6, 1)
        return result | {"content_roots_equal": "yes"}


def run_at(place: str, folder: Path, settings: Settings, result: dict[str, Any]) -> str:
    """Run the scenario there, note its figures, return its content root."""
    options = {
        "place": place,
        "out": str(folder / place),
        "scenario": settings.scenario or str(folder / "tiny.py"),
        "agents": settings.agents,
        "hours": settings.hours,
        "seed": settings.seed,
    }
    before = children()
    seconds, memory, last = timed([sys.executable, "-c", DETAILS, json.dumps(options)])
    told = json.loads(last)
    parts = told["parts"]
    result[f"run_seconds_{place}"] = round(seconds, 1)
    if place == "local":  # on Ray much of it is not this process's child
        result["run_cpu_seconds_local"] = round(children() - before, 1)
    result[f"peak_memory_gb_{place}"] = round(memory, 2)
    result[f"provenance_share_{place}"] = round(told["share"], 4)
    result[f"provenance_share_with_audit_{place}"] = round(told["share"] + parts["audit"] / told["seconds"], 4)
    result[f"provenance_parts_{place}"] = listed({name: parts.get(name, 0.0) for name in PROVENANCE})
    result[f"slowest_parts_{place}"] = listed(parts)
    result |= {"model_calls": sum(told["calls"].values()), "artifacts": told["artifacts"]}
    return str(told["content_root"])


def children() -> float:
    """CPU seconds of this process's children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def listed(parts: dict[str, float]) -> str:
    return ", ".join(
        f"{name} {seconds:.1f} s" for name, seconds in sorted(parts.items(), key=lambda part: -part[1])[:6]
    )


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
