"""What came of one run of a sweep, as a value and as the JSON file that a second call finds. Runs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from worldloom.provenance.storage import Storage

ROWS = "rows/"
SEALED, MEASURED, FAILED = "sealed", "measured", "failed"
"""States: a whole sealed run folder; a run that only memory held; one that did not come to its end."""

Point = tuple[int, str, int]
"""A measure at a time: simulated seconds, its name, its value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: `seconds` are wall time; `every` says how often (simulated seconds) `series` was taken."""

    state: str
    content_root: str = ""
    measures: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""
    every: int = 0
    series: tuple[Point, ...] = ()

    def serves(self, *, keep: bool, every: int) -> bool:
        """Whether a sweep that wants this can take the outcome as it is."""
        return self.state in ((SEALED,) if keep else (SEALED, MEASURED)) and self.every == every


@dataclass(frozen=True, slots=True)
class Row:
    """A run of a sweep with what came of it; `folder` is the run folder's path in the sweep's folder, or ""."""

    run: str
    parameters: Mapping[str, Any]
    replicate: int
    seed: int
    outcome: Outcome
    folder: str = ""

    def with_outcome(self, outcome: Outcome) -> Row:
        """Return the row of the same run with what came of it."""
        return replace(self, outcome=outcome)


def write_row(storage: Storage, row: Row) -> None:
    """Write a row to its file."""
    outcome = {name: getattr(row.outcome, name) for name in Outcome.__slots__}
    value = {"run": row.run, "parameters": dict(row.parameters), "replicate": row.replicate, "seed": row.seed} | outcome
    storage.write(
        f"{ROWS}{row.run}.json", json.dumps(value | {"measures": dict(row.outcome.measures)}).encode() + b"\n"
    )


def read_outcome(storage: Storage, run: str) -> Outcome | None:
    """Return the outcome of a run from its row's file; None when there is none, or no whole one."""
    path = f"{ROWS}{run}.json"
    if not storage.exists(path):
        return None
    try:
        value = json.loads(storage.read(path))
        fields = {name: value[name] for name in Outcome.__slots__}
        series = tuple((int(time), str(name), int(number)) for time, name, number in fields["series"])
        measures = {str(name): int(number) for name, number in fields["measures"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Outcome(**(fields | {"series": series, "measures": measures}))
