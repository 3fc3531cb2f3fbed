"""Minds and generators in Ray actors: one call a round for each cohort, one for each generator. Truth is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from worldloom.agents.turns import Decision, Turn
from worldloom.generators.errors import GeneratorError
from worldloom.generators.ports import Preparing
from worldloom.generators.requests import Answer, Request
from worldloom.worlds.observation import Observation

from .cohort import Cohort, CohortSpec, split
from .errors import LostWorkerError, ReachError
from .ray_cluster import RayCluster

ROUND_SECONDS = 120
"""How long a cohort may take for one call."""
GENERATE_SECONDS = 600
"""How long a generator may take for the requests of one round, loading its weights included."""
PLACE_SECONDS = 90
"""How long the cluster may take to start a worker."""
TRIES = 3
"""How often a generator is asked again after its process died: an answer depends on its request alone."""


class CohortWorker:
    """A cohort in an actor's process. A call of another epoch is refused: a worker left over must change nothing."""

    def __init__(self, spec: CohortSpec) -> None:
        self._cohort = Cohort(spec)
        self._epoch = spec.epoch

    def call(self, epoch: int, method: str, *arguments: Any) -> Any:
        """Run one of the cohort's methods; raises ValueError for a foreign epoch."""
        if epoch != self._epoch:
            raise ValueError(f"cohort of epoch {self._epoch} was called for epoch {epoch}")
        return getattr(self._cohort, method)(*arguments)

    def pid(self) -> int:
        """Return the process id of the worker."""
        import os  # noqa: PLC0415

        return os.getpid()


class GeneratorWorker:
    """A generator in an actor's process; loads its weights at the first request, once."""

    def __init__(self, kind: str, spec: str) -> None:
        from worldloom.generators.registry import resolve  # noqa: PLC0415  (the worker's own import)

        self._generator = resolve(kind, spec)

    def prepare(self) -> None:
        """Load weights, where the generator has any, while others work; what fails here fails again when asked."""
        with suppress(GeneratorError):
            if isinstance(self._generator, Preparing):
                self._generator.prepare()

    def generate(self, requests: list[Request]) -> list[Answer]:
        """Answer in order."""
        return self._generator.generate(requests)

    def pid(self) -> int:
        """Return the process id of the worker."""
        import os  # noqa: PLC0415

        return os.getpid()


class RayRuntime:
    """The runtime on Ray. Any lost cohort loses all: the conductor restores every mind from the last snapshot."""

    def __init__(self, generators: Mapping[str, str], cluster: RayCluster, cohorts: int) -> None:
        self._specs = dict(generators)
        self._cluster = cluster
        self._count = cohorts
        self._spec: CohortSpec | None = None
        self._epoch = 0
        self._workers: list[Any] = []
        self._home: dict[str, int] = {}
        """Which worker holds an agent's mind."""
        self._makers: dict[str, Any] = {}

    def begin(self, spec: CohortSpec) -> None:
        """Start the cohort actors and wait until each one answers."""
        self._spec = spec
        for kind in self._specs:
            # Nobody waits for this: weights are loaded while the first steps go on.
            self._maker(kind).prepare.remote()
        self._start_cohorts()

    def consider(self, time: int, round_: int, observations: Sequence[Observation]) -> list[Turn]:
        """One call for each cohort that has something to do."""
        return self._scatter("consider", time, round_, [(seen.agent, seen) for seen in observations])

    def conclude(self, time: int, round_: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:
        """One call for each cohort that asked."""
        return self._scatter("conclude", time, round_, [(pair[0], pair) for pair in answers])

    def generate(self, kind: str, requests: Sequence[Request]) -> list[Answer]:
        """One call with the requests of all cohorts; a generator that died is started anew and asked again."""
        for _ in range(TRIES - 1):
            try:
                return self._generate(kind, list(requests))
            except LostWorkerError:
                self._makers.pop(kind, None)
        return self._generate(kind, list(requests))

    def state(self) -> dict[str, Any]:
        """Gather every agent's mind."""
        merged: dict[str, Any] = {}
        for part in self._get([self._send(worker, "state") for worker in self._workers], ROUND_SECONDS):
            merged |= part
        return merged

    def restore(self, state: Mapping[str, Any]) -> None:
        """Replace all cohorts by those of the next epoch, with the minds of the state."""
        self._stop_cohorts()
        self._epoch += 1
        self._start_cohorts()
        self._get([self._send(worker, "restore", dict(state)) for worker in self._workers], ROUND_SECONDS)

    def close(self) -> None:
        """Stop every worker of this run."""
        self._stop_cohorts()
        for maker in self._makers.values():
            _kill(maker)
        self._makers.clear()
        self._cluster.close()

    def pids(self) -> dict[str, int]:
        """Process ids of the workers that live, by name, for those who watch (or test) them."""
        workers = {f"cohort-{number}": worker for number, worker in enumerate(self._workers)} | self._makers
        found = {}
        for name, worker in workers.items():
            with suppress(LostWorkerError):
                found[name] = self._get([worker.pid.remote()], PLACE_SECONDS)[0]
        return found

    def _start_cohorts(self) -> None:
        import ray  # noqa: PLC0415  (heavy)

        spec = self._spec
        if spec is None:
            raise RuntimeError("the runtime was not begun")
        parts = split(spec.personas, self._count)
        # A joined cluster reserves a core a cohort; on one machine they share what there is.
        cores = 1 if self._cluster.joined else 0
        actor = ray.remote(num_cpus=cores, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD")(
            CohortWorker
        )
        self._workers = [actor.remote(replace(spec, personas=part, epoch=self._epoch)) for part in parts]
        self._home = {each.agent: number for number, part in enumerate(parts) for each in part}
        self._await([worker.pid.remote() for worker in self._workers], f"{len(parts)} cohorts of {cores} core each")

    def _stop_cohorts(self) -> None:
        for worker in self._workers:
            _kill(worker)
        self._workers = []

    def _send(self, worker: Any, method: str, *arguments: Any) -> Any:
        return worker.call.remote(self._epoch, method, *arguments)

    def _scatter(self, method: str, time: int, round_: int, items: list[tuple[str, Any]]) -> list[Any]:
        """Send each item to the cohort of its agent; return the results in the items' order."""
        groups: dict[int, list[int]] = {}
        for at, (agent, _) in enumerate(items):
            groups.setdefault(self._home[agent], []).append(at)
        calls = [
            self._send(self._workers[number], method, time, round_, [items[at][1] for at in places])
            for number, places in groups.items()
        ]
        results: list[Any] = [None] * len(items)
        for places, part in zip(groups.values(), self._get(calls, ROUND_SECONDS), strict=True):
            for at, result in zip(places, part, strict=True):
                results[at] = result
        return results

    def _generate(self, kind: str, requests: list[Request]) -> list[Answer]:
        answers: list[Answer] = self._get([self._maker(kind).generate.remote(requests)], GENERATE_SECONDS)[0]
        return answers

    def _maker(self, kind: str) -> Any:
        """Return the actor of a kind of generator, started if need be."""
        import ray  # noqa: PLC0415  (heavy)

        if kind not in self._makers:
            actor = ray.remote(num_cpus=0, max_restarts=0, max_task_retries=0)(GeneratorWorker)
            self._makers[kind] = actor.remote(kind, self._specs[kind])
        return self._makers[kind]

    def _await(self, refs: list[Any], what: str) -> None:
        import ray  # noqa: PLC0415  (heavy)

        try:
            self._get(refs, PLACE_SECONDS)
        except LostWorkerError as error:
            free = ray.available_resources()
            raise ReachError(
                f"the cluster did not start {what} within {PLACE_SECONDS} s: {error}. Free now: {free.get('CPU', 0)} "
                "cores; ask for fewer with --cohorts, or add nodes"
            ) from error

    @staticmethod
    def _get(refs: list[Any], seconds: int) -> list[Any]:
        import ray  # noqa: PLC0415  (heavy)
        from ray.exceptions import GetTimeoutError, RayError, RayTaskError  # noqa: PLC0415

        try:
            found: list[Any] = ray.get(refs, timeout=seconds)
        except RayTaskError as error:
            # An exception of our own code in a worker: the same one that would have come up here.
            raise (error.cause if isinstance(error.cause, Exception) else error.as_instanceof_cause()) from error
        except GetTimeoutError as error:
            raise LostWorkerError(
                f"a worker did not answer within {seconds} s; is the machine out of memory?"
            ) from error
        except RayError as error:
            reason = str(error).strip().splitlines()[0]
            raise LostWorkerError(f"a worker process died: {reason}") from error
        return found


def _kill(actor: Any) -> None:
    import ray  # noqa: PLC0415  (heavy)

    if ray.is_initialized():
        ray.kill(actor, no_restart=True)
