"""The seam between the conductor and whatever computes: minds and generators here, in one process. No file, no Ray."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from worldloom.agents.turns import Decision, Turn
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.recipe import Identity
from worldloom.worlds.observation import Observation

from .cohort import Cohort, CohortSpec
from .embeddings import embedding_identity
from .scenario import Scenario


class Runtime(Protocol):
    """Where minds and generators live. Raises LostWorkerError when a worker is gone: minds must then be restored."""

    def begin(self, spec: CohortSpec) -> None:
        """Make the cohorts of a run; called once, before all else but `identities`."""
        ...

    def consider(self, time: int, round_: int, observations: Sequence[Observation]) -> list[Turn]:
        """Return one turn for each observation, in their order."""
        ...

    def conclude(self, time: int, round_: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:
        """Return one decision for each answer, in their order."""
        ...

    def generate(self, kind: str, requests: Sequence[Request]) -> list[Answer]:
        """Ask the generator of a kind; answers in order."""
        ...

    def state(self) -> dict[str, Any]:
        """Return each agent's mind by id."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Give every agent the mind of a state, with fresh workers where some are gone."""
        ...

    def close(self) -> None:
        """Let everything go; may be called twice."""
        ...


def identities(generators: Mapping[str, str]) -> dict[str, Identity]:
    """Return who answers for each kind; raises UnknownGeneratorError or WeightsError before a run begins."""
    return {kind: resolve(kind, spec).identity for kind, spec in sorted(generators.items())}


def who_answers(scenario: Scenario) -> dict[str, Identity]:
    """Return who a run's first entry names: its generators by kind, and the embedding if that is a model.

    Raises UnknownGeneratorError or WeightsError before a run begins.
    """
    if scenario.crowd is not None:
        return {}
    return identities(scenario.generators) | embedding_identity(scenario.embedding)


class LocalRuntime:
    """Everything in this process, one cohort."""

    def __init__(self, generators: Mapping[str, str]) -> None:
        self._specs = dict(generators)
        self._generators: dict[str, Generator] = {}
        self._cohort: Cohort | None = None

    def begin(self, spec: CohortSpec) -> None:
        """Make the one cohort."""
        self._cohort = Cohort(spec)

    def consider(self, time: int, round_: int, observations: Sequence[Observation]) -> list[Turn]:
        """Ask the cohort."""
        return self._minds.consider(time, round_, observations)

    def conclude(self, time: int, round_: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:
        """Tell the cohort."""
        return self._minds.conclude(time, round_, answers)

    def generate(self, kind: str, requests: Sequence[Request]) -> list[Answer]:
        """Ask the generator, made at its first use."""
        if kind not in self._generators:
            self._generators[kind] = resolve(kind, self._specs[kind])
        return self._generators[kind].generate(requests)

    def state(self) -> dict[str, Any]:
        """Return the cohort's minds."""
        return self._minds.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore the cohort's minds."""
        self._minds.restore(state)

    def close(self) -> None:
        """Forget cohort and generators."""
        self._cohort = None
        self._generators.clear()

    @property
    def _minds(self) -> Cohort:
        if self._cohort is None:
            raise RuntimeError("the runtime was not begun, or is closed")
        return self._cohort


class Remote:
    """A generator of a runtime behind the generator port, so that recording can wrap it."""

    def __init__(self, runtime: Runtime, kind: str, identity: Identity) -> None:
        self._runtime = runtime
        self._kind = kind
        self._identity = identity

    @property
    def identity(self) -> Identity:
        """Who answers."""
        return self._identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Ask the runtime."""
        return self._runtime.generate(self._kind, requests)
