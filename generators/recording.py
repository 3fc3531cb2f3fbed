"""Record and replay as wrappers of the generator port. Where answers lie on disk is the book's business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from worldloom.provenance.digests import file_digest
from worldloom.provenance.recipe import Identity
from worldloom.provenance.text import clean_text

from .errors import ErasedAnswerError, GeneratorError, NotRecordedError
from .ports import Generator
from .requests import Answer, Request, Status

LONGEST_DETAIL = 2000
"""Characters kept of what a backend says of a failure."""


class Book(Protocol):
    """Recorded answers by request digest, such as those of a run folder."""

    def get(self, request_digest: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes] | None:
        """Return the request's content, its answer's content and the payload, or None."""
        ...

    def erased(self, request_digest: str) -> bool:
        """Whether an answer was recorded, and erased later."""
        ...

    def put(self, request: Mapping[str, Any], answer: Mapping[str, Any], payload: bytes) -> object:
        """Keep an answer."""
        ...


class Recording:
    """A generator that answers from the book first, else asks and records, failures included."""

    def __init__(self, generator: Generator, book: Book) -> None:
        self._generator = generator
        self._book = book

    @property
    def identity(self) -> Identity:
        """The identity of the generator behind it: recording changes no answer."""
        return self._generator.identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; a request that stands twice in the list is asked once."""
        found = {request.digest: recall(self._book, request) for request in requests}
        missing = list({r.digest: r for r in requests if found[r.digest] is None}.values())
        made = self._generator.generate(missing) if missing else []
        if len(made) != len(missing):
            raise GeneratorError(
                f"{self.identity.backend} gave {len(made)} answers to {len(missing)} requests: its own fault"
            )
        for request, answer in zip(missing, map(fit, made), strict=True):
            self._book.put(request.content(), answer.content(), answer.payload)
            found[request.digest] = answer
        return [known for request in requests if (known := found[request.digest]) is not None]


def fit(answer: Answer) -> Answer:
    """Return the answer as it may be recorded: text that content may not hold is cleaned and cut, and `detail` says so.

    A model may write anything; that must neither stop a run nor reach the log.
    """
    text, detail = clean_text(answer.text), clean_text(answer.detail, LONGEST_DETAIL)
    if (text, detail) == (answer.text, answer.detail):
        return answer
    note = "" if text == answer.text else "the text held what may not stand in content, or too much of it, and was cut"
    return replace(answer, text=text, detail=f"{detail}; {note}".strip("; "))


class Replay:
    """A generator that only remembers; what was never recorded raises NotRecordedError."""

    def __init__(self, book: Book, identity: Identity) -> None:
        self._book = book
        self._identity = identity

    @property
    def identity(self) -> Identity:
        """Who gave the answers when they were recorded."""
        return self._identity

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the recorded answers in order; raises NotRecordedError."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Answer:
        answer = recall(self._book, request)
        if answer is None and self._book.erased(request.digest):
            raise ErasedAnswerError(
                f"the answer to {request.kind} request {request.digest[:16]}… ({request.purpose} of {request.agent} at "
                f"{request.time} s) was erased later; amendments/ says why"
            )
        if answer is None:
            raise NotRecordedError(
                f"no answer is recorded for {request.kind} request {request.digest[:16]}… "
                f"({request.purpose} of {request.agent} at {request.time} s); the replay asks something else "
                "than the run did"
            )
        return answer


def recall(book: Book, request: Request) -> Answer | None:
    """Return the recorded answer to a request, or None; raises GeneratorError for one that was changed."""
    record = book.get(request.digest)
    if record is None:
        return None
    _, content, payload = record
    return read_answer(content, payload, where=f"answer to request {request.digest[:16]}…")


def read_answer(content: Mapping[str, Any], payload: bytes, *, where: str = "answer") -> Answer:
    """Read what `Answer.content` wrote, with its payload; raises GeneratorError if they do not fit."""
    try:
        fields = dict(content)
        expected = fields.pop("payload")
        answer = Answer(**{**fields, "status": Status(fields["status"]), "payload": payload})
    except (KeyError, TypeError, ValueError) as error:
        raise GeneratorError(f"{where} is not readable: {error!r}; the recording was changed") from error
    if expected != (file_digest(payload).hex() if payload else ""):
        raise GeneratorError(f"{where}: not the payload that was recorded; restore answers/ from a copy")
    return answer
