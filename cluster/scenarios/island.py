"""Island: two kilometres of hills, woods and coves, a hamlet of which most houses stand empty, and four people.

A world to walk through: `world/world.glb` opens in an engine. The four keep the place: two fishers, a keeper of the
beacons, a hermit. Each sets out for a far place in the morning and for another after noon, and takes a look there; what
was seen goes into letters, songs and pictures.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from worldloom.agents.casting import Person
from worldloom.agents.memory import Memory
from worldloom.cluster import Scenario, Stage, WorldSpec
from worldloom.worlds.scene import Scene

FAR = ("lookout", "ruin", "beach", "wood")
SIGHTS = {
    "lookout": "looked out over the whole island and the sea",
    "ruin": "sat among the old stones",
    "beach": "watched the waves come in",
    "wood": "listened to the birds",
}

scenario = Scenario(
    name="island",
    title="A quiet island",
    cast=(
        Person(name="Ebba Skerry", age=44, job="shepherd", likes=("long light", "wind")),
        Person(name="Anselm Rowe", age=67, job="priest", likes=("silence", "old stones")),
        Person(name="Mare Holm", age=35, job="fisher", likes=("calm water", "gulls"), household="Holm"),
        Person(name="Jory Holm", age=38, job="fisher", likes=("stories", "smoked fish"), household="Holm"),
    ),
    start="07:00",
    hours=14,
    seed=2,
    world=WorldSpec(size=1024, kind="island"),
    generators={"text": "rules", "image": "procedural", "mesh": "embedded", "sound": "procedural"},
)


@scenario.action("look")
def look(scene: Scene, row: int, arguments: Mapping[str, Any], cause: str) -> str:  # noqa: ARG001
    """Take a look around at a far place: who does keeps a memory of it, and who stands by, too."""
    place = scene.ground.places[int(scene.agents.place[row])]
    detail = {"did": SIGHTS[place.kind]}
    scene.happen(row, "look", target=place.id, cause=cause, duration=60, detail=detail, witnesses=scene.watch(row))
    return ""


@scenario.at(time="07:00")
def set_out(stage: Stage) -> None:
    """Everybody has heard of two far places, others than the others have."""
    places = [place for kind in FAR for place in stage.places(kind)]
    for number, agent in enumerate(stage.agents()):
        for turn, hour in enumerate(("nine", "two")):
            place = places[(number * 5 + turn * 7) % len(places)]
            stage.tell(agent, f"There is much to see at {place.name} today at {hour}.")


def look_around(stage: Stage) -> None:
    """Whoever is at a far place looks around."""
    for agent in stage.agents():
        place = stage.where(agent)
        if place is not None and place.kind in FAR:
            stage.act(agent, "look")


for hour in ("09:40", "14:40"):
    scenario.at(time=hour)(look_around)


@scenario.measure("looks")
def looks(stage: Stage) -> int:
    """How often somebody looked around at a far place and remembers it."""
    return sum(memory.text.startswith(stage.persona(agent).name) for agent, memory in seen(stage))


@scenario.measure("places_seen")
def places_seen(stage: Stage) -> int:
    """How many far places somebody has seen."""
    return len({place for _, memory in seen(stage) for place in memory.about if place.startswith("place-")})


def seen(stage: Stage) -> Iterator[tuple[str, Memory]]:
    """Give everybody's memories of looking around."""
    for agent in stage.agents():
        for memory in stage.memories(agent):
            if any(sight in memory.text for sight in SIGHTS.values()):
                yield agent, memory
