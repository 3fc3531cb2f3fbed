"""The world of a run so far in three dimensions: what stood at the last snapshot, built anew when that changes."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image
from worldloom.cluster.closing.land import Land
from worldloom.cluster.land import LandGenerator, make_land
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.in_space import Frame, Ground, places
from worldloom.cluster.viewing.land_map import LandMap
from worldloom.cluster.viewing.scenes import Scenes, last_snapshot
from worldloom.cluster.viewing.whereabouts import Leg, Track
from worldloom.provenance.canonical import canonical
from worldloom.provenance.folder import blob_path, snapshot_commit, snapshot_part
from worldloom.worlds.exports.map import choose_window
from worldloom.worlds.items import Items

from .conftest import START, SVG, GrowingRun

HOUR = 3600


def _tile() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 32), (90, 120, 160)).save(out, "PNG")
    return out.getvalue()


TILE = _tile()


@pytest.fixture(scope="module")
def land() -> Land:
    scenario = Scenario(name="by-hand", agents=3, world={"size": 128})
    return Land(*make_land(LandGenerator(), scenario))


def snapshot(run: GrowingRun, time: int, items: Items) -> None:
    """Write a snapshot's world as `snapshots` does."""
    world = {"world": {"next_item": items.next, "items": items.state()}, "conductor": {}}
    run.storage.write(snapshot_part(time, "world.json"), canonical(world))
    commit = {"time": time, "content_count": 1, "log_size": 1, "files": {"world.json": "55" * 32}}
    run.storage.write(snapshot_commit(time), canonical(commit))


def followed(run: GrowingRun) -> Follower:
    run.commit()
    follower = Follower(run.folder)
    follower.look()
    return follower


def put_up(follower: Follower, land: Land, *kinds: str) -> Items:
    """Return items of the things that were made, all put up at one place."""
    place, items = land.settlement.places[0], Items()
    for thing, kind in zip(follower.story.things, kinds, strict=True):
        made = {"artifact": thing.name, "media_type": thing.body["media_type"], "maker": "agent-0"}
        items.add(kind, thing.body["title"], place=place.id, cell=place.anchor, up=True, **made)
    return items


def test_a_tile_that_was_put_up_stands_in_the_world_from_its_snapshot_on(growing: GrowingRun, land: Land) -> None:
    growing.make(START + 60, TILE, "image/png", "A tile", craft="tile")
    growing.storage.write(blob_path(sha256(TILE).hexdigest()), TILE)
    follower, scenes = followed(growing), Scenes()
    assert last_snapshot(follower.storage) == -1
    bare = scenes.of(follower, land)
    assert (bare.things, bare.time, bare.glb[:4]) == (0, -1, b"glTF")
    items = put_up(follower, land, "tile")
    snapshot(growing, START + HOUR, items)
    furnished = scenes.of(follower, land)
    assert (furnished.things, furnished.time, furnished.number) == (1, START + HOUR, bare.number + 1)
    assert len(furnished.glb) > len(bare.glb)
    snapshot(growing, START + 2 * HOUR, items)
    later = scenes.of(follower, land)
    assert later == replace(furnished, time=START + 2 * HOUR)
    assert later.glb is furnished.glb
    assert scenes.known(follower) is later


def test_things_whose_files_are_odd_or_erased_are_left_out(growing: GrowingRun, land: Land) -> None:
    growing.make(START + 60, SVG, "image/svg+xml", "Not a sign of ours", craft="sign")
    growing.make(START + 90, b"Dear Bo", "text/plain", "Erased", craft="letter")
    growing.storage.write(blob_path(sha256(SVG).hexdigest()), SVG)
    follower = followed(growing)
    snapshot(growing, START + HOUR, put_up(follower, land, "sign", "letter"))
    scene = Scenes().of(follower, land)
    assert (scene.things, scene.glb[:4]) == (0, b"glTF")


def test_a_snapshot_that_does_not_read_leaves_the_world_as_it_was(growing: GrowingRun, land: Land) -> None:
    follower, scenes = followed(growing), Scenes()
    before = scenes.of(follower, land)
    growing.storage.write(snapshot_part(START, "world.json"), b"{}")
    growing.storage.write(
        snapshot_commit(START), canonical({"time": START, "files": {"world.json": ""}, "log_size": 1})
    )
    assert scenes.of(follower, land) is before


def test_people_stand_on_the_ground_of_their_places_and_apart(land: Land) -> None:
    town = LandMap(land, choose_window(*land, 400), b"")
    home, other = land.settlement.places[0], land.settlement.places[1]
    tracks = {f"agent-{number}": Track(home.id, number) for number in range(3)}
    tracks["agent-3"] = Track(home.id, 3, (Leg(other.id, START),))
    tracks["agent-4"] = Track("place-999", 4)
    ground = Ground(land)
    found = places(town, ground, tracks, START)
    assert set(found) == {f"agent-{number}" for number in range(4)}
    assert len({found[f"agent-{number}"][:2] for number in range(3)}) == 3
    assert all(place.up == ground.height(home.anchor) // 100 for place in found.values())
    there = places(town, ground, tracks, START + 6 * HOUR)["agent-3"]
    assert there[:2] != found["agent-3"][:2]
    house = land.settlement.buildings[0]
    assert ground.height(house.interior[0]) > house.floor + house.wall  # seen above the roof
    assert ground.height(house.doors[0]) == house.floor
    frame = Frame.of(town)
    assert all(0 <= place.east - frame.x <= frame.side for place in found.values())
