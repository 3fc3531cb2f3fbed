"""What the engine costs for one agent-step that asks an instant text model: consider, rules, conclude.

Budget: 0.3 ms CPU (docs/design.md, Budgets). 500 people of one village plan their day, and are then spoken to or meet
somebody in every step, so that everybody asks in every step: notice what happened, retrieve from a few hundred
memories, write the prompt, digest the request, answer by rules, check the answer, make the decision. Beside it: steps
that follow the plan. Writes benchmarks/results/minds.json with machine, seed and commit.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from worldloom.agents.cast import Cast
from worldloom.agents.minds import Minds
from worldloom.agents.persona import make_cast
from worldloom.agents.rules import Rules
from worldloom.provenance.events_block import EventRow
from worldloom.worlds.observation import Happening, Observation, Person, Thing
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain

BUDGET_US = 300
AGENTS, WARM_UP, STEPS, SEED = 500, 40, 40, 7
RESULT = Path(__file__).parent / "results" / "minds.json"


class Village:
    def __init__(self) -> None:
        terrain = make_terrain(SEED, 256)
        settlement = found_settlement(terrain, SEED)
        self.personas = make_cast(SEED, AGENTS, settlement)
        self.minds = Minds(self.personas, Cast.of(self.personas, settlement), SEED)
        self.rules = Rules()
        self.seconds = {"consider": 0.0, "rules": 0.0, "conclude": 0.0}
        self.asked = self.turns = 0

    def look(self, now: int, number: int, spoken_to: bool) -> Observation:
        """What an agent sees: four people, five things, and once in a while words that are new to it."""
        me = self.personas[number]
        others = [self.personas[(number + each) % AGENTS].agent for each in (1, 2, 3, 4)]
        people = tuple(Person(other, 1500 * (at + 1), "working") for at, other in enumerate(others))
        things = tuple(Thing(f"item-{5 * number + each}", "loaf", "a loaf of bread", "", "") for each in range(5))
        happened: tuple[Happening, ...] = ()
        if spoken_to:
            text = f"The catch of day {now // 60 % 97} was {now // 60 % 13} baskets of herring for {me.name}."
            detail = {"text": text, "source": "event-0-0-0", "heard": [me.agent]}
            row = EventRow(now, 5, others[0], "say", me.agent, me.work, "", detail)
            happened = (Happening(f"event-{now}-0-{number}", row, (me.agent,)),)
        return Observation(
            me.agent, now, me.work, people, things, (), 300, 200, 300, happened, others[0] if spoken_to else ""
        )

    def step(self, now: int, spoken_to: bool) -> None:
        seen = [self.look(now, number, spoken_to) for number in range(AGENTS)]
        marks = [time.process_time()]
        turns = self.minds.consider(now, int(spoken_to), seen)
        marks.append(time.process_time())
        asked = [turn.request for turn in turns if turn.request is not None]
        answers = self.rules.generate(asked)
        marks.append(time.process_time())
        self.minds.conclude(
            now, int(spoken_to), [(ask.agent, answer) for ask, answer in zip(asked, answers, strict=True)]
        )
        marks.append(time.process_time())
        for at, name in enumerate(self.seconds):
            self.seconds[name] += marks[at + 1] - marks[at]
        self.asked += len(asked)
        self.turns += len(turns)

    def measure(self, steps: int, begin: int, spoken_to: bool) -> None:
        self.seconds = dict.fromkeys(self.seconds, 0.0)
        self.asked = self.turns = 0
        for number in range(steps):
            self.step(begin + 60 * number, spoken_to)


def commit() -> str:
    answer = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def main() -> None:
    village = Village()
    village.measure(WARM_UP, 8 * 3600, spoken_to=True)
    village.measure(STEPS, 8 * 3600 + 60 * WARM_UP, spoken_to=True)
    parts = {f"{name}_us": round(1e6 * value / village.asked) for name, value in village.seconds.items()}
    total = round(1e6 * sum(village.seconds.values()) / village.asked)
    memories = sum(len(village.minds.memories(person.agent)) for person in village.personas) // AGENTS
    village.measure(1, 8 * 3600 + 60 * (WARM_UP + STEPS), spoken_to=False)
    village.measure(STEPS, 8 * 3600 + 60 * (WARM_UP + STEPS + 1), spoken_to=False)
    following = round(1e6 * sum(village.seconds.values()) / village.turns)
    result = {
        "benchmark": "minds",
        "budget_us": BUDGET_US,
        "asking_agent_step_us": total,
        **parts,
        "following_agent_step_us": following,
        "memories_each": memories,
        "agents": AGENTS,
        "seed": SEED,
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "python": sys.version.split()[0],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    for name, value in result.items():
        print(f"{name:28} {value}")
    print(f"written to {RESULT}")


if __name__ == "__main__":
    main()
