"""A kind's generator in Ray actors: placed by its share, asked side by side, started anew when lost. Keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.ports import Preparing
from worldloom.generators.requests import Answer, Request

from .errors import LostWorkerError, ReachError
from .ray_calls import get, kill
from .shares import Share

GENERATE_SECONDS = 600
"""How long a generator may take for the requests of one round, loading its weights included."""
RESERVE_SECONDS = 90
"""How long the cluster may take to reserve a share."""
TRIES = 3
"""How often a request is asked again after a process died: an answer depends on its request alone."""


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

    def place(self) -> tuple[int, str]:
        """Return process id and node id of the worker, for those who watch (or test) it."""
        import os  # noqa: PLC0415

        import ray  # noqa: PLC0415  (heavy)

        return os.getpid(), ray.get_runtime_context().get_node_id()


class MakerPool:
    """The replicas of one generator. `reserve` first where the share asks for anything, then `generate`."""

    def __init__(self, kind: str, spec: str, share: Share, reserve_seconds: float = RESERVE_SECONDS) -> None:
        self._kind = kind
        self._spec = spec
        self._share = share
        self._reserve_seconds = reserve_seconds
        self._group: Any = None
        self._replicas: dict[int, Any] = {}

    def prepare(self) -> None:
        """Reserve the share and let every replica load its weights; waits for the first alone. Raises ReachError."""
        if self._share.bundle and self._group is None:
            self._group = _reserve(self._kind, self._share, self._reserve_seconds)
        for number in range(self._share.replicas):
            self._replica(number).prepare.remote()

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Ask all replicas side by side, a run of requests each; one that died is started anew and asked again."""
        parts = dict(enumerate(_split(list(requests), self._share.replicas)))
        answers: dict[int, list[Answer]] = {}
        for left in reversed(range(TRIES)):
            calls = {number: self._replica(number).generate.remote(parts[number]) for number in parts.keys() - answers}
            for number, call in sorted(calls.items()):
                try:
                    answers[number] = get([call], GENERATE_SECONDS)[0]
                except LostWorkerError:
                    self._replicas.pop(number, None)
                    if not left:
                        raise
            if len(answers) == len(parts):
                break
        return [answer for number in sorted(answers) for answer in answers[number]]

    def places(self) -> dict[int, tuple[int, str]]:
        """Return (process id, node id) of the replicas that live, by number."""
        found = {}
        for number, replica in self._replicas.items():
            with suppress(LostWorkerError):
                found[number] = get([replica.place.remote()], RESERVE_SECONDS)[0]
        return found

    def close(self) -> None:
        """Stop the replicas and give the share back; may be called twice."""
        for replica in self._replicas.values():
            kill(replica)
        self._replicas.clear()
        if self._group is not None:
            _give_back(self._group)
            self._group = None

    def _replica(self, number: int) -> Any:
        import ray  # noqa: PLC0415  (heavy)

        if number not in self._replicas:
            share, placed = self._share, {}
            if self._group is not None:
                from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy  # noqa: PLC0415

                placed["scheduling_strategy"] = PlacementGroupSchedulingStrategy(
                    self._group, placement_group_bundle_index=number
                )
            actor = ray.remote(num_cpus=share.cpus, num_gpus=share.gpus, max_restarts=0, max_task_retries=0, **placed)(
                GeneratorWorker
            )
            self._replicas[number] = actor.remote(self._kind, self._spec)
        return self._replicas[number]


def _split(requests: list[Request], parts: int) -> list[list[Request]]:
    """Return at most `parts` runs of neighbouring requests, sizes differing by one at most; none is empty."""
    count = max(1, min(parts, len(requests)))
    ends = [len(requests) * number // count for number in range(count + 1)]
    return [requests[first:last] for first, last in pairwise(ends)]


def _reserve(kind: str, share: Share, seconds: float) -> Any:
    """Return the placement group of a share, reserved; raises ReachError that says what is missing where."""
    from ray.util import placement_group  # noqa: PLC0415  (heavy)

    group = placement_group([dict(share.bundle) for _ in range(share.replicas)], strategy="SPREAD")
    if not group.wait(seconds):
        _give_back(group)
        raise ReachError(
            f"the {kind} generator's share ({share.words()}) could not be reserved within {seconds:g} s. "
            f"The cluster has {_nodes()}. Ask for less in the scenario's shares, or add nodes"
        )
    return group


def _give_back(group: Any) -> None:
    import ray  # noqa: PLC0415  (heavy)
    from ray.util import remove_placement_group  # noqa: PLC0415

    if ray.is_initialized():
        remove_placement_group(group)


def _nodes() -> str:
    """Return what each node has, in words."""
    import ray  # noqa: PLC0415  (heavy)

    told = []
    for number, node in enumerate((node for node in ray.nodes() if node["Alive"]), 1):
        has = node["Resources"]
        kinds = [name.partition(":")[2] for name in has if name.startswith("accelerator_type:")]
        gpus = f"{has.get('GPU', 0):g} GPU{f' ({kinds[0]})' if kinds else ''}"
        told.append(f"node {number} with {has.get('CPU', 0):g} CPU and {gpus}")
    return ", ".join(told) or "no node that lives"
