"""Schelling's segregation and an epidemic beside Mesa, the usual library for such models: outcome and CPU time.

Mesa's Schelling is its own example; its epidemic is written here as its tutorials write models, an object an agent.
Worldloom's runs are rehearsals: every event is recorded and counted into the content root, nothing is signed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import mean
from typing import Any, NamedTuple

import mesa
from harness import report
from mesa.examples.basic.schelling.model import Schelling
from worldloom.cluster.rehearsal import rehearse
from worldloom.cluster.scenario_file import load_scenario


class Settings(NamedTuple):
    side: int
    steps: int
    people: int
    days: int
    seeds: int


BUDGETS: dict[str, Any] = {}
FULL = Settings(side=50, steps=50, people=10_000, days=60, seeds=5)
SMALL = Settings(side=10, steps=3, people=100, days=5, seeds=1)
CONTACTS, TRANSMISSION, ILL_DAYS, FIRST = 10, 40, 5, 10


def ours_schelling(seed: int, settings: Settings) -> float:
    """Return the share of neighbours alike at the end."""
    scenario = load_scenario("schelling").scenario.folded(
        agents=settings.side**2 * 4 // 5,
        hours=settings.steps,
        seed=seed,
        parameters={"side": settings.side, "threshold": 400},
    )
    return rehearse(scenario).measures["alike"] / 1000


def theirs_schelling(seed: int, settings: Settings) -> float:
    """Return the same of Mesa's example."""
    model = Schelling(height=settings.side, width=settings.side, density=0.8, homophily=0.4, seed=seed)
    for _ in range(settings.steps):
        model.step()
    shares = []
    for agent in model.agents:
        near = list(agent.cell.get_neighborhood(radius=1).agents)
        if near:
            shares.append(sum(other.type == agent.type for other in near) / len(near))
    return mean(shares)


def ours_epidemic(seed: int, settings: Settings) -> float:
    """Return the share that fell ill."""
    scenario = load_scenario("epidemic").scenario
    parameters = {**scenario.parameters, "first": min(FIRST, settings.people)}
    changed = scenario.folded(agents=settings.people, hours=24 * settings.days, seed=seed, parameters=parameters)
    return rehearse(changed).measures["fell_ill"] / 1000


class Person(mesa.Agent):
    """Somebody who meets others while it is ill."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.ill_since: int | None = None
        self.well = False

    def step(self) -> None:
        """Meet others, then perhaps recover."""
        if self.ill_since is None or self.well or self.ill_since == self.model.day:
            return
        for _ in range(CONTACTS):
            other = self.model.random.choice(self.model.people)
            if other.ill_since is None and self.model.random.random() < TRANSMISSION / 1000:
                other.ill_since = self.model.day
        self.well = self.model.day - self.ill_since >= ILL_DAYS


class Town(mesa.Model):
    """People who meet anybody."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.day = 0
        self.people = list(Person.create_agents(self, people))
        for person in self.people[:FIRST]:
            person.ill_since = -1

    def step(self) -> None:
        """Let a day pass."""
        self.agents.shuffle_do("step")
        self.day += 1


def theirs_epidemic(seed: int, settings: Settings) -> float:
    """Return the share that fell ill in Mesa's model."""
    town = Town(settings.people, seed)
    for _ in range(settings.days):
        town.step()
    return sum(person.ill_since is not None for person in town.people) / settings.people


def figures(settings: Settings) -> dict[str, Any]:
    """Return outcomes, CPU seconds and their ratios."""
    steps = {"Schelling": settings.side**2 * 4 // 5 * settings.steps, "epidemic": settings.people * settings.days}
    pairs: dict[str, tuple[Model, Model, str]] = {
        "Schelling": (ours_schelling, theirs_schelling, "neighbours alike"),
        "epidemic": (ours_epidemic, theirs_epidemic, "fell ill"),
    }
    found: dict[str, Any] = {"Mesa's version": mesa.__version__}
    for name, (ours, theirs, outcome) in pairs.items():
        mine, my_seconds = measured(ours, settings)
        other, their_seconds = measured(theirs, settings)
        found |= {
            f"{name}: {outcome}, Worldloom": round(mine, 3),
            f"{name}: {outcome}, Mesa": round(other, 3),
            f"{name}: agent-steps per CPU second, Worldloom": round(steps[name] * settings.seeds / my_seconds),
            f"{name}: agent-steps per CPU second, Mesa": round(steps[name] * settings.seeds / their_seconds),
            f"{name}: Mesa's CPU time over Worldloom's": round(their_seconds / my_seconds, 1),
        }
    return found


Model = Callable[[int, Settings], float]


def measured(model: Model, settings: Settings) -> tuple[float, float]:
    """Return the mean outcome over the seeds, and CPU seconds in all, after one run that warms up."""
    model(0, settings._replace(steps=1, days=1))
    began = time.process_time()
    outcomes = [model(seed, settings) for seed in range(settings.seeds)]
    return mean(outcomes), time.process_time() - began


if __name__ == "__main__":
    report(__file__, figures(FULL), BUDGETS, FULL)
