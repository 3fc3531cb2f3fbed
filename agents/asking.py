"""From a mind and what it sees to the prompt of a purpose, with its labels. Reads answers nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from worldloom.generators.image.charges import CHARGES
from worldloom.generators.mesh.vocabulary import COLOURS, KINDS, SIZES
from worldloom.worlds.clock import HOUR, MINUTE, clock_text, day_of, time_of_day
from worldloom.worlds.observation import Observation

from .mind import Mind
from .noticing import Noticed
from .plan import Question
from .prompting import template
from .retrieval import retrieve
from .schemas import OCCASIONS
from .talk import TURNS, is_appointment, to_tell
from .view import (
    FAMILIAR,
    MEMORIES,
    NEAR_MM,
    Guide,
    Labels,
    cell,
    memory_line,
    needs_line,
    person_line,
    place_lines,
    shown_people,
    thing_lines,
)

ADDRESSEES = 8
"""How many people a letter or a gift may be for."""


class Prompt(NamedTuple):
    """A prompt, the digest of its template, and what its labels stand for."""

    text: str
    template: str
    labels: Labels


def ask(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    """Return the prompt of a question."""
    return _MAKERS[question.purpose](mind, guide, seen, noticed, question, round_)


def block(lines: Sequence[str]) -> str:
    """Return lines under a heading as one text."""
    return "\n".join(lines)


def hours(time: int) -> str:
    """Return a time of day as a plan says it: `07:30`."""
    seconds = time_of_day(time)
    return f"{seconds // HOUR:02d}:{seconds % HOUR // MINUTE:02d}"


def plan_line(mind: Mind) -> str:
    """Return what the plan says now and next, in words."""
    plan = mind.plan
    if plan is None:
        return "none"
    step = plan.steps[plan.position]
    line = f"{step.do} at {_place(mind, step.place)} until {hours(plan.until())}"
    after = plan.following()
    return cell(line if after is None else f"{line}; then {after.do} at {_place(mind, after.place)}")


def _place(mind: Mind, place: str) -> str:
    spot = mind.cast.places.get(place)
    return spot.name if spot is not None else "any place"


def _people(
    mind: Mind, guide: Guide, labels: Labels, seen: Observation, first: str = ""
) -> tuple[list[str], list[str]]:
    """Return the lines of the people in view, and the ids of those who are near enough for talk."""
    lines, near = [], []
    for person in shown_people(seen, first):
        close = person.distance <= NEAR_MM and person.doing != "sleeping"
        if close:
            near.append(person.agent)
        last = mind.talked.get(person.agent)
        talked = "" if last is None or seen.time - last >= 2 * HOUR else "talked lately"
        known = familiarity(mind, person.agent, seen.time)
        lines.append(person_line(labels, guide, person.agent, person.doing, "near" if close else "far", known, talked))
    return lines, near


def familiarity(mind: Mind, other: str, time: int) -> str:
    """Return how well somebody is known, in a word."""
    if other in mind.persona.household:
        return "family"
    closeness = mind.ties.closeness(other, time)
    return next(word for least, word in FAMILIAR if closeness >= least)


def _memories(
    mind: Mind, guide: Guide, labels: Labels, listeners: Sequence[str], query: str, time: int
) -> tuple[list[str], list[str]]:
    """Return the lines of the memories that come to mind, and the places that they name."""
    lines: list[str] = []
    places: list[str] = []
    for memory, new_to in to_tell(mind.stream, mind.news, mind.told, listeners, query, time, MEMORIES):
        lines.append(memory_line(labels, memory, [labels.label(other) for other in new_to]))
        places += guide.places_of(memory)
    return lines, places


def _decide(
    mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int
) -> Prompt:  # round is of talk only
    del round_
    labels = Labels()
    people, near = _people(mind, guide, labels, seen)
    # People are found by their ids too: a memory is about ids, whatever its words.
    memories, places = _memories(mind, guide, labels, near, " ".join((question.why, *near[:3])), seen.time)
    form = template("decide")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind),
        why=cell(question.why),
        happened=block(noticed.lines),
        people=block(people),
        things=block(thing_lines(labels, seen)),
        places=block(place_lines(labels, guide, mind.persona, seen.place, places)),
        memories=block(memories),
    )
    return Prompt(text, form.digest, labels)


def _talk(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del question
    labels = Labels()
    speaker = seen.addressed_by
    labels.add("e", speaker)
    people, _ = _people(mind, guide, labels, seen, speaker)
    memories, places = _memories(mind, guide, labels, (speaker,), f"{noticed.said} {speaker}", seen.time)
    places += guide.places_in(noticed.said)
    form = template("talk")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind),
        turn=round_,
        turns=TURNS,
        happened=block(noticed.lines),
        people=block(people[:3]),
        places=block(place_lines(labels, guide, mind.persona, seen.place, places)),
        memories=block(memories),
    )
    return Prompt(text, form.digest, labels)


def _plan(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del noticed, round_
    labels = Labels()
    recent = [memory for name in mind.news if (memory := mind.stream.find(name)) is not None]
    chosen = {memory.id: memory for memory in reversed(recent)}
    chosen |= {memory.id: memory for memory in mind.stream.last(40) if is_appointment(memory, guide)}
    for memory in retrieve(mind.stream, "today tonight meet feast appointment", seen.time, MEMORIES):
        chosen.setdefault(memory.id, memory)
    shown = list(chosen.values())[:MEMORIES]
    lines = [memory_line(labels, memory, ()) for memory in shown]
    places = [place for memory in shown for place in guide.places_of(memory)]
    form = template("plan")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind) if mind.plan is not None and seen.time < mind.plan.end else "none",
        why=cell(question.why),
        made=sum(day_of(when) == day_of(seen.time) for when, _ in mind.made),
        places=block(place_lines(labels, guide, mind.persona, seen.place, places)),
        memories=block(lines),
    )
    return Prompt(text, form.digest, labels)


_WORDS: Mapping[str, str] = {
    "kinds": " ".join(KINDS),
    "subjects": " ".join(CHARGES),
    "colours": " ".join(COLOURS),
    "sizes": " ".join(SIZES),
    "occasions": ", ".join(OCCASIONS),
}


def _make(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del noticed, question, round_
    labels = Labels()
    known = dict.fromkeys((*mind.ties.closest(seen.time, ADDRESSEES), *(person.agent for person in seen.people)))
    people = [
        person_line(labels, guide, other, "", familiarity(mind, other, seen.time))
        for other in list(known)[:ADDRESSEES]
        if other in mind.cast.agents and other != mind.agent
    ]
    form = template("make")
    text = form.render(
        **_WORDS,
        who=mind.who,
        time=clock_text(seen.time),
        people=block(people),
        places=block(place_lines(labels, guide, mind.persona, seen.place)),
        made=block([f"- {cell(title)}" for _, title in mind.made]),
    )
    return Prompt(text, form.digest, labels)


_MAKERS: Mapping[str, Callable[[Mind, Guide, Observation, Noticed, Question, int], Prompt]] = {
    "decide": _decide,
    "talk": _talk,
    "plan": _plan,
    "make": _make,
}
