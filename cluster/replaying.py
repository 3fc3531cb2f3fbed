"""Replay: the steps of a finished run again, from recorded answers or from the models. Writes nothing inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from worldloom.generators.errors import NotRecordedError
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Replay
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import StorageError
from worldloom.provenance.folder import RUN_JSON, SCENARIO_PY, origin, read_run
from worldloom.provenance.keys import Keystore
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.receipt import RECORDED, REGENERATED, Receipt, write_receipt
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import log_verifiers

from .conductor import Conductor
from .errors import RunFolderError
from .land import LandGenerator
from .ledger import Known, RootOnly
from .numeric import class_digest, numeric_class
from .options import Progress, ReplayResult, ResumeOptions, Status
from .parts import Parts
from .publisher import now_text
from .rehearsal import Rehearsal
from .running import load_run_scenario, opened_runtime
from .runtime import Remote, Runtime, identities
from .scenario import Scenario

OPERATOR_NOTE = "worldloom.operator"
"""Name of the operator's key on notes beside a run."""


class Compared:
    """A generator asked anew beside the recording: gives its own answers and counts those that agree."""

    def __init__(self, generator: Generator, recorded: Replay, key: str, tally: Tally) -> None:
        self._generator = generator
        self._recorded = recorded
        self._key = key
        self._tally = tally

    @property
    def identity(self) -> Identity:
        """Who answers."""
        return self._generator.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer anew, then look up what was recorded."""
        fresh = self._generator.generate(requests)
        self._tally.count(self._key, fresh, [self._recall(request) for request in requests])
        return fresh

    def _recall(self, request: Request) -> Answer | None:
        # After one answer that differs, later requests are others than the run's: counted, for they agree with none.
        try:
            return self._recorded.generate([request])[0]
        except NotRecordedError:
            return None


class Tally:
    """How many answers were made again, and how many of them are the recorded ones, by `kind:backend`."""

    def __init__(self) -> None:
        self.regenerated: dict[str, int] = {}
        self.agreeing: dict[str, int] = {}

    def count(self, key: str, fresh: Sequence[Answer], recorded: Sequence[Answer | None]) -> None:
        """Count answers in; None stands for one that was never recorded."""
        pairs = zip(fresh, recorded, strict=True)
        equal = sum(other is not None and one.digest == other.digest for one, other in pairs)
        self.regenerated[key] = self.regenerated.get(key, 0) + len(fresh)
        self.agreeing[key] = self.agreeing.get(key, 0) + equal


def replay(folder: Path, options: ResumeOptions, progress: Progress) -> ReplayResult:
    """Do a run's steps again and compare content roots; with `regenerate`, repeatable models answer anew.

    Raises RunFolderError for a run without an end, NotRecordedError where the replay asks what the run did not.
    """
    began = monotonic()
    if not (folder / RUN_JSON).is_file():
        raise RunFolderError(f"{folder}: holds no {RUN_JSON}, so it is no run; give the folder that `run` printed")
    storage = Storage(LocalDisk(folder))
    run = read_run(storage)
    keystore = Keystore.open(options.home)
    log = LogReader(storage, log_verifiers(storage, origin(run.run_id)))
    logged = [Known(entry.kind, entry.time, entry.content) for entry in log.entries() if entry.has_content]
    if not logged or logged[-1].kind != EntryKind.END:
        raise RunFolderError(f"{folder}: the run has not ended; `worldloom resume` it first")
    scenario = load_run_scenario(storage, keystore, trust_code=options.trust_code)
    known = identities(scenario.generators)
    ledger, tally = RootOnly(logged), Tally()
    with opened_runtime(scenario.generators, options.placement, f"replay-{folder.name}", Parts()) as runtime:
        makers = _makers(AnswerBook(storage), runtime, known, tally if options.regenerate else None)
        source = storage.read(SCENARIO_PY)
        _again(scenario, source, known, makers, runtime, ledger, progress)
    receipt = Receipt(
        origin=origin(run.run_id),
        content_root=log.content_root().hex(),
        replayed_root=ledger.root.hex(),
        mode=REGENERATED if options.regenerate else RECORDED,
        wall=now_text(),
        numeric_class=class_digest(numeric_class()),
        regenerated=tally.regenerated,
        agreeing=tally.agreeing,
    )
    path, fault = _write(receipt, folder, keystore)
    return ReplayResult(
        run=folder,
        equal=receipt.equal,
        content_root=receipt.content_root,
        replayed_root=receipt.replayed_root,
        seconds=monotonic() - began,
        regenerated=tally.regenerated,
        agreeing=tally.agreeing,
        receipt=path,
        receipt_fault=fault,
        first_difference=ledger.first_difference,
    )


def _write(receipt: Receipt, folder: Path, keystore: Keystore) -> tuple[Path | None, str]:
    """Write the receipt, signed by the operator, beside the run folder; returns (its path or None, why there is none).

    What the replay found is worth telling where nothing can be written, too.
    """
    real = folder.resolve()
    beside = Storage(LocalDisk(real.parent))
    try:
        name = write_receipt(beside, real.name, receipt, keystore.operator.note_key(OPERATOR_NOTE))
    except StorageError as error:
        return None, str(error)
    return real.parent / name, ""


def _makers(
    book: AnswerBook, runtime: Runtime, known: Mapping[str, Identity], tally: Tally | None
) -> dict[str, Generator]:
    live = {kind: Remote(runtime, kind, identity) for kind, identity in known.items()}
    sources: dict[str, Generator] = {**live, "terrain": LandGenerator()}
    makers: dict[str, Generator] = {}
    for kind, generator in sources.items():
        recorded = Replay(book, generator.identity)
        anew = tally is not None and generator.identity.repeatable
        key = f"{kind}:{generator.identity.backend}"
        makers[kind] = Compared(generator, recorded, key, tally) if anew and tally is not None else recorded
    return makers


def _again(
    scenario: Scenario,
    source: bytes,
    known: Mapping[str, Identity],
    makers: Mapping[str, Generator],
    runtime: Runtime,
    ledger: RootOnly,
    progress: Progress,
) -> None:
    began = monotonic()
    again = Rehearsal.begin(scenario, makers, runtime, ledger, source=source, identities=known, land=makers["terrain"])

    def tell(conductor: Conductor) -> None:
        step = (conductor.world.time - scenario.start_time) // scenario.step_seconds
        rate = step * scenario.agents / max(monotonic() - began, 1e-9)
        counts = conductor.counts
        progress.status(
            Status(
                step,
                scenario.steps,
                conductor.world.time,
                scenario.agents,
                rate,
                counts.asked_steps,
                {},
                conductor.made,
                counts.invalid,
            )
        )

    again.to(again.end_time, tell)
    again.end()
