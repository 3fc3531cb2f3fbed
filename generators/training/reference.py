"""Leads from weights to the log of their training, for identities. Checks nothing: `evaluate --verify` does that."""

from __future__ import annotations

from pathlib import Path

from worldloom.generators.errors import WeightsError
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import CHECKPOINT
from worldloom.provenance.recipe import TrainingReference
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.training_proof import training_reference

from .course import WEIGHTS

LOG = "training"
"""The folder of the training's log, beside the weights."""


def log_storage(folder: Path) -> Storage | None:
    """Return the training's log of a weights folder; None where there is none."""
    storage = Storage(LocalDisk(folder / LOG)) if (folder / LOG).is_dir() else None
    return storage if storage and storage.exists(CHECKPOINT) else None


def reference(folder: Path, weights: str) -> TrainingReference | None:
    """Return where the folder's log tells of the weights with that hex SHA-256; None where it has no log of them.

    Raises WeightsError for a log that cannot be read.
    """
    storage = log_storage(folder)
    try:
        return training_reference(storage, weights) if storage else None
    except ProvenanceError as error:
        raise WeightsError(f"{folder / LOG}: {error}; train anew, or remove the folder") from error


def shipped_logs() -> list[Storage]:
    """Return the logs of all shipped weights, by the models' names."""
    found = (log_storage(path) for path in sorted(WEIGHTS.iterdir()))
    return [storage for storage in found if storage]
