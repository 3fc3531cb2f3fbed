"""What backends of shipped weights share: who answers, weights loaded once, one request after the other.

Knows no kind of model: a backend says how its weights are loaded and how one request is answered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from worldloom.provenance.recipe import Identity

from .requests import Answer, Request
from .sequence.model import weights_digest
from .training.reference import reference


class Trained(ABC):
    """A generator over the weights in a folder. One row a forward pass, so an answer depends on its request alone."""

    title: ClassVar[str]
    """The model's name in recipes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def identity(self) -> Identity:
        """Who answers, with the log of its weights' training; reads files, loads no torch. Raises WeightsError."""
        weights = weights_digest(self._folder)
        return Identity(
            backend="embedded",
            model=self.title,
            weights=weights,
            repeatable=True,
            weights_licence="Apache-2.0",
            output_licence="Apache-2.0",
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
            training=reference(self._folder, weights),
        )

    @cached_property
    def model(self) -> Any:
        """The weights, loaded at their first use; raises WeightsError."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        torch.set_num_threads(1)
        return self.load(self._folder)

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        _ = self.model

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer every request, in order; raises WeightsError when the weights cannot be loaded."""
        return [self.one(request) for request in requests]

    @abstractmethod
    def load(self, folder: Path) -> Any:
        """Return the model of a folder."""

    @abstractmethod
    def one(self, request: Request) -> Answer:
        """Answer one request."""
