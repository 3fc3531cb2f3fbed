"""Impact of models, prompts and agents, orphans, differences between runs, names; from Python as from a script."""

from __future__ import annotations

import pytest
from worldloom.provenance import Run
from worldloom.provenance.digests import PROMPT, digest_bytes
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import LineageError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.lineage import Lineage, NodeKind, Row, Why
from worldloom.provenance.storage import LocalDisk, Storage

MESH = "5a" * 32


@pytest.fixture(scope="module")
def run(made, tmp_path_factory) -> Run:
    return Run.open(made.storage.disk.root, cache=tmp_path_factory.mktemp("cache"))


def test_a_run_is_opened_and_asked_in_one_line(made, run) -> None:
    rows = run.lineage.ancestors(made.artifact.digest)
    assert all(isinstance(row, Row) for row in rows)
    assert {row.kind for row in rows} >= {NodeKind.PERSONA, NodeKind.MODEL, NodeKind.DECISION, NodeKind.SCENARIO}
    nearest = rows[0]
    assert (nearest.depth, nearest.via) == (1, made.artifact.digest)
    assert {row.prov for row in rows} == {"entity", "activity", "agent"}
    assert run.id == "lineage"
    assert run.log.size > 3
    assert len(run.lineage) == sum(run.lineage.kinds().values())


def test_a_folder_that_is_no_run_is_refused(tmp_path) -> None:
    with pytest.raises(LineageError, match="is no run folder"):
        Run.open(tmp_path)


@pytest.mark.parametrize(
    "name", [f"model:embedded/props-1@{MESH}", MESH, MESH[:8], "embedded/props-1", "model:embedded/props-1"]
)
def test_the_impact_of_a_model_by_name_and_by_weights(made, run, name) -> None:
    page = run.lineage.descendants(name)
    assert page.of == (f"model:embedded/props-1@{MESH}",)
    assert page.ids[0] == made.artifact.digest
    assert run.lineage.descendants(name, kinds=["artifact"]).ids == (made.artifact.digest,)
    assert run.lineage.count_descendants(name)["artifact"] == 1


def test_the_impact_of_a_prompt_is_that_of_all_requests_with_it(run) -> None:
    prompt = digest_bytes(PROMPT, b"What now?").hex()
    asked = run.lineage.resolve(prompt)
    assert len(asked) == 5
    assert run.lineage.resolve(prompt[:9]) == run.lineage.resolve(f"prompt:{prompt}") == asked
    touched = run.lineage.descendants(prompt, limit=-1)
    assert {row.kind for row in touched if row.depth == 1} == {NodeKind.DECISION}
    assert sum(run.lineage.count_descendants(prompt).values()) == len(touched)


def test_the_impact_of_an_agent_and_how_far_to_look(made, run) -> None:
    lineage = run.lineage
    assert made.artifact.digest in lineage.descendants("agent-1").ids
    near = lineage.descendants("agent-1", depth=1)
    assert {row.depth for row in near} == {1}
    assert set(near.ids) < set(lineage.descendants("agent-1").ids)
    assert lineage.effects("agent-1") == near.rows
    assert [row.id for row in lineage.causes("agent-1")] == ["genesis"]
    with pytest.raises(LineageError, match="no kind of node"):
        lineage.descendants("agent-1", kinds=["dragon"])
    with pytest.raises(LineageError, match="is not in this answer"):
        lineage.descendants("agent-1", after="scenario")


def test_an_agent_of_a_crowd_is_all_that_it_did(graph_log, opened) -> None:
    log = graph_log()
    rows = [(0, 0, f"agent-{n % 2}", "infected", None, None, f"event-0-0-{n - 1}" if n else None, {}) for n in range(4)]
    log.log.append(EntryKind.GENESIS, 0, {"crowd": {}, "agents": 2, "personas": [], "parents": []})
    log.log.append(EntryKind.EVENTS, 0, EventBlock(0, 0, rows))
    lineage = opened(log.commit())
    assert lineage.resolve("agent-1") == ("event-0-0-1", "event-0-0-3")
    assert lineage.descendants("agent-1").ids == ("event-0-0-2",)
    assert lineage.path("event-0-0-3", "event-0-0-0")[-1].depth == 3


def test_the_tree_and_everything_found_by_name_are_those_of_the_graph_in_memory(made, run) -> None:
    graph = Lineage.of(made.storage)
    for node in graph.graph:
        assert run.lineage.tree(node) == graph.tree(node)
        assert run.lineage.facts(node) == graph.graph.nodes[node]
        assert run.lineage.body(node) == graph.body(node)
    data = made.storage.read(made.path)
    for name in (
        made.artifact.digest[:10],
        made.path,
        data,
        made.artifact.payload,
        run.folder / made.path,
        "scenario.py",
    ):
        assert run.lineage.find(name) == graph.find(name)


@pytest.mark.parametrize(
    "name", ["agent-99", "ffffffff", "", "\0", "x" * 9000, "../../none/passwd", b"unknown", "prompt:"]
)
def test_an_unknown_name_is_said_to_be_unknown(run, name) -> None:
    for ask in (run.lineage.ancestors, run.lineage.find, run.lineage.tree, run.lineage.part):
        with pytest.raises(LineageError, match="holds nothing"):
            ask(name)


def test_the_beginning_of_several_digests_names_them(graph_log, opened) -> None:
    log = graph_log()
    for number in range(3):
        log.thing(
            f"decision-60-{number}-0", request=f"abcdef{number}".ljust(64, "0"), prompt=f"fedcba{number}".ljust(64, "0")
        )
    lineage = opened(log.commit())
    for beginning in ("abcdef", "fedcba"):
        with pytest.raises(LineageError, match="3 things begin so"):
            lineage.ancestors(beginning)
    assert lineage.resolve("abcdef1") == lineage.resolve("fedcba1") == (f"request:{'abcdef1'.ljust(64, '0')}",)


def test_orphans_are_gaps_things_without_a_cause_and_files_without_an_entry(graph_log, opened, tmp_path) -> None:
    storage = Storage(LocalDisk(tmp_path / "run"))
    log = graph_log(storage)
    log.log.append(0x8001, 60, {"type": "weather"})
    log.thing("decision-60-0-0", ["event-0-w-0"])
    storage.write("world/stray <b>.png", b"?")
    storage.write("artifacts/ab/half.png.part", b"?")
    found = opened(log.commit()).orphans()
    assert [(orphan.id, orphan.why) for orphan in found if not orphan.id.startswith("content:")] == [
        ("agent-0", Why.UNKNOWN),
        ("event-0-w-0", Why.UNKNOWN),
        ("world/stray <b>.png", Why.FILE),
    ]
    (weather,) = [orphan for orphan in found if orphan.id.startswith("content:")]
    assert (weather.why, weather.what) == (Why.LOOSE, "weather")
    assert len(opened(storage).orphans(limit=2)) == 2


def test_orphans_of_a_whole_run_are_none(made, run) -> None:
    assert run.lineage.orphans() == ()


def test_a_thing_that_finds_its_cause_later_is_an_orphan_no_more(graph_log, opened) -> None:
    log = graph_log()
    log.thing("decision-60-0-0", ["decision-90-0-0"])
    assert "decision-90-0-0" in [orphan.id for orphan in opened(log.commit()).orphans()]
    log.thing("decision-90-0-0")
    assert "decision-90-0-0" not in [orphan.id for orphan in opened(log.commit()).orphans()]


def two_runs(graph_log, shared: int, tails: tuple[list[dict], list[dict]]) -> list[Storage]:
    storages = []
    for number, tail in enumerate(tails):
        log = graph_log(run=f"run-{number}")
        for at in range(shared):
            log.thing(f"decision-{at}-0-0", [f"decision-{at - 1}-0-0"] if at else [])
        for changes in tail:
            log.thing(**changes)
        storages.append(log.commit())
    return storages


@pytest.mark.parametrize("shared", [0, 3, 1100, 2100])
def test_two_runs_differ_from_where_they_part(graph_log, opened, shared) -> None:
    same = {"name": "decision-9000-1-0", "causes": [f"decision-{shared - 1}-0-0"] if shared else []}
    tails = (
        [same, {"name": "decision-9000-2-0", "reason": "hungry"}, {"name": "decision-9000-3-0"}],
        [
            same,
            {"name": "decision-9000-2-0", "reason": "tired", "causes": ["decision-9000-1-0"]},
            {"name": "decision-9000-4-0"},
        ],
    )
    one, two = (opened(storage) for storage in two_runs(graph_log, shared, tails))
    for _ in range(2):  # the second time from the kept marks
        found = one.diff(two)
        assert not found.same
        assert [row.id for row in found.only_first] == ["decision-9000-3-0"]
        assert [row.id for row in found.only_second] == ["decision-9000-4-0"]
        (change,) = found.changed
        assert change.id == "decision-9000-2-0"
        assert (change.first["what"], change.second["what"]) == ("act: walk hungry", "act: walk tired")
        assert set(change.second["causes"]) - set(change.first["causes"]) == {"wasInformedBy decision-9000-1-0"}
        assert found.since <= shared + 4
        assert shared - found.since < 1024
    assert one.diff(one).same
    assert two.diff(one).only_first == found.only_second


def test_a_difference_in_causes_alone_is_found(graph_log, opened) -> None:
    tails = (
        [{"name": "decision-9000-2-0", "causes": ["decision-3-0-0"]}],
        [{"name": "decision-9000-2-0", "causes": ["decision-4-0-0"]}],
    )
    one, two = (opened(storage) for storage in two_runs(graph_log, 1500, tails))
    assert [change.id for change in one.diff(two).changed] == ["decision-9000-2-0"]


def test_a_long_difference_is_cut_and_says_so(graph_log, opened) -> None:
    tails = ([{"name": f"decision-9000-{n}-0"} for n in range(30)], [])
    one, two = (opened(storage) for storage in two_runs(graph_log, 2, tails))
    cut = one.diff(two, limit=10)
    assert (len(cut.only_first), cut.more) == (10, True)
    assert not one.diff(two, limit=30).more
    assert cut.counts["decision"] == (32, 2)


def test_a_part_may_be_cut_to_the_nearest_and_says_so(made, run) -> None:
    whole = run.lineage.part(made.artifact.digest)
    near = run.lineage.part(made.artifact.digest, limit=3)
    assert whole.whole
    assert not near.whole
    assert len(near.nodes) == 4
    assert near.of == (made.artifact.digest,)
    assert set(near.nodes) < set(whole.nodes)
    down = run.lineage.part("agent-1", downwards=True)
    assert made.artifact.digest in down.nodes
    with pytest.raises(LineageError, match="does not rest on"):
        run.lineage.chain_part("scenario", made.artifact.digest)
    assert next(iter(run.lineage.chain_part(made.artifact.digest, "scenario").nodes)) == "scenario"
