"""Every scenario that ships can begin: it loads, its generators exist, and it says what it is."""

from __future__ import annotations

import pytest
from worldloom.cluster.runtime import who_answers
from worldloom.cluster.scenario_file import load_scenario, shipped_names


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_scenario_can_begin(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.scenario.name == name
    assert loaded.scenario.title
    assert loaded.source.startswith(b'"""')
    assert set(who_answers(loaded.scenario)) == set(loaded.scenario.generators)


def test_there_are_those_that_the_documents_name() -> None:
    assert {"saltmarsh", "rumour", "town", "island", "schelling", "epidemic"} <= set(shipped_names())
