"""Whatever is asked of lineage.sqlite, networkx says the same of the graph in memory; circles are refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import LineageError
from worldloom.provenance.lineage import Lineage, StoredLineage

quick = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def shapes(draw: st.DrawFn, most: int = 14, *, circles: bool = False) -> list[list[int]]:
    """What each thing rests on, by number: earlier ones, or any with `circles`; ancestors are shared."""
    size = draw(st.integers(1, most))
    return [
        draw(st.lists(st.integers(0, size - 1 if circles else max(0, at - 1)), max_size=4, unique=True)) if at else []
        for at in range(size)
    ]


def logged(graph_log: Callable[..., Any], shape: list[list[int]], order: list[int] | None = None) -> Any:
    log = graph_log()
    for at in order or range(len(shape)):
        log.thing(f"decision-60-{at}-0", [f"decision-60-{cause}-0" for cause in shape[at]])
    return log.commit()


def stored(storage: Any) -> StoredLineage:
    return StoredLineage.of(storage, (), Path(tempfile.mkdtemp(prefix="worldloom-test-")))


@quick
@given(shape=shapes(), data=st.data())
def test_every_question_has_the_answer_of_networkx(graph_log, shape, data) -> None:
    order = data.draw(st.permutations(range(len(shape))), label="told in this order")
    storage = logged(graph_log, shape, order)
    lineage, graph = stored(storage), Lineage.of(storage).graph
    everything = lineage.graph()
    assert dict(everything.nodes(data=True)) == dict(graph.nodes(data=True))
    assert set(everything.edges(data="relation")) == set(graph.edges(data="relation"))
    for node in graph:
        assert set(lineage.ancestors(node, limit=-1).ids) == nx.descendants(graph, node)
        assert set(lineage.descendants(node, limit=-1).ids) == nx.ancestors(graph, node)
        assert sum(lineage.count_ancestors(node).values()) == len(nx.descendants(graph, node))
        assert sum(lineage.count_descendants(node).values()) == len(nx.ancestors(graph, node))
        depths = nx.single_source_shortest_path_length(graph, node)
        assert all(row.depth == depths[row.id] for row in lineage.ancestors(node))
        part = lineage.part(node).graph()
        assert nx.utils.graphs_equal(part, nx.DiGraph(graph.subgraph({node, *nx.descendants(graph, node)})))


@quick
@given(shape=shapes(), data=st.data())
def test_a_path_is_as_short_as_any_and_there_if_there_is_one(graph_log, shape, data) -> None:
    storage = logged(graph_log, shape, data.draw(st.permutations(range(len(shape)))))
    lineage, graph = stored(storage), Lineage.of(storage).graph
    nodes = sorted(graph)
    for effect in nodes:
        for cause in nodes:
            path = lineage.path(effect, cause)
            if not nx.has_path(graph, effect, cause):
                assert path == ()
                continue
            assert len(path) == nx.shortest_path_length(graph, effect, cause) + 1
            assert (path[0].id, path[-1].id) == (effect, cause)
            for before, row in pairwise(path):
                assert row.via == before.id
                assert graph.edges[before.id, row.id]["relation"] == row.relation


@quick
@given(shape=shapes(circles=True))
def test_what_rests_on_itself_is_refused_and_nothing_else(graph_log, shape) -> None:
    storage = logged(graph_log, shape)
    wanted = nx.DiGraph((effect, cause) for effect, causes in enumerate(shape) for cause in causes)
    if nx.is_directed_acyclic_graph(wanted):
        assert set(stored(storage).graph()) == set(Lineage.of(storage).graph)
        return
    for read in (stored, Lineage.of):
        with pytest.raises(LineageError, match="rests on itself"):
            read(storage)


@quick
@given(shape=shapes(), limit=st.integers(1, 5), downwards=st.booleans())
def test_pages_one_after_the_other_are_the_whole_answer(graph_log, shape, limit, downwards) -> None:
    lineage = stored(logged(graph_log, shape))
    ask = lineage.descendants if downwards else lineage.ancestors
    for node in lineage.graph():
        whole = ask(node, limit=-1)
        rows, page = [], ask(node, limit=limit)
        while True:
            rows += page.rows
            assert len(page) <= limit
            if not page.after:
                break
            page = ask(node, limit=limit, after=page.after)
        assert tuple(rows) == whole.rows


@quick
@given(shape=shapes(), cuts=st.sets(st.integers(0, 13)), data=st.data())
def test_a_log_that_grew_is_as_one_that_was_read_at_once(graph_log, shape, cuts, data) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    log, cache = graph_log(), Path(tempfile.mkdtemp(prefix="worldloom-test-"))
    log.commit()
    for at, number in enumerate(order):
        log.thing(f"decision-60-{number}-0", [f"decision-60-{cause}-0" for cause in shape[number]])
        if at in cuts:
            StoredLineage.of(log.commit(), (), cache).close()
    grown, fresh = StoredLineage.of(log.commit(), (), cache), stored(log.storage)
    assert list(grown.graph().nodes(data=True)) == list(fresh.graph().nodes(data=True))
    assert list(grown.graph().edges(data=True)) == list(fresh.graph().edges(data=True))
    assert grown.orphans() == fresh.orphans()
    assert grown.kinds() == fresh.kinds()
    assert grown.diff(fresh).same


def test_a_circle_that_closes_when_the_log_grows_is_refused(graph_log, opened) -> None:
    log = graph_log()
    log.thing("decision-1-0-0", ["decision-2-0-0"])
    opened(log.commit())
    log.thing("decision-2-0-0", ["decision-1-0-0"])
    with pytest.raises(LineageError, match="rests on itself"):
        opened(log.commit())
