"""How much memory an agent takes in process, and each of its memories: its row of the world, its mind, its plan.

Budget: 10 kB an agent and 1 kB a memory (docs/design.md, Budgets). Agents of one village live some steps with the rules
as their text model, in process; tracemalloc counts what Python and numpy hold. What a memory takes is what the later
steps added, over the memories that they added; what an agent takes is the rest after the first steps. Land and
names are shared by all and stay out; caches of words and lines count.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Sequence
from typing import NamedTuple

from harness import Budget, report
from worldloom.agents.cast import Cast
from worldloom.agents.minds import Minds
from worldloom.agents.persona import Persona, make_cast
from worldloom.agents.rules import Rules
from worldloom.worlds.action import Action
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain
from worldloom.worlds.world import Resident, World


class Settings(NamedTuple):
    agents: int
    cells: int
    steps: int
    later_steps: int
    seed: int = 7


BUDGETS = {"bytes_an_agent": Budget(10_000), "bytes_a_memory": Budget(1000)}
FULL = Settings(agents=2000, cells=512, steps=10, later_steps=15)
SMALL = Settings(agents=30, cells=128, steps=4, later_steps=12)
START = 8 * 3600
ROUNDS = 8


def live(world: World, minds: Minds, rules: Rules) -> None:
    """One step of everybody, with talk."""
    world.begin_step()
    awake: Sequence[str] = world.due()
    for round_ in range(ROUNDS):
        if not awake:
            break
        seen = world.observe(awake)
        world.acknowledge(awake)
        turns = minds.consider(world.time, round_, seen)
        asked = [turn.request for turn in turns if turn.request is not None]
        answers = [(ask.agent, answer) for ask, answer in zip(asked, rules.generate(asked), strict=True)]
        actions = [decision.action for decision in minds.conclude(world.time, round_, answers)]
        actions += [turn.action for turn in turns if turn.action is not None]
        world.apply([unmade(action) for action in actions], round_)
        awake = [agent for agent, _ in world.addressed()]
    world.end_step()


def unmade(action: Action) -> Action:
    """Nothing is made here: who wants to make something waits as long."""
    if action.kind != "make":
        return action
    return Action(action.agent, "wait", {"seconds": 600, "reason": "no material"}, action.cause)


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def figures(settings: Settings) -> dict[str, float]:
    terrain = make_terrain(settings.seed, settings.cells)
    settlement = found_settlement(terrain, settings.seed)
    for place in settlement.places:
        settlement.routes.field(place.id)
    people = make_cast(settings.seed, settings.agents, settlement)
    cast = Cast.of(people, settlement)
    residents = [Resident(person.agent, person.home, person.work) for person in people]
    tracemalloc.start()
    # What the land takes is what a world of one resident takes.
    land = World.genesis(
        seed=settings.seed, terrain=terrain, settlement=settlement, residents=residents[:1], start=START
    )
    before = held()
    del land
    world = World.genesis(seed=settings.seed, terrain=terrain, settlement=settlement, residents=residents, start=START)
    minds, rules = Minds(people, cast, settings.seed), Rules()
    born = held() - before
    for _ in range(settings.steps):
        live(world, minds, rules)
    first, memories = held() - before, count(minds, people)
    for _ in range(settings.later_steps):
        live(world, minds, rules)
    later, more = held() - before, count(minds, people)
    tracemalloc.stop()
    a_memory = (later - first) / max(1, more - memories)
    return {
        "bytes_an_agent": round((first - a_memory * memories) / settings.agents),
        "bytes_a_memory": round(a_memory),
        "bytes_an_agent_at_birth": round(born / settings.agents),
        "bytes_an_agent_after_the_first_steps_in_all": round(first / settings.agents),
        "memories_an_agent_after_the_first_steps": round(memories / settings.agents, 1),
        "memories_an_agent_after_all_steps": round(more / settings.agents, 1),
    }


def count(minds: Minds, people: Sequence[Persona]) -> int:
    return sum(len(minds.memories(person.agent)) for person in people)


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
