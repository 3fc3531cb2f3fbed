"""How time and memory grow with the number of agents: a morning in process, the rules for words, other crafts blank.

Each size lives in a process of its own. CPU seconds and the peak of resident memory are those of the village's
morning, less what a process has used before the village is made; land, houses and names are part of it. A line through
equal costs for each agent would be straight.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any, NamedTuple

from harness import Series, report
from worldloom.cluster.rehearsal import Rehearsal
from worldloom.cluster.runtime import LocalRuntime
from worldloom.cluster.scenario import Scenario
from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve


class Settings(NamedTuple):
    sizes: tuple[int, ...]
    hours: int
    seed: int = 7


BUDGETS: dict[str, Any] = {}
FULL = Settings((10, 30, 100, 300, 1000), hours=2)
SMALL = Settings((2, 4), hours=1)
START = "08:00"


def live(agents: int, hours: int, seed: int) -> dict[str, float]:
    """Live a morning in this process and return what it took."""
    text = resolve("text", "rules")
    before, used = peak_mb(), time.process_time()
    scenario = Scenario(name="growth", agents=agents, hours=hours, start=START, seed=seed, portraits=False)
    makers: dict[str, Generator] = {kind: Blank() for kind in scenario.generators} | {"text": text}
    village = Rehearsal.begin(scenario, makers, LocalRuntime({}))
    founded = time.process_time() - used
    village.to(village.end_time)
    counts = village.conductor.counts
    return {
        "seconds": time.process_time() - used,
        "founded": founded,
        "memory": peak_mb() - before,
        "steps": counts.agent_steps,
        "answers": counts.decisions,
    }


def peak_mb() -> float:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(agents: int, settings: Settings) -> dict[str, float]:
    """Return what `live` says in a process of its own."""
    asked = [str(agents), str(settings.hours), str(settings.seed)]
    done = subprocess.run([sys.executable, __file__, *asked], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def figures(settings: Settings) -> dict[str, Any]:
    """Return the figures of all sizes."""
    return measured(settings)[0]


def measured(settings: Settings) -> tuple[dict[str, Any], Series]:
    """Return the figures, and lines over the number of agents."""
    found: dict[str, Any] = {}
    lines: dict[str, dict[str, list[list[float]]]] = {"CPU seconds": {"rules": []}, "peak memory, MB": {"rules": []}}
    for agents in settings.sizes:
        took = apart(agents, settings)
        found |= {
            f"{agents} agents: CPU seconds": round(took["seconds"], 2),
            f"{agents} agents: of these to found the village": round(took["founded"], 2),
            f"{agents} agents: peak memory, MB": round(took["memory"], 1),
            f"{agents} agents: answers an agent-step": round(took["answers"] / took["steps"], 4),
        }
        lines["CPU seconds"]["rules"].append([agents, round(took["seconds"], 3)])
        lines["peak memory, MB"]["rules"].append([agents, round(took["memory"], 1)])
    return found, lines


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(live(*map(int, sys.argv[1:]))))
    else:
        results, series = measured(FULL)
        report(__file__, results, BUDGETS, FULL, series)
