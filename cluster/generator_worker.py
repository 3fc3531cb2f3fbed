"""What a replica of a generator is in its own process: puts its weights on the node, answers, says where it is."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from worldloom.generators.errors import GeneratorError
from worldloom.generators.ports import Generator, Preparing
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.recipe import Identity

from .ray_weights import Arrival, Parcel


class Loaded(NamedTuple):
    """Who answers in a replica, by which specification there, and whether this replica unpacked the weights."""

    identity: Identity
    spec: str
    unpacked: bool


class GeneratorWorker:
    """A generator in an actor's process; loads its weights at the first request, once.

    Weights that travel are put on the node before, by the first replica there; the others wait for it.
    """

    def __init__(self, kind: str, spec: str, parcel: Parcel | None = None) -> None:
        self._kind = kind
        self._spec = spec
        self._parcel = parcel

    def prepare(self) -> None:
        """Load weights, where the generator has any, while others work; what fails here fails again when asked."""
        with suppress(GeneratorError):
            if isinstance(self._generator, Preparing):
                self._generator.prepare()

    def generate(self, requests: list[Request]) -> list[Answer]:
        """Answer in order."""
        return self._generator.generate(requests)

    def loaded(self) -> Loaded:
        """Return what this replica answers with; raises GeneratorError."""
        identity = self._generator.identity
        return Loaded(identity, self._local_spec, bool(self._arrival and self._arrival.settled.unpacked))

    def place(self) -> tuple[int, str]:
        """Return process id and node id of the worker, for those who watch (or test) it."""
        import os  # noqa: PLC0415

        import ray  # noqa: PLC0415  (heavy)

        return os.getpid(), ray.get_runtime_context().get_node_id()

    @cached_property
    def _arrival(self) -> Arrival | None:
        return Arrival(self._parcel) if self._parcel else None

    @property
    def _local_spec(self) -> str:
        return self._arrival.spec if self._arrival else self._spec

    @cached_property
    def _generator(self) -> Generator:
        from worldloom.generators.registry import resolve  # noqa: PLC0415  (the worker's own import)

        return resolve(self._kind, self._local_spec)
