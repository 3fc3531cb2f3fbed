"""The land as an answer: terrain is asked for like anything a model makes, recorded, and read again on resume."""

from __future__ import annotations

from collections.abc import Sequence

from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.recipe import Identity
from worldloom.worlds.land_errors import LandError
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import Terrain, make_terrain

from .errors import ScenarioError
from .scenario import Scenario

MEDIA_TYPE = "application/x-worldloom-terrain"
TRIES = 16
"""Seeds that are tried until a settlement finds room; the first that does is taken."""


class LandGenerator:
    """Makes terrain from a seed and a size by the rules of worlds."""

    identity = Identity(backend="procedural", model="terrain-1", output_licence="Apache-2.0")

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer with the terrain's bytes."""
        return [
            Answer(
                payload=make_terrain(request.seed, int(request.parameters["size"])).to_bytes(), media_type=MEDIA_TYPE
            )
            for request in requests
        ]


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
            parameters={"size": scenario.world.size},
        )
        try:
            terrain = Terrain.from_bytes(generator.generate([request])[0].payload)
            return terrain, found_settlement(terrain, request.seed)
        except LandError as error:
            why = str(error)
    raise ScenarioError(
        f"scenario {scenario.name}: no village finds room on {TRIES} worlds of {scenario.world.size} cells a side "
        f"from seed {scenario.land_seed} on ({why}); choose another world seed or a larger size"
    )
