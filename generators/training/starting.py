"""Weights that a training goes on from, in the place of random ones. Trains nothing, saves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from worldloom.generators.errors import TrainingError, WeightsError
from worldloom.provenance.digests import file_digest

from .course import Course, Plan
from .record import WEIGHTS_FILE, weight_files


@runtime_checkable
class GoesOn(Protocol):
    """A course whose weights mean nothing without more of their folder, such as a tokenizer."""

    def going_on_from(self, folder: Path) -> Course:
        """Return the course of a training that goes on from a folder's weights; raises WeightsError."""
        ...


def going_on_from(course: Course, folder: Path) -> Course:
    """Return the course for a training that goes on from a folder's weights; raises WeightsError."""
    return course.going_on_from(folder) if isinstance(course, GoesOn) else course


def digest_of(folder: Path) -> str:
    """Return the hex SHA-256 of a folder's weights, which a plan names as its `start`; raises WeightsError."""
    return file_digest(weight_files(folder)[WEIGHTS_FILE]).hex()


def first_model(course: Course, plan: Plan, folder: Path | None) -> Any:
    """Return the module that a training begins with, on the processor: a new one, or one with a folder's weights.

    Raises TrainingError where the plan names other weights than the folder's, or they are not of the course's model.
    """
    model = course.new(plan)
    if folder is None and not plan.start:
        return model
    if folder is None or digest_of(folder) != plan.start:
        raise TrainingError(f"the plan begins with the weights {plan.start or '(none)'}; {folder} holds others")
    _take(model, folder)
    return model


def _take(model: Any, folder: Path) -> None:
    from safetensors.torch import load  # noqa: PLC0415  (heavy)

    where = folder / WEIGHTS_FILE
    try:
        tensors = {name: tensor.float() for name, tensor in load(weight_files(folder)[WEIGHTS_FILE]).items()}
        left = model.load_state_dict(tensors, strict=False)
    except WeightsError:
        raise
    except Exception as error:
        # safetensors raises its own Rust error class and torch a RuntimeError; both mean weights that do not fit.
        raise TrainingError(f"{where}: cannot be gone on from: {error}") from error
    # A head that is tied to the embedding is in no file: it follows the embedding, as every shared tensor does.
    known = {id(each) for name, each in model.named_parameters(remove_duplicate=False) if name in tensors}
    shared = {name for name, each in model.named_parameters(remove_duplicate=False) if id(each) in known}
    if left.unexpected_keys or set(left.missing_keys) - shared:
        raise TrainingError(f"{where}: is of another model: {left}")
