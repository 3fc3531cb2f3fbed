"""Every error that generators raises on wrong input. A failed or late answer is not an error: it is an answer.

GeneratorError
├── UnknownGeneratorError   a specification string that names no backend
├── WeightsError            weights missing, corrupt, or not safetensors
├── TrainingError           a training or evaluation that cannot be done as asked
├── NotRecordedError        a replay asked for an answer that was never recorded
│   └── ErasedAnswerError   … or that was erased from the recording later
├── EndpointError           a server that no request can be put to: unreachable, not trusted, or it knows us not
└── CancelledError          a call was given up by its owner; nothing of it is an answer
"""

from __future__ import annotations


class GeneratorError(Exception):
    """Root of the package's errors; `str()` says what was wrong, where, and what to do."""


class UnknownGeneratorError(GeneratorError):
    """A specification string that names no backend, or none of that kind."""


class WeightsError(GeneratorError):
    """Weights that are missing, corrupt, of another shape, or not safetensors."""


class TrainingError(GeneratorError):
    """An unknown model, a plan that cannot be followed, or a work folder of another plan."""


class NotRecordedError(GeneratorError):
    """A replay asked for an answer that the recording does not hold."""


class ErasedAnswerError(NotRecordedError):
    """A replay asked for an answer that was recorded and erased later: from there on nothing can be computed again."""


class EndpointError(GeneratorError):
    """A server that no request can be put to: unreachable, not trusted, a wrong address, model or key."""


class CancelledError(GeneratorError):
    """A call was given up by its owner. Nothing of it is an answer, so nothing of it is recorded."""
