"""How long `worldloom run` takes from start to sealed run, what of it is provenance, and how much memory it needs.

Budgets: 180 s, 6 GB, provenance 3 % (docs/design.md, Budgets). Runs the shipped scenario saltmarsh as a user does, in a
process of its own, in process and on Ray, then audits and replays it. Memory is the peak of the sum over the whole
process tree's proportional set sizes, sampled. Writes benchmarks/results/default_run.json with machine and commit.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

BUDGET_SECONDS = 180
BUDGET_GB = 6
BUDGET_SHARE = 0.03
SEED = 7
RESULT = Path(__file__).parent / "results" / "default_run.json"
COMMAND = [sys.executable, "-c", "from worldloom.cluster.commands.main import main; main()"]
DETAILS = """
import json, sys
from pathlib import Path
from worldloom.cluster import Placement, RunOptions, Silent, run
result = run(RunOptions(out=Path(sys.argv[1]), placement=Placement(local=sys.argv[2] == "local")), Silent())
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


def figures(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for where in ("local", "ray"):
        run = folder / where
        seconds, memory, last = timed([sys.executable, "-c", DETAILS, str(run), where])
        told = json.loads(last)
        result[f"run_seconds_{where}"] = round(seconds, 1)
        result[f"peak_memory_gb_{where}"] = round(memory, 2)
        result[f"provenance_share_{where}"] = round(told["share"], 4)
        result[f"slowest_parts_{where}"] = slowest(told["parts"])
        result.setdefault("model_calls", sum(told["calls"].values()))
        result.setdefault("artifacts", told["artifacts"])
        result.setdefault("content_roots", []).append(told["content_root"])
    seconds, memory, _ = timed([*COMMAND, "audit", str(folder / "local"), "--json"])
    result |= {"audit_seconds": round(seconds, 1), "audit_peak_memory_gb": round(memory, 2)}
    result["replay_seconds"] = round(timed([*COMMAND, "replay", str(folder / "local"), "--json"])[0], 1)
    files = [path for path in (folder / "local").rglob("*") if path.is_file()]
    result["run_folder_mb"] = round(sum(path.stat().st_size for path in files) / 1e6, 1)
    roots = result.pop("content_roots")
    result["content_roots_equal"] = str(len(set(roots)) == 1)
    return result


def slowest(parts: dict[str, float]) -> str:
    return ", ".join(
        f"{name} {seconds:.1f} s" for name, seconds in sorted(parts.items(), key=lambda part: -part[1])[:6]
    )


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORLDLOOM_HOME"] = f"{folder}/home"
        measured = figures(Path(folder))
    result = {
        "benchmark": "default_run",
        "budget_run_seconds": BUDGET_SECONDS,
        "budget_peak_memory_gb": BUDGET_GB,
        "budget_provenance_share": BUDGET_SHARE,
        **measured,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:40} {value!s:>10}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
