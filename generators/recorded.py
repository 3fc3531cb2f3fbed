"""Backend `recorded:RUN`: answers what another run was answered, by request digest. Makes nothing, writes nothing.

`recorded:RUN|SPEC` asks the generator that SPEC names where RUN holds no answer. `recorded:RUN` alone then answers that
there is none, as a failure: the simulation goes on and counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from os.path import isfile
from pathlib import Path
from typing import Any

from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.digests import digest_json
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import RUN_JSON
from worldloom.provenance.identities import read_identity
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.text import clean_text

from .errors import GeneratorError
from .ports import Generator
from .recording import recall
from .registry import resolve
from .requests import Answer, Request, Status

RECORDING = b"worldloom/recording/1\n"
"""Prefix of the digest that stands for a recording with something else to ask (as `weights` of the identity)."""

ELSE = "|"
_SHOWN = 200
INSTEAD = "instead of a recording"
"""Recipe parameter of what the other generator made: its backend and model."""


class Recorded:
    """A generator whose answers are a run's; `recalled` and `missing` count what was found there and what was not."""

    def __init__(self, kind: str, run: Path, instead: Generator | None = None) -> None:
        self._kind = kind
        self._run = run
        self._instead = instead
        self._storage = _open(run)
        self.recalled = 0
        self.missing = 0

    @cached_property
    def identity(self) -> Identity:
        """Whose answers these are: the model that gave them, with the run's content root in the place of weights.

        Raises GeneratorError for a run whose log cannot be read or names no generator of the kind.
        """
        first, root = _scenario_and_root(self._run, self._storage)
        told = first.get("generators", {})
        # A fork names several of a kind, by the time from which they answer: `text`, `text@43200`.
        names = [name for name in told if name.partition("@")[0] == self._kind]
        if not names:
            raise GeneratorError(f"recorded:{self._run}: that run had no {self._kind} generator; choose another run")
        known = [read_identity(told[name]) for name in names]
        model = ", ".join(f"{each.backend}/{each.model}" for each in known)
        alone = replace(
            known[-1], backend="recorded", model=model, weights=root, template="", repeatable=True, training=None
        )
        return alone if self._instead is None else _with(alone, self._instead.identity)

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; raises GeneratorError for a recording that was changed."""
        found = {request.digest: self._recall(request) for request in requests}
        missing = [request for request in requests if found[request.digest] is None]
        self.recalled += len(requests) - len(missing)
        self.missing += len(missing)
        made = self._ask(missing) if missing else {}
        return [found[request.digest] or made[request.digest] for request in requests]

    def _recall(self, request: Request) -> Answer | None:
        try:
            return recall(self._book, request)
        except ProvenanceError as error:
            raise GeneratorError(f"recorded:{self._run}: {error}; see `worldloom audit`") from error

    @cached_property
    def _book(self) -> AnswerBook:
        return AnswerBook(self._storage)

    def _ask(self, missing: Sequence[Request]) -> dict[str, Answer]:
        if self._instead is None:
            return {request.digest: _none(request) for request in missing}
        who = self._instead.identity
        answers = self._instead.generate(missing)
        return {
            request.digest: replace(answer, parameters={**answer.parameters, INSTEAD: f"{who.backend}/{who.model}"})
            for request, answer in zip(missing, answers, strict=True)
        }


def from_argument(kind: str, argument: str) -> Recorded:
    """Make one of `RUN` or `RUN|SPEC`; raises GeneratorError for a folder that is no run."""
    run, mark, spec = argument.partition(ELSE)
    if not run or (mark and not spec):
        raise GeneratorError(
            f"recorded:{argument}: write recorded:RUN, or recorded:RUN{ELSE}SPEC to ask another generator where RUN "
            "holds no answer"
        )
    return Recorded(kind, Path(run), resolve(kind, spec) if spec else None)


text = partial(from_argument, "text")
image = partial(from_argument, "image")
mesh = partial(from_argument, "mesh")
sound = partial(from_argument, "sound")


def _open(run: Path) -> Storage:
    if not isfile(run / RUN_JSON):  # noqa: PTH113  (Path.is_file raises for a name that is too long)
        shown = clean_text(str(run), _SHOWN)
        raise GeneratorError(f"recorded:{shown}: holds no {RUN_JSON}, so it is no run; give the folder of one")
    return Storage(LocalDisk(run))


def _scenario_and_root(run: Path, storage: Storage) -> tuple[dict[str, Any], str]:
    try:
        log = LogReader(storage)
        first = next((index for index, entry in enumerate(log.entries()) if entry.has_content), None)
        body = None if first is None else log.content(first)
        root = log.content_root().hex()
    except ProvenanceError as error:
        raise GeneratorError(f"recorded:{run}: its log cannot be read: {error}; see `worldloom audit`") from error
    if not isinstance(body, dict):
        raise GeneratorError(f"recorded:{run}: its log names no scenario any more; choose another run")
    return body, root


def _with(alone: Identity, other: Identity) -> Identity:
    """Return the identity of a recording with another generator to ask: both are named, both decide what comes out."""
    licences = dict.fromkeys(each for each in (alone.output_licence, other.output_licence) if each)
    trained = "trainedAlgorithmicMedia"
    return replace(
        alone,
        model=f"{alone.model} else {other.backend}/{other.model}",
        weights=digest_json(RECORDING, {"recording": alone.weights, "else": other.content()}).hex(),
        repeatable=other.repeatable,
        output_licence=" AND ".join(licences),
        source_type=trained if trained in (alone.source_type, other.source_type) else alone.source_type,
    )


def _none(request: Request) -> Answer:
    return Answer(
        status=Status.FAILED,
        detail=f"no answer is recorded for this request ({request.purpose} of {request.agent} at {request.time} s)",
    )
