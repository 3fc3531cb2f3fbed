"""The land as an answer: terrain is asked for like anything a model makes, recorded, and read again on resume."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.recipe import Identity
from worldloom.worlds.heightmap import read_heights, terrain_of
from worldloom.worlds.island import make_island
from worldloom.worlds.land_errors import LandError
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import Terrain, make_terrain

from .errors import ScenarioError
from .own_files import picture_of
from .scenario import Scenario, WorldSpec

MEDIA_TYPE = "application/x-worldloom-terrain"
ISLAND = "island"
TRIES = 16
"""Seeds that are tried until a settlement finds room; the first that does is taken."""


class LandGenerator:
    """Makes terrain from a seed and a size by the rules of worlds."""

    identity = Identity(backend="procedural", model="terrain-1", output_licence="Apache-2.0")

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer with the terrain's bytes; raises LandError."""
        return [Answer(payload=_terrain(request).to_bytes(), media_type=MEDIA_TYPE) for request in requests]


def _terrain(request: Request) -> Terrain:
    shape = request.parameters
    if "heightmap" not in shape:
        make = make_island if shape.get("kind") == ISLAND else make_terrain
        return make(request.seed, int(shape["size"]))
    heights = read_heights(picture_of(shape["heightmap"]), shape["lowest"], shape["highest"])
    return terrain_of(request.seed, heights)


def _shape(world: WorldSpec) -> dict[str, Any]:
    """Return what is asked for: a size and what kind of land, or the picture of a land of one's own."""
    if not world.heightmap:
        return {"size": world.size} | ({"kind": ISLAND} if world.kind == ISLAND else {})
    if isinstance(world.heightmap, str):
        raise ScenarioError(
            f"world.heightmap names the file {world.heightmap!r}, which nobody has read yet: give the scenario's file "
            "to `run`, or take `own_files.with_files(scenario, folder)`"
        )
    return {
        "size": world.size,
        "heightmap": list(world.heightmap),
        "lowest": world.lowest,
        "highest": world.highest,
    }


def make_land(generator: Generator, scenario: Scenario) -> tuple[Terrain, Settlement]:
    """Return a terrain with a village on it; raises ScenarioError where no seed near the scenario's gives one."""
    why = ""
    for occurrence in range(TRIES):
        request = Request(
            kind="terrain",
            purpose="genesis",
            agent="world",
            time=scenario.start_time,
            occurrence=occurrence,
            seed=scenario.land_seed + occurrence * 1_000_003,
            prompt="",
            parameters=_shape(scenario.world),
        )
        try:
            terrain = Terrain.from_bytes(generator.generate([request])[0].payload)
            return terrain, found_settlement(terrain, request.seed, quiet=scenario.world.kind == ISLAND)
        except LandError as error:
            why = str(error)
    if scenario.world.heightmap:
        raise ScenarioError(
            f"scenario {scenario.name}: no village finds room on the heightmap ({why}); it needs flat ground near the "
            "sea and a stream"
        )
    raise ScenarioError(
        f"scenario {scenario.name}: no village finds room on {TRIES} worlds of {scenario.world.size} cells a side "
        f"from seed {scenario.land_seed} on ({why}); choose another world seed or a larger size"
    )
