"""The seam between the simulation and every model: requests in, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from worldloom.provenance.recipe import Identity

from .requests import Answer, Request


@runtime_checkable
class Generator(Protocol):
    """Anything that answers requests: a model, a rule, a recording, a remote actor."""

    @property
    def identity(self) -> Identity:
        """Who answers; part of content, so it names no device, path or version."""
        ...

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order. An answer depends on its request alone, never on its neighbours.

        What goes wrong with one request is that request's answer (Status.FAILED, INVALID), not an exception.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """A generator that can load its weights before it is asked, so that its first answer need not wait for them."""

    def prepare(self) -> None:
        """Load what answering needs; raises WeightsError. Answers are the same without it."""
        ...
