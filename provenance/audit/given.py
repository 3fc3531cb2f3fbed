"""What an audit is given besides the path: whom to trust, at which time, what to demand. A value, made once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from worldloom.provenance.cosignature import Cosigner
from worldloom.provenance.storage import Storage

from .demands import NOTHING_MORE, Demands


@dataclass(frozen=True)
class Given:
    """As the arguments of `audit` of the same names; `jobs` is how many processes may look at files."""

    anchors: tuple[bytes, ...]
    at: datetime
    expect_root: str | None = None
    trainings: tuple[Storage, ...] = ()
    witnesses: tuple[Cosigner, ...] = ()
    demands: Demands = NOTHING_MORE
    jobs: int = 1

    def for_one_file(self) -> Given:
        """Return what matters to files outside runs, which another process can be sent."""
        return replace(self, expect_root=None, trainings=(), witnesses=(), jobs=1)
