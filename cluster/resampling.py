"""Regeneration of a sample: single answers made anew from their recorded requests, and compared. Runs no simulation.

Which answers is not this machine's choice: `provenance.sample` draws them from the content root.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.ports import Generator
from worldloom.generators.recording import fit, read_answer
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.answers import AnswerBook, Recorded
from worldloom.provenance.receipt import Left
from worldloom.provenance.sample import Sample, SampleSize, draw, sample_of
from worldloom.provenance.text import clean_text

from .finished import FinishedRun
from .land import LandGenerator
from .makers import last_names, name_at
from .options import Progress
from .scenario import Scenario

TERRAIN = "terrain"
_BATCH = 64
_LONGEST_WHY = 300


@dataclass
class Agreement:
    """By `kind:backend`: answers made again, those of them that are the recorded ones, and what was not asked again."""

    regenerated: dict[str, int] = field(default_factory=dict)
    agreeing: dict[str, int] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)

    def count(self, key: str, fresh: Sequence[Answer], recorded: Sequence[Answer | None]) -> None:
        """Count answers in; None stands for one that was never recorded."""
        pairs = zip(fresh, recorded, strict=True)
        equal = sum(other is not None and one.digest == other.digest for one, other in pairs)
        self.regenerated[key] = self.regenerated.get(key, 0) + len(fresh)
        self.agreeing[key] = self.agreeing.get(key, 0) + equal

    def leave(self, key: str, count: int, why: str) -> None:
        """Note answers that are not made again; of several reasons for one backend the first is told."""
        known = self.left.get(key)
        told = clean_text(why, _LONGEST_WHY).replace("\n", " ").strip() if known is None else known.why
        self.left[key] = Left(count + (known.count if known else 0), told)


def regenerate_sample(
    run: FinishedRun, scenario: Scenario, size: SampleSize, progress: Progress
) -> tuple[Agreement, Sample]:
    """Make the drawn answers anew, each kind by its own generator, and compare them with what was recorded."""
    book = run.answers()
    kinds = _by_kind(book)
    drawn = draw(run.log.content_root().hex(), kinds, size)
    agreement = Agreement()
    for kind, digests in drawn.items():
        progress.phase(f"{kind}: {len(digests)} answers")
        records = [record for digest in digests if (record := book.get(digest)) is not None]
        _regenerate(run, scenario, kind, records, agreement)
    return agreement, sample_of(drawn, size, len(book))


def _by_kind(book: AnswerBook) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for digest in book:
        record = book.get(digest)
        if record is not None and "kind" in record.request:
            kinds.setdefault(str(record.request["kind"]), []).append(digest)
    return kinds


def _regenerate(
    run: FinishedRun, scenario: Scenario, kind: str, records: Sequence[Recorded], agreement: Agreement
) -> None:
    told: Mapping[str, Any] = run.told.get("generators", {})
    key = f"{kind}:{_backend(told, kind)}"
    try:
        generator = LandGenerator() if kind == TERRAIN else resolve(kind, scenario.generators[kind])
        why = _unaskable(generator, told, kind)
    except GeneratorError as error:  # weights that are missing, a plug-in that is not installed
        why = str(error)
    except KeyError:
        why = "the scenario names no generator of this kind"
    if why:
        agreement.leave(key, len(records), why)
        return
    asked = [record for record in records if _askable(record, told, kind, key, agreement)]
    for first in range(0, len(asked), _BATCH):
        _compare(generator, asked[first : first + _BATCH], key, agreement)


def _unaskable(generator: Generator, told: Mapping[str, Any], kind: str) -> str:
    """Say why a generator cannot be asked again as the run asked it; `""` if it can."""
    identity = generator.identity
    if not identity.repeatable:
        return "it does not promise to repeat itself"
    logged = told.get(last_names(told).get(kind, kind))
    if logged is not None and logged != identity.content():
        names = [name for name, value in identity.content().items() if logged.get(name) != value]
        return f"what is installed here is another one than the run's: its {', '.join(names)} differ"
    return ""


def _askable(record: Recorded, told: Mapping[str, Any], kind: str, key: str, agreement: Agreement) -> bool:
    if record.request.get("veil") or "prompt" not in record.request:
        agreement.leave(key, 1, "its prompt was erased, or the run is private, so nobody can ask it again")
        return False
    if record.answer.get("status") == Status.LATE:
        agreement.leave(key, 1, "came too late in the run, which the clock decided")
        return False
    if name_at(told, kind, int(record.request["time"])) != last_names(told).get(kind, kind):
        agreement.leave(key, 1, "lies in the past of a fork, where another generator answered")
        return False
    return True


def _compare(generator: Generator, records: Sequence[Recorded], key: str, agreement: Agreement) -> None:
    requests = [Request.from_content(record.request) for record in records]
    recorded = [read_answer(record.answer, record.payload) for record in records]
    try:
        fresh = [fit(answer) for answer in generator.generate(requests)]
    except GeneratorError as error:
        agreement.leave(key, len(records), str(error))
        return
    agreement.count(key, fresh, recorded)


def _backend(told: Mapping[str, Any], kind: str) -> str:
    if kind == TERRAIN:
        return LandGenerator.identity.backend
    logged = told.get(last_names(told).get(kind, kind))
    return str(logged["backend"]) if isinstance(logged, Mapping) else "unknown"
