"""What minds alone cost for one agent-step that asks an instant text model: consider, rules, conclude.

Part of what engine.py measures, which has the budget. The people of one village plan their day, and are then spoken to
in every step, so that everybody asks in every step: notice what happened, retrieve from some hundred memories, write
the prompt, digest the request, answer by rules, check the answer, make the decision. Beside it: steps that follow the
plan.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from harness import Budget, report
from worldloom.agents.cast import Cast
from worldloom.agents.minds import Minds
from worldloom.agents.persona import make_cast
from worldloom.agents.rules import Rules
from worldloom.provenance.events_block import EventRow
from worldloom.worlds.observation import Happening, Observation, Person, Thing
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain


class Settings(NamedTuple):
    agents: int
    warm_up: int
    steps: int
    seed: int = 7


BUDGETS: dict[str, Budget] = {}
FULL = Settings(agents=500, warm_up=40, steps=40)
SMALL = Settings(agents=8, warm_up=3, steps=3)


class Village:
    def __init__(self, settings: Settings) -> None:
        terrain = make_terrain(settings.seed, 256)
        settlement = found_settlement(terrain, settings.seed)
        self.personas = make_cast(settings.seed, settings.agents, settlement)
        self.minds = Minds(self.personas, Cast.of(self.personas, settlement), settings.seed)
        self.rules = Rules()
        self.seconds = {"consider": 0.0, "rules": 0.0, "conclude": 0.0}
        self.asked = self.turns = 0

    def look(self, now: int, number: int, spoken_to: bool) -> Observation:
        """What an agent sees: four people, five things, and once in a while words that are new to it."""
        me = self.personas[number]
        others = [self.personas[(number + each) % len(self.personas)].agent for each in (1, 2, 3, 4)]
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
        seen = [self.look(now, number, spoken_to) for number in range(len(self.personas))]
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


def figures(settings: Settings) -> dict[str, float]:
    village, begin = Village(settings), 8 * 3600
    village.measure(settings.warm_up, begin, spoken_to=True)
    begin += 60 * settings.warm_up
    village.measure(settings.steps, begin, spoken_to=True)
    begin += 60 * settings.steps
    asking = {f"{name}_us": round(1e6 * value / village.asked) for name, value in village.seconds.items()}
    total = round(1e6 * sum(village.seconds.values()) / village.asked)
    memories = sum(len(village.minds.memories(person.agent)) for person in village.personas)
    village.measure(1, begin, spoken_to=False)
    village.measure(settings.steps, begin + 60, spoken_to=False)
    following = round(1e6 * sum(village.seconds.values()) / village.turns)
    return {
        "asking_agent_step_us": total,
        **asking,
        "following_agent_step_us": following,
        "memories_each": memories // settings.agents,
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
