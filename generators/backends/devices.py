"""Where a production model runs and in which precision. A device is never part of an identity."""

from __future__ import annotations

from typing import Any

from worldloom.generators.errors import GeneratorError

DEVICES = ("auto", "cpu", "cuda")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")


def choose_device(wanted: str) -> str:
    """Return `cuda` or `cpu`; `auto` takes a GPU when there is one. Raises GeneratorError when it is missing."""
    import torch  # noqa: PLC0415  (heavy: only where a model is used)

    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise GeneratorError(
            "device=cuda was asked for and torch finds no GPU; leave the option away or mend the driver"
        )
    return "cuda" if wanted == "cuda" or (wanted == "auto" and there) else "cpu"


def choose_precision(wanted: str, device: str) -> Any:
    """Return the torch type of the weights; `auto` is float32 on the processor, left to the library on a GPU."""
    import torch  # noqa: PLC0415

    if wanted != "auto":
        return getattr(torch, wanted)
    return torch.float32 if device == "cpu" else "auto"
