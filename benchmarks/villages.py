"""What a village comes to by who answers for its people: the language model, random valid answers, or the rules.

The same villages (seeds) live for a day in memory with each of the makers of text; other crafts are left blank. Means
over the seeds have a 95 % interval of Student's t; differences are paired by seed. Needs are met in an agent-step
awake when none of hunger, tiredness and want of company is strong (at least 600 of 1000).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any, NamedTuple

from harness import Budget, Series, report
from scipy.stats import t
from worldloom.cluster.conductor import Conductor
from worldloom.cluster.rehearsal import Rehearsal
from worldloom.cluster.runtime import LocalRuntime
from worldloom.cluster.scenario_file import load_scenario
from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.worlds.clock import HOUR
from worldloom.worlds.columns import Activity

STRONG = 600
EVENING = 19 * HOUR


class Settings(NamedTuple):
    makers: tuple[str, ...]
    seeds: tuple[int, ...]
    agents: int
    hours: int


BUDGETS = {
    "embedded invalid": Budget(0.02),
    "embedded waits": Budget(0.40),
    "embedded less uniform: needs met, lower end": Budget(0.0, least=True),
    "embedded less uniform: feast known, lower end": Budget(0.0, least=True),
}
FULL = Settings(("embedded", "uniform", "rules"), tuple(range(301, 311)), 12, 24)
SMALL = Settings(("uniform", "rules"), (301, 302), 4, 2)


class Day:
    """Watches a village: who is well, in all and hour by hour."""

    def __init__(self) -> None:
        self.awake: Counter[int] = Counter()
        self.well: Counter[int] = Counter()

    def __call__(self, conductor: Conductor) -> None:
        people, hour = conductor.world.agents, conductor.world.time // HOUR
        awake = people.activity != Activity.SLEEPING
        well = (people.hunger < STRONG) & (people.tiredness < STRONG) & (people.company < STRONG)
        self.awake[hour] += int(awake.sum())
        self.well[hour] += int((awake & well).sum())

    def shares(self) -> dict[int, float]:
        """Share of agent-steps awake with all needs met, by hour; hours in which everybody sleeps are left out."""
        return {hour: self.well[hour] / awake for hour, awake in sorted(self.awake.items()) if awake}


class Lived(NamedTuple):
    """One village's day: its measures; by hour the share whose needs are met, and of those who know of the feast."""

    measures: dict[str, float]
    well: dict[int, float]
    know: dict[int, float]


def lived(maker: str, seed: int, settings: Settings) -> Lived:
    """Live one village's day."""
    scenario = load_scenario("saltmarsh").scenario.folded(seed=seed, agents=settings.agents, hours=settings.hours)
    makers: dict[str, Generator] = {kind: Blank() for kind in scenario.generators} | {"text": resolve("text", maker)}
    village, day = Rehearsal.begin(scenario, makers, LocalRuntime({})), Day()
    village.to(min(EVENING, village.end_time), day)
    known = learnt(village)
    village.to(village.end_time, day)
    counts = village.conductor.counts
    measures = {
        "needs met": day.well.total() / day.awake.total(),
        "feast known": len(known) / settings.agents,
        "answers an agent-step": counts.decisions / counts.agent_steps,
        "invalid": counts.invalid / max(1, counts.decisions),
        "waits": counts.waits / max(1, counts.decisions),
    }
    hours = range(scenario.start_time // HOUR, min(EVENING, village.end_time) // HOUR + 1)
    know = {hour: sum(time <= hour * HOUR for time in known) / settings.agents for hour in hours}
    return Lived(measures, day.shares(), know)


def learnt(village: Rehearsal) -> list[int]:
    """Return when each of those who know of the feast first heard of it, in simulated seconds."""
    minds = village.conductor.minds()
    heard = (
        [memory.time for memory in minds.memories(who) if "feast" in memory.text]
        for who in village.conductor.village.by_agent
    )
    return [min(times) for times in heard if times]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return mean and half the width of its 95 % interval."""
    if len(values) < 2:
        return mean(values), math.inf
    return mean(values), float(t.ppf(0.975, len(values) - 1)) * stdev(values) / math.sqrt(len(values))


def figures(settings: Settings) -> dict[str, Any]:
    """Return means, intervals and paired differences."""
    return measured(settings)[0]


def measured(settings: Settings) -> tuple[dict[str, Any], Series]:
    """Return the figures, and lines over the day."""
    lives = {maker: [lived(maker, seed, settings) for seed in settings.seeds] for maker in settings.makers}
    days = {maker: [each.measures for each in mine] for maker, mine in lives.items()}
    lines: dict[str, dict[str, list[list[float]]]] = {"needs met": {}, "feast known": {}}
    for maker, mine in lives.items():
        lines["needs met"][maker] = hourly([each.well for each in mine])
        lines["feast known"][maker] = hourly([each.know for each in mine])
    return compared(settings, days), lines


def hourly(days: Sequence[Mapping[int, float]]) -> list[list[float]]:
    """Return (hour, mean, half of its interval) of the hours that most days have."""
    counted = Counter(hour for day in days for hour in day)
    hours = sorted(hour for hour, count in counted.items() if 2 * count > len(days))
    rows = [(hour, *interval([day[hour] for day in days if hour in day])) for hour in hours]
    return [[hour, round(middle, 4), round(half, 4) if math.isfinite(half) else 0.0] for hour, middle, half in rows]


def compared(settings: Settings, days: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, Any]:
    """Return the figures of the days by maker."""
    found: dict[str, Any] = {}
    for maker, mine in days.items():
        for measure in mine[0]:
            middle, half = interval([each[measure] for each in mine])
            found |= {f"{maker} {measure}": round(middle, 4), f"{maker} {measure}, half of interval": round(half, 4)}
    for other in settings.makers[1:]:
        found |= _differences(settings.makers[0], other, days)
    return found


def _differences(one: str, other: str, days: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, float]:
    found = {}
    for measure in ("needs met", "feast known"):
        pairs = zip(days[one], days[other], strict=True)
        middle, half = interval([mine[measure] - theirs[measure] for mine, theirs in pairs])
        found[f"{one} less {other}: {measure}"] = round(middle, 4)
        found[f"{one} less {other}: {measure}, lower end"] = round(middle - half, 4)
    return found


if __name__ == "__main__":
    results, lines = measured(FULL)
    report(__file__, results, BUDGETS, FULL, lines)
