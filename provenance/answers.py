"""Recorded answers by request digest, durable before any entry that cites them. Not for asking generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .amendment import KEPT
from .canonical import canonical, parse_canonical
from .digests import REQUEST, digest_json, file_digest, from_hex
from .errors import CanonicalError, FormatError, LogError
from .folder import AMENDMENTS, ANSWERS, BLOBS, answer_segment, answer_segment_number, blob_path
from .segments import Item, ItemType, encode_segment, item_at, make_item, scan_segment
from .storage import PART, Storage

_SEGMENTS_KEPT = 8


class Recorded(NamedTuple):
    """A request, its answer (JSON values) and the answer's payload, empty where it is text.

    Where the prompt was erased, the request is without it and gives no digest any more.
    """

    request: dict[str, Any]
    answer: dict[str, Any]
    payload: bytes


class _Place(NamedTuple):
    path: str
    offset: int
    stored: bytes
    erased: bool


class AnswerBook:
    """All answers of a run: those in `answers/` at opening, and those put since.

    An answer's field `payload` is the plain hex SHA-256 of its payload, or empty. Raises FormatError for
    malformed segments. The caller holds the run's lock where it flushes.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._places: dict[bytes, _Place] = {}
        self._fresh: dict[bytes, Item] = {}
        self._payloads: dict[str, bytes] = {}
        self._next = 0
        self._segment = lru_cache(maxsize=_SEGMENTS_KEPT)(storage.read)
        for path in self._storage.files(ANSWERS):
            if not path.startswith(BLOBS) and not path.endswith(PART):
                self._load(path)
        for path in self._storage.files(AMENDMENTS):
            if path.endswith(KEPT):
                self._load_kept(path)

    def __len__(self) -> int:
        return len(self._places) + len(self._fresh)

    def __contains__(self, request_digest: object) -> bool:
        if not isinstance(request_digest, str):
            return False
        digest = from_hex(request_digest)
        return digest in self._fresh or digest in self._places

    def __iter__(self) -> Iterator[str]:
        """Yield the request digests as hex, oldest first."""
        return (digest.hex() for known in (self._places, self._fresh) for digest in known)

    def put(self, request: Mapping[str, Any], answer: Mapping[str, Any], payload: bytes = b"") -> str:
        """Record an answer, durable after `flush`; returns the request digest as hex.

        The same answer again changes nothing; another answer to the same request raises LogError, as does a
        payload that is not the one the answer names.
        """
        named = answer.get("payload", "")
        if named != (file_digest(payload).hex() if payload else ""):
            raise LogError(f"answer names payload {named!r}, which is not the SHA-256 of the bytes given")
        digest = digest_json(REQUEST, request)
        item = make_item(ItemType.ANSWER, digest, canonical({"request": request, "answer": answer}))
        known = self._fresh.get(digest) or self._places.get(digest)
        if known is not None:
            if known.stored != item.stored:
                raise LogError(f"request {digest.hex()} has another answer already; a run has one to each")
            return digest.hex()
        self._fresh[digest] = item
        if payload:
            self._payloads[named] = payload
        return digest.hex()

    def flush(self) -> int:
        """Write what was put since the last flush, blobs first; returns how many answers. Raises
        StorageError.
        """
        if not self._fresh:
            return 0
        blobs = ((blob_path(name), payload) for name, payload in self._payloads.items())
        # A blob stands under its own digest; one of the same length and name needs no second write.
        self._storage.write_batch((path, payload) for path, payload in blobs if not self._stands(path, payload))
        path, count = answer_segment(self._next), len(self._fresh)
        self._storage.write(path, encode_segment(self._fresh.values()))
        self._fresh, self._payloads = {}, {}
        self._load(path)
        return count

    def erased(self, request_digest: str) -> bool:
        """Whether an answer was recorded under a hex request digest, and erased later."""
        place = self._places.get(from_hex(request_digest))
        return place is not None and place.erased

    def get(self, request_digest: str) -> Recorded | None:
        """Return what was recorded under a hex request digest; None if nothing was, or it was erased.

        Raises StorageError where a blob is missing, FormatError where bytes do not match their digest.
        """
        digest = from_hex(request_digest)
        item = self._fresh.get(digest)
        if item is None:
            place = self._places.get(digest)
            if place is None or place.erased:
                return None
            item = item_at(self._segment(place.path), place.offset)
        request, answer = bare_answer(item.data or b"") if item.type == ItemType.BARE_ANSWER else _parse(item)
        return Recorded(request, answer, self._payload(answer.get("payload", "")))

    def _stands(self, path: str, payload: bytes) -> bool:
        return self._storage.exists(path) and self._storage.size(path) == len(payload)

    def _payload(self, name: str) -> bytes:
        if not name:
            return b""
        if name in self._payloads:
            return self._payloads[name]
        path = blob_path(name)
        payload = self._storage.read(path)
        if file_digest(payload).hex() != name:
            raise FormatError(f"{path}: its bytes are not those that it is named after")
        return payload

    def _load(self, path: str) -> None:
        self._next = max(self._next, answer_segment_number(path) + 1)
        try:
            for offset, item in scan_segment(self._storage.read(path)):
                self._index(path, offset, item)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error

    def _load_kept(self, path: str) -> None:
        """Read the answers that an amendment keeps of those whose prompts were erased; any other counts for nothing."""
        try:
            for offset, item in scan_segment(self._storage.read(path)):
                if item.type == ItemType.BARE_ANSWER and self.erased(item.digest.hex()):
                    self._places[item.digest] = _Place(path, offset, item.stored, item.data is None)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error

    def _index(self, path: str, offset: int, item: Item) -> None:
        if item.type != ItemType.ANSWER:
            raise FormatError(f"item at byte {offset} is of type {item.type}, not an answer")
        known = self._places.get(item.digest)
        if known is not None:
            raise FormatError(f"request {item.digest.hex()} is answered here and in {known.path}")
        self._places[item.digest] = _Place(path, offset, item.stored, item.data is None)


def bare_answer(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what is kept where a prompt was erased: the request without it, and the answer; raises FormatError."""
    try:
        value = parse_canonical(data)
    except CanonicalError as error:
        raise FormatError(f"a kept answer: {error}") from error
    if not isinstance(value, dict) or set(value) != {"request", "answer"}:
        raise FormatError("a kept answer: not a request and its answer")
    request, answer = value["request"], value["answer"]
    if not isinstance(request, dict) or not isinstance(answer, dict):
        raise FormatError("a kept answer: not a request and its answer")
    return request, answer


def _parse(item: Item) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        value = parse_canonical(item.data or b"")
    except CanonicalError as error:
        raise FormatError(f"answer to {item.digest.hex()}: {error}") from error
    if not isinstance(value, dict) or set(value) != {"request", "answer"}:
        raise FormatError(f"answer to {item.digest.hex()}: not a request and its answer")
    request, answer = value["request"], value["answer"]
    if not isinstance(answer, dict) or digest_json(REQUEST, request) != item.digest:
        raise FormatError(f"answer to {item.digest.hex()}: stands under another request's digest")
    return request, answer
