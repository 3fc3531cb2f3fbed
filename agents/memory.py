"""What one agent remembers, in the order in which it came, bounded. Finding the right ones again is retrieval's part.

Ids are never reused. When a stream is full it forgets: first what matters least and is oldest; what is important, and
last of all what it `knows`, only when nothing else is left to forget.
"""

from __future__ import annotations

import base64
import binascii
import sys
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from worldloom.provenance.ids import agent_number, memory_id
from worldloom.provenance.text import clean_text

from .embedding import HASHED, Embedding, Vector
from .errors import MindStateError
from .sayings import once
from .turns import Basis

KINDS = ("seen", "told", "did", "read", "knows", "reflection", "plan")
MAX_TEXT = 400
MAX_ABOUT = 12
MAX_IMPORTANCE = 10
MAX_EVIDENCE = 8
"""Other memories that one memory rests on; more are not kept."""
IMPORTANT = 8
"""From here on a memory is forgotten only when no lesser one is left."""

LIMIT = 600
"""How many memories a stream holds unless it is told otherwise."""

_HOUR = 3600
_HOURS_PER_POINT = 12
"""A memory that is a point more important is kept this much longer."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One memory. `source` is the id of the event, decision or scenario it came from, or "".

    `about` are the ids of agents, places and items it speaks of; `importance` goes from 0 to 10; `via` is the agent who
    told it, or "". `time` is simulated seconds. A reflection says by `topic` what it comes to, and by `evidence` which
    memories showed it; these, with their own sources, outlive the memories themselves.
    """

    id: str
    time: int
    kind: str
    text: str
    source: str
    about: tuple[str, ...] = ()
    importance: int = 0
    via: str = ""
    topic: str = ""
    evidence: tuple[Basis, ...] = ()

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What a decision that goes by this memory rests on: the memory, and what the memory itself rests on."""
        return (Basis(self.id, self.source), *self.evidence)


def one_line(text: str, limit: int = MAX_TEXT) -> str:
    """Make hostile text one clean line: what stands in a list of memories cannot pretend to be another entry."""
    line = _line(text) if len(text) <= MAX_TEXT else _joined(text, 8 * limit)
    return line[:limit].rstrip()


@once
def _line(text: str) -> str:
    """Return a short text as one line: the same object for all who heard it, so that their memories share it."""
    return _joined(text, MAX_TEXT)


def _joined(text: str, most: int) -> str:
    if not (text.isascii() and text.isprintable()):
        text = clean_text(text[:most])
    return " ".join(text.split())


class MemoryStream:
    """The memories of one agent, oldest first. `limit` bounds their number; a fifth is forgotten when it is passed.

    With `keeps` false nothing stays: what is appended is forgotten at once, as in somebody without a memory.
    `embedding` makes a memory's vector when it comes in, once: from then on the vector is part of the memory.
    `version` grows whenever positions change their meaning; `index` is what retrieval keeps here, no part of the state.
    """

    def __init__(self, agent: str, limit: int = LIMIT, *, keeps: bool = True, embedding: Embedding = HASHED) -> None:
        if limit < 5:
            raise ValueError(f"a memory stream of {limit} remembers nothing; let it hold at least 5")
        self.agent = agent
        self.limit = limit
        self.keeps = keeps
        self.embedding = embedding
        self.version = 0
        self.index: object | None = None
        self._number = agent_number(agent)
        self._next = 0
        self._memories: list[Memory] = []
        self._vectors = bytearray()

    def __len__(self) -> int:
        return len(self._memories)

    def __iter__(self) -> Iterator[Memory]:
        return iter(self._memories)

    def __getitem__(self, position: int) -> Memory:
        return self._memories[position]

    @property
    def memories(self) -> Sequence[Memory]:
        """All memories, oldest first; a copy."""
        return tuple(self._memories)

    def append(
        self,
        time: int,
        kind: str,
        text: str,
        source: str = "",
        importance: int = 1,
        about: Sequence[str] = (),
        via: str = "",
        topic: str = "",
        evidence: Sequence[Basis] = (),
    ) -> Memory:
        """Remember something and return it with its id; the text is cleaned and cut, the importance held to 0..10.

        Raises ValueError for a kind that is not in KINDS.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of memory; there are {', '.join(KINDS)}")
        memory = Memory(
            id=memory_id(self._number, self._next),
            time=time,
            kind=kind,
            text=one_line(text),
            source=source,
            about=tuple(map(sys.intern, dict.fromkeys(about)))[:MAX_ABOUT],
            importance=max(0, min(MAX_IMPORTANCE, importance)),
            via=sys.intern(via),
            topic=topic,
            evidence=tuple(dict.fromkeys(evidence))[:MAX_EVIDENCE],
        )
        self._next += 1
        if not self.keeps:
            return memory
        self._memories.append(memory)
        self._vectors += self.embedding.embed([memory.text]).tobytes()
        if len(self._memories) > self.limit:
            self._forget(len(self._memories) - self.limit * 4 // 5)
        return memory

    def find(self, memory: str) -> Memory | None:
        """Return a memory by its id; None when it was never there or is forgotten."""
        # Ids ascend, so the place of one is found by halving.
        owner, _, number_text = memory.rpartition("-")
        if owner != f"memory-{self._number}" or not number_text.isdecimal():
            return None
        number = int(number_text)
        at = bisect_left(self._memories, number, key=_number_of)
        return self._memories[at] if at < len(self._memories) and _number_of(self._memories[at]) == number else None

    def forget(self, names: Collection[str]) -> None:
        """Forget the memories of these ids; ids of what is not here are passed over."""
        kept = [position for position, memory in enumerate(self._memories) if memory.id not in names]
        if len(kept) < len(self._memories):
            self._keep(kept)

    def last(self, count: int) -> Sequence[Memory]:
        """Return the newest memories, oldest of them first."""
        return self._memories[-count:] if count > 0 else []

    def of_kind(self, kind: str) -> Sequence[Memory]:
        """Return all memories of a kind, oldest first."""
        return [memory for memory in self._memories if memory.kind == kind]

    @property
    def vectors(self) -> Vector:
        """The vectors of all memories, int8 of shape (memories, `embedding.dimensions`).

        A view, to be let go at once: while somebody holds it nothing can be remembered (BufferError).
        """
        return np.frombuffer(self._vectors, np.int8).reshape(-1, self.embedding.dimensions)

    def _forget(self, count: int) -> None:
        """Forget `count` memories: ordinary ones first, then important ones, then what is known; old before new."""
        order = sorted(range(len(self._memories)), key=lambda position: _worth(self._memories[position]))
        gone = set(order[:count])
        self._keep([position for position in range(len(self._memories)) if position not in gone])

    def _keep(self, kept: Sequence[int]) -> None:
        self._memories = [self._memories[position] for position in kept]
        self._vectors = bytearray().join(map(self._vector, kept))
        self.version += 1

    def _vector(self, position: int) -> bytearray:
        width = self.embedding.dimensions
        return self._vectors[position * width : (position + 1) * width]

    def state(self) -> dict[str, Any]:
        """Return the stream as a canonical JSON value; a memory is a list, its vector base64 text at the end.

        It names the embedding where that is not the hashed one.
        """
        width, vectors = self.embedding.dimensions, self._vectors
        places = range(0, len(vectors), width)
        rows = [_row(memory, vectors[at : at + width]) for memory, at in zip(self._memories, places, strict=True)]
        state = {"next": self._next, "memories": rows}
        return state if self.embedding.name == HASHED.name else state | {"embedding": self.embedding.name}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Become the stream that gave this state, vectors as they were; raises MindStateError and changes nothing."""
        try:
            self._require_embedding(state.get("embedding", HASHED.name))
            following = int(state["next"])
            memories, vectors = [], bytearray()
            for row in state["memories"]:
                memory, vector = _read(self._number, row, self.embedding.dimensions)
                memories.append(memory)
                vectors += vector
            numbers = [_number_of(memory) for memory in memories]
            if any(later <= earlier for earlier, later in pairwise([-1, *numbers, following])):
                raise ValueError(f"memory numbers do not ascend to {following}")
        except (KeyError, TypeError, ValueError) as error:
            raise MindStateError(f"the memories of {self.agent} cannot be restored: {error}") from error
        self._memories, self._vectors, self._next = memories, vectors, following
        if not self.keeps:
            self._memories, self._vectors = [], bytearray()
        self.version += 1

    def _require_embedding(self, stored: object) -> None:
        """Vectors of two embeddings say nothing of each other: raise ValueError where another one made the stored."""
        if stored != self.embedding.name:
            raise ValueError(
                f"their vectors are of the embedding {stored!r} and would be searched by {self.embedding.name!r}; "
                "go on with the embedding that the run began with"
            )


def _row(memory: Memory, vector: bytearray) -> list[Any]:
    """Return a memory's row of a state. Snapshots of a village's day ask for 100,000 of them."""
    bases = [list(basis) for basis in memory.evidence]
    text = binascii.b2a_base64(vector, newline=False).decode()
    return [
        _number_of(memory), memory.time, memory.kind, memory.text, memory.source, list(memory.about),
        memory.importance, memory.via, memory.topic, bases, text,
    ]  # fmt: skip


def _read(agent: int, row: Sequence[Any], dimensions: int) -> tuple[Memory, bytes]:
    """Read one row of a state, its vector of so many bytes; raises TypeError or ValueError."""
    number, time, kind, text, source, about, importance, via, topic, evidence, vector = row
    bases = tuple(Basis(name, origin) for name, origin in evidence)
    about = tuple(map(sys.intern, about))
    memory = Memory(memory_id(agent, number), time, kind, text, source, about, importance, via, topic, bases)
    if not all(type(value) is int for value in (number, time, importance)):
        raise TypeError(f"number, time and importance of {memory.id} are not whole numbers")
    words = (text, source, via, topic, *about, *(name for basis in bases for name in basis))
    if not all(isinstance(value, str) for value in words):
        raise TypeError(f"{memory.id} holds something that is no text")
    raw = base64.b64decode(vector, validate=True)
    if kind not in KINDS or not 0 <= importance <= MAX_IMPORTANCE:
        raise ValueError(f"{memory.id} has a kind or an importance of no memory")
    if len(raw) != dimensions:
        raise ValueError(f"{memory.id} has a vector of {len(raw)} components where the embedding has {dimensions}")
    return memory, raw


def _number_of(memory: Memory) -> int:
    return int(memory.id.rpartition("-")[2])


def _worth(memory: Memory) -> tuple[int, int, int]:
    """Return how long a memory is kept: class, then hours that its importance and its time give, then its number."""
    rank = 2 if memory.kind == "knows" else int(memory.importance >= IMPORTANT)
    return rank, memory.importance * _HOURS_PER_POINT + memory.time // _HOUR, _number_of(memory)
