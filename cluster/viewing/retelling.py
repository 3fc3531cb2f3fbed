"""A run so far as the report tells of one: story, ties, who knew what from whom. Reads on; the telling is `closing`'s.

The log is read once, then only what came since. What is made of it anew costs more the longer the run is, so it is made
the more rarely: a page never takes more than a small part of a processor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import monotonic

from worldloom.cluster.closing.land import Land, LandFound
from worldloom.cluster.closing.naming import Names, read_names
from worldloom.cluster.closing.record import Record, read_on
from worldloom.cluster.closing.story import Chapter, story
from worldloom.cluster.closing.talk import Chain, chains
from worldloom.cluster.closing.ties import Ties, ties
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import read_run
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.lineage.build import Builder, Reading
from worldloom.provenance.lineage.sink import GraphSink
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage
from worldloom.provenance.text import clean_text

from .as_of import AsOf
from .follower import ODD_BODY

LEAST_SECONDS = 2.0
"""Wall time between two tellings at least."""
SHARE = 8
"""How many times as long as a telling took one waits for the next."""


@dataclass(frozen=True)
class Retold:
    """What the pages show of a run up to a time (simulated seconds); `fault` says why there is no more, or is empty."""

    time: int = 0
    people: int = 0
    chapters: tuple[Chapter, ...] = ()
    chains: tuple[Chain, ...] = ()
    ties: Ties | None = None
    fault: str = ""


class Reteller:
    """One run's; several pages may share it, from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._said: Retold | None = None
        self._next = 0.0
        self._forget()

    def _forget(self) -> None:
        self._run, self._size, self._named = "", 0, False
        self._record, self._sink, self._reading = Record(), GraphSink(), Reading()
        self._ties: Ties | None = None

    def tell(self, land: Land | None) -> Retold:
        """Return what is to be told now, or what was told last where that was a moment ago; `land` names places."""
        with self._lock:
            began = monotonic()
            if self._said is not None and began < self._next:
                return self._said
            try:
                self._said = self._tell(land)
            except (ProvenanceError, OSError, *ODD_BODY) as error:
                self._forget()  # what was read in half cannot be gone on from
                self._said = replace(self._said or Retold(), fault=clean_text(str(error), 500))
            self._next = monotonic() + max(LEAST_SECONDS, SHARE * (monotonic() - began))
            return self._said

    def _tell(self, land: Land | None) -> Retold:
        storage = Storage(AsOf(self._folder))
        run = read_run(storage).run_id
        if run != self._run:  # another run took the folder's place
            self._forget()
            self._run = run
        log = LogReader(storage)
        if (
            self._said is not None
            and not self._said.fault
            and (log.size, land is not None) == (self._size, self._named)
        ):
            return self._said
        lineage = self._read_on(log)
        names = read_names(self._record, LandFound(land))
        self._named = land is not None
        return self._made(lineage, names)

    def _read_on(self, log: LogReader) -> Lineage:
        Builder(log, self._sink, (), self._reading).read(self._size)
        read_on(self._record, log, self._size)
        self._size = log.size
        return Lineage(self._sink.graph, self._sink.index, self._sink.tellings, log)

    def _made(self, lineage: Lineage, names: Names) -> Retold:
        record = self._record
        told = chains(lineage, names, record)
        chapters = story(record, lineage, names, [chain.event for chain in told if chain.told][:2])
        self._ties = ties(record, names, self._ties)
        return Retold(record.end, len(record.personas), chapters, told, self._ties)
