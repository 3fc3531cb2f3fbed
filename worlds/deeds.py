"""What people do with their time and words: move, say, work, rest, wait. What they do with things is in handling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from worldloom.provenance.text import clean_text

from . import needs
from .actions import ActionKind, Argument
from .clock import HOUR, is_night
from .columns import Activity
from .scene import Scene
from .vocabulary import TRADES

Arguments = Mapping[str, Any]

LONGEST_TEXT = 400
"""Longest utterance in characters."""

LONGEST_REASON = 200

HEARERS = 32
"""How many people near by hear an utterance, the nearest first."""

ANSWERERS = 2
"""How many of them may answer what is said to all: the nearest who are free to."""


def _cannot_move(scene: Scene, row: int, arguments: Arguments) -> str:
    target = scene.ground.number.get(arguments["to"])
    if target is None:
        return f"there is no {arguments['to']}"
    if scene.agents.place[row] == target:
        return "is there already"
    standing = scene.ground.cell(scene.ground.standing_of(scene.agents, row))
    return "" if scene.ground.settlement.routes.reaches(standing, arguments["to"]) else "there is no way there"


def _move(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    agents = scene.agents
    standing = scene.ground.cell(scene.ground.standing_of(agents, row))
    seconds = scene.ground.settlement.routes.seconds(standing, arguments["to"])
    origin, credit = int(agents.place[row]), int(agents.credit[row])
    if agents.activity[row] == Activity.WALKING:
        origin = int(agents.origin[row])
    scene.occupy(row, Activity.WALKING, seconds, cause)
    agents.target[row], agents.origin[row], agents.credit[row] = scene.ground.number[arguments["to"]], origin, credit
    scene.happen(row, "move", target=arguments["to"], cause=cause, duration=seconds)
    return ""


def _cannot_say(scene: Scene, row: int, arguments: Arguments) -> str:
    if scene.agents.mute[row]:
        return "cannot speak"
    if not arguments["text"]:
        return "has nothing to say"
    to = arguments["to"]
    if not to:
        return ""
    if to == scene.agents.ids[row]:
        return "talks to nobody but itself"
    other = scene.agents.row.get(to)
    if other is None:
        return f"there is no {to}"
    return "" if scene.hears(row, other) else f"{to} is out of hearing"


def _say(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    agents, to = scene.agents, arguments["to"]
    speaker = scene.addressed.get(agents.ids[row], "")
    if speaker and to in ("", speaker):
        # Two who begin at once would talk past each other: who was quicker is heard and answered first.
        return "somebody else spoke first"
    target = agents.row[to] if to else None
    seconds = 2 + min(28, len(arguments["text"]) // 15)
    # Sleepers hear only what is said to them; the one spoken to hears first, however many stand nearer.
    found = np.array(scene.near(row), np.int64)
    spoken_to = found == (-1 if target is None else target)
    hearing = (agents.deaf[found] == 0) & (spoken_to | (agents.activity[found] != Activity.SLEEPING))
    near = [*found[hearing & spoken_to].tolist(), *found[hearing & ~spoken_to].tolist()][:HEARERS]
    heard = sorted(near)
    wakes = [other for other in heard if target in (None, other)]
    detail = {
        "text": arguments["text"],
        "source": arguments["source"],
        "heard": [agents.ids[other] for other in heard],
    }
    if arguments["spoken"]:
        detail["spoken"] = arguments["spoken"]
    scene.happen(row, "say", target=to, cause=cause, duration=seconds, detail=detail, witnesses=heard, wakes=wakes)
    scene.detain(row, seconds)
    if heard:
        needs.still(agents.company, row, needs.TALK_COMFORT)
    if target is None:
        for other in [each for each in near if _may_answer(scene, each)][:ANSWERERS]:
            scene.addressed.setdefault(agents.ids[other], agents.ids[row])
    elif target in heard:
        needs.still(agents.company, target, needs.TALK_COMFORT)
        scene.addressed.setdefault(to, agents.ids[row])
        if agents.activity[target] == Activity.WALKING:
            scene.detain(target, seconds)
    return ""


def _may_answer(scene: Scene, row: int) -> bool:
    """Whether somebody in hearing stays to answer what is said to all: not on the way, no hands full of work."""
    return scene.agents.activity[row] not in (Activity.WALKING, Activity.MAKING)


def _cannot_work(scene: Scene, row: int, arguments: Arguments) -> str:  # noqa: ARG001
    place = int(scene.agents.place[row])
    if place < 0:
        return "is on the way and cannot work there"
    if place == scene.agents.work[row] or scene.ground.places[place].kind in TRADES:
        return ""
    return f"has no work at {scene.ground.place_id(place)}"


def _work(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    scene.occupy(row, Activity.WORKING, arguments["seconds"], cause)
    scene.happen(row, "work", cause=cause, duration=arguments["seconds"])
    return ""


def sleeps(scene: Scene, row: int) -> bool:
    """Whether an agent that rests now falls asleep: at home, and either it is night or the agent is tired out."""
    agents = scene.agents
    at_home = agents.place[row] == agents.home[row]
    return bool(at_home) and (is_night(scene.time) or int(agents.tiredness[row]) >= 600)


def _rest(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    asleep = sleeps(scene, row)
    seconds = arguments["seconds"]
    if asleep:
        seconds = needs.sleep_seconds(int(scene.agents.tiredness[row]), seconds, scene.time)
    scene.occupy(row, Activity.SLEEPING if asleep else Activity.RESTING, seconds, cause)
    scene.happen(row, "rest", cause=cause, duration=seconds, detail={"asleep": asleep})
    return ""


def _wait(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    wait(scene, row, arguments["seconds"], arguments["reason"], cause)
    return ""


def wait(scene: Scene, row: int, seconds: int, reason: str, cause: str) -> None:
    """Let an agent wait; one that is busy goes on with what it does. Every refused action ends here."""
    busy = scene.busy(row)
    if not busy:
        scene.occupy(row, Activity.WAITING, seconds, cause)
    scene.happen(
        row, "wait", cause=cause, duration=0 if busy else seconds, detail={"reason": clean_text(reason, LONGEST_REASON)}
    )


DEEDS = (
    ActionKind("move", {"to": Argument("place")}, _move, _cannot_move),
    ActionKind(
        "say",
        {
            "to": Argument("agent", default="", empty=True),
            "text": Argument("text", most=LONGEST_TEXT),
            "source": Argument("text", default="", most=80),
            # The words as they were said, where they are others than what hearers keep of them.
            "spoken": Argument("text", default="", most=LONGEST_TEXT),
        },
        _say,
        _cannot_say,
        hands_free=False,
    ),
    ActionKind("work", {"seconds": Argument("integer", default=HOUR, least=1, most=12 * HOUR)}, _work, _cannot_work),
    ActionKind("rest", {"seconds": Argument("integer", default=HOUR, least=1, most=12 * HOUR)}, _rest),
    ActionKind(
        "wait",
        {
            "seconds": Argument("integer", default=60, least=1, most=12 * HOUR),
            "reason": Argument("text", default="", most=LONGEST_REASON),
        },
        _wait,
        hands_free=False,
    ),
)
