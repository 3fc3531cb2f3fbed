"""Recorded answers as an audit reads them: by request, each checked against its digests. Raises nothing.

A segment of them is judged by any process; what stands twice shows where the segments come together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

from worldloom.provenance.amendment import KEPT
from worldloom.provenance.answers import bare_answer
from worldloom.provenance.bounds import BOUNDS
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.provenance.digests import ANSWER, REQUEST, digest_bytes, digest_json
from worldloom.provenance.errors import ProvenanceError, StorageError
from worldloom.provenance.folder import AMENDMENTS, ANSWERS, BLOBS
from worldloom.provenance.layout import is_segment
from worldloom.provenance.seal import SealedSegment, seal_of_items
from worldloom.provenance.sections import stream_digest
from worldloom.provenance.segments import Item, ItemType, decode_segment
from worldloom.provenance.storage import PART, Storage

from .pool import ALONE, MUCH_ANSWERED, Workers, size_of


class Known(NamedTuple):
    """A recorded answer: its file, hex digests of answer and payload (`""`: none); both None where erased.

    Where only its request was erased, the file is the one that an amendment keeps it in. `kind` is the request's, `""`
    where that is gone.
    """

    path: str
    answer: str | None
    payload: str | None
    kind: str = ""


@dataclass
class Answers:
    """Answers by hex request digest; `erased` (segment, request) of those without bytes; `faults` (path, why).

    `seals` is what a seal says of the segments that could be read, by their paths.
    """

    by_request: dict[str, Known] = field(default_factory=dict)
    erased: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    seals: dict[str, SealedSegment] = field(default_factory=dict)


class _Segment(NamedTuple):
    """A file of answers; instead of its bytes the reason why they cannot be read."""

    path: str
    data: bytes | str


class _Answer(NamedTuple):
    """An answer to a hex request digest, or `fault`: what is wrong with it. `last`: nothing after it can be read."""

    request: str
    known: Known | None
    fault: str = ""
    last: bool = False
    foreign: bool = False
    """Whether the item is no answer at all."""


class _Judged(NamedTuple):
    """A segment's answers and what a seal says of it, or `fault`: why none of it can be read."""

    path: str
    answers: list[_Answer]
    seal: SealedSegment | None = None
    fault: str = ""


def read_answers(storage: Storage, largest: int = BOUNDS.largest, workers: Workers = ALONE) -> Answers:
    """Read every segment of answers/ and check that every blob of at most `largest` bytes is what its name says."""
    found = Answers()
    paths = [path for path in storage.files(ANSWERS) if not path.endswith(PART)]
    segments = [path for path in paths if is_segment(path)]
    much = workers.worth(size_of(storage, segments), MUCH_ANSWERED)
    for judged in workers.in_order(_judge, _read(storage, segments), _lost, much=much):
        _take(found, judged)
    for path in paths:
        if path.startswith(BLOBS):
            _check_blob(found, path, storage, largest)
    for path in storage.files(AMENDMENTS):
        if path.endswith(KEPT):
            _keep(found, path, storage)
    return found


def _read(storage: Storage, paths: Sequence[str]) -> Iterator[_Segment]:
    for path in paths:
        try:
            yield _Segment(path, storage.read(path))
        except StorageError as error:
            yield _Segment(path, str(error))


def _judge(segment: _Segment) -> _Judged:
    path, data = segment
    if isinstance(data, str):
        return _Judged(path, [], fault=data)
    try:
        items = decode_segment(data)
    except ProvenanceError as error:
        return _Judged(path, [], fault=str(error))
    return _Judged(path, [_answer(path, item) for item in items], seal_of_items(path, items))


def _lost(segment: _Segment) -> _Judged:
    return _Judged(segment.path, [], fault="cannot be read: reading it ended the process that did")


def _answer(path: str, item: Item) -> _Answer:
    request = item.digest.hex()
    if item.type != ItemType.ANSWER:
        return _Answer(request, None, f"holds an item of type {item.type}, which is no answer", foreign=True)
    if item.data is None:
        return _Answer(request, Known(path, None, None))
    try:
        value = parse_canonical(item.data)
    except (ProvenanceError, RecursionError) as error:
        return _Answer(request, None, str(error), last=True)
    if not isinstance(value, dict) or set(value) != {"request", "answer"} or not isinstance(value["answer"], dict):
        return _Answer(request, None, f"answer to {request}: is not a request and its answer")
    answer, asked = value["answer"], value["request"]
    # The bytes are canonical, so those of the answer stand in them, and what is left is the request.
    data = canonical(answer)
    if digest_bytes(REQUEST, item.data[len(b'{"answer":') + len(data) + len(b',"request":') : -1]) != item.digest:
        return _Answer(request, None, f"answer to {request}: stands under another request's digest")
    kind = str(asked.get("kind", "")) if isinstance(asked, dict) else ""
    payload = str(answer.get("payload", ""))
    return _Answer(request, Known(path, digest_bytes(ANSWER, data).hex(), payload, kind))


def _take(found: Answers, judged: _Judged) -> None:
    path = judged.path
    if judged.fault:
        found.faults.append((path, judged.fault))
    if judged.seal is not None:
        found.seals[path] = judged.seal
    for each in judged.answers:
        request, known = intern(each.request), each.known
        if each.foreign:
            found.faults.append((path, each.fault))
        elif request in found.by_request:
            found.faults.append((path, f"request {request} is answered here and in {found.by_request[request].path}"))
        elif known is None:
            found.faults.append((path, each.fault))
            if each.last:
                return
        elif known.answer is None:
            found.erased.append((path, request))
            found.by_request[request] = known
        else:
            # Shared with the decision that cites it.
            found.by_request[request] = known._replace(answer=intern(known.answer), kind=intern(known.kind))


def _check_blob(found: Answers, path: str, storage: Storage, largest: int) -> None:
    try:
        if storage.size(path) > largest:
            return
        with storage.open(path) as stream:
            digest = stream_digest(stream).hex()
    except ProvenanceError as error:
        found.faults.append((path, str(error)))
        return
    if digest != path.rpartition("/")[2]:
        found.faults.append((path, "its bytes are not those that it is named after"))


def _keep(found: Answers, path: str, storage: Storage) -> None:
    """Read the answers that an amendment keeps without their prompts: each of one that was erased."""
    try:
        for item in decode_segment(storage.read(path)):
            request = item.digest.hex()
            known = found.by_request.get(request)
            if item.type != ItemType.BARE_ANSWER or item.data is None or known is None or known.answer is not None:
                found.faults.append((path, f"keeps an answer to {request}, which was not erased"))
                continue
            answer = bare_answer(item.data)[1]
            payload = str(answer.get("payload", ""))
            found.by_request[request] = Known(path, digest_json(ANSWER, answer).hex(), payload)
    except (ProvenanceError, RecursionError) as error:
        found.faults.append((path, str(error)))
