"""`worldloom lineage` asks every question that Python can, of a real sealed run, and prints what programs can read."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.provenance import Run

SCENARIO = '''"""Three people, two steps of half an hour."""

from worldloom.cluster import Scenario

scenario = Scenario(
    name="brief", agents=3, hours=1, step_seconds=1800, start="09:00", seed=1, world={"size": 96},
    generators={"text": "rules"},
)
'''


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sealed run."""
    folder = tmp_path_factory.mktemp("with space and ü")
    (folder / "brief.py").write_text(SCENARIO)
    options = RunOptions(scenario=str(folder / "brief.py"), out=folder / "run", placement=Placement(local=True))
    run(options, Silent())
    return folder / "run"


def asked(worldloom: Callable, *words: Any) -> Any:
    done = worldloom("lineage", *words, "--json")
    assert done.status == 0, done.err
    return json.loads(done.out)


def test_rows_counts_and_pages_are_those_of_python(worldloom: Callable, sealed: Path) -> None:
    lineage = Run.open(sealed).lineage
    rows = asked(worldloom, sealed, "genesis", "--descendants", "--limit", 5)
    page = lineage.descendants("genesis", limit=5)
    assert [row["id"] for row in rows["rows"]] == list(page.ids)
    assert rows["after"] == page.after
    more = asked(worldloom, sealed, "genesis", "--descendants", "--limit", 5, "--after", page.after)
    assert more["rows"][0]["id"] == lineage.descendants("genesis", limit=6)[5].id
    assert asked(worldloom, sealed, "genesis", "--descendants", "--count") == lineage.count_descendants("genesis")
    kinds = asked(worldloom, sealed, "genesis", "--descendants", "--kind", "persona", "--depth", 1)["rows"]
    assert {row["kind"] for row in kinds} == {"persona"}
    assert [row["id"] for row in asked(worldloom, sealed, "world/world.glb", "--to", "scenario")["rows"]] == [
        row.id for row in lineage.path("world/world.glb", "scenario")
    ]


def test_people_are_told_how_to_see_more(worldloom: Callable, sealed: Path) -> None:
    done = worldloom("lineage", sealed, "scenario", "--descendants", "--limit", 3)
    assert len(done.out.splitlines()) == 3
    assert "more follow: --after " in done.err
    counted = worldloom("lineage", sealed, "agent-0", "--descendants", "--count").out
    assert "in all" in counted
    chain = worldloom("lineage", sealed, "world/world.glb", "--to", "scenario").out.splitlines()
    assert chain[0].startswith("export world/world.glb")
    assert chain[-1].endswith("scenario  brief")
    none = worldloom("lineage", sealed, "scenario", "--to", "agent-0")
    assert (none.status, none.out) == (0, "")
    assert "does not rest on" in none.err


def test_a_sealed_run_has_no_orphans_and_does_not_differ_from_itself(worldloom: Callable, sealed: Path) -> None:
    assert asked(worldloom, sealed, "--orphans") == []
    assert "no orphans" in worldloom("lineage", sealed, "--orphans").err
    assert worldloom("lineage", sealed, "--diff", sealed).out == "The same lineage.\n"
    assert asked(worldloom, sealed, "--diff", sealed)["same"] is True


@pytest.mark.parametrize(
    "form", ["json", "graphml", "dot", "svg", "mermaid", "prov-json", "prov-n", "openlineage", "in-toto"]
)
def test_every_format_is_printed_and_written(worldloom: Callable, sealed: Path, tmp_path: Path, form: str) -> None:
    words = ("lineage", sealed, "world/world.glb", "--format", form)
    printed = worldloom(*words)
    assert printed.status == 0, printed.err
    written = worldloom(*words, "--out", tmp_path / "out")
    assert written.out == ""
    assert (tmp_path / "out").read_text() == printed.out
    if form in ("svg", "graphml"):
        ElementTree.fromstring(printed.out)
    if form in ("json", "prov-json", "in-toto"):
        assert json.loads(printed.out)


def test_a_picture_is_cut_to_the_nearest_and_says_so(worldloom: Callable, sealed: Path) -> None:
    done = worldloom("lineage", sealed, "scenario", "--descendants", "--format", "svg", "--limit", 7)
    assert "8 nodes, the nearest of more" in done.err
    assert done.out.count('class="box"') == 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["agent-999"], "holds nothing of that name"),
        (["agent-0", "--descendants", "--kind", "dragon"], "no kind of node"),
        (["agent-0", "--format", "in-toto"], "has no digest of its own"),
        (["scenario", "--to", "agent-0", "--format", "svg"], "nothing to draw"),
        (["agent-0", "--ancestors", "--after", "agent-1"], "is not in this answer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_answered_is_one_message(worldloom: Callable, sealed: Path, words: list[str], said: str) -> None:
    done = worldloom("lineage", sealed, *words)
    assert done.status == 1
    assert done.err.startswith("worldloom: ")
    assert said in done.err


def test_every_format_of_other_tools_can_be_asked_for() -> None:
    """The command has a list of its own, since that of the exports loads what they need."""
    from worldloom.cluster.commands.lineage_view import Form as Asked
    from worldloom.provenance.lineage import Form as Written

    assert {each.value for each in Written} <= {each.value for each in Asked}
