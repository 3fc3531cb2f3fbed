"""A pytest fixture for tests of scenarios. Every start of pytest loads it, so it imports nothing heavy until used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from worldloom.generators.ports import Generator

    from .scenario import Scenario
    from .simulation import Simulation

FEW = 6
"""How many agents a test's simulation has at most unless it says otherwise."""

QUICK = {"text": "rules", "image": "blank", "mesh": "blank", "sound": "blank"}
"""Who makes what unless a test says otherwise: words by rules, placeholders of all else."""


@pytest.fixture
def simulate() -> Callable[..., Simulation]:
    """Give a function like `Simulation.open` with defaults for tests: FEW agents at most, generators as in QUICK."""

    def begin(
        scenario: Scenario | str | Path,
        *,
        seed: int | None = None,
        agents: int | None = None,
        hours: int | None = None,
        generators: Mapping[str, str | Generator] | None = None,
    ) -> Simulation:
        from .scenario import Scenario  # noqa: PLC0415  (heavy)
        from .scenario_file import load_scenario  # noqa: PLC0415
        from .simulation import Simulation  # noqa: PLC0415

        if not isinstance(scenario, Scenario):
            scenario = load_scenario(str(scenario)).scenario
        agents = min(scenario.agents, FEW) if agents is None else agents
        quick = {**QUICK, **(generators or {})}
        return Simulation.open(scenario, seed=seed, agents=agents, hours=hours, generators=quick)

    return begin
