"""The backend `transformers:PATH_OR_ID` for text: a causal language model of the user's, from safetensors only."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from worldloom.generators.backends.batching import Batches, padded
from worldloom.generators.backends.checkpoint import Checkpoint
from worldloom.generators.backends.control import Control, Patience
from worldloom.generators.backends.devices import DEVICES, PRECISIONS, choose_device, choose_precision
from worldloom.generators.backends.specification import Specification
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.recipe import Identity

from .chat import tokens_of
from .decoding import Row
from .grammar import MODES
from .language_model import LanguageModel, Written
from .obeying import ends_value, token_budget
from .repair import ATTEMPTS, Said, Turn, again, first, judged

OPTIONS = ("batch", "cells", "deadline", "device", "dtype", "grammar", "temperature", "top_p")
"""What may stand behind the question mark of a specification; ADR 0009 says what each does."""

LEAST_ROOM = 16
"""Tokens that must be left for an answer in the model's context."""


class Job(NamedTuple):
    """One asking: its place among the requests, its prompt as tokens and what decides its row."""

    place: int
    request: Request
    prompt: list[int]
    row: Row


class TransformersText:
    """Answers text requests with a model of the user's. Batches requests of one size, asks a bad answer once again.

    With `device=cpu` (then float32) it is repeatable: an answer depends on its request alone, since batches are
    filled up to `batch` rows and a prompt's padded length follows from itself.
    """

    def __init__(self, argument: str) -> None:
        """Read a specification's argument; raises UnknownGeneratorError. Weights are loaded when they are needed."""
        options = Specification("transformers", argument, OPTIONS)
        self._checkpoint = Checkpoint(options.subject)
        self._device = options.word("device", "auto", DEVICES)
        self._precision = options.word("dtype", "auto", PRECISIONS)
        self._grammar = options.word("grammar", "auto", MODES)
        self._temperature = options.hundredths("temperature", 70, 500)
        self._top_p = options.hundredths("top_p", 95, 100)
        self._rows = options.whole("batch", 1 if self._device == "cpu" else 16, 1, 4096)
        self._control = Control(options.whole("deadline", 300, 1, 86_400))
        self._batches = Batches(self._rows, options.whole("cells", 65_536, 64, 1 << 30), self._control.facts)
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> Identity:
        """Who answers; reads files, loads neither torch nor weights. Raises WeightsError."""
        checkpoint, options = self._checkpoint, (self._grammar, self._precision)
        return Identity(
            backend="transformers",
            model=checkpoint.name,
            weights=checkpoint.digest,
            template=checkpoint.settings_digest(*options, str(self._temperature), str(self._top_p)),
            repeatable=self._fixed and (self._rows == 1 or not _routes(checkpoint)),
            weights_licence=checkpoint.licence,
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
        )

    @property
    def facts(self) -> dict[str, int]:
        """Counts of what happened so far: diagnostics, never content."""
        return self._control.facts.read()

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        with self._lock:
            _ = self._model

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; raises WeightsError, and CancelledError when `cancel` ended the call."""
        with self._lock:
            model = self._model
            with self._control.call() as patience:
                answers = [Answer(status=Status.LATE, detail=_LATE)] * len(requests)
                turns = dict(enumerate(map(first, requests)))
                for attempt in range(ATTEMPTS):
                    said = self._ask(model, requests, turns, attempt, patience)
                    for place, each in said.items():
                        answers[place] = judged(requests[place], each, attempt)
                    turns = {
                        place: again(turns[place], said[place], answers[place].detail)
                        for place in said
                        if answers[place].status is Status.INVALID
                    }
                    self._control.facts.add("repairs" if attempt + 1 < ATTEMPTS else "invalid", len(turns))
                return answers

    def cancel(self) -> None:
        """Give up the calls under way, from another thread; they raise CancelledError within a token."""
        self._control.cancel()

    def close(self) -> None:
        """Give up the calls under way, refuse later ones, and let go of the weights."""
        self._control.close()
        with self._lock:
            self.__dict__.pop("_model", None)

    @property
    def _fixed(self) -> bool:
        """Whether the specification itself says that numbers are those of float32 on the processor."""
        return self._device == "cpu" and self._precision in ("auto", "float32")

    @cached_property
    def _model(self) -> LanguageModel:
        _ = self._checkpoint.files
        device = choose_device(self._device)
        precision = choose_precision(self._precision, device)
        return LanguageModel(self._checkpoint.folder, device, precision, self._grammar)

    def _ask(
        self,
        model: LanguageModel,
        requests: Sequence[Request],
        turns: Mapping[int, tuple[Turn, ...]],
        attempt: int,
        patience: Patience,
    ) -> dict[int, Said]:
        """Ask some requests once; return what was said by place."""
        jobs = [_job(model, place, requests[place], turns[place], attempt) for place in sorted(turns)]
        fitting = [job for job in jobs if job.row.budget >= LEAST_ROOM]
        said = {job.place: Said(status=Status.FAILED, detail=_too_long(job, model)) for job in jobs}

        def work(group: list[int], rows: int) -> None:
            for job, each in self._write(model, [fitting[at] for at in group], rows, patience):
                said[job.place] = each

        for at in self._batches.run([self._size(job, model) for job in fitting], work):
            said[fitting[at].place] = Said(status=Status.FAILED, detail="memory does not suffice for this prompt alone")
        patience.require()
        self._control.facts.add("late", sum(each.status is Status.LATE for each in said.values()))
        return said

    def _size(self, job: Job, model: LanguageModel) -> int:
        """Return the length to which a prompt is padded, within what the model can read."""
        return min(padded(len(job.prompt)), model.context - job.row.budget)

    def _write(self, model: LanguageModel, jobs: list[Job], rows: int, patience: Patience) -> list[tuple[Job, Said]]:
        """Let the model write one batch, filled up with its first row where answers are to be repeatable."""
        if patience.ended:
            return [(job, Said(status=Status.LATE, detail=_LATE)) for job in jobs]
        full = jobs + [jobs[0]] * (rows - len(jobs) if self._fixed else 0)
        written = model.write(
            [job.prompt for job in full],
            [job.row for job in jobs] + [job.row._replace(budget=1) for job in full[len(jobs) :]],
            [job.request.schema for job in full],
            self._size(jobs[0], model) if self._rows > 1 else len(jobs[0].prompt),
            self._temperature / 100,
            self._top_p / 100,
            patience,
        )
        self._control.facts.add("asked", len(jobs))
        facts = {"rows": rows} if self._fixed else {}
        return [(job, self._said(model, job, row, facts)) for job, row in zip(jobs, written, strict=False)]

    def _said(self, model: LanguageModel, job: Job, written: Written, facts: dict[str, int]) -> Said:
        made = {
            "constrained": model.constrains and bool(job.request.schema),
            "cut": written.tokens >= job.row.budget,
            "tokens": written.tokens,
            "temperature_percent": self._temperature,
            "top_p_percent": self._top_p,
            **facts,
        }
        if not written.ended:
            return Said(status=Status.LATE, detail=_LATE, facts=made)
        return Said(written.words, facts=made)


_LATE = "the model had not ended by the call's deadline; ask for fewer at once or give it longer with deadline="


def from_argument(argument: str) -> TransformersText:
    """Make the generator of `transformers:PATH_OR_ID?option=value&…`; raises UnknownGeneratorError."""
    return TransformersText(argument)


def _job(model: LanguageModel, place: int, request: Request, turns: tuple[Turn, ...], attempt: int) -> Job:
    schema = request.schema
    whole = partial(ends_value, schema=schema) if schema else _never
    prompt = tokens_of(model.tokenizer, turns)
    budget = min(token_budget(schema), model.context - len(prompt))
    return Job(place, request, prompt, Row(request.seed, attempt, budget, whole))


def _never(words: str) -> bool:
    del words  # text without a schema ends with the model's own end mark
    return False


def _too_long(job: Job, model: LanguageModel) -> str:
    return (
        f"the prompt has {len(job.prompt)} tokens and the model has room for {model.context}, answer included; "
        "take a model of longer context"
    )


def _routes(checkpoint: Checkpoint) -> bool:
    """Whether the model sends tokens to experts: their batches depend on the neighbours then."""
    return any("experts" in name for name in checkpoint.config("config.json"))
