"""What the checks need of a body once it was read: small fields and digests, no prompts, no texts, no rows of events.

A log may be longer than fits into memory as bodies. Made by whichever process reads the body, and sent from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind

from .bodies import Body
from .delivered import Delivered, delivered_of


class Decided(NamedTuple):
    """Of a decision: its own id, who decided in which round, hex digests of request and answer, by which generator.

    `prompt` is the salted digest of a private run's prompt.
    """

    id: str
    agent: str
    round: int
    request: str
    answer: str
    generator: str
    prompt: str


class Made(NamedTuple):
    """Of an artifact or an export: hex digests of artifact (`""`: an export) and payload; of its recipe who, when, how.

    `parents` are the recipe's.
    """

    digest: str
    payload: str
    agent: str
    time: int
    request: str
    generator: Mapping[str, Any]
    parents: tuple[str, ...]


class Block(NamedTuple):
    """Of a block of events: its range of ids and how many rows it has."""

    range: int
    rows: int


class Gist(NamedTuple):
    """What is kept of the entry at `index`: kind, time, content digest (empty: no content), the file of its bodies.

    `read` says that its content could be read and has its shape. `said` is what the checks of its kind need of it (of
    scenario, genesis and end all), `parents` and `inputs` what any content says that it descends from and was made of.
    `evidence` is kept of certificates and snapshots, `delivered` is the file that it delivers. `fault`, `shapes` and
    `erased` are `Body`'s.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls on it
    kind: int
    time: int
    content: bytes
    path: str
    read: bool = False
    said: Decided | Made | Block | Mapping[str, Any] | None = None
    parents: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    evidence: Mapping[str, Any] | None = None
    delivered: Delivered | None = None
    fault: str = ""
    shapes: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    nameless: bool = False
    """Whether a body of it is gone and its evidence cannot be read: nobody can tell which file it named."""

    @property
    def whole(self) -> Mapping[str, Any]:
        """All content of a scenario, genesis or end; empty for others."""
        return self.said if isinstance(self.said, dict) else {}


_WHOLE = frozenset({EntryKind.SCENARIO, EntryKind.GENESIS, EntryKind.END})
_EVIDENCE = frozenset({EntryKind.CERTIFICATE, EntryKind.SNAPSHOT})


def gist_of(body: Body) -> Gist:
    """Return what is kept of a body."""
    kind, said = body.entry.kind, body.json
    artifact = kind == EntryKind.ARTIFACT and body.content is not None
    digest = digest_json(ARTIFACT, said).hex() if artifact else ""
    recipe = said.get("recipe", {})
    return Gist(
        index=body.index,
        kind=kind,
        time=body.entry.time,
        content=body.entry.content if body.entry.has_content else b"",
        path=body.path,
        read=body.content is not None,
        said=_said(body, digest),
        parents=tuple(said.get("parents") or recipe.get("parents", ())),
        inputs=tuple(recipe.get("inputs", ())),
        evidence=body.evidence if kind in _EVIDENCE else None,
        delivered=delivered_of(body, digest),
        fault=body.fault,
        shapes=body.shapes,
        erased=body.erased,
        nameless=bool(body.erased) and body.evidence is None,
    )


def _said(body: Body, digest: str) -> Decided | Made | Block | Mapping[str, Any] | None:
    kind, said = body.entry.kind, body.json
    if body.block is not None:
        return Block(body.block.range, len(body.block.rows))
    if body.content is None:
        return None
    if kind == EntryKind.DECISION:
        prompt = said.get("prompt")
        return Decided(
            said["id"],
            said["agent"],
            said["round"],
            said["request"],
            said["answer"],
            said["generator"],
            prompt if isinstance(prompt, str) else "",
        )
    if kind in (EntryKind.ARTIFACT, EntryKind.EXPORT):
        recipe = said["recipe"]
        return Made(
            digest,
            said.get("payload", "") if digest else "",
            recipe["agent"],
            recipe["time"],
            recipe["request"],
            recipe["generator"],
            tuple(recipe["parents"]),
        )
    return said if kind in _WHOLE else None
