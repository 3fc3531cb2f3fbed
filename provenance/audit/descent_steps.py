"""Steps about what content came from: its parents, its makers, what events and decisions refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worldloom.provenance.entry import EntryKind

from .gists import Decided, Made
from .opened import Fault, OpenRun
from .references import ACTOR, ARTIFACT, CAUSE, Named


def parents(run: OpenRun) -> Iterator[Fault]:
    """All that content descends from stands earlier in the log, and what it read was there to be read.

    An artifact descends from a decision; one that fills a slot of genesis, whose place `order` judges, from genesis.
    """
    earlier: dict[str, int] = {}
    payloads = {known.payload for known in run.answers.by_request.values() if known.payload}
    erased = False  # of an artifact without a body nobody can tell which payload it names
    for gist in run.gists:
        if not gist.content:
            continue
        for digest in gist.parents:
            if digest not in earlier:
                yield Fault(gist.path, f"entry {gist.index} descends from {digest}, which is not in the log before it")
        wanted = _ANCESTOR.get(gist.kind)
        kinds = {earlier.get(digest) for digest in gist.parents}
        if gist.read and wanted is not None and wanted not in kinds and not _fills_a_slot(gist.kind, kinds):
            yield Fault(
                gist.path, f"entry {gist.index} names no {EntryKind(wanted).name.lower()} that it descends from"
            )
        for digest in gist.inputs:
            if digest not in payloads and not erased:
                yield Fault(
                    gist.path,
                    f"entry {gist.index} read {digest}, which is no payload of an answer or an earlier artifact",
                )
        earlier[gist.content.hex()] = gist.kind
        if gist.kind == EntryKind.ARTIFACT:
            payloads.add(gist.said.payload if isinstance(gist.said, Made) else "")
            erased = erased or not gist.read


_ANCESTOR: Mapping[int, EntryKind] = {
    EntryKind.GENESIS: EntryKind.SCENARIO,
    EntryKind.DECISION: EntryKind.GENESIS,
    EntryKind.ARTIFACT: EntryKind.DECISION,
    EntryKind.EXPORT: EntryKind.GENESIS,
}
"""What the content of a kind descends from at least."""


def _fills_a_slot(kind: int, parents: set[int | None]) -> bool:
    return kind == EntryKind.ARTIFACT and parents == {EntryKind.GENESIS}


def makers(run: OpenRun) -> Iterator[Fault]:
    """Who decided and made is a persona of genesis, and by what is a generator of the scenario."""
    if not run.scenario or not run.genesis:
        return
    agents = {persona["agent"] for persona in run.genesis["personas"]}
    generators = run.scenario["generators"]
    for gist in run.of_kind(EntryKind.DECISION):
        if not isinstance(gist.said, Decided):
            continue
        if gist.said.agent not in agents:
            yield Fault(gist.path, f"entry {gist.index}: {gist.said.agent[:80]!r} is nobody of this run")
        if gist.said.generator not in generators:
            why = f"the scenario has no generator {gist.said.generator[:80]!r}"
            yield Fault(gist.path, f"entry {gist.index}: {why}")
    for gist in run.of_kind(EntryKind.ARTIFACT):
        if not isinstance(gist.said, Made):
            continue
        if gist.said.agent not in agents:
            yield Fault(gist.path, f"entry {gist.index}: {gist.said.agent[:80]!r} is nobody of this run")
        if gist.said.generator not in generators.values():
            yield Fault(gist.path, f"entry {gist.index}: was made by a generator that the scenario does not name")


def references(run: OpenRun) -> Iterator[Fault]:
    """Every event, decision and artifact that an event or a decision refers to exists, no later than the reference."""
    # Of erased bodies nobody can tell which ids they define.
    erased = any(gist.erased for gist in run.gists)
    for (index, _, row), named in run.index.unsettled():
        if named.role == ACTOR or not erased:
            yield Fault(run.gists[index].path, f"entry {index}{_unknown(row, named)}")


def _unknown(row: int, named: Named) -> str:
    _, role, name = named
    if role == ACTOR:
        return f", row {row}: {name!r} is not of its range"
    if role == CAUSE:
        return f", row {row}: no such cause: {(name or '')[:80]!r}"
    if role == ARTIFACT:
        return f", row {row}: no such artifact in the log"
    return f" rests on {(name or '')[:80]!r}, which is not in the log"
