"""What a sweep came to: a table with a row for each run, a series over time, and means with their intervals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from worldloom.cluster.errors import SweepError

from .columns import column_of
from .row import FAILED, Row

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CONFIDENCE = 0.95
"""How often an interval of `summary` would hold the true mean, were measures normally distributed."""


@dataclass(frozen=True)
class SweepResult:
    """See the module. `parameters` and `measures` are names in the order of the table's columns."""

    out: Path | None
    parameters: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[Row, ...]
    seconds: float

    @property
    def failed(self) -> tuple[Row, ...]:
        """Rows of the runs that did not come to their end."""
        return tuple(row for row in self.rows if row.outcome.state == FAILED)

    @property
    def table(self) -> pa.Table:
        """One row a run: `run`, a column for each parameter, `replicate`, `seed`, a column for each measure (null when
        the run failed), `content_root`, `seconds` of wall time, `state`, `error`, `folder`.
        """
        outcomes = [row.outcome for row in self.rows]
        columns = {"run": _texts(row.run for row in self.rows)} | self._parameter_columns(self.rows)
        columns |= {name: _integers(getattr(row, name) for row in self.rows) for name in ("replicate", "seed")}
        columns |= {name: _integers(each.measures.get(name) for each in outcomes) for name in self.measures}
        columns |= {"content_root": _texts(each.content_root for each in outcomes)}
        columns |= {"seconds": _floats(each.seconds for each in outcomes)}
        columns |= {name: _texts(getattr(each, name) for each in outcomes) for name in ("state", "error")}
        return _table(columns | {"folder": _texts(row.folder for row in self.rows)})

    @property
    def series(self) -> pa.Table:
        """Measures over time: `run`, the parameters, `seed`, `time` in simulated seconds, `measure`, `value`.

        Empty unless the sweep was told how often to measure (`every`).
        """
        found = [(row, *point) for row in self.rows for point in row.outcome.series]
        columns = {"run": _texts(row.run for row, *_ in found)} | self._parameter_columns([row for row, *_ in found])
        columns |= {"seed": _integers(row.seed for row, *_ in found), "time": _integers(point[1] for point in found)}
        return _table(
            columns | {"measure": _texts(point[2] for point in found), "value": _integers(point[3] for point in found)}
        )

    @property
    def summary(self) -> pa.Table:
        """For each combination of parameters and each measure: `runs` that ended, their `mean`, and the 95 % interval
        of the mean, `low` to `high`, by Student's t (null for fewer than two runs).

        Runs that differ in a swept seed alone are replicates of each other here.
        """
        cells: dict[str, list[Row]] = {}
        for row in self.rows:
            cells.setdefault(json.dumps({name: row.parameters[name] for name in self._compared}), []).append(row)
        told = [(rows[0], measure, _values(rows, measure)) for rows in cells.values() for measure in self.measures]
        figures = [interval(values) for *_, values in told]
        columns = self._parameter_columns([row for row, *_ in told], self._compared)
        columns |= {"measure": _texts(each[1] for each in told), "runs": _integers(len(each[2]) for each in told)}
        names = ("mean", "low", "high")
        return _table(columns | {name: _floats(each[at] for each in figures) for at, name in enumerate(names)})

    def frame(self) -> pd.DataFrame:
        """Return `table` as a pandas DataFrame; raises SweepError where pandas is not installed."""
        try:
            import pandas as pd  # noqa: F401, PLC0415  (an extra)
        except ModuleNotFoundError as error:
            raise SweepError("a DataFrame needs pandas: pip install 'worldloom[frames]', or use `.table`") from error
        return self.table.to_pandas()

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "out": "" if self.out is None else str(self.out),
            "runs": len(self.rows),
            "failed": len(self.failed),
            "seconds": round(self.seconds, 3),
            "rows": self.table.to_pylist(),
            "summary": self.summary.to_pylist(),
        }

    @property
    def _compared(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name != "seed")

    def _parameter_columns(self, rows: Sequence[Row], names: Sequence[str] | None = None) -> dict[str, Any]:
        chosen = self.parameters if names is None else names
        return {column_of(name): _plain([row.parameters[name] for row in rows]) for name in chosen}


def interval(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Return mean, low and high of the 95 % interval of the mean; None where there are too few values for it."""
    if len(values) < 2:
        return (float(values[0]) if values else None), None, None
    from scipy.stats import t  # noqa: PLC0415  (heavy)

    middle = mean(values)
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * stdev(values) / sqrt(len(values))
    return float(middle), middle - half, middle + half


def _values(rows: Sequence[Row], measure: str) -> list[int]:
    return [row.outcome.measures[measure] for row in rows if measure in row.outcome.measures]


def _plain(values: Sequence[Any]) -> Any:
    """Return a column of parameters: integers, texts or truth values as they are, anything else as JSON."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    for kind in (bool, int, str):
        if all(type(value) is kind for value in values):
            return pa.array(values)
    return _texts(value if isinstance(value, str) else json.dumps(value, default=str) for value in values)


def _texts(values: Iterable[str]) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    return pa.array(list(values), pa.string())


def _integers(values: Iterable[int | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    return pa.array(list(values), pa.int64())


def _floats(values: Iterable[float | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    return pa.array(list(values), pa.float64())


def _table(columns: dict[str, Any]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    return pa.table(columns)
