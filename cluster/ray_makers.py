"""A kind's generator in Ray actors: placed by its share, asked side by side, started anew when lost. Keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from worldloom.generators.requests import Answer, Request

from .errors import LostWorkerError, ReachError
from .generator_worker import GeneratorWorker, Loaded
from .ray_calls import get, kill
from .ray_weights import Parcel, send, take_back
from .shares import Share

GENERATE_SECONDS = 600
"""How long a generator may take for the requests of one round, loading its weights included."""
RESERVE_SECONDS = 90
"""How long the cluster may take to reserve a share."""
TRIES = 3
"""How often a request is asked again after a process died: an answer depends on its request alone."""


class MakerPool:
    """The replicas of one generator: `prepare`, then `generate`.

    Without `in_place`, a node gets a copy of weights even where it has them at the path that the specification names.
    """

    def __init__(
        self, kind: str, spec: str, share: Share, reserve_seconds: float = RESERVE_SECONDS, *, in_place: bool = True
    ) -> None:
        self._kind = kind
        self._spec = spec
        self._share = share
        self._reserve_seconds = reserve_seconds
        self._in_place = in_place
        self._parcel: Parcel | None = None
        self._group: Any = None
        self._replicas: dict[int, Any] = {}
        self._arriving: list[Any] = []
        """Where each replica is that was ever started, as references."""

    def prepare(self) -> None:
        """Reserve the share, pack weights that must travel, and let every replica load them; waits for no loading.

        Raises ReachError, and WeightsError for a folder of weights that cannot be packed.
        """
        if self._share.bundle and self._group is None:
            self._group = _reserve(self._kind, self._share, self._reserve_seconds)
        # Only now: a cluster that grows has the nodes of the share by now.
        self._parcel = self._parcel or send(self._spec, in_place=self._in_place)
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

    def loaded(self) -> dict[int, Loaded]:
        """Return what each replica answers with, by number, once all have their weights; raises GeneratorError."""
        calls = {number: replica.loaded.remote() for number, replica in self._replicas.items()}
        return {number: get([call], GENERATE_SECONDS)[0] for number, call in calls.items()}

    def close(self) -> None:
        """Stop the replicas, remove what was put on nodes and give the share back; may be called twice."""
        for replica in self._replicas.values():
            kill(replica)
        self._replicas.clear()
        if self._group is not None:
            _give_back(self._group)
            self._group = None
        if self._parcel is not None:
            take_back(self._parcel, _nodes_of(self._arriving))
            self._parcel = None

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
            self._replicas[number] = actor.remote(self._kind, self._spec, self._parcel)
            if self._parcel is not None:
                self._arriving.append(self._replicas[number].place.remote())
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


def _nodes_of(arriving: list[Any]) -> set[str]:
    """Return the ids of nodes on which replicas came to life; one that never did left nothing anywhere."""
    import ray  # noqa: PLC0415  (heavy)

    nodes = set()
    if arriving and ray.is_initialized():
        for call in ray.wait(arriving, num_returns=len(arriving), timeout=0)[0]:
            with suppress(LostWorkerError):
                nodes.add(get([call], RESERVE_SECONDS)[0][1])
    return nodes


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
