"""Recorded answers as an audit reads them: by request, each checked against its digests. Raises nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from worldloom.provenance.amendment import KEPT
from worldloom.provenance.answers import bare_answer
from worldloom.provenance.bounds import BOUNDS
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.digests import ANSWER, REQUEST, digest_json
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import AMENDMENTS, ANSWERS, BLOBS
from worldloom.provenance.layout import is_segment
from worldloom.provenance.sections import stream_digest
from worldloom.provenance.segments import Item, ItemType, decode_segment
from worldloom.provenance.storage import PART, Storage


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
    """Answers by hex request digest; `erased` (segment, request) of those without bytes; `faults` (path, why)."""

    by_request: dict[str, Known] = field(default_factory=dict)
    erased: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_answers(storage: Storage, largest: int = BOUNDS.largest) -> Answers:
    """Read every segment of answers/ and check that every blob of at most `largest` bytes is what its name says."""
    found = Answers()
    for path in storage.files(ANSWERS):
        if path.endswith(PART):
            continue
        try:
            if path.startswith(BLOBS):
                if storage.size(path) <= largest:
                    _check_blob(found, path, storage)
            elif is_segment(path):
                for item in decode_segment(storage.read(path)):
                    _add(found, path, item)
        except (ProvenanceError, RecursionError) as error:
            found.faults.append((path, str(error)))
    for path in storage.files(AMENDMENTS):
        if path.endswith(KEPT):
            _keep(found, path, storage)
    return found


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


def _check_blob(found: Answers, path: str, storage: Storage) -> None:
    with storage.open(path) as stream:
        digest = stream_digest(stream).hex()
    if digest != path.rpartition("/")[2]:
        found.faults.append((path, "its bytes are not those that it is named after"))


def _add(found: Answers, path: str, item: Item) -> None:
    request = item.digest.hex()
    if item.type != ItemType.ANSWER:
        found.faults.append((path, f"holds an item of type {item.type}, which is no answer"))
    elif request in found.by_request:
        found.faults.append((path, f"request {request} is answered here and in {found.by_request[request].path}"))
    elif item.data is None:
        found.erased.append((path, request))
        found.by_request[request] = Known(path, None, None)
    else:
        value = parse_canonical(item.data)
        fault = _fault(value, item.digest)
        if fault:
            found.faults.append((path, f"answer to {request}: {fault}"))
            return
        answer, asked = value["answer"], value["request"]
        kind = str(asked.get("kind", "")) if isinstance(asked, dict) else ""
        payload = str(answer.get("payload", ""))
        found.by_request[request] = Known(path, digest_json(ANSWER, answer).hex(), payload, kind)


def _fault(value: object, digest: bytes) -> str:
    if not isinstance(value, dict) or set(value) != {"request", "answer"} or not isinstance(value["answer"], dict):
        return "is not a request and its answer"
    if digest_json(REQUEST, value["request"]) != digest:
        return "stands under another request's digest"
    return ""
