"""Reads a generator's identity from content; writing it is `Identity.content`."""

from __future__ import annotations

from typing import Any

from .errors import FormatError
from .recipe import Identity, TrainingReference


def read_identity(value: Any) -> Identity:
    """Read what `Identity.content` wrote; raises FormatError for anything else."""
    try:
        fields = dict(value)
        training = fields.pop("training", None)
        return Identity(**fields, training=None if training is None else TrainingReference(**training))
    except (TypeError, ValueError) as error:
        raise FormatError(f"not the identity of a generator: {error}; was the run changed?") from error
