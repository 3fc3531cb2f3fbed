"""What the tests of worlds share: one small land, and worlds with people on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import Terrain, make_terrain
from worldloom.worlds.world import Resident, World


class Land(NamedTuple):
    terrain: Terrain
    settlement: Settlement


@pytest.fixture(scope="session")
def hamlet() -> Land:
    """A hamlet on 96 x 96 cells, made once."""
    terrain = make_terrain(7, 96)
    return Land(terrain, found_settlement(terrain, 7))


@pytest.fixture(scope="session")
def settle(hamlet: Land) -> Callable[..., World]:
    """Give a function that makes a world of that hamlet: agent-0, agent-2, … share homes in pairs, works go round."""

    def make(agents: int = 6, *, seed: int = 7, start: int = 6 * 3600, step: int = 60, **more) -> World:
        homes = hamlet.settlement.of_kind("home")
        works = [place for place in hamlet.settlement.places if place.kind in ("bakery", "boathouse", "smithy", "inn")]
        residents = [
            Resident(f"agent-{n}", homes[n // 2 % len(homes)].id, works[n % len(works)].id) for n in range(agents)
        ]
        return World.genesis(seed=seed, **hamlet._asdict(), residents=residents, start=start, step=step, **more)

    return make
