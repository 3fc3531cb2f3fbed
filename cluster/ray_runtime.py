"""Minds and generators in Ray actors: one call a round for each cohort, one for each generator. Truth is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from worldloom.agents.turns import Decision, Turn
from worldloom.generators.requests import Answer, Request
from worldloom.worlds.observation import Observation

from .cohort import Cohort, CohortSpec, split
from .errors import LostWorkerError, ReachError
from .ray_calls import get, kill
from .ray_cluster import RayCluster
from .ray_makers import MakerPool
from .shares import ANYWHERE, Share

ROUND_SECONDS = 120
"""How long a cohort may take for one call."""
PLACE_SECONDS = 90
"""How long the cluster may take to start a worker."""


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


class RayRuntime:
    """The runtime on Ray. Any lost cohort loses all: the conductor restores every mind from the last snapshot."""

    def __init__(
        self,
        generators: Mapping[str, str],
        cluster: RayCluster,
        cohorts: int,
        shares: Mapping[str, Share] = MappingProxyType({}),
    ) -> None:
        self._pools = {kind: MakerPool(kind, spec, shares.get(kind, ANYWHERE)) for kind, spec in generators.items()}
        self._cluster = cluster
        self._count = cohorts
        self._spec: CohortSpec | None = None
        self._epoch = 0
        self._workers: list[Any] = []
        self._home: dict[str, int] = {}
        """Which worker holds an agent's mind."""

    def begin(self, spec: CohortSpec) -> None:
        """Reserve what generators need, start the cohort actors and wait until each one answers."""
        self._spec = spec
        for pool in self._pools.values():
            # Nobody waits for weights: they are loaded while the first steps go on.
            pool.prepare()
        self._start_cohorts()

    def consider(self, time: int, round_: int, observations: Sequence[Observation]) -> list[Turn]:
        """One call for each cohort that has something to do."""
        return self._scatter("consider", time, round_, [(seen.agent, seen) for seen in observations])

    def conclude(self, time: int, round_: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:
        """One call for each cohort that asked."""
        return self._scatter("conclude", time, round_, [(pair[0], pair) for pair in answers])

    def generate(self, kind: str, requests: Sequence[Request]) -> list[Answer]:
        """Ask the kind's generator for the requests of all cohorts; what died is started anew and asked again."""
        return self._pools[kind].generate(requests)

    def state(self) -> dict[str, Any]:
        """Gather every agent's mind."""
        merged: dict[str, Any] = {}
        for part in get([self._send(worker, "state") for worker in self._workers], ROUND_SECONDS):
            merged |= part
        return merged

    def restore(self, state: Mapping[str, Any]) -> None:
        """Replace all cohorts by those of the next epoch, with the minds of the state."""
        self._stop_cohorts()
        self._epoch += 1
        self._start_cohorts()
        get([self._send(worker, "restore", dict(state)) for worker in self._workers], ROUND_SECONDS)

    def close(self) -> None:
        """Stop every worker of this run."""
        self._stop_cohorts()
        for pool in self._pools.values():
            pool.close()
        self._cluster.close()

    def pids(self) -> dict[str, int]:
        """Process ids of the workers that live, by name, for those who watch (or test) them."""
        found = {}
        for number, worker in enumerate(self._workers):
            with suppress(LostWorkerError):
                found[f"cohort-{number}"] = get([worker.pid.remote()], PLACE_SECONDS)[0]
        for kind, pool in self._pools.items():
            for number, (pid, _) in pool.places().items():
                found[f"{kind}-{number}" if number else kind] = pid
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
            kill(worker)
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
        for places, part in zip(groups.values(), get(calls, ROUND_SECONDS), strict=True):
            for at, result in zip(places, part, strict=True):
                results[at] = result
        return results

    def _await(self, refs: list[Any], what: str) -> None:
        import ray  # noqa: PLC0415  (heavy)

        try:
            get(refs, PLACE_SECONDS)
        except LostWorkerError as error:
            free = ray.available_resources()
            raise ReachError(
                f"the cluster did not start {what} within {PLACE_SECONDS} s: {error}. Free now: {free.get('CPU', 0)} "
                "cores; ask for fewer with --cohorts, or add nodes"
            ) from error
