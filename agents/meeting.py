"""Meeting as agreed: appointments are heard in words, and both notice who has come and who has not. Plans nothing."""

from __future__ import annotations

import re

from worldloom.worlds.clock import DAY, MINUTE, seconds_of, time_of_day
from worldloom.worlds.observation import Observation

from .appointments import Appointment, add
from .memory import Memory
from .mind import Mind
from .view import Guide, ref

EARLY, LATE = 15 * MINUTE, 15 * MINUTE
"""How long before and after its time an appointment is kept by being there."""

IN_VIEW_MM = 15_000
"""Who is this near at the place has come."""

_AGREED = re.compile(r"\bI will meet you at .+ at ([01][0-9]|2[0-3]):([0-5][0-9]), ")
"""How an invitation is agreed to: these words are put together by code (`talk.words_of`)."""


def agreed(mind: Mind, other: str, place: str, at: str, memory: Memory) -> None:
    """Keep an appointment for the next time that clocks show `at`; the same one again is kept once."""
    ahead = (seconds_of(at) - time_of_day(memory.time)) % DAY
    add(mind.appointments, Appointment(other, place, memory.time + ahead, memory.id, memory.source))


def heard(mind: Mind, memory: Memory, guide: Guide) -> None:
    """Keep the appointment that somebody agrees to in words."""
    found, places = _AGREED.search(memory.text), guide.places_of(memory)
    if found and places and memory.via:
        agreed(mind, memory.via, places[0], f"{found[1]}:{found[2]}", memory)


def look_out(mind: Mind, seen: Observation) -> None:
    """Notice who has come and who has not; changes memories, ties and what the plan must heed."""
    for each in list(mind.appointments):
        here = seen.place == each.place
        if here and seen.time >= each.at - EARLY and _is_there(each.other, seen):
            mind.appointments.remove(each)
            _met(mind, each, seen.time)
        elif seen.time >= each.at + LATE and seen.doing != "sleeping":
            mind.appointments.remove(each)
            _missed(mind, each, seen.time, came=here)


def _is_there(other: str, seen: Observation) -> bool:
    return any(each.agent == other and each.distance <= IN_VIEW_MM and each.doing != "sleeping" for each in seen.people)


def _met(mind: Mind, each: Appointment, time: int) -> None:
    text = f"{mind.persona.name} met {mind.cast.name(each.other)} at {mind.cast.place(each.place).name}, as agreed."
    mind.remember(time, "did", text, each.source, 4, (mind.agent, each.other, each.place))
    mind.ties.share(each.other, "talk", time)


def _missed(mind: Mind, each: Appointment, time: int, *, came: bool) -> None:
    """Who came remembers that the other did not; who did not come remembers that, too."""
    me, other, place = mind.persona.name, mind.cast.name(each.other), mind.cast.place(each.place).name
    absent, waiting = (other, me) if came else (me, other)
    text = f"{absent} did not come to {place} to meet {waiting}."
    about = (each.other, mind.agent, each.place)
    mind.remember(time, "seen" if came else "did", text, each.source, 5, about)
    if came:
        mind.revise = f"{ref(each.other)} did not come"
