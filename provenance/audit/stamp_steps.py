"""The check of the timestamp on SEAL, `<run>.tsr` beside the folder. Reading one is `provenance.timestamp`."""

from __future__ import annotations

from collections.abc import Iterator

from worldloom.provenance.folder import SEAL
from worldloom.provenance.timestamp import TIMESTAMP

from .findings import Code
from .opened import Fault, OpenRun

_WHERE = f"*{TIMESTAMP}"


def stamp(run: OpenRun) -> Iterator[Fault]:
    """A timestamp, where there is one, is of this seal; an anchor that was given for it vouches for its time."""
    if run.stamp is None:
        return
    read, fault = run.stamp_reading
    if read is None:
        yield Fault(_WHERE, fault, Code.TAMPERED)
    elif read.trusted:
        yield Fault(_WHERE, f"{SEAL} existed on {read.time:%Y-%m-%d %H:%M:%S} UTC", Code.NOTE)
    else:
        said = (
            f"says that {SEAL} existed on {read.time:%Y-%m-%d %H:%M:%S} UTC, and nobody whom you trust vouches for it"
        )
        code = Code.UNTRUSTED if run.demands.stamp_anchors else Code.NOTE
        yield Fault(_WHERE, f"{said}: {read.doubt}", code)
