"""The ground: ids, digests, canonical form, credentials, log, lineage and audit. Loads nothing heavy by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .run import Run

__all__ = ["Run"]


def __getattr__(name: str) -> Any:
    # Lazily, so that whoever needs a digest loads no lineage.
    if name != "Run":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .run import Run  # noqa: PLC0415

    return Run
