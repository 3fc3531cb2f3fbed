"""Scores pixel pictures with the dual encoder: fit to words, distance of two sets. Trains nothing.

The figures are the embedded encoder's own: not comparable with CLIPScore or FID, whose idea they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.sequence.model import weights_digest

from .model import WEIGHTS_FOLDER, image_features, load_model, text_features


class Scorer:
    """The dual encoder of a weights folder, loaded when first asked."""

    def __init__(self, folder: Path = WEIGHTS_FOLDER) -> None:
        self._folder = folder

    @cached_property
    def weights(self) -> str:
        """Hex SHA-256 of the weights; raises WeightsError."""
        return weights_digest(self._folder)

    @cached_property
    def _model(self) -> Any:
        return load_model(self._folder)

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        _ = self._model

    def score(self, images: Sequence[Any], texts: Sequence[str]) -> list[float]:
        """Return how well each picture (32 x 32 palette numbers) fits its caption: cosines, -1 to 1.

        Raises GeneratorError for words that pixel pictures do not know, ValueError for lists of two lengths.
        """
        if len(images) != len(texts):
            raise ValueError(f"{len(images)} pictures and {len(texts)} captions: one caption a picture")
        if not images:
            return []
        found: list[float] = (self.vectors(images) * text_features(self._model, texts)).sum(-1).tolist()
        return found

    def vectors(self, images: Sequence[Any]) -> Any:
        """Return one unit vector a picture."""
        return image_features(self._model, images)

    def fits(self, images: Sequence[Any], texts: Sequence[str]) -> Any:
        """Return how well every caption (columns) fits every picture (rows)."""
        return self.vectors(images) @ text_features(self._model, texts).T

    def choices(self, images: Sequence[Any], texts: Sequence[str]) -> list[int]:
        """Return for each picture which of the captions fits it best."""
        best: list[int] = self.fits(images, texts).argmax(-1).tolist()
        return best

    def tiny_clip_score(self, images: Sequence[Any], texts: Sequence[str]) -> float:
        """Return the mean fit of pictures and captions, negative fits counted as none (after Hessel et al. 2021)."""
        fits = self.score(images, texts)
        return sum(max(0.0, fit) for fit in fits) / len(fits)

    def fd_tiny_clip(self, images: Sequence[Any], others: Sequence[Any]) -> float:
        """Return the Frechet distance of two sets of pictures in the encoder's space (after Heusel et al. 2017).

        Each set needs clearly more pictures than the space has dimensions (96): 200 and more.
        """
        return frechet(self.vectors(images).double().numpy(), self.vectors(others).double().numpy())


def frechet(one: Any, other: Any) -> float:
    """Return the squared Frechet distance of two sets of vectors (rows), each seen as a normal distribution."""
    import numpy as np  # noqa: PLC0415

    apart = one.mean(0) - other.mean(0)
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    # The trace of the root of first @ second is that of the symmetric root @ second @ root, which eigvalsh can do.
    cross = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    return float(apart @ apart + np.trace(first) + np.trace(second) - 2 * cross)
