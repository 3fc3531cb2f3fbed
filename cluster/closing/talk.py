"""Talk as the report tells it: who spoke where and when, and who learned of what from whom. No markup here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worldloom.provenance.lineage import Knower, Lineage
from worldloom.worlds.clock import clock_text

from .conversing import conversations_of
from .happenings import in_words
from .naming import Names, hue, listed
from .news import Spreading, spreading
from .record import Record, Said

MOST_LINES = 2_500
"""Utterances on the page; the log has all."""
MOST_FACTS = 3
MOST_KNOWERS = 400
_READ_AT_ONCE = 60
"""Utterances that a place may have and still stand open on the page."""
_DEEPEST = 9
"""Steps of a chain that are set in further each; what is told on beyond stays at that depth."""


class Line(NamedTuple):
    """One utterance as it was spoken; `knows` says whether somebody learned by it of the page's first fact."""

    agent: str
    hue: int
    speaker: str
    text: str
    knows: bool


@dataclass(frozen=True)
class Conversation:
    """What two or more people said to each other at one place without a long silence; `people` names them.

    `start` is its first second, `time` the same in words.
    """

    start: int
    time: str
    people: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Spot:
    """All conversations at one place; `count` utterances, `people` speakers. One place of a page is `open`."""

    name: str
    open: bool
    conversations: tuple[Conversation, ...]
    count: int
    people: int


class Learned(NamedTuple):
    """Somebody in a chain of telling, `depth` tellings from its origin; `teller` is a name, "" for who knew first."""

    agent: str
    hue: int
    name: str
    time: str
    place: str
    teller: str
    depth: int


@dataclass(frozen=True)
class Chain:
    """A fact, in words, and who learned of it along talk: each right after the one who told them (`learned`).

    `told`: the scenario let somebody know it. `count` is how many know, also where fewer are shown; `drawing` shows who
    knew when, None where nobody was told.
    """

    event: str
    words: str
    origin: str
    told: bool
    count: int
    learned: tuple[Learned, ...]
    drawing: Spreading | None


def spots(record: Record, names: Names, fact_events: frozenset[str]) -> tuple[Spot, ...]:
    """Return places with their talk, those with most of it first; at most MOST_LINES utterances, the earliest."""
    by_place: dict[str, list[Said]] = {}
    for said in record.said[:MOST_LINES]:
        by_place.setdefault(said.row.place or "", []).append(said)
    order = sorted(by_place, key=lambda place: (-len(by_place[place]), names.place(place)))
    opened = next((place for place in order if len(by_place[place]) <= _READ_AT_ONCE), None)
    return tuple(_spot(place, by_place[place], names, fact_events, place == opened) for place in order)


def _spot(place: str, said: list[Said], names: Names, fact_events: frozenset[str], is_open: bool) -> Spot:
    conversations = tuple(_conversation(talk, names, fact_events) for talk in conversations_of(said))
    name = names.place(place)
    return Spot(name[:1].upper() + name[1:], is_open, conversations, len(said), len({each.row.actor for each in said}))


def _conversation(talk: Sequence[Said], names: Names, fact_events: frozenset[str]) -> Conversation:
    people = list(dict.fromkeys(each for said in talk for each in (said.row.actor, said.row.target) if each))
    named = listed([names.person(each) for each in people]) + ("" if len(people) > 1 else ", to all")
    lines = tuple(_line(said, names, fact_events) for said in talk)
    return Conversation(talk[0].row.time, clock_text(talk[0].row.time), named, lines)


def _line(said: Said, names: Names, fact_events: frozenset[str]) -> Line:
    actor, detail = said.row.actor or "", said.row.detail
    return Line(
        agent=actor,
        hue=hue(actor),
        speaker=names.person(actor),
        text=str(detail.get("spoken") or detail.get("text", "")) if isinstance(detail, dict) else "",
        knows=said.event in fact_events,
    )


def chains(lineage: Lineage, names: Names, record: Record) -> tuple[Chain, ...]:
    """Return the facts that spread furthest along talk, what the scenario told first, with who told whom."""
    facts = sorted(lineage.facts(), key=lambda fact: (not _is_told(lineage, fact.event), -fact.knowers))
    return tuple(_chain(lineage, fact.event, names, record) for fact in facts[:MOST_FACTS])


def _is_told(lineage: Lineage, event: str) -> bool:
    return bool(lineage.graph.nodes[event]["agent"] == "scenario")


def told_events(lineage: Lineage, chain: Chain) -> frozenset[str]:
    """Return the utterances by which somebody learned of a chain's fact."""
    return frozenset(knower.event for knower in lineage.knowers(chain.event))


def _chain(lineage: Lineage, event: str, names: Names, record: Record) -> Chain:
    knowers = lineage.knowers(event)
    row = lineage.body(event)
    words = str(row.detail.get("text", "")) if row is not None and isinstance(row.detail, dict) else ""
    actor = (row.actor or "") if row is not None else ""
    told = "Told by the scenario" if actor == "scenario" else "It happened"
    origin = f"{told}, {clock_text(row.time)}" if row is not None else "Its event was erased"
    if not words and row is not None:
        words = in_words(row, names)
    drawing = spreading(knowers, names, row.time if row is not None else record.start, record.end, len(record.personas))
    return Chain(
        event,
        words,
        origin,
        actor == "scenario",
        len(knowers),
        tuple(_in_order(knowers[:MOST_KNOWERS], names)),
        drawing,
    )


def _in_order(knowers: Sequence[Knower], names: Names) -> list[Learned]:
    """Return everybody after their teller, and after those whom that one told before."""
    by_teller: dict[str, list[Knower]] = {}
    known = {knower.agent for knower in knowers}
    for knower in knowers:
        by_teller.setdefault(knower.teller if knower.teller in known else "", []).append(knower)
    waiting = [(knower, 0) for knower in reversed(by_teller.get("", []))]
    found: list[Learned] = []
    while waiting:
        knower, depth = waiting.pop()
        found.append(_learned(knower, names, min(depth, _DEEPEST)))
        waiting += [(each, depth + 1) for each in reversed(by_teller.pop(knower.agent, []))]
    left = [knower for teller, told in by_teller.items() if teller for knower in told]
    return found + [_learned(knower, names, 0) for knower in left]


def _learned(knower: Knower, names: Names, depth: int) -> Learned:
    return Learned(
        agent=knower.agent,
        hue=hue(knower.agent),
        name=names.person(knower.agent),
        time=clock_text(knower.time),
        place=names.place(knower.place) if knower.place else "",
        teller=names.person(knower.teller) if knower.teller else "",
        depth=depth,
    )
