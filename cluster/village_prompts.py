"""What villagers are asked in a day that the rules live through: the raw matter of lessons. Teaches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from worldloom.agents.rules import Rules
from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.recipe import Identity

from .rehearsal import Rehearsal
from .runtime import LocalRuntime
from .scenario_file import load_scenario

SCENARIO = "saltmarsh"
SIZES = (25, 18, 32, 12)
"""How many people a village has, by its seed."""


class Listening:
    """A generator that keeps the prompts that pass through it."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.prompts: list[str] = []

    @property
    def identity(self) -> Identity:
        """Who answers behind it."""
        return self._generator.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Note the prompts and ask."""
        self.prompts += [request.prompt for request in requests]
        return self._generator.generate(requests)


@cache
def village_prompts(seed: int) -> tuple[str, ...]:
    """Return the prompts of a village's day, in the order in which they were asked; about five CPU-seconds."""
    scenario = load_scenario(SCENARIO).scenario.folded(seed=seed, agents=SIZES[seed % len(SIZES)])
    ear = Listening(Rules())
    makers: dict[str, Generator] = {kind: Blank() for kind in scenario.generators} | {"text": ear}
    rehearsal = Rehearsal.begin(scenario, makers, LocalRuntime({}))
    rehearsal.to(rehearsal.end_time)
    return tuple(ear.prompts)
