"""From a model's answer to one typed action: labels become ids, a label that was never given out makes it invalid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.worlds.clock import HOUR, MINUTE

from .errands import Errand, add
from .memory import one_line
from .mind import Mind, Pending
from .orders import Order, promised
from .orders import add as add_order
from .plan import Wish
from .talk import a_thing, key_of, may_tell, words_of
from .view import Guide, Labels
from .voice import spoken

AS_PLANNED = Wish("", {})
"""Stands for going on with what one does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer comes to: a wish, the ids of the memories it refers to; or why it is none (`fault`)."""

    wish: Wish = AS_PLANNED
    memories: tuple[str, ...] = ()
    fault: str = ""
    errand: Errand | None = None
    made: Mapping[str, Any] = field(default_factory=dict)


class _FaultError(Exception):
    """An answer that obeys its schema and still means nothing."""


def _need(labels: Labels, label: str, letters: str, what: str) -> str:
    found = labels.of(label)
    if not label or label[0] not in letters:
        raise _FaultError(f"{what} needs a label of {' or '.join(letters)}")
    if not found:
        raise _FaultError(f"there is no {label}")
    return found


def _memory(mind: Mind, labels: Labels, label: str, time: int, listener: str) -> tuple[str, str, str]:
    """Return (id, text, source) of the memory to be told; raises _FaultError when it may not be."""
    memory = mind.stream.find(_need(labels, label, "m", "telling"))
    if memory is None:
        raise _FaultError(f"{label} is forgotten")
    if not may_tell(memory, time):
        raise _FaultError(f"{label} is not for telling")
    if listener and (listener == memory.via or mind.told.knows(listener, key_of(memory.text))):
        raise _FaultError(f"{label} was told already")
    return memory.id, memory.text, memory.source


def decide(mind: Mind, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    """Return what the answer to a `decide` prompt comes to."""
    try:
        return _decide(mind, pending, answer, cause)
    except _FaultError as fault:
        return Outcome(fault=str(fault))


def _decide(mind: Mind, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    labels, do, target = pending.labels, answer["do"], answer["target"]
    if do == "say":
        return _say(mind, pending, answer)
    memories = tuple([_need(labels, answer["memory"], "m", do)] if answer["memory"] else [])
    if do == "move":
        place = _need(labels, target, "p", do)
        errand = Errand("go", cause, pending.seen.time, place=place)
        return Outcome(Wish("move", {"to": place}), memories, errand=errand)
    if do == "eat":
        return _eat(pending, target, cause, memories)
    if do == "give":
        item, to = _need(labels, answer["item"], "i", do), _need(labels, target, "e", do)
        return Outcome(Wish("give", {"item": item, "to": to}), memories)
    if do in ("take", "use"):
        return Outcome(Wish(do, {"item": _need(labels, target, "i", do)}), memories)
    plain = {
        "go on": AS_PLANNED,
        "work": Wish("work", {"seconds": HOUR}),
        "rest": Wish("rest", {"seconds": 30 * MINUTE}),
        "wait": Wish("wait", {"seconds": 5 * MINUTE, "reason": one_line(answer["say"], 200) or "waits"}),
    }
    return Outcome(plain[do], memories)


def _say(mind: Mind, pending: Pending, answer: Mapping[str, str]) -> Outcome:
    labels = pending.labels
    to = _need(labels, answer["target"], "e", "say") if answer["target"] else ""
    if answer["memory"]:
        memory, text, source = _memory(mind, labels, answer["memory"], pending.seen.time, to)
        return _tell(mind, to, memory, text, source, labels.expand(one_line(answer["say"], 120)))
    text = labels.expand(one_line(answer["say"], 200))
    if not text:
        raise _FaultError("say needs a memory or words")
    return Outcome(Wish("say", {"to": to, "text": text, "source": ""}))


def _tell(mind: Mind, to: str, memory: str, text: str, source: str, lead: str) -> Outcome:
    """Return the telling of a memory: hearers keep its sentence, whatever words it is told in."""
    listener = mind.cast.name(to) if to else ""
    arguments = {"to": to, "text": text, "source": source}
    aloud = spoken(text, mind.persona.name, listener, lead)
    return Outcome(Wish("say", arguments | ({"spoken": aloud} if aloud else {})), (memory,))


def _eat(pending: Pending, target: str, cause: str, memories: tuple[str, ...]) -> Outcome:
    """Eat a thing at once, take it first when it is not carried, or go and eat at a place."""
    seen = pending.seen
    found = _need(pending.labels, target, "ip", "eat") if target else seen.place
    if target.startswith("i"):
        carried = any(thing.item == found for thing in seen.carried)
        kind = "use" if carried else "take"
        errand = None if carried else Errand("eat", cause, seen.time, place=seen.place)
        return Outcome(Wish(kind, {"item": found}), memories, errand=errand)
    if not found:
        raise _FaultError("there is nothing to eat on the way")
    errand = Errand("eat", cause, seen.time, place=found)
    wish = AS_PLANNED if found == seen.place else Wish("move", {"to": found})
    return Outcome(wish, memories, errand=errand)


def reply(mind: Mind, guide: Guide, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    """Return what the answer to a `talk` prompt comes to."""
    try:
        return _reply(mind, guide, pending, answer, cause)
    except _FaultError as fault:
        return Outcome(fault=str(fault))


def _reply(mind: Mind, guide: Guide, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    labels, do, time = pending.labels, answer["do"], pending.seen.time
    to = _listener(pending, answer["target"])
    if do == "end":
        return Outcome()
    if do == "tell":
        memory, text, source = _memory(mind, labels, answer["memory"], time, to or pending.speaker)
        return _tell(mind, to, memory, text, source, labels.expand(one_line(answer["say"], 120)))
    memories = tuple([_need(labels, answer["memory"], "m", do)] if answer["memory"] else [])
    place = ""
    if do in ("agree", "invite"):
        place = guide.cast.place(_need(labels, answer["place"], "p", do)).name
        if not answer["at"]:
            raise _FaultError(f"{do} needs a time")
    if do in ("order", "promise"):
        if not answer["thing"]:
            raise _FaultError(f"{do} needs a thing")
        to = pending.speaker
    text = words_of(answer, mind.cast.name(to or pending.speaker), time, place, labels)
    if do == "promise":
        _promise(mind, pending.speaker, answer["thing"], time, cause)
    return Outcome(Wish("say", {"to": to, "text": text, "source": ""}), memories)


def _promise(mind: Mind, to: str, thing: str, time: int, cause: str) -> None:
    """Keep in mind what is to be made for whom; the day's plan has to make room for it."""
    text = f"{mind.persona.name} promised to make {a_thing(thing)} for {mind.cast.name(to)}."
    memory = mind.remember(time, "plan", text, cause, 6, (mind.agent, to))
    add_order(mind.orders, Order(to, thing, time, cause, memory.id))
    mind.revise = promised(mind.orders)


def _listener(pending: Pending, target: str) -> str:
    """Return whom a reply is for: somebody in view, or "" for all who listen."""
    return _need(pending.labels, target, "e", "answering") if target else ""


def keep(mind: Mind, outcome: Outcome) -> None:
    """Keep the errand of an outcome in mind."""
    if outcome.errand is not None:
        add(mind.errands, outcome.errand)
