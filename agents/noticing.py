"""Understanding what happened: happenings become memories, lines of a prompt, and reasons to think. Asks nobody.

Memories are sentences about third persons with full names, so that they mean the same in anybody's mouth. What is
everyday (people come and go, eat, work) is shown where it matters and leaves no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worldloom.provenance.events_block import EventRow
from worldloom.worlds.clock import HOUR, MINUTE, time_of_day
from worldloom.worlds.observation import Happening

from .meeting import heard as heard_to_meet
from .memory import one_line
from .mind import Mind
from .talk import TELLABLE, importance_of, is_appointment, key_of
from .view import EVENTS, Guide, cell, ref

SCENARIO = "scenario"
HEARD_AGAIN = 1
"""Importance of what one hears for the second time within some days."""


@dataclass
class Noticed:
    """What a look at the inbox gave: lines and ids of the last happenings to show, and what calls for a decision."""

    lines: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    given: str = ""
    """In words: what somebody gave to the agent."""
    refused: str = ""
    """Why the agent could not do what it wanted."""
    met: str = ""
    """Whom it met on the way."""
    said: str = ""
    """The last words spoken to it."""

    def show(self, happening: Happening, text: str) -> None:
        """Keep a line for the prompt; only the last few stay. `text` is made of cells and `ref`s."""
        seconds = time_of_day(happening.row.time)
        self.lines = [*self.lines, f"- {seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d} {text}"][-EVENTS:]
        self.ids = [*self.ids, happening.id][-EVENTS:]


def notice(mind: Mind, guide: Guide, happened: Sequence[Happening]) -> Noticed:
    """Take in what happened to an agent since it last looked; changes its mind."""
    noticed = Noticed()
    for happening in happened:
        _READERS.get(happening.row.kind or "", _did)(mind, guide, happening, noticed)
    return noticed


def _name(mind: Mind, agent: str | None) -> str:
    person = mind.cast.agents.get(agent or "")
    return person.name if person is not None else one_line(agent or "somebody", 60)


def _detail(row: EventRow) -> Mapping[str, Any]:
    return row.detail if isinstance(row.detail, Mapping) else {}


def _text(row: EventRow, field_: str) -> str:
    value = _detail(row).get(field_, "")
    return one_line(value) if isinstance(value, str) else ""


def _said(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    row = happening.row
    text, speaker, me = _text(row, "text"), row.actor or "", mind.agent
    heard = [other for other in _detail(row).get("heard", ()) if isinstance(other, str)]
    key = key_of(text)
    if speaker == me:
        mind.told.mark((other for other in heard if other != me), key)
        for other in heard if row.target is None else [row.target]:
            mind.met(other, row.time)
            mind.ties.share(other, "talk", row.time)
        return
    to_me = row.target in (me, None)
    places = guide.places_in(text)
    importance = importance_of(text, _text(row, "source"), places, to_me=to_me)
    if importance >= TELLABLE:
        # Whoever heard it with me knows it, and so does the speaker.
        mind.told.mark((other for other in (*heard, speaker) if other != me), key)
    about = (speaker, *places)
    if importance >= TELLABLE and _known_before(mind, key):
        importance = HEARD_AGAIN
    memory = mind.remember(row.time, "told", text, happening.id, importance, about, speaker)
    if row.target == me:
        heard_to_meet(mind, memory, guide)
    if is_appointment(memory, guide):
        mind.revise = "you heard something that may change your day"
    if to_me:
        noticed.said = text
        mind.met(speaker, row.time)
        mind.ties.share(speaker, "talk", row.time)
    whom = "you" if row.target == me else ref(row.target) if row.target else "all"
    noticed.show(happening, f"{ref(speaker)} said to {whom}: {cell(_text(row, 'spoken') or text)}")


def _known_before(mind: Mind, key: str) -> bool:
    """Whether some news in mind says the same: heard again, it is no news."""
    known = (mind.stream.find(name) for name in mind.news)
    return any(memory is not None and key_of(memory.text) == key for memory in known)


def _learnt(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    """The scenario lets somebody know something."""
    row = happening.row
    text = _text(row, "text")
    if row.actor != SCENARIO or not text:
        return
    memory = mind.remember(row.time, "knows", text, happening.id, 10, tuple(guide.places_in(text)))
    if mind.plan is not None and is_appointment(memory, guide):
        mind.revise = "you learnt something that may change your day"
    noticed.show(happening, f"you know: {cell(text)}")


def _given(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    row, me = happening.row, mind.agent
    giver, taker = _name(mind, row.actor), _name(mind, row.target)
    about = tuple(each for each in (row.actor, row.target, row.place) if each)
    name = _item(row)
    kind = "did" if row.actor == me else "seen"
    mind.remember(row.time, kind, f"{giver} gave {taker} {name}.", happening.id, 5 if me in about else 3, about)
    if me in (row.actor, row.target):
        mind.ties.share((row.target if row.actor == me else row.actor) or me, "gift", row.time)
    if row.actor == me or row.actor is None:
        return
    whom = "you" if row.target == me else ref(row.target or "")
    if row.target == me:
        noticed.given = f"{ref(row.actor)} gave you {cell(name)}"
    noticed.show(happening, f"{ref(row.actor)} gave {whom} {cell(name)}")


def _saw(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    row = happening.row
    if row.actor != mind.agent:
        return
    maker = _text(row, "maker")
    text = f"{mind.persona.name} saw {_item(row)} by {_name(mind, maker)}{_where(guide, row.place)}."
    about = tuple(each for each in (maker, row.place, row.target) if each)
    mind.remember(row.time, "seen", text, happening.id, 3, about)
    noticed.show(happening, f"you see {cell(_item(row))} by {ref(maker)}")


def _made(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    row, me = happening.row, mind.agent
    maker, name = _name(mind, row.actor), _item(row)
    about = tuple(each for each in (row.actor, row.place, row.target) if each)
    mind.remember(row.time, "did" if row.actor == me else "seen", f"{maker} made {name}.", happening.id, 4, about)
    if row.actor == me:
        mind.made = [*mind.made, (row.time, _text(row, "name"))][-4:]


def _used(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    row, me = happening.row, mind.agent
    if _text(row, "how") != "put up":
        return
    name, who = _item(row), _name(mind, row.actor)
    about = tuple(each for each in (row.actor, row.place, row.target) if each)
    text = f"{who} put up {name}{_where(guide, row.place)}."
    mind.remember(row.time, "did" if row.actor == me else "seen", text, happening.id, 4, about)
    if row.actor != me:
        noticed.show(happening, f"{ref(row.actor or '')} put up {cell(name)}")


def _sang(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    row, me = happening.row, mind.agent
    singer, name = _name(mind, row.actor), _item(row)
    about = tuple(each for each in (row.actor, row.place, row.target) if each)
    text = f"{singer} sang {name}{_where(guide, row.place)}."
    mind.remember(row.time, "did" if row.actor == me else "seen", text, happening.id, 4, about)
    if row.actor != me:
        noticed.show(happening, f"{ref(row.actor or '')} sang {cell(name)}")


def _read(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    row = happening.row
    if row.actor != mind.agent:
        return
    text = f"{_name(mind, row.actor)} read {_item(row)}."
    mind.remember(row.time, "read", text, happening.id, 4, (mind.agent, row.target or ""))


def _met(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    row, me = happening.row, mind.agent
    if me not in (row.actor, row.target):
        return
    other = (row.target if row.actor == me else row.actor) or ""
    mind.ties.share(other, "meet", row.time)
    noticed.met = other
    noticed.show(happening, f"you meet {ref(other)} on the way")


def _waited(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    """A `wait` that nobody asked for is the world's refusal."""
    if happening.row.actor == mind.agent and mind.tried not in ("wait", ""):
        noticed.refused = _text(happening.row, "reason") or "it could not be done"
        noticed.show(happening, f"you could not {mind.tried}: {cell(noticed.refused)}")


def _bought(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:  # noqa: ARG001
    row, me = happening.row, mind.agent
    if me not in (row.actor, row.target):
        return
    buyer, seller, price = _name(mind, row.actor), _name(mind, row.target), row.detail.get("price", 0)
    text = f"{buyer} bought {_item(row)} from {seller} for {price} {'penny' if price == 1 else 'pennies'}."
    about = tuple(each for each in (row.actor, row.target, row.place) if each)
    mind.remember(row.time, "did" if row.actor == me else "seen", text, happening.id, 2, about)


def _did(mind: Mind, guide: Guide, happening: Happening, noticed: Noticed) -> None:
    """What plug-ins and scenarios add: an action says in its detail what somebody `did`, such as `rang the bell`."""
    row, me = happening.row, mind.agent
    did = _text(row, "did")
    if not did or row.actor not in mind.cast.agents:
        return
    about = tuple(each for each in (row.actor, row.place, row.target) if each)
    text = f"{_name(mind, row.actor)} {did}{_where(guide, row.place)}."
    mind.remember(row.time, "did" if row.actor == me else "seen", text, happening.id, 4, about)
    if row.actor != me:
        noticed.show(happening, f"{ref(row.actor or '')} {cell(did)}")


def _item(row: EventRow) -> str:
    """Return how a thing reads in a sentence: what was made has a title in quotation marks, a loaf has none."""
    name = _text(row, "name") or "something"
    return f'"{name}"' if _text(row, "artifact") else name


def _where(guide: Guide, place: str | None) -> str:
    spot = guide.cast.places.get(place or "")
    return f" at {spot.name}" if spot is not None else ""


_READERS: Mapping[str, Callable[[Mind, Guide, Happening, Noticed], None]] = {
    "say": _said,
    "tell": _learnt,
    "give": _given,
    "see": _saw,
    "make": _made,
    "use": _used,
    "sing": _sang,
    "read": _read,
    "meet": _met,
    "wait": _waited,
    "buy": _bought,
}
"""How each kind of happening is understood; of others only what says in its detail what somebody `did`."""
