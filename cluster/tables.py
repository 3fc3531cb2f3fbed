"""Tables of a simulation as Arrow: which there are, and their columns with types and units. Rows: `table_rows`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .errors import SimulationError
from .table_rows import ROWS, Row, Source

if TYPE_CHECKING:
    import pyarrow as pa


class Column(NamedTuple):
    """A column: its name, its type (`int64`, `string` or `texts`, lists of strings), what it holds, and its unit."""

    name: str
    type: str
    meaning: str


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "agents": (
        Column("time", "int64", "simulated seconds: the present moment"),
        Column("agent", "string", "id"),
        Column("name", "string", "full name"),
        Column("age", "int64", "years"),
        Column("job", "string", "what it works as"),
        Column("home", "string", "name of the place it lives in"),
        Column("work", "string", "name of the place it works at"),
        Column("place", "string", "name of the place it is at; empty on the way"),
        Column("going", "string", "name of the place it walks to; empty when it does not walk"),
        Column("doing", "string", "its activity in a word"),
        Column("x", "int64", "millimetres east"),
        Column("y", "int64", "millimetres south"),
        Column("hunger", "int64", "thousandths; 1,000 is worst"),
        Column("tiredness", "int64", "thousandths; 1,000 is worst"),
        Column("company", "int64", "thousandths of missing it; 1,000 is worst"),
        Column("carried", "int64", "number of things it holds"),
        Column("memories", "int64", "number of memories it has"),
    ),
    "events": (
        Column("id", "string", "id, as causes and sources name it"),
        Column("time", "int64", "simulated seconds when it began"),
        Column("duration", "int64", "seconds"),
        Column("actor", "string", "id of who did it; `scenario` for hooks and what was told; may be missing"),
        Column("kind", "string", "what happened, in a word"),
        Column("target", "string", "id of whom or what it befell; may be missing"),
        Column("place", "string", "id of where; may be missing"),
        Column("cause", "string", "id of the decision behind it, `scenario`, or missing"),
        Column("detail", "string", "JSON: integers and texts"),
    ),
    "memories": (
        Column("id", "string", "id"),
        Column("agent", "string", "id of who remembers"),
        Column("time", "int64", "simulated seconds when it came in"),
        Column("kind", "string", "seen, told, did, read, knows, reflection or plan"),
        Column("text", "string", "what is remembered"),
        Column("importance", "int64", "0 to 10"),
        Column("source", "string", "id of the event or decision it came from; may be empty"),
        Column("via", "string", "id of who told it, or empty"),
        Column("about", "texts", "ids of agents, places and things"),
        Column("topic", "string", "what a reflection comes to; empty for others"),
    ),
    "decisions": (
        Column("id", "string", "id"),
        Column("agent", "string", "id of who decided"),
        Column("time", "int64", "simulated seconds: the beginning of the step"),
        Column("round", "int64", "round of the step, from 0"),
        Column("purpose", "string", "what was asked: decide, plan, talk, make, trade or reflect"),
        Column("action", "string", "kind of the action that came of it"),
        Column("arguments", "string", "JSON: the action's arguments"),
        Column("status", "string", "ok, invalid, failed or late"),
        Column("reason", "string", "why the answer was none; empty for ok"),
        Column("generator", "string", "name of the generator that answered"),
        Column("memories", "texts", "ids of the memories that the answer rests on"),
        Column("observed", "texts", "ids of the events in the prompt"),
    ),
    "measures": (
        Column("time", "int64", "simulated seconds: the present moment"),
        Column("measure", "string", "name that the scenario gave it"),
        Column("value", "int64", "in the measure's own unit"),
    ),
}
"""The columns of each table."""


def make_table(name: str, source: Source) -> pa.Table:
    """Return a table by name; each field's metadata says under `meaning` what it holds and in what unit.

    Raises SimulationError for a name that there is not, ScenarioError for a measure that fails.
    """
    if name not in COLUMNS:
        raise SimulationError(f"no table is called {name!r}; there are: {', '.join(COLUMNS)}")
    return arrow(COLUMNS[name], ROWS[name](source))


def arrow(columns: Sequence[Column], rows: Iterable[Row]) -> pa.Table:
    """Return rows as an Arrow table of these columns."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)

    types = {"int64": pa.int64(), "string": pa.string(), "texts": pa.list_(pa.string())}
    fields = [pa.field(each.name, types[each.type], metadata={"meaning": each.meaning}) for each in columns]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(value, field.type) for value, field in zip(values, fields, strict=True)]
    return pa.table(arrays, schema=pa.schema(fields))
