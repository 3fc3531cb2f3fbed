"""What people do with things: take, give, use, make. Everything that a thing is stands in vocabulary.

A song is used by singing it: those within hearing hear it, and whoever sang it keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.provenance.digests import from_hex
from worldloom.provenance.errors import FormatError

from . import needs
from .actions import ActionKind, Argument, shown
from .clock import HOUR
from .columns import Activity
from .deeds import HEARERS, LONGEST_TEXT
from .items import Item
from .scene import Scene
from .vocabulary import CARRY_LIMIT, CRAFTS, FOOD, LIGHT, PUT_UP

Arguments = Mapping[str, Any]

TAKE_SECONDS, GIVE_SECONDS, PUT_UP_SECONDS, READ_SECONDS, USE_SECONDS = 5, 5, 60, 120, 60
EAT_SECONDS, SING_SECONDS = 600, 60

SONG_COMFORT = 60
"""What a song takes off the want of company of whoever hears it, and of who is heard."""


def _item(scene: Scene, arguments: Arguments) -> Item | None:
    return scene.items.get(arguments["item"])


def _load(scene: Scene, agent: str) -> int:
    """Return how many things fill somebody's hands."""
    return sum(item.thing not in LIGHT for item in scene.items.held_by(agent))


def _cannot_take(scene: Scene, row: int, arguments: Arguments) -> str:
    item = _item(scene, arguments)
    if item is None:
        return f"there is no {arguments['item']}"
    if item.holder:
        return "has it already" if item.holder == scene.agents.ids[row] else f"{item.holder} has it"
    if item.up:
        return "it is put up there for all to see"
    if not scene.in_reach(row, item):
        return "it is out of reach"
    full = _load(scene, scene.agents.ids[row]) >= CARRY_LIMIT
    return "cannot carry more" if full else ""


def _take(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    item = scene.items[arguments["item"]]
    scene.items.move_to_agent(item.id, scene.agents.ids[row])
    scene.occupy(row, Activity.BUSY, TAKE_SECONDS, cause)
    _note(scene, row, "take", item, cause, TAKE_SECONDS)
    return ""


def _cannot_give(scene: Scene, row: int, arguments: Arguments) -> str:
    item, to = _item(scene, arguments), arguments["to"]
    if item is None or item.holder != scene.agents.ids[row]:
        return "does not have it"
    other = scene.agents.row.get(to)
    if other is None:
        return f"there is no {to}"
    if other == row:
        return "has it already"
    if not scene.hears(row, other):
        return f"{to} is out of reach"
    return f"{to} cannot carry more" if _load(scene, to) >= CARRY_LIMIT else ""


def _give(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    item, to = scene.items[arguments["item"]], arguments["to"]
    other = scene.agents.row[to]
    scene.items.move_to_agent(item.id, to)
    scene.occupy(row, Activity.BUSY, GIVE_SECONDS, cause)
    detail = _facts(item) | {"item": item.id}
    witnesses = [*scene.watch(row), other]
    scene.happen(
        row, "give", target=to, cause=cause, duration=GIVE_SECONDS, detail=detail, witnesses=witnesses, wakes=[other]
    )
    return ""


def _cannot_use(scene: Scene, row: int, arguments: Arguments) -> str:
    item = _item(scene, arguments)
    if item is None:
        return f"there is no {arguments['item']}"
    if item.holder and item.holder != scene.agents.ids[row]:
        return f"{item.holder} has it"
    if not scene.in_reach(row, item):
        return "it is out of reach"
    if item.thing in PUT_UP and item.holder and not scene.place(row):
        return "is on the way and can put nothing up"
    return _cannot_sing(scene, row) if item.thing == "song" else ""


def _cannot_sing(scene: Scene, row: int) -> str:
    if scene.agents.mute[row]:
        return "cannot sing"
    return "" if scene.place(row) else "is on the way and sings to nobody"


def _use(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    item = scene.items[arguments["item"]]
    if item.thing in FOOD:
        _eat(scene, row, item, cause)
    elif item.thing in PUT_UP and item.holder:
        _put_up(scene, row, item, cause)
    elif item.thing == "song":
        _sing(scene, row, item, cause)
    elif item.thing == "letter":
        scene.occupy(row, Activity.READING, READ_SECONDS, cause)
        scene.happen(row, "read", target=item.id, cause=cause, duration=READ_SECONDS, detail=_facts(item))
    else:
        scene.occupy(row, Activity.BUSY, USE_SECONDS, cause)
        _note(scene, row, "use", item, cause, USE_SECONDS, how="handled")
    return ""


def _eat(scene: Scene, row: int, item: Item, cause: str) -> None:
    scene.items.remove(item.id)
    needs.still(scene.agents.hunger, row, FOOD[item.thing])
    scene.occupy(row, Activity.EATING, EAT_SECONDS, cause)
    _note(scene, row, "use", item, cause, EAT_SECONDS, how="eaten")


def _put_up(scene: Scene, row: int, item: Item, cause: str) -> None:
    place = int(scene.agents.place[row])
    scene.items.move_to_place(item.id, scene.ground.place_id(place), scene.spot_for_item(place), up=True)
    scene.occupy(row, Activity.BUSY, PUT_UP_SECONDS, cause)
    _note(scene, row, "use", item, cause, PUT_UP_SECONDS, how="put up")


def _sing(scene: Scene, row: int, item: Item, cause: str) -> None:
    near = [other for other in scene.near(row, asleep=False) if not scene.agents.deaf[other]]
    heard = sorted(near[:HEARERS])
    scene.occupy(row, Activity.BUSY, SING_SECONDS, cause)
    detail = _facts(item) | {"mood": item.mood, "heard": [scene.agents.ids[other] for other in heard]}
    scene.happen(
        row, "sing", target=item.id, cause=cause, duration=SING_SECONDS, detail=detail, witnesses=heard, wakes=heard
    )
    for listener in (row, *heard) if heard else ():
        needs.still(scene.agents.company, listener, SONG_COMFORT)


def _cannot_make(scene: Scene, row: int, arguments: Arguments) -> str:
    if arguments["craft"] not in CRAFTS:
        return f"nobody makes a {shown(arguments['craft'])}; there are {', '.join(CRAFTS)}"
    if not arguments["subject"]:
        return "does not know what to make"
    if not scene.place(row):
        return "is on the way and cannot make anything"
    full = _load(scene, scene.agents.ids[row]) >= CARRY_LIMIT
    return "cannot carry more" if full else ""


def _make(scene: Scene, row: int, arguments: Arguments, cause: str) -> str:
    try:
        from_hex(arguments["artifact"])
    except FormatError:
        return "nothing came of it"
    agent, craft, seconds = scene.agents.ids[row], arguments["craft"], arguments["seconds"]
    item = scene.items.add(
        craft,
        arguments["title"] or f"a {craft}",
        holder=agent,
        artifact=arguments["artifact"],
        media_type=arguments["media_type"],
        maker=agent,
        mood=arguments["mood"],
    )
    scene.occupy(row, Activity.MAKING, seconds, cause)
    detail = _facts(item) | {"subject": arguments["subject"], "media_type": item.media_type}
    witnesses = scene.watch(row)
    scene.happen(row, "make", target=item.id, cause=cause, duration=seconds, detail=detail, witnesses=witnesses)
    return ""


def _facts(item: Item) -> dict[str, Any]:
    """What an event says of the item, since the item itself may be gone when the event is read."""
    return {"thing": item.thing, "name": item.name, "artifact": item.artifact}


def _note(scene: Scene, row: int, kind: str, item: Item, cause: str, seconds: int, **more: str) -> None:
    detail = _facts(item) | more
    witnesses = scene.watch(row)
    scene.happen(row, kind, target=item.id, cause=cause, duration=seconds, detail=detail, witnesses=witnesses)


HANDLING = (
    ActionKind("take", {"item": Argument("item")}, _take, _cannot_take),
    ActionKind("give", {"item": Argument("item"), "to": Argument("agent")}, _give, _cannot_give),
    ActionKind("use", {"item": Argument("item")}, _use, _cannot_use),
    ActionKind(
        "make",
        {
            "craft": Argument("text", most=40),
            "subject": Argument("text", most=200),
            # What the maker's workshop reads; the world keeps the mood alone.
            "colour": Argument("text", default="", most=40),
            "size": Argument("text", default="", most=40),
            "to": Argument("text", default="", most=40),
            "text": Argument("text", default="", most=LONGEST_TEXT),
            "mood": Argument("text", default="", most=40),
            "about": Argument("text", default="", most=80),
            "seconds": Argument("integer", default=HOUR // 2, least=1, most=6 * HOUR),
            "artifact": Argument("text", default="", most=64),
            "media_type": Argument("text", default="", most=100),
            "title": Argument("text", default="", most=120),
        },
        _make,
        _cannot_make,
    ),
)
