"""Names of the columns in a sweep's tables. Holds no values."""

from __future__ import annotations

OWN_COLUMNS = ("run", "replicate", "seed", "base_seed", "state", "error", "content_root", "seconds", "folder", "time")
"""What is no parameter and no measure."""


def column_of(parameter: str) -> str:
    """Return the column of a parameter: its name; a swept seed is the base from which those of replicates are drawn."""
    return "base_seed" if parameter == "seed" else parameter
