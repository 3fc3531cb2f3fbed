"""Waiting for Ray with a deadline, and what its errors mean here. Starts nothing."""

from __future__ import annotations

from typing import Any

from .errors import LostWorkerError


def get(refs: list[Any], seconds: float) -> list[Any]:
    """Return the results of calls; an exception of our own code in a worker comes up as it is.

    Raises LostWorkerError for a process that died or did not answer within `seconds`.
    """
    import ray  # noqa: PLC0415  (heavy)
    from ray.exceptions import GetTimeoutError, RayError, RayTaskError  # noqa: PLC0415

    try:
        found: list[Any] = ray.get(refs, timeout=seconds)
    except RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error.as_instanceof_cause()) from error
    except GetTimeoutError as error:
        raise LostWorkerError(f"a worker did not answer within {seconds:g} s; is the machine out of memory?") from error
    except RayError as error:
        reason = str(error).strip().splitlines()[0]
        raise LostWorkerError(f"a worker process died: {reason}") from error
    return found


def kill(actor: Any) -> None:
    """Stop an actor's process, if Ray is still there."""
    import ray  # noqa: PLC0415  (heavy)

    if ray.is_initialized():
        ray.kill(actor, no_restart=True)
