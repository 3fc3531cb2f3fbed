"""From a `make` answer to the action that makes it, its title, and what becomes of it. Making itself is `studio`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.worlds.clock import MINUTE

from .cast import Cast
from .decide import Outcome
from .errands import Errand
from .mind import Mind, Pending
from .plan import Wish

MINUTES: Mapping[str, int] = {"letter": 20, "sign": 60, "emblem": 40, "prop": 60}
"""How long each craft takes."""

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "letter": ("occasion",),
    "sign": ("subject",),
    "emblem": ("subject",),
    "prop": ("thing",),
}
"""What an answer must name beside the craft."""


def make(mind: Mind, pending: Pending, answer: Mapping[str, str], cause: str) -> Outcome:
    """Return what the answer to a `make` prompt comes to; the arguments are those that `Studio` reads."""
    craft, target = answer["craft"], answer["target"]
    missing = [name for name in _NEEDS[craft] if not answer[name]]
    if missing:
        return Outcome(fault=f"a {craft} needs a word for {missing[0]}")
    found = pending.labels.of(target)
    letters = {"letter": "e", "sign": "p"}.get(craft, "ep")
    if not found or target[0] not in letters:
        return Outcome(fault=f"a {craft} needs a target of {' or '.join(letters)}; there is no {target or 'target'}")
    arguments = {
        "craft": craft,
        "subject": answer[_NEEDS[craft][0]],
        "colour": "" if craft == "letter" else answer["colour"],
        "size": answer["size"] if craft == "prop" else "",
        "to": found,
        "text": _lettering(mind.cast, craft, found),
        "seconds": MINUTES[craft] * MINUTE,
    }
    title = title_of(arguments, mind.persona.name)
    given = found in mind.cast.agents
    errand = Errand(
        "give" if given else "put up",
        cause,
        pending.seen.time,
        place="" if given else found,
        to=found if given else "",
        title=title,
    )
    return Outcome(Wish("make", arguments), errand=errand)


def _lettering(cast: Cast, craft: str, target: str) -> str:
    """Return the words on a sign, or the addressee of a letter: names only, so that nothing made carries news."""
    if craft == "sign":
        return cast.place(target).name
    return cast.name(target) if craft == "letter" else ""


def title_of(arguments: Mapping[str, Any], maker: str) -> str:
    """Return the title of what a `make` action makes."""
    craft, subject, colour, text = (str(arguments.get(name, "")) for name in ("craft", "subject", "colour", "text"))
    if craft == "letter":
        return f"Letter from {maker} to {text}"
    if craft == "sign":
        return f"Sign of {text}"
    size, what = str(arguments.get("size", "")), "emblem" if craft == "emblem" else ""
    return " ".join(word for word in (size, colour, subject, what) if word).capitalize()
