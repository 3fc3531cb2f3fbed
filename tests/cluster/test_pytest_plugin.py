"""The fixture that comes with Worldloom: pytest finds it by its entry point, and its simulations are quick."""

from __future__ import annotations

import subprocess
import sys

import pytest
from worldloom.cluster import Scenario
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.pytest_plugin import FEW
from worldloom.generators.registry import resolve

TEST = """
from worldloom.cluster import Scenario

scenario = Scenario(name="mine", agents=25, hours=1, world={"size": 96}, step_seconds=600)


def test_somebody_decides(simulate):
    sim = simulate(scenario)
    sim.run()
    assert len(sim.table("decisions")) > 0
"""


def test_a_simulation_is_small_and_makes_placeholders(simulate):
    sim = simulate("saltmarsh", hours=1)
    assert len(sim.agents) == FEW < 25
    assert sim.scenario.hours == 1
    makers = {kind: maker.identity.backend for kind, maker in sim._rehearsal.makers.items()}
    assert makers == {"image": "blank", "mesh": "blank", "sound": "blank", "text": "rules"}


def test_what_a_test_says_counts(simulate):
    small = Scenario(name="small", agents=2, world={"size": 96}, step_seconds=600)
    assert len(simulate(small).agents) == 2
    assert len(simulate(small, agents=8, seed=5).agents) == 8
    sim = simulate(small, generators={"text": "uniform", "image": "procedural"})
    assert sim._rehearsal.makers["text"].identity == resolve("text", "uniform").identity
    assert sim._rehearsal.makers["image"].identity == resolve("image", "procedural").identity
    with pytest.raises(ScenarioError, match="no generator kind 'smell'"):
        simulate(small, generators={"smell": "rules"})


def test_pytest_finds_the_fixture_in_a_project_of_somebody_else(tmp_path):
    (tmp_path / "test_mine.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_plugin_loads_nothing_heavy():
    code = (
        "import sys\nimport pytest\nbefore = set(sys.modules)\nimport worldloom.cluster.pytest_plugin\n"
        "print(sorted(name for name in set(sys.modules) - before if name.startswith('worldloom')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "['worldloom', 'worldloom.cluster', 'worldloom.cluster.pytest_plugin']"
