"""From a mind and what it sees to the prompt of a purpose, with its labels. Reads answers nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from worldloom.generators.vocabulary import CHARGES, COLOURS, MOODS, SIZES, THINGS
from worldloom.worlds.clock import HOUR, MINUTE, clock_text, day_of, time_of_day
from worldloom.worlds.observation import Observation

from .memory import Memory
from .mind import Mind
from .noticing import Noticed
from .plan import Question
from .prompting import template
from .retrieval import retrieve
from .schemas import OCCASIONS
from .talk import TURNS, is_appointment, is_personal, key_of, to_tell
from .view import (
    FAMILIAR,
    MEMORIES,
    NEAR_MM,
    Guide,
    Labels,
    cell,
    label_likes,
    memory_line,
    needs_line,
    new_to,
    person_line,
    place_lines,
    ref,
    shown_people,
    thing_lines,
)

ADDRESSEES = 6
"""How many people a letter or a gift may be for."""

TALKING = 4
"""How many people a prompt of talk shows: who spoke, and others who may listen."""

AGREED = 2
"""How many appointments come to mind in talk."""

SONG_MATTER = 3
"""How many memories there are to choose a song's matter from."""


LONGEST = 12_000
"""Characters that no prompt passes, whatever others say and name things, and however long somebody has lived."""


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


def plan_line(mind: Mind, guide: Guide, labels: Labels) -> str:
    """Return what the plan says now and next, places by their labels where they have one."""
    plan = mind.plan
    if plan is None:
        return "none"
    step, after = plan.steps[plan.position], plan.following()
    line = f"{step.do} at {_place(step.place)} until {hours(plan.until())}"
    return guide.resolve(line if after is None else f"{line}; then {after.do} at {_place(after.place)}", labels)


def _place(place: str) -> str:
    return ref(place) if place else "any place"


def planned(mind: Mind) -> list[str]:
    """Return where the plan is now and goes next."""
    plan = mind.plan
    steps = () if plan is None else (plan.steps[plan.position], plan.following())
    return [step.place for step in steps if step is not None]


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


Recalled = Sequence[tuple[Memory, Sequence[str]]]
"""Memories that come to mind, each with the listeners to whom it is new."""


def _recall(mind: Mind, listeners: Sequence[str], query: str, time: int) -> Recalled:
    return to_tell(mind.stream, mind.news, mind.told, listeners, query, time, MEMORIES)


def _with_agreed(mind: Mind, recalled: Recalled, time: int) -> Recalled:
    """Return what comes to mind with the next appointments: nobody agrees to be at two places at once."""
    ahead = sorted((each.at, each.memory) for each in mind.appointments if each.at > time)[:AGREED]
    found = [memory for _, name in ahead if (memory := mind.stream.find(name)) is not None]
    names = {memory.id for memory, _ in recalled}
    agreed = [(memory, ()) for memory in found if memory.id not in names]
    return [*recalled[: MEMORIES - len(agreed)], *agreed]


def _places_of(guide: Guide, recalled: Recalled) -> list[str]:
    return [place for memory, _ in recalled for place in guide.places_of(memory)]


def _lines(labels: Labels, recalled: Recalled) -> str:
    return block([memory_line(labels, memory, new_to(labels, listeners)) for memory, listeners in recalled])


def _fresh_labels(mind: Mind) -> Labels:
    labels = Labels()
    label_likes(labels, mind.persona)
    return labels


def _happened(guide: Guide, labels: Labels, noticed: Noticed) -> str:
    return block([guide.resolve(line, labels) for line in noticed.lines])


def _decide(
    mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int
) -> Prompt:  # round is of talk only
    del round_
    labels = _fresh_labels(mind)
    people, near = _people(mind, guide, labels, seen)
    # People are found by their ids too: a memory is about ids, whatever its words.
    recalled = _recall(mind, near, " ".join((question.why, *near[:3])), seen.time)
    things = thing_lines(labels, seen)
    also = [*planned(mind), *_places_of(guide, recalled)]
    places = place_lines(labels, guide, mind.persona, seen.place, also, guide.handy)
    form = template("decide")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind, guide, labels),
        why=guide.resolve(question.why, labels),
        happened=_happened(guide, labels, noticed),
        people=block(people),
        things=block(things),
        places=block(places),
        memories=_lines(labels, recalled),
    )
    return Prompt(text, form.digest, labels)


def _talk(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del question
    labels = _fresh_labels(mind)
    speaker = seen.addressed_by
    people, _ = _people(mind, guide, labels, seen, speaker)
    recalled = _with_agreed(mind, _recall(mind, (speaker,), f"{noticed.said} {speaker}", seen.time), seen.time)
    also = [*planned(mind), *guide.places_in(noticed.said), *_places_of(guide, recalled)]
    places = place_lines(labels, guide, mind.persona, seen.place, also, guide.handy)
    form = template("talk")
    text = form.render(
        kinds=_WORDS["kinds"],
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind, guide, labels),
        turn=round_,
        turns=TURNS,
        happened=_happened(guide, labels, noticed),
        people=block(people[:TALKING]),
        places=block(places),
        memories=_lines(labels, recalled),
    )
    return Prompt(text, form.digest, labels)


def _plan(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del noticed, round_
    labels = _fresh_labels(mind)
    recent = [memory for name in mind.news if (memory := mind.stream.find(name)) is not None]
    agreed = [memory for each in mind.appointments if (memory := mind.stream.find(each.memory)) is not None]
    chosen = {memory.id: memory for memory in (*agreed, *reversed(recent))}
    chosen |= {memory.id: memory for memory in mind.stream.last(40) if is_appointment(memory, guide)}
    for memory in retrieve(mind.stream, "today tonight meet feast appointment", seen.time, MEMORIES):
        chosen.setdefault(memory.id, memory)
    recalled = [(memory, ()) for memory in list(chosen.values())[:MEMORIES]]
    places = place_lines(labels, guide, mind.persona, seen.place, _places_of(guide, recalled), guide.common)
    form = template("plan")
    text = form.render(
        who=mind.who,
        time=clock_text(seen.time),
        needs=needs_line(seen),
        plan=plan_line(mind, guide, labels) if mind.plan is not None and seen.time < mind.plan.end else "none",
        why=guide.resolve(question.why, labels),
        made=sum(day_of(when) == day_of(seen.time) for when, _ in mind.made),
        places=block(places),
        memories=_lines(labels, recalled),
    )
    return Prompt(text, form.digest, labels)


_WORDS: Mapping[str, str] = {
    "kinds": " ".join(THINGS),
    "subjects": " ".join(CHARGES),
    "colours": " ".join(COLOURS),
    "sizes": " ".join(SIZES),
    "occasions": ", ".join(OCCASIONS),
    "moods": " ".join(MOODS),
}


def _make(mind: Mind, guide: Guide, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
    del noticed, question, round_
    labels = _fresh_labels(mind)
    orders = [order for order in mind.orders if order.by in mind.cast.agents]
    known = dict.fromkeys(
        (
            *(order.by for order in orders),
            *mind.ties.closest(seen.time, ADDRESSEES),
            *(person.agent for person in seen.people),
        )
    )
    people = [
        person_line(labels, guide, other, "", familiarity(mind, other, seen.time))
        for other in list(known)[:ADDRESSEES]
        if other in mind.cast.agents and other != mind.agent
    ]
    recalled = [(memory, ()) for memory in _song_matter(mind, seen.time)]
    places = place_lines(labels, guide, mind.persona, seen.place, (), guide.handy)
    form = template("make")
    text = form.render(
        **_WORDS,
        who=mind.who,
        time=clock_text(seen.time),
        people=block(people),
        places=block(places),
        orders=block([f"{labels.add('o', order.id)} {order.thing} | for {labels.label(order.by)}" for order in orders]),
        made=block([f"- {cell(title)}" for _, title in mind.made]),
        memories=_lines(labels, recalled),
    )
    return Prompt(text, form.digest, labels)


def _song_matter(mind: Mind, time: int) -> list[Memory]:
    """Return what there would be to sing about: the weightiest things that somebody saw, did or was told."""
    query = "feast gave made put up met together"
    found = retrieve(mind.stream, query, time, 4 * SONG_MATTER)
    fit = (memory for memory in found if memory.importance >= 3 and _is_worth_singing(memory))
    return list({key_of(memory.text): memory for memory in fit}.values())[:SONG_MATTER]


def _is_worth_singing(memory: Memory) -> bool:
    """Whether it happened, and is neither a word between two nor a song itself."""
    if memory.kind == "told" and is_personal(memory.text):
        return False
    return memory.kind in ("seen", "did", "told", "knows") and " song: " not in memory.text


_MAKERS: Mapping[str, Callable[[Mind, Guide, Observation, Noticed, Question, int], Prompt]] = {
    "decide": _decide,
    "talk": _talk,
    "plan": _plan,
    "make": _make,
}
