"""Replay: the steps of a finished run again, from recorded answers or from the models. Writes nothing inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from worldloom.generators.errors import ErasedAnswerError, NotRecordedError
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Replay, fit
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.errors import StorageError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.parent import SharedPast
from worldloom.provenance.receipt import RECORDED, REGENERATED, SAMPLED, Receipt, write_receipt
from worldloom.provenance.recipe import Identity
from worldloom.provenance.sample import Sample, SampleSize
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.worlds.clock import clock_text

from .class_check import check_class
from .conducting import Conducting
from .finished import FinishedRun
from .land import LandGenerator
from .ledger import RootOnly
from .makers import in_charge
from .options import Progress, ReplayResult, ResumeOptions, Status
from .parts import Parts
from .publisher import now_text
from .rehearsal import Rehearsal
from .replay_makers import who_answered, who_answers_again
from .resampling import Agreement, regenerate_sample
from .running import opened_runtime
from .runtime import Remote, Runtime
from .scenario import Scenario

OPERATOR_NOTE = "worldloom.operator"
"""Name of the operator's key on notes beside a run."""


class Compared:
    """A generator asked anew beside the recording: gives its own answers and counts those that agree."""

    def __init__(self, generator: Generator, recorded: Replay, key: str, tally: Agreement) -> None:
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
        fresh = [fit(answer) for answer in self._generator.generate(requests)]
        self._tally.count(self._key, fresh, [self._recall(request) for request in requests])
        return fresh

    def _recall(self, request: Request) -> Answer | None:
        # After one answer that differs, later requests are others than the run's: counted, for they agree with none.
        try:
            return self._recorded.generate([request])[0]
        except NotRecordedError:
            return None


class Remembered:
    """A recording of a generator that does not promise to repeat itself: counts what therefore was not asked again."""

    def __init__(self, recorded: Replay, key: str, tally: Agreement) -> None:
        self._recorded = recorded
        self._key = key
        self._tally = tally

    @property
    def identity(self) -> Identity:
        """Who answered."""
        return self._recorded.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Look up what was recorded."""
        if requests:
            self._tally.leave(self._key, len(requests), "it does not promise to repeat itself")
        return self._recorded.generate(requests)


def replay(folder: Path, options: ResumeOptions, progress: Progress) -> ReplayResult:
    """Do a run's steps again and compare content roots; with `regenerate`, repeatable models answer anew.

    With `sample` too, only so many answers are made anew, and no step is done. Raises RunFolderError for a run without
    an end, NotRecordedError where the replay asks what the run did not, FormatError for a sample that is none.
    """
    began = monotonic()
    run = FinishedRun.open(folder)
    keystore = Keystore.open(options.home)
    scenario = run.scenario(keystore, trust_code=options.trust_code)
    classes = check_class(run.log)
    ledger = RootOnly(run.logged)
    try:
        found = _found(run, scenario, ledger, options, progress)
    except ErasedAnswerError as error:
        return ReplayResult(
            run=folder,
            equal=False,
            content_root=run.log.content_root().hex(),
            replayed_root="",
            seconds=monotonic() - began,
            first_difference=ledger.first_difference,
            stopped=_stopped(run, ledger, error),
        )

    receipt = Receipt(
        origin=run.origin,
        content_root=run.log.content_root().hex(),
        replayed_root=found.root,
        mode=found.mode,
        wall=now_text(),
        numeric_class=classes.here,
        regenerated=found.agreement.regenerated,
        agreeing=found.agreement.agreeing,
        logged_classes=classes.logged,
        sample=found.sample,
        left=found.agreement.left,
    )
    path, fault = _write(receipt, folder, keystore)
    return ReplayResult(
        run=folder,
        equal=receipt.equal,
        content_root=receipt.content_root,
        replayed_root=receipt.replayed_root,
        seconds=monotonic() - began,
        regenerated=receipt.regenerated,
        agreeing=receipt.agreeing,
        receipt=path,
        receipt_fault=fault,
        first_difference=found.first_difference,
        sample=receipt.sample,
        left=receipt.left,
        same_class=classes.same,
        class_differences=classes.differences,
    )


def _found(
    run: FinishedRun, scenario: Scenario, ledger: RootOnly, options: ResumeOptions, progress: Progress
) -> _Found:
    if options.sample:
        return _sampled(run, scenario, options.sample, progress)
    return _whole(run, scenario, ledger, options, progress)


def _stopped(run: FinishedRun, ledger: RootOnly, error: ErasedAnswerError) -> str:
    """Say how far a replay came before an answer that was erased."""
    before = run.logged[ledger.position - 1].time if ledger.position else 0
    return (
        f"{ledger.position:,} of {len(run.logged):,} contents were computed again, until {clock_text(before)}; then "
        f"{error}"
    )


class _Found(NamedTuple):
    mode: str
    root: str
    agreement: Agreement
    sample: Sample | None = None
    first_difference: str = ""


def _sampled(run: FinishedRun, scenario: Scenario, size: str, progress: Progress) -> _Found:
    agreement, sample = regenerate_sample(run, scenario, SampleSize.parse(size), progress)
    return _Found(SAMPLED, "", agreement, sample)


def _whole(
    run: FinishedRun, scenario: Scenario, ledger: RootOnly, options: ResumeOptions, progress: Progress
) -> _Found:
    agreement = Agreement()
    with opened_runtime(scenario, options.placement, f"replay-{run.folder.name}", Parts()) as runtime:
        _again(run, scenario, runtime, ledger, agreement if options.regenerate else None, progress)
    mode = REGENERATED if options.regenerate else RECORDED
    return _Found(mode, ledger.root.hex(), agreement, first_difference=ledger.first_difference)


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
    run: FinishedRun,
    scenario: Scenario,
    runtime: Runtime,
    ledger: RootOnly,
    tally: Agreement | None,
    progress: Progress,
) -> None:
    began, book = monotonic(), run.answers()

    def live(kind: str, generator: Generator) -> Generator:
        """Give what answers: the recording, or the generator beside it; a fork's shared past is always recorded."""
        recorded = Replay(book, generator.identity)
        if tally is None:
            return recorded
        if not generator.identity.repeatable:
            return Remembered(recorded, f"{kind}:{generator.identity.backend}", tally)
        return Compared(generator, recorded, f"{kind}:{generator.identity.backend}", tally)

    names = who_answered(run) if tally is None else who_answers_again(run, scenario)
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
        veil=run.veil,
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
