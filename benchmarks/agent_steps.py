"""How many agent-steps a CPU-second the world does for agents that follow a plan, log included.

Budget: 100,000 agent-steps a CPU-second (docs/design.md, Budgets). 10,000 people of one village work, rest, wait and
walk for three hours in steps of 60 s; when one is free the next line of its day is applied, as a planned action is.
Event blocks go into a log in memory with their digests. Beside it: everybody setting out anew in every step, and
looking around (`observe`) in that crowd.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness import ORIGIN, Budget, cpu, report
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


class Settings(NamedTuple):
    agents: int
    steps: int
    cells: int
    seed: int = 7


BUDGETS = {"following_agent_steps_per_cpu_second": Budget(100_000, least=True)}
FULL = Settings(agents=10_000, steps=180, cells=512)
SMALL = Settings(agents=100, steps=12, cells=128)


def new_world(terrain: Terrain, settlement: Settlement, settings: Settings) -> World:
    homes = settlement.of_kind("home")
    shops = [place for place in settlement.places if place.kind not in ("home", "bridge", "well")]
    residents = [
        Resident(f"agent-{n}", homes[n % len(homes)].id, shops[n % len(shops)].id) for n in range(settings.agents)
    ]
    return World.genesis(
        seed=settings.seed, terrain=terrain, settlement=settlement, residents=residents, start=6 * 3600
    )


def planned(world: World, agent: str, restless: bool) -> Action:
    """The next line of a day: to work, work about an hour, home, rest about an hour; or from place to place."""
    row = world.agents.row_of(agent)
    number, place = int(world.agents.number[row]), int(world.agents.place[row])
    places = world.settlement.places
    home, work = int(world.agents.home[row]), int(world.agents.work[row])
    if restless:
        target = one_below(world.seed, "stroll", len(places), number, world.time)
        return Action(agent, "move", {"to": places[target if target != place else (target + 1) % len(places)].id})
    turn = world.time // 3600 % 2
    aim, kind = (work, "work") if turn == 0 else (home, "rest")
    if place != aim:
        return Action(agent, "move", {"to": places[aim].id})
    return Action(agent, kind, {"seconds": 1800 + one_below(world.seed, "length", 3600, number, world.time)})


def run(world: World, steps: int, restless: bool) -> tuple[float, int]:
    """CPU seconds of all steps, and rows that they brought."""
    private = Ed25519PrivateKey.from_private_bytes(world.seed.to_bytes(32, "big"))
    key = NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)
    log = LogWriter.create(Storage(PowerLossDisk()), ORIGIN, key)
    rows = 0
    start = time.process_time()
    for _ in range(steps):
        world.begin_step()
        due = world.due()
        world.acknowledge(due)
        world.apply([planned(world, agent, restless) for agent in due], 0)
        for block in world.end_step():
            log.append(EntryKind.EVENTS, block.time, block)
            rows += len(block.rows)
    log.commit()
    return time.process_time() - start, rows


def figures(settings: Settings) -> dict[str, int]:
    terrain = make_terrain(settings.seed, settings.cells)
    settlement = found_settlement(terrain, settings.seed)
    for place in settlement.places:
        settlement.routes.field(place.id)
    following, strolling = (new_world(terrain, settlement, settings) for _ in range(2))
    seconds, rows = run(following, settings.steps, restless=False)
    few = settings.steps // 6
    walking_seconds, walking_rows = run(strolling, few, restless=True)
    looking = cpu(lambda: following.observe(following.agents.ids))
    return {
        "following_agent_steps_per_cpu_second": round(settings.agents * settings.steps / seconds),
        "following_events": rows,
        "acting_every_step_agent_steps_per_cpu_second": round(settings.agents * few / walking_seconds),
        "acting_every_step_events": walking_rows,
        "observations_per_cpu_second": round(settings.agents / looking),
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
