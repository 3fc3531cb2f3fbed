"""From a `make` answer to the action that makes it, its title, and what becomes of it. Making itself is `studio`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.worlds.clock import MINUTE

from .decide import Outcome
from .errands import Errand
from .memory import one_line
from .mind import Mind, Pending
from .orders import Order
from .plan import Wish

MINUTES: Mapping[str, int] = {
    "letter": 20,
    "sign": 60,
    "emblem": 40,
    "portrait": 60,
    "tile": 40,
    "prop": 60,
    "song": 30,
}
"""How long each craft takes."""

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "letter": ("occasion",),
    "sign": ("subject",),
    "emblem": ("subject",),
    "portrait": ("mood",),
    "tile": ("thing",),
    "prop": ("thing",),
    "song": ("mood", "memory"),
}
"""What an answer must name beside the craft."""

_TARGETS: Mapping[str, str] = {"letter": "e", "portrait": "e", "sign": "p", "song": "p"}
"""What the target's label must be, where not any will do."""

TITLE = 100
"""Characters of a title."""

ABOUT = 72
"""Characters of a song's title that tell what it is about."""


def make(mind: Mind, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    """Return what the answer to a `make` prompt comes to; the arguments are those that `Studio` reads."""
    craft, target = answer["craft"], answer["target"]
    missing = [name for name in _NEEDS[craft] if not answer[name]]
    if missing:
        return Outcome(fault=f"a {craft} needs a word for {missing[0]}")
    found = pending.labels.of(target)
    letters = _TARGETS.get(craft, "ep")
    if not found or target[0] not in letters:
        return Outcome(fault=f"a {craft} needs a target of {' or '.join(letters)}; there is no {target or 'target'}")
    memory = pending.labels.of(answer["memory"]) if craft == "song" else ""
    if craft == "song" and mind.stream.find(memory) is None:
        return Outcome(fault=f"there is no {answer['memory']} to sing about")
    fulfilled, why = _order(mind, pending, answer, found)
    if why:
        return Outcome(fault=why)
    arguments = {
        "craft": craft,
        "subject": found if craft == "portrait" else answer[_NEEDS[craft][0]],
        "colour": answer["colour"] if craft in ("sign", "emblem", "tile", "prop") else "",
        "size": answer["size"] if craft == "prop" else "",
        "mood": answer["mood"] if craft in ("portrait", "song") else "",
        "about": memory,
        "to": found,
        "text": _lettering(mind, craft, found, memory),
        "seconds": MINUTES[craft] * MINUTE,
    }
    cited = [memory] if memory else []
    if fulfilled is not None:
        mind.orders.remove(fulfilled)
        cited += [fulfilled.memory] if fulfilled.memory else []
    title = title_of(arguments, mind.persona.name)
    return Outcome(Wish("make", arguments), tuple(cited), errand=_errand(mind, craft, found, cause, pending, title))


def _order(mind: Mind, pending: Pending, answer: Mapping[str, str], target: str) -> tuple[Order | None, str]:
    """Return (the order that an answer fulfils or None, why it cannot)."""
    label = answer["order"]
    if not label:
        return None, ""
    wanted = pending.labels.of(label)
    order = next((each for each in mind.orders if each.id == wanted), None)
    if order is None:
        return None, f"there is no {label}"
    if answer["craft"] != "prop" or (answer["thing"], target) != (order.thing, order.by):
        return None, f"{label} is for a {order.thing}, made as a prop for who asked for it"
    return order, ""


def _errand(mind: Mind, craft: str, target: str, cause: str, pending: Pending, title: str) -> Errand:
    """Return what becomes of what is made: given to its person, put up or sung at its place."""
    since = pending.seen.time
    if target in mind.cast.agents:
        return Errand("give", cause, since, to=target, title=title)
    return Errand("sing" if craft == "song" else "put up", cause, since, place=target, title=title)


def _lettering(mind: Mind, craft: str, target: str, memory: str) -> str:
    """Return names that belong into what is made: those on a sign or of whom it is for; of a song what it is about."""
    if craft == "sign":
        return mind.cast.place(target).name
    if craft == "song":
        about = mind.stream.find(memory)
        return "" if about is None else about.text
    return mind.cast.name(target) if craft in ("letter", "portrait") else ""


def title_of(arguments: Mapping[str, Any], maker: str) -> str:
    """Return the title of what a `make` action makes: one clean line of at most TITLE characters."""
    craft, subject, colour, text = (str(arguments.get(name, "")) for name in ("craft", "subject", "colour", "text"))
    fixed = {
        "letter": f"Letter from {maker} to {text}",
        "sign": f"Sign of {text}",
        "portrait": f"Portrait of {text} by {maker}",
        "song": f"{str(arguments.get('mood', '')).capitalize()} song: {_short(text)}",
    }
    if craft in fixed:
        return one_line(fixed[craft], TITLE)
    size, what = str(arguments.get("size", "")), craft if craft in ("emblem", "tile") else ""
    return one_line(" ".join(word for word in (size, colour, subject, what) if word).capitalize(), TITLE)


def _short(sentence: str) -> str:
    """Return what a song is about as its title says it: no full stop, no quotation within one, whole words."""
    words = sentence.rstrip(".!? ").replace('"', "'").split()
    kept: list[str] = []
    for word in words:
        if len(" ".join([*kept, word])) > ABOUT:
            return f"{' '.join(kept)}…" if kept else f"{word[:ABOUT]}…"
        kept.append(word)
    return " ".join(kept)
