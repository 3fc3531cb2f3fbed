"""What the whole engine costs for one agent-step that asks an instant text model, and for those that follow a plan.

Budget: 0.3 ms CPU an asking agent-step (docs/design.md, Budgets). A village lives a morning in process, through the
conductor: observe, consider, rules, conclude, record, apply, walk, log. Time of the makers of pictures and meshes does
not count, that of the text model stands apart. How many ask differs from step to step: a line through the steps (CPU
time over agents that asked) tells what an asking agent-step adds from what a step costs anyhow. An agent that talks
asks in several rounds of a step. The `all` figures split nothing: all time by part, over all agent-steps that asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness import ORIGIN, Budget, report
from worldloom.cluster.conductor import Conductor
from worldloom.cluster.genesis import record_genesis
from worldloom.cluster.land import LandGenerator
from worldloom.cluster.ledger import Ledger
from worldloom.cluster.parts import Parts
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario import GENERATORS, Scenario
from worldloom.cluster.workshop import Workshop
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Recording
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.log import LogWriter
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage


class Settings(NamedTuple):
    agents: int
    cells: int
    warm_up: int
    steps: int
    seed: int = 7


BUDGETS = {"asking_agent_step_us": Budget(300)}
FULL = Settings(agents=300, cells=512, warm_up=20, steps=120)
SMALL = Settings(agents=12, cells=128, warm_up=2, steps=20)
COMMIT_EVERY = 10


class CpuParts(Parts):
    """Parts in CPU seconds, inner ones counted in the outer ones too."""

    def __init__(self) -> None:
        super().__init__()
        self.cpu: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - start


class Timed:
    """A generator whose CPU time is counted, and who asked it."""

    def __init__(self, generator: Generator) -> None:
        self.identity = generator.identity
        self._generator = generator
        self.seconds = 0.0
        self.asking: set[str] = set()
        self.requests = 0

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        start = time.process_time()
        answers = self._generator.generate(requests)
        self.seconds += time.process_time() - start
        self.asking |= {request.agent for request in requests}
        self.requests += len(requests)
        return answers


class Engine:
    """A run in process without files and credentials: its log and answers stand in memory."""

    def __init__(self, settings: Settings) -> None:
        scenario = Scenario(
            name="benchmark",
            agents=settings.agents,
            seed=settings.seed,
            world={"size": settings.cells},
            portraits=False,
        )
        private = Ed25519PrivateKey.from_private_bytes(settings.seed.to_bytes(32, "big"))
        storage = Storage(PowerLossDisk())
        self.log = LogWriter.create(
            storage, ORIGIN, NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)
        )
        self.answers = AnswerBook(storage)
        self.timed = {kind: Timed(resolve(kind, spec)) for kind, spec in GENERATORS.items()}
        makers = {kind: Recording(timed, self.answers) for kind, timed in self.timed.items()}
        self.parts = CpuParts()
        ledger, runtime = Ledger(self.log), LocalRuntime(GENERATORS)
        born = record_genesis(scenario, b"", identities(GENERATORS), LandGenerator(), ledger, None)
        workshop = Workshop(makers, born.village, None, scenario.seed, self.parts)
        self.conductor = Conductor(scenario, born.village, born.world, runtime, makers, workshop, ledger, self.parts)
        runtime.begin(self.conductor.cohort_spec())
        for place in born.settlement.places:
            born.settlement.routes.field(place.id)  # made once a run, when somebody first walks there

    def step(self, number: int) -> tuple[float, float, int, int]:
        """CPU seconds of one step but for the generators', those of the text model, agents that asked, requests."""
        for timed in self.timed.values():
            timed.seconds, timed.requests, timed.asking = 0.0, 0, set()
        start = time.process_time()
        self.conductor.step()
        if number % COMMIT_EVERY == 0:
            with self.parts.part("log"):
                self.answers.flush()
                self.log.commit()
        whole = time.process_time() - start
        text = self.timed["text"]
        own = whole - sum(timed.seconds for timed in self.timed.values())
        return own, text.seconds, len(text.asking), text.requests


def figures(settings: Settings) -> dict[str, float]:
    engine = Engine(settings)
    for number in range(settings.warm_up):
        engine.step(number)
    engine.parts.cpu.clear()
    own, text, asking, requests = np.array([engine.step(number) for number in range(settings.steps)]).T
    slope, base = map(float, np.polyfit(asking, own, 1))
    asked, rules = float(asking.sum()), float(text.sum() / asking.sum())
    parts = {f"all_{name}_us": engine.parts.cpu[name] / asked for name in ("world", "minds", "text", "log")}
    microseconds = {
        "asking_agent_step_us": slope + rules,
        "asking_agent_step_without_rules_us": slope,
        "a_request_us": (slope + rules) * asked / float(requests.sum()),
        "all_us": float(own.sum() + text.sum()) / asked,
        **parts,
    }
    return {
        **{name: round(1e6 * seconds) for name, seconds in microseconds.items()},
        "requests_an_asking_agent_step": round(float(requests.sum()) / asked, 2),
        "other_agent_step_us": round(1e6 * base / settings.agents, 1),
        "agent_steps_that_asked_percent": round(100 * asked / (settings.agents * settings.steps), 1),
        "agent_steps_per_cpu_second": round(settings.agents * settings.steps / float(own.sum() + text.sum())),
    }


def main() -> None:
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
