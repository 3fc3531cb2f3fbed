"""The world of a run in three dimensions as it stands so far: a GLB of its land and of what was put up. Draws nothing.

A run has its own world.glb once it ends; until then one is built from the land and the items of the last snapshot; a
run writes one every simulated hour. It is built when somebody looks, and again only when something else stands there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from worldloom.cluster.closing.land import Land
from worldloom.cluster.closing.placed import props_of
from worldloom.cluster.snapshots import read_commit, times
from worldloom.generators.errors import GeneratorError
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import WORLD, snapshot_commit, snapshot_part
from worldloom.provenance.storage import Storage
from worldloom.worlds.errors import WorldError
from worldloom.worlds.exports.gltf import export_glb
from worldloom.worlds.exports.placed import PlacedProp
from worldloom.worlds.items import Item, Items

from .follower import ODD_BODY, Follower
from .story import Story

GLB = f"{WORLD}world.glb"


@dataclass(frozen=True)
class Scene:
    """A world as GLB. `time` is that of the snapshot (simulated seconds, -1: none yet), `things` what stands in it."""

    glb: bytes
    number: int
    time: int
    things: int


@dataclass
class Scenes:
    """The last scene of each run; one is built at a time."""

    _built: dict[tuple[Path, str], Scene] = field(default_factory=dict)
    _standing: dict[tuple[Path, str], tuple[Item, ...]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def known(self, follower: Follower) -> Scene | None:
        """Return the scene that was built last."""
        return self._built.get((follower.folder, follower.run_id))

    def of(self, follower: Follower, land: Land) -> Scene | None:
        """Return the scene as of the last snapshot, built where it has changed: some seconds; None if it cannot be."""
        name = follower.folder, follower.run_id
        with self._lock:
            known = self._built.get(name)
            time = last_snapshot(follower.storage)
            if known is not None and known.time == time:
                return known
            payloads = _payloads(follower)
            standing = _standing(follower.storage, time, payloads)
            if standing is None:
                return known
            if known is not None and standing == self._standing[name]:
                self._built[name] = replace(known, time=time)
                return self._built[name]
            props = [prop for item in standing for prop in _sound(item, payloads, follower.storage, land)]
            try:
                glb = export_glb(*land, props, _owners(follower.story))
            except (WorldError, *ODD_BODY):
                return known
            self._standing[name] = standing
            self._built[name] = Scene(glb, 1 if known is None else known.number + 1, time, len(props))
            return self._built[name]


def last_snapshot(storage: Storage) -> int:
    """Return the time of the newest whole snapshot, -1 where there is none."""
    try:
        return next((time for time in reversed(times(storage)) if storage.exists(snapshot_commit(time))), -1)
    except ProvenanceError:
        return -1


def _standing(storage: Storage, time: int, payloads: Mapping[str, str]) -> tuple[Item, ...] | None:
    """Return the made things that stood somewhere at a snapshot; None where it does not read."""
    if time < 0:
        return ()
    try:
        if "world.json" not in read_commit(storage, time)["files"]:
            return None
        world = parse_canonical(storage.read(snapshot_part(time, "world.json")))["world"]
        items = Items.from_state(world["next_item"], world["items"])
    except (ProvenanceError, WorldError, *ODD_BODY):
        return None  # removed meanwhile, or damaged
    return tuple(item for item in items.values() if item.artifact in payloads and not item.holder)


def _sound(item: Item, payloads: Mapping[str, str], storage: Storage, land: Land) -> Sequence[PlacedProp]:
    """Return a thing as it is placed; nothing for one whose file was erased or is not what its kind should be."""
    try:
        return props_of([item], payloads, storage, *land)
    except (ProvenanceError, GeneratorError, WorldError, *ODD_BODY):
        return ()


def _payloads(follower: Follower) -> dict[str, str]:
    """Return the payload's digest by artifact of all that is known to be made."""
    with follower.still(wait=True):
        story = follower.story
        return {thing.name: str(thing.body["payload"]) for thing in (*story.things, *story.portraits.values())}


def _owners(story: Story) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for agent, person in story.people.items():
        found.setdefault(str(person.get("home", "")), []).append(agent)
    return found
