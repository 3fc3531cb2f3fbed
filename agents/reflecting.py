"""Looking back: when somebody does, what it looks back on, and the memories that an answer comes to. Decides nothing.

After Park et al. 2023 (Generative Agents, section 4.2): a reflection is asked for when what came in since the last one
weighs enough, and in the evening; what it comes to is a memory that names the memories that showed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldloom.worlds.clock import HOUR, clock_text
from worldloom.worlds.observation import Observation

from .asking import Prompt, block, familiarity
from .memory import Memory, one_line
from .mind import Mind, Pending
from .plan import Step
from .prompting import template
from .talk import TELLABLE, names_a_time
from .turns import Basis
from .view import Guide, Labels, label_likes, memory_line, person_line, place_lines
from .voice import third_person

WEIGHTY = 60
"""Points of importance, of notable memories alone, that make somebody look back at once."""

APART = 2 * HOUR
"""Seconds between two looks back."""

LEAST = 3
"""Notable memories below which there is nothing to look back on."""

SHOWN, PEOPLE = 8, 6
"""Memories and people that a prompt shows."""

LONGEST = 160
"""Characters of an insight."""

_KINDS = ("seen", "did", "told", "read", "knows")

INSIGHTS: Mapping[str, tuple[str, int, str]] = {
    "friend": ("{who} is good to {me}.", 6, "e"),
    "maker": ("{who} makes fine things.", 5, "e"),
    "gathering": ("People come together at {who}.", 5, "p"),
    "habit": ("{me} often comes across {who}.", 5, "ep"),
    "worry": ("{me} worries about {who}.", 6, "ep"),
    "gratitude": ("{me} is grateful to {who}.", 6, "e"),
}
"""For each insight: its plain sentence, its importance, and what it is about (label letters)."""


_OWED = ("friend", "gratitude")
"""Insights into what somebody did for one."""


def is_time(mind: Mind, seen: Observation, step: Step) -> bool:
    """Whether somebody looks back now: before sleep, and when much has come in; never while it sleeps or is busy."""
    if seen.doing in ("sleeping", "making", "talking") or seen.time - mind.looked_back < APART:
        return False
    evening = step.do == "sleep" and seen.place == step.place and mind.looked_back < step.at
    return (evening or mind.weight >= WEIGHTY) and len(_matter(mind)) >= LEAST


def ask_back(mind: Mind, guide: Guide, time: int) -> Prompt:
    """Return the prompt that asks what the memories since the last look back come to."""
    labels = Labels()
    label_likes(labels, mind.persona)
    memories = _matter(mind)
    about = dict.fromkeys(each for memory in memories for each in memory.about)
    people = [
        person_line(labels, guide, other, "", familiarity(mind, other, time))
        for other in [each for each in about if each in mind.cast.agents and each != mind.agent][:PEOPLE]
    ]
    spots = [place for memory in memories for place in guide.places_of(memory)]
    places = place_lines(labels, guide, mind.persona, "", spots, ())
    form = template("reflect")
    text = form.render(
        who=mind.who,
        time=clock_text(time),
        people=block(people),
        places=block(places),
        memories=block([memory_line(labels, memory, _note(mind, memory)) for memory in memories]),
    )
    return Prompt(text, form.digest, labels)


def _note(mind: Mind, memory: Memory) -> str:
    """Return the note on what others did or said that concerns oneself."""
    return "of you" if memory.kind != "did" and mind.agent in memory.about else ""


def _matter(mind: Mind) -> list[Memory]:
    """Return the weightiest notable memories since the last look back, one of each saying, oldest first."""
    fresh = [
        memory
        for memory in mind.stream
        if memory.importance >= TELLABLE and memory.kind in _KINDS and memory.time > mind.looked_back
    ]
    distinct = list({memory.text: memory for memory in fresh}.values())
    weighty = {memory.id for memory in sorted(distinct, key=lambda memory: -memory.importance)[:SHOWN]}
    return [memory for memory in distinct if memory.id in weighty]


def look_back(
    mind: Mind, guide: Guide, pending: Pending, value: Mapping[str, Any], cause: str
) -> tuple[list[str], str]:
    """Keep what an answer comes to; return (ids of the memories that showed it, "") or ([], what is wrong with it).

    An insight that no memory it names bears out is not kept.
    """
    why = next((why for insight in value["insights"] if (why := _fault(insight, pending.labels))), "")
    if why:
        return [], why
    shown: list[str] = []
    for insight in value["insights"]:
        about = pending.labels.of(insight["about"])
        named = (mind.stream.find(pending.labels.of(insight[name])) for name in ("from", "also") if insight[name])
        evidence = [memory for memory in named if memory is not None]
        if any(_bears_out(memory, insight["what"], about, mind, guide) for memory in evidence):
            _keep(mind, guide, pending, insight, evidence, cause)
            shown += [memory.id for memory in evidence]
    return list(dict.fromkeys(shown)), ""


def _fault(insight: Mapping[str, str], labels: Labels) -> str:
    what, letters = insight["what"], INSIGHTS[insight["what"]][2]
    missing = [insight[name] for name in ("about", "from", "also") if insight[name] and not labels.of(insight[name])]
    if missing:
        return f"there is no {missing[0]}"
    if not insight["from"]:
        return f"{what} needs a memory that shows it"
    return "" if insight["about"][:1] in tuple(letters) else f"{what} needs a label of {' or '.join(letters)}"


def _bears_out(memory: Memory, what: str, about: str, mind: Mind, guide: Guide) -> bool:
    """Whether a memory is about what is concluded; thanks need a deed of the other that concerns oneself."""
    if about not in memory.about and guide.name(about) not in memory.text:
        return False
    return what not in _OWED or bool(_note(mind, memory))


def _keep(
    mind: Mind, guide: Guide, pending: Pending, insight: Mapping[str, str], evidence: Sequence[Memory], cause: str
) -> None:
    """Keep an insight; one that somebody has had before is kept once, with what showed it then and now."""
    about, what = pending.labels.of(insight["about"]), insight["what"]
    before = [each for each in mind.stream.of_kind("reflection") if (each.topic, each.about[:1]) == (what, (about,))]
    bases = [Basis(memory.id, memory.source) for memory in evidence]
    bases += [basis for memory in reversed(before) for basis in memory.evidence]
    mind.stream.forget({memory.id for memory in before})
    text = _sentence(mind, guide, pending.labels, insight, about)
    subjects = dict.fromkeys((about, *(each for memory in evidence for each in memory.about)))
    mind.stream.append(
        pending.seen.time, "reflection", text, cause, INSIGHTS[what][1], tuple(subjects), topic=what, evidence=bases
    )


def _sentence(mind: Mind, guide: Guide, labels: Labels, insight: Mapping[str, str], about: str) -> str:
    """Return an insight in the third person: in its own words where they fit, else in the plain ones of its kind."""
    me, who = mind.persona.name, guide.name(about)
    own = third_person(guide.spell(one_line(insight["say"]), labels), me)
    if who in own and len(own) <= LONGEST and not own.endswith("?") and not names_a_time(own):
        return own
    return INSIGHTS[insight["what"]][0].format(who=who, me=me)
