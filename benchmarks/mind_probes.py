"""Whether what people do hangs on the memories they name, and whether they know what they were told and nothing else.

Dependence: decisions of a village's day that name a memory are asked again without it, and without one that they do
not name: how often is the deed another one? Planted facts: everybody is told three things in the course of a day; an
interview in the evening asks for each, and for as many that nobody was told; then the same with minds that lack
reflection, and with minds that lack memory. Whom one is grateful to is known from looking back alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from harness import Budget, report
from worldloom.agents.probing import (
    GRATITUDE,
    asked_again,
    memory_dependence,
    plant,
    right,
    same_deed,
    thanks_right,
)
from worldloom.agents.turns import Interview
from worldloom.cluster.conductor import Conductor
from worldloom.cluster.ledger import Body, Evidence, RootOnly
from worldloom.cluster.rehearsal import Rehearsal
from worldloom.cluster.runtime import LocalRuntime
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import load_scenario
from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.recipe import Identity
from worldloom.worlds.clock import HOUR, MINUTE

PROBED = ("decide", "talk")
EVENING = 22 * HOUR


class Settings(NamedTuple):
    makers: tuple[str, ...]
    seed: int
    agents: int
    decisions: int


BUDGETS = {
    "embedded: another deed without the named memory": Budget(0.5, least=True),
    "embedded: another deed without an unnamed one": Budget(0.1),
    "embedded: known facts right": Budget(0.95, least=True),
    "embedded: unknown facts right": Budget(0.95, least=True),
}
FULL = Settings(("embedded", "rules"), 401, 25, 200)
SMALL = Settings(("rules",), 401, 3, 4)


class Listening:
    """A maker of text that keeps what passes through it."""

    def __init__(self, maker: Generator) -> None:
        self.maker = maker
        self.heard: list[tuple[Request, Answer]] = []

    @property
    def identity(self) -> Identity:
        return self.maker.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        answers = self.maker.generate(requests)
        self.heard += zip(requests, answers, strict=True)
        return answers


class Gifts(RootOnly):
    """A ledger that notes who gave something to whom, as (giver, receiver)."""

    def __init__(self) -> None:
        super().__init__()
        self.given: set[tuple[str, str]] = set()

    def record(self, kind: int, time: int, body: Body, evidence: Evidence | None = None) -> bytes:
        if isinstance(body, EventBlock):
            self.given |= {(row.actor, row.target) for row in body.rows if row.kind == "give"}
        return super().record(kind, time, body, evidence)


def village(scenario: Scenario, text: Generator, ledger: RootOnly | None = None) -> Rehearsal:
    """Return a village at its beginning in which only text is made."""
    makers: dict[str, Generator] = {kind: Blank() for kind in scenario.generators} | {"text": text}
    return Rehearsal.begin(scenario, makers, LocalRuntime({}), ledger)


def dependence(text: Listening, many: int) -> dict[str, float]:
    """Return how often a deed changes without the memory that it names, and without another one."""
    probed = [
        (request, answer, changed)
        for request, answer in text.heard
        if request.purpose in PROBED and (changed := memory_dependence(request.prompt, answer.text)) is not None
    ]
    # Spread over the day: the first ones are all of the morning.
    chosen = [probed[number * len(probed) // many] for number in range(many)] if len(probed) > many else probed
    counts = {"another deed without the named memory": 0, "another deed without an unnamed one": 0}
    for request, answer, changed in chosen:
        prompts = (changed.without_named, changed.without_unnamed)
        again = text.maker.generate([asked_again(request, prompt) for prompt in prompts])
        for name, other in zip(counts, again, strict=True):
            counts[name] += not same_deed(answer.text, other.text)
    return {"decisions probed": len(chosen)} | {name: round(n / max(1, len(chosen)), 4) for name, n in counts.items()}


def planted(scenario: Scenario, text: Generator) -> dict[str, float]:
    """Return the shares of what is answered right in the evening: known facts, unknown ones, thanks, all together."""
    gifts = Gifts()
    lived = village(scenario, text, gifts)
    cast = lived.minded.village.cast
    facts, probes = plant(scenario.seed, cast)

    def tell(conductor: Conductor) -> None:
        for fact in facts:
            if fact.minute * MINUTE == conductor.world.time:
                conductor.world.intervene("tell", target=fact.agent, detail={"text": fact.text})

    lived.to(min(EVENING, lived.end_time), tell)
    minds, time = lived.conductor.minds(), lived.conductor.world.time

    def put(agent: str, question: str) -> Interview:
        return minds.answer(agent, time, question, text.generate([minds.interview(agent, time, question)])[0])

    answered: dict[str, list[bool]] = {"known facts right": [], "unknown facts right": [], "thanks right": []}
    for probe in probes:
        found = right(probe, put(probe.agent, probe.question), minds.memories(probe.agent))
        answered["known facts right" if probe.known else "unknown facts right"].append(found)
    for agent in cast.agents:
        givers = {cast.name(giver) for giver, receiver in gifts.given if receiver == agent}
        answered["thanks right"].append(thanks_right(givers, put(agent, GRATITUDE), minds.memories(agent)))
    answered["all right"] = [each for part in list(answered.values()) for each in part]
    return {name: round(sum(found) / len(found), 4) for name, found in answered.items()}


def figures(settings: Settings) -> dict[str, Any]:
    """Return all figures by maker."""
    found: dict[str, Any] = {}
    for name in settings.makers:
        scenario = load_scenario("saltmarsh").scenario.folded(seed=settings.seed, agents=settings.agents)
        text = Listening(resolve("text", name))
        lived = village(scenario, text)
        lived.to(min(EVENING, lived.end_time))
        mine: dict[str, Any] = dependence(text, settings.decisions)
        mine |= planted(scenario, text.maker)
        for part in ("reflection", "memory"):
            less = planted(scenario.folded(without=(part,)), text.maker)
            mine |= {f"{figure}, without {part}": value for figure, value in less.items()}
        found |= {f"{name}: {figure}": value for figure, value in mine.items()}
    return found


if __name__ == "__main__":
    report(__file__, figures(FULL), BUDGETS, FULL)
