"""Where a run lies: its folder, what stands beside it, and its name there."""

from __future__ import annotations

from dataclasses import dataclass

from worldloom.provenance.storage import Storage


@dataclass(frozen=True)
class RunPlace:
    """`storage` is the run folder, `beside` the folder that holds it, `name` the run folder's name."""

    storage: Storage
    beside: Storage
    name: str
