"""The story of a run: its most telling events as sentences, each leading to its event. Chooses; invents nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from worldloom.provenance.lineage import Lineage
from worldloom.worlds.clock import DAY, HOUR, clock_text, day_of, time_of_day

from .conversing import conversations_of
from .happenings import Happening, happenings, in_words
from .naming import Names, listed
from .record import Record, Said

MOST_SENTENCES = 40
_MOST_AN_HOUR = 6
_SHORT = 60
_CROWD = 4
"""People at one place from which on their coming together is told of."""
_PARTS = ((5, "Morning"), (12, "Afternoon"), (17, "Evening"), (21, "Night"))

_WEIGHTS: Mapping[str, int] = {"tell": 100, "sing": 70, "give": 45, "make": 30, "read": 22, "meet": 15}
"""How much an event of a kind is worth telling; other kinds are told of only for a reason of their own."""
_FIRST = 25
"""What the first of its kind is worth more."""


class Sentence(NamedTuple):
    """One sentence: when (seconds), the time of day, the words, and the event that it tells of."""

    time: int
    clock: str
    text: str
    event: str
    weight: int


class Chapter(NamedTuple):
    """A part of a day and its sentences in order."""

    title: str
    sentences: tuple[Sentence, ...]


def story(record: Record, lineage: Lineage, names: Names, facts: Iterable[str]) -> tuple[Chapter, ...]:
    """Return the story of a run in chapters; `facts` are the events whose spreading is told, in full of the first."""
    told = list(happenings(record))
    candidates = [*_deeds(told, names), *_gatherings(record, told, names), *_talks(record, names)]
    candidates += [*_nights(told, names), *(each for fact in facts for each in _news(lineage, fact, names))]
    return tuple(_chapters(_chosen(candidates), record.end - record.start > DAY))


def _sentence(time: int, text: str, event: str, weight: int) -> Sentence:
    clock = clock_text(time).rpartition(" ")[2]
    return Sentence(time, clock, text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?”" else "."), event, weight)


def _deeds(told: Iterable[Happening], names: Names) -> Iterator[Sentence]:
    seen: Counter[str] = Counter()
    for each in told:
        row, weight = each.row, _WEIGHTS.get(each.row.kind or "", 0)
        if not weight:
            continue
        detail = row.detail if isinstance(row.detail, dict) else {}
        sort = f"{row.kind} {detail.get('thing', '')}"
        first = _FIRST if not seen[sort] else 0
        seen[sort] += 1
        where = f" at {names.place(row.place)}" if row.place and row.kind in ("make", "sing", "give") else ""
        yield _sentence(row.time, in_words(row, names) + where, each.id, weight + first - min(10, seen[sort]))


def _gatherings(record: Record, told: Iterable[Happening], names: Names) -> Iterator[Sentence]:
    """When the most people of the run were at a place where nobody of them lives, for the three largest."""
    homes = {persona["home"] for persona in record.personas}
    at = {persona["agent"]: persona["home"] for persona in record.personas}
    most: dict[str, tuple[int, Happening]] = {}
    for each in told:
        row = each.row
        if row.kind == "move" and row.actor in at:
            at[row.actor] = ""
        elif row.kind == "arrive" and row.actor in at and row.target:
            at[row.actor] = row.target
            count = sum(place == row.target for place in at.values())
            if row.target not in homes and count > most.get(row.target, (_CROWD - 1, each))[0]:
                most[row.target] = (count, each)
    for place, (count, each) in sorted(most.items(), key=lambda item: (-item[1][0], item[0]))[:3]:
        who = names.person(each.row.actor)
        text = f"{count} people were at {names.place(place)} when {who} came, more than at any other time"
        yield _sentence(each.row.time, text, each.id, 60 + count)


def _talks(record: Record, names: Names) -> Iterator[Sentence]:
    """The two conversations with the most sentences."""
    by_place: dict[str, list[Said]] = {}
    for said in record.said:
        by_place.setdefault(said.row.place or "", []).append(said)
    talks = [talk for place in sorted(by_place) for talk in conversations_of(by_place[place])]
    for talk in sorted(talks, key=lambda talk: -len(talk))[:2]:
        if len(talk) > _CROWD:
            who = listed([names.person(each) for each in dict.fromkeys(said.row.actor for said in talk)])
            row = talk[0].row
            where = f" at {names.place(row.place)}" if row.place else " on the way"
            yield _sentence(row.time, f"{who} began a talk of {len(talk)} sentences{where}", talk[0].event, 55)


def _nights(told: Iterable[Happening], names: Names) -> Iterator[Sentence]:
    """Who lay down first and who last, of those who slept in the evening or at night."""
    down: dict[str, Happening] = {}
    for each in told:
        late = not 6 * HOUR <= time_of_day(each.row.time) < 18 * HOUR
        if each.row.kind == "rest" and late and isinstance(each.row.detail, dict) and each.row.detail.get("asleep"):
            down.setdefault(each.row.actor or "", each)
    if len(down) > 1:
        first, *_, last = down.values()
        yield _sentence(first.row.time, f"{names.person(first.row.actor)} was the first to go to sleep", first.id, 38)
        yield _sentence(last.row.time, f"{names.person(last.row.actor)} was the last to go to sleep", last.id, 40)


def _news(lineage: Lineage, fact: str, names: Names) -> Iterator[Sentence]:
    """Who heard of it first, when half of those who came to know did, and who last."""
    told = [knower for knower in lineage.knowers(fact) if knower.teller]
    if not told:
        return
    body = lineage.body(fact)
    detail = body.detail if body is not None and isinstance(body.detail, dict) else {}
    words = str(detail.get("text") or detail.get("name") or "what happened").rstrip(".!")
    count = len(told) + 1
    first, half, last = told[0], told[len(told) // 2], told[-1]
    where = f" at {names.place(first.place)}" if first.place else ""
    text = f"{names.person(first.teller)} told {names.person(first.agent)}{where}: “{words}”"
    yield _sentence(first.time, text, first.event, 92)
    if len(told) > _CROWD:
        short = words if len(words) <= _SHORT else words[: _SHORT - 1].rstrip() + "…"
        text = f"{names.person(half.agent)} had it from {names.person(half.teller)}, and half of the {count} who would "
        yield _sentence(half.time, text + f"come to know it knew: “{short}”", half.event, 78)
        text = (
            f"{names.person(last.agent)} was the last of {count} to hear: “{short}”, from {names.person(last.teller)}"
        )
        yield _sentence(last.time, text, last.event, 74)


def _chosen(candidates: Iterable[Sentence]) -> list[Sentence]:
    """Return the weightiest, each event once and not too many an hour, in order of time."""
    chosen: dict[str, Sentence] = {}
    hours: Counter[int] = Counter()
    for each in sorted(candidates, key=lambda each: (-each.weight, each.time, each.event)):
        hour = each.time // HOUR
        if each.event not in chosen and hours[hour] < _MOST_AN_HOUR and len(chosen) < MOST_SENTENCES:
            chosen[each.event] = each
            hours[hour] += 1
    return sorted(chosen.values(), key=lambda each: (each.time, -each.weight))


def _chapters(sentences: Iterable[Sentence], days: bool) -> Iterator[Chapter]:
    parts: dict[str, list[Sentence]] = {}
    for each in sentences:
        hour = time_of_day(each.time) // HOUR
        part = next((name for start, name in reversed(_PARTS) if hour >= start), "Night")
        # The small hours belong to the night before.
        day = day_of(each.time - 5 * HOUR) if each.time >= 5 * HOUR else 1
        parts.setdefault(f"{part} of day {day}" if days and part != "Night" else _night(part, day, days), []).append(
            each
        )
    for title, found in parts.items():
        yield Chapter(title, tuple(found))


def _night(part: str, day: int, days: bool) -> str:
    return f"Night after day {day}" if days and part == "Night" else part
