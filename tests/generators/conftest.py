"""Requests and an answer book for the tests of the makers."""

from collections.abc import Callable
from typing import Any

import pytest
from worldloom.generators.requests import Request


class MemoryBook:
    """A recording in memory, as a run folder's answers would be."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[dict[str, Any], dict[str, Any], bytes]] = {}
        self.puts = 0

    def get(self, request_digest: str):
        return self.rows.get(request_digest)

    def erased(self, request_digest: str) -> bool:
        return False

    def put(self, request, answer, payload: bytes) -> None:
        self.puts += 1
        self.rows[Request.from_content(request).digest] = (dict(request), dict(answer), payload)


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()


@pytest.fixture
def ask() -> Callable[..., Request]:
    def make(kind: str = "image", seed: int = 1, **parameters: Any) -> Request:
        return Request(kind, "make", "agent-0", 0, 0, seed, "", parameters=parameters)

    return make
