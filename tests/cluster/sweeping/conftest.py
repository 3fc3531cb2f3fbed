"""A scenario of seconds, and a sweep of it in this process that makes no pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster import Placement, SweepResult, sweep

NO_PICTURES = {"image": "blank", "mesh": "blank", "sound": "blank"}

FAIR = '''"""Two people, half an hour; one of them knows of a fair."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(
    name="fair", agents=2, hours=1, step_seconds=1800, seed=3, world={"size": 96}, portraits=False,
    generators={"text": "rules"},
)


@scenario.at(time="06:00")
def fair(stage: Stage) -> None:
    stage.tell(stage.agents()[0], "There is a fair at the inn tonight.")


@scenario.measure("know")
def know(stage: Stage) -> int:
    return sum(any("fair" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())


@scenario.measure("people")
def people(stage: Stage) -> int:
    return len(stage.agents())
'''

FAULTY = (
    FAIR
    + """

@scenario.measure("fewer_than_three")
def fewer_than_three(stage: Stage) -> int:
    return 1 // (len(stage.agents()) < 3)
"""
)


@pytest.fixture
def fair(tmp_path: Path) -> Path:
    path = tmp_path / "fair.py"
    path.write_text(FAIR)
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A scenario whose measure divides by zero from three agents on."""
    path = tmp_path / "faulty.py"
    path.write_text(FAULTY)
    return path


@pytest.fixture
def swept() -> Callable[..., SweepResult]:
    """Sweep in this process without pictures."""

    def run(*arguments, **options) -> SweepResult:
        return sweep(*arguments, **({"placement": Placement(local=True), "generators": NO_PICTURES} | options))

    return run
