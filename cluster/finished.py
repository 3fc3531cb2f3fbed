"""A finished run as those see it who read it: log, scenario, answers. Writes nothing and judges nobody's signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import CHECKPOINT, RUN_JSON, SCENARIO_PY, SEAL, origin, read_run
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.parent import Parent, parent_of
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import log_verifiers
from worldloom.provenance.veil import SALT, Veil, read_veil

from .errors import RunFolderError
from .ledger import Known
from .scenario import Scenario


@dataclass(frozen=True)
class FinishedRun:
    """A run folder whose log ends with `end`. `logged` is its content in order, without bodies."""

    folder: Path
    storage: Storage
    run_id: str
    log: LogReader
    logged: list[Known]

    @classmethod
    def open(cls, folder: Path, *, sealed: bool = False) -> FinishedRun:
        """Open a folder; raises RunFolderError for what is no run, has not ended or, if asked, is not sealed."""
        if not (folder / RUN_JSON).is_file():
            raise RunFolderError(f"{folder}: holds no {RUN_JSON}, so it is no run; give the folder that `run` printed")
        return cls.of(folder, Storage(LocalDisk(folder)), sealed=sealed)

    @classmethod
    def of(cls, folder: Path, storage: Storage, *, sealed: bool = False) -> FinishedRun:
        """As `open`, from a storage; `folder` is what messages call it."""
        run = read_run(storage)
        go_on = "`worldloom resume` it first"
        if not storage.exists(CHECKPOINT):
            raise RunFolderError(f"{folder}: the run had not begun when it was stopped; run it again")
        log = LogReader(storage, log_verifiers(storage, origin(run.run_id)))
        logged = [Known(entry.kind, entry.time, entry.content) for entry in log.entries() if entry.has_content]
        if not logged or logged[-1].kind != EntryKind.END:
            raise RunFolderError(f"{folder}: the run has not ended; {go_on}")
        if sealed and not storage.exists(SEAL):
            raise RunFolderError(f"{folder}: the run is not sealed; {go_on}")
        return cls(folder, storage, run.run_id, log, logged)

    @property
    def origin(self) -> str:
        """The log's origin."""
        return origin(self.run_id)

    @property
    def end_time(self) -> int:
        """Simulated seconds at which the last step ended."""
        return self.logged[-1].time

    @cached_property
    def indices(self) -> list[int]:
        """Log index of each content number."""
        return [index for index, entry in enumerate(self.log.entries()) if entry.has_content]

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """The first content body: scenario, generators, source, parent. Raises RunFolderError where it was erased."""
        body = self.log.content(self.indices[0])
        if not isinstance(body, Mapping):
            raise RunFolderError(f"{self.folder}: the log's scenario was erased, so nothing can be computed from it")
        return body

    @property
    def parent(self) -> Parent | None:
        """The run that this one is a fork of, if it is one; raises FormatError."""
        return parent_of(self.told)

    @property
    def veil(self) -> Veil | None:
        """The secret of a private run, which lies beside it; None for a run that is not private. RunFolderError."""
        return veil_of(self.told, self.folder)

    @property
    def source(self) -> bytes:
        """The scenario's file."""
        return self.storage.read(SCENARIO_PY)

    def scenario(self, keystore: Keystore, *, trust_code: bool) -> Scenario:
        """Return the scenario with its hooks, if its code may run here; raises ScenarioError if not."""
        from .running import load_run_scenario  # noqa: PLC0415  (running loads the engine)

        return load_run_scenario(self.storage, keystore, trust_code=trust_code)

    def answers(self) -> AnswerBook:
        """Open the recorded answers."""
        return AnswerBook(self.storage)


def veil_of(scenario_body: Mapping[str, Any], folder: Path) -> Veil | None:
    """Return the secret that lies beside a private run, by its first content body; None where the run is not private.

    Raises RunFolderError where it is missing or another run's.
    """
    commitment = scenario_body.get("veil")
    if commitment is None:
        return None
    real = folder.resolve()
    try:
        veil = read_veil(Storage(LocalDisk(real.parent)), real.name, str(commitment))
    except FormatError as error:
        raise RunFolderError(f"{folder}: {error}") from error
    if veil is None:
        raise RunFolderError(
            f"{folder}: is a private run, and its secret {real.name}{SALT} is not beside it: its digests "
            "cannot be made again without that; put it there, or ask its operator. `worldloom audit` needs none"
        )
    return veil
