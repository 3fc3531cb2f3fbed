"""How many agent-steps a CPU-second the world does for agents that follow a plan, log included.

Budget: 100,000 agent-steps a CPU-second (docs/design.md, Budgets). 10,000 people of one village work, rest, wait and
walk for three hours in steps of 60 s; when one is free the next line of its day is applied, as a planned action is.
Event blocks go into a log in memory with their digests. Beside it: everybody setting out anew in every step, and
looking around (`observe`) in that crowd. Writes benchmarks/results/agent_steps.json with machine, seed and commit.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage
from worldloom.worlds.action import Action
from worldloom.worlds.chance import one_below
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import Terrain, make_terrain
from worldloom.worlds.world import Resident, World

BUDGET = 100_000
AGENTS = 10_000
STEPS = 180
SEED = 7
ORIGIN = "worldloom.run/benchmark"
RESULT = Path(__file__).parent / "results" / "agent_steps.json"


def new_world(terrain: Terrain, settlement: Settlement) -> World:
    homes = settlement.of_kind("home")
    shops = [place for place in settlement.places if place.kind not in ("home", "bridge", "well")]
    residents = [Resident(f"agent-{n}", homes[n % len(homes)].id, shops[n % len(shops)].id) for n in range(AGENTS)]
    return World.genesis(seed=SEED, terrain=terrain, settlement=settlement, residents=residents, start=6 * 3600)


def planned(world: World, agent: str, restless: bool) -> Action:
    """The next line of a day: to work, work about an hour, home, rest about an hour; or from place to place."""
    row = world.agents.row_of(agent)
    number, place = int(world.agents.number[row]), int(world.agents.place[row])
    places = world.settlement.places
    home, work = int(world.agents.home[row]), int(world.agents.work[row])
    if restless:
        target = one_below(SEED, "stroll", len(places), number, world.time)
        return Action(agent, "move", {"to": places[target if target != place else (target + 1) % len(places)].id})
    turn = world.time // 3600 % 2
    aim, kind = (work, "work") if turn == 0 else (home, "rest")
    if place != aim:
        return Action(agent, "move", {"to": places[aim].id})
    return Action(agent, kind, {"seconds": 1800 + one_below(SEED, "length", 3600, number, world.time)})


def run(world: World, restless: bool) -> tuple[float, int]:
    """CPU seconds of all steps, and rows that they brought."""
    private = Ed25519PrivateKey.from_private_bytes(SEED.to_bytes(32, "big"))
    key = NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)
    log = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key)
    rows = 0
    start = time.process_time()
    for _ in range(STEPS if not restless else STEPS // 6):
        world.begin_step()
        due = world.due()
        world.acknowledge(due)
        world.apply([planned(world, agent, restless) for agent in due], 0)
        for block in world.end_step():
            log.append(EntryKind.EVENTS, block.time, block)
            rows += len(block.rows)
    log.commit()
    return time.process_time() - start, rows


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    terrain = make_terrain(SEED, 512)
    settlement = found_settlement(terrain, SEED)
    for place in settlement.places:
        settlement.routes.field(place.id)
    following = new_world(terrain, settlement)
    seconds, rows = run(following, restless=False)
    strolling = new_world(terrain, settlement)
    walking_seconds, walking_rows = run(strolling, restless=True)
    start = time.process_time()
    following.observe(following.agents.ids)
    looking = time.process_time() - start
    measured = {
        "following_agent_steps_per_cpu_second": round(AGENTS * STEPS / seconds),
        "following_events": rows,
        "acting_every_step_agent_steps_per_cpu_second": round(AGENTS * (STEPS // 6) / walking_seconds),
        "acting_every_step_events": walking_rows,
        "observations_per_cpu_second": round(AGENTS / looking),
    }
    result = {
        "benchmark": "agent_steps",
        "budget_agent_steps_per_cpu_second": BUDGET,
        **measured,
        "agents": AGENTS,
        "steps": STEPS,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in measured.items():
        print(f"{name:48} {value:>10,}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
