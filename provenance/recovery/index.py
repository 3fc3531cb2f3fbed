"""The index over runs: what was made, with codes as columns, one Arrow file a run in the user's cache. No evidence.

A file is of one run id and says for which size and root of the log it was made, how long the bodies were (an erasure
makes them another length) and which packages could read what is there; where any of it differs it is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from worldloom.provenance.fingerprints.iscc import BODY
from worldloom.provenance.folder import BODIES, read_run
from worldloom.provenance.lineage.cache import cache_folder
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage

from .held import opened
from .made import FAMILIES, Made, made_in

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1
_FACTS = tuple(each.name for each in fields(Made) if each.name != "codes")
_READERS = ("PIL", "resvg_py", "soundfile")
_KEY = b"worldloom"


class RunIndex:
    """What one run made: `codes[family]` is an array (n, 32) of bytes, `rows[family]` the n rows whose they are."""

    def __init__(self, run: Path, table: pa.Table) -> None:
        import numpy as np  # noqa: PLC0415  (start-up time)

        self.run = run
        self._table = table
        self.codes: dict[str, Any] = {}
        self.rows: dict[str, Any] = {}
        for family in FAMILIES:
            column = table[family].combine_chunks()
            held = np.asarray(column.is_valid())
            data = b"".join(column.drop_null().to_pylist())
            self.codes[family] = np.frombuffer(data, np.uint8).reshape(-1, BODY)
            self.rows[family] = np.flatnonzero(held)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def made(self, row: int) -> Made:
        """Return the facts of one row."""
        found = self._table.slice(row, 1).to_pylist()[0]
        codes = {family: found[family] for family in FAMILIES if found[family] is not None}
        return Made(**{name: found[name] for name in _FACTS}, codes=codes)

    def rows_where(self, column: str, digests: Iterable[str]) -> list[int]:
        """Return the rows whose `file` or `payload` is one of these hex digests."""
        import pyarrow as pa  # noqa: PLC0415  (start-up time)
        import pyarrow.compute as pc  # noqa: PLC0415

        wanted = pa.array(sorted(set(digests)), pa.string())
        return [int(row) for row in pc.indices_nonzero(pc.is_in(self._table[column], value_set=wanted)).to_pylist()]


def open_index(run: Path, cache: Path | None = None) -> RunIndex:
    """Return the index of a run, folder or zip: out of the cache, or made and kept there where that can be written.

    Raises as `held.opened`, LogReader and `folder.read_run` do for what is no run that can be read.
    """
    import pyarrow as pa  # noqa: PLC0415  (start-up time)

    with opened(run) as storage:
        run_id, log = read_run(storage).run_id, LogReader(storage)
        key = _key(storage, log)
        path = (cache or cache_folder().parent / "recover") / f"{run_id}.arrow"
        table = kept_table(path, key)
        if table is None:
            table = table_of(made_in(storage, log), key)
            with suppress(OSError):
                keep_table(path, table)
    assert isinstance(table, pa.Table)
    return RunIndex(run, table)


def table_of(made: Iterable[Made], key: bytes = b"") -> pa.Table:
    """Return the columns of what was made."""
    import pyarrow as pa  # noqa: PLC0415

    listed = list(made)
    columns: dict[str, Any] = {name: _column([getattr(each, name) for each in listed], name) for name in _FACTS}
    columns |= {family: pa.array([each.codes.get(family) for each in listed], pa.binary(BODY)) for family in FAMILIES}
    return pa.table(columns).replace_schema_metadata({_KEY: key})


def _column(values: Sequence[Any], name: str) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415

    return pa.array(values, pa.int64() if name in ("index", "time") else pa.string())


def _key(storage: Storage, log: LogReader) -> bytes:
    facts: Mapping[str, Any] = {
        "version": VERSION,
        "size": log.size,
        "root": log.checkpoint.root.hex(),
        "bodies": sum(storage.size(path) for path in storage.files(BODIES)),
        "readers": [name for name in _READERS if find_spec(name) is not None],
    }
    return json.dumps(facts, sort_keys=True).encode()


def kept_table(path: Path, key: bytes) -> pa.Table | None:
    """Return the table in the cache if it is of this key; None where there is none, or a damaged one."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        with pa.memory_map(str(path)) as stream:
            table = pa.ipc.open_file(stream).read_all()
    except (OSError, ValueError, pa.ArrowException):
        return None
    whole = set(table.column_names) == {*_FACTS, *FAMILIES}
    return table if whole and (table.schema.metadata or {}).get(_KEY) == key else None


def keep_table(path: Path, table: pa.Table) -> None:
    """Write beside and rename: several processes may do so at once."""
    import pyarrow as pa  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid4().hex[:12]}.part")
    try:
        with pa.OSFile(str(beside), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
