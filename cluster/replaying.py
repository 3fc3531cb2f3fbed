"""Replay: the steps of a finished run again, from recorded answers or from the models. Writes nothing inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from worldloom.generators.errors import NotRecordedError
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Replay
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.errors import StorageError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.parent import SharedPast
from worldloom.provenance.receipt import RECORDED, REGENERATED, Receipt, write_receipt
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage

from .conducting import Conducting
from .finished import FinishedRun
from .land import LandGenerator
from .ledger import RootOnly
from .makers import in_charge, named
from .numeric import class_digest, numeric_class
from .options import Progress, ReplayResult, ResumeOptions, Status
from .parts import Parts
from .publisher import now_text
from .rehearsal import Rehearsal
from .running import opened_runtime
from .runtime import Remote, Runtime, who_answers
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
    run = FinishedRun.open(folder)
    keystore = Keystore.open(options.home)
    scenario = run.scenario(keystore, trust_code=options.trust_code)
    tally = Tally() if options.regenerate else None
    ledger = RootOnly(run.logged)
    with opened_runtime(scenario, options.placement, f"replay-{folder.name}", Parts()) as runtime:
        _again(run, scenario, runtime, ledger, tally, progress)
    regenerated, agreeing = (tally.regenerated, tally.agreeing) if tally else ({}, {})
    receipt = Receipt(
        origin=run.origin,
        content_root=run.log.content_root().hex(),
        replayed_root=ledger.root.hex(),
        mode=REGENERATED if options.regenerate else RECORDED,
        wall=now_text(),
        numeric_class=class_digest(numeric_class()),
        regenerated=regenerated,
        agreeing=agreeing,
    )
    path, fault = _write(receipt, folder, keystore)
    return ReplayResult(
        run=folder,
        equal=receipt.equal,
        content_root=receipt.content_root,
        replayed_root=receipt.replayed_root,
        seconds=monotonic() - began,
        regenerated=regenerated,
        agreeing=agreeing,
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


def _again(
    run: FinishedRun, scenario: Scenario, runtime: Runtime, ledger: RootOnly, tally: Tally | None, progress: Progress
) -> None:
    began, book = monotonic(), run.answers()

    def live(kind: str, generator: Generator) -> Generator:
        """Give what answers: the recording, or the generator beside it; a fork's shared past is always recorded."""
        recorded = Replay(book, generator.identity)
        if tally is None or not generator.identity.repeatable:
            return recorded
        return Compared(generator, recorded, f"{kind}:{generator.identity.backend}", tally)

    names = named(who_answers(scenario), run.parent)
    makers = in_charge(
        names,
        run.parent,
        lambda identity: Replay(book, identity),
        lambda kind, identity: live(kind, Remote(runtime, kind, identity)),
    )
    if run.parent is not None:
        ledger.past = SharedPast(run.parent)
    again = Rehearsal.begin(
        scenario,
        makers,
        runtime,
        ledger,
        source=run.source,
        identities=names,
        land=live("terrain", LandGenerator()),
        parent=run.parent,
    )

    def tell(conductor: Conducting) -> None:
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
