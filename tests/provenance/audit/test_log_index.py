"""What an audit keeps of a log: little, and the same however the log is cut into segments."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.audit.findings import State
from worldloom.provenance.audit.gists import Block, Decided, Gist
from worldloom.provenance.audit.log_index import LogIndex, Part
from worldloom.provenance.audit.opened import OpenRun
from worldloom.provenance.audit.references import ARTIFACT, CAUSE, SOURCE, Known, Named, References
from worldloom.provenance.audit.shapes import content_fault
from worldloom.provenance.entry import FIRST_PLUGIN_KIND, EntryKind
from worldloom.provenance.ids import EventId, decision_id
from worldloom.provenance.log import LogWriter
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

TIMES, AGENTS, ROWS = 4, 3, 5
DIGEST = "ab" * 32


def decision(index: int, time: int, agent: int) -> Gist:
    said = Decided(decision_id(time, agent, 0), f"agent-{agent}", 0, DIGEST, DIGEST, "text", "")
    return Gist(index, EntryKind.DECISION, time, b"x", "bodies/", True, said)


def block(index: int, time: int, rows: int) -> Gist:
    return Gist(index, EntryKind.EVENTS, time, b"x", "bodies/", True, Block(0, rows))


@st.composite
def logs(draw):
    """Gists of a log, names in each entry, and where it is cut into segments."""
    gists = []
    for time in range(TIMES):
        for agent in sorted(draw(st.sets(st.integers(0, AGENTS - 1)))):
            gists.append(decision(len(gists), time, agent))
        if draw(st.booleans()):
            gists.append(block(len(gists), time, draw(st.integers(1, ROWS))))
    times = st.integers(0, TIMES)
    ids = st.builds(decision_id, times, st.integers(0, AGENTS), st.just(0))
    events = st.builds(lambda time, row: str(EventId(time, 0, row)), times, st.integers(0, ROWS))
    names = st.tuples(st.sampled_from([CAUSE, SOURCE]), ids | events | st.just("nothing"))
    named = [draw(st.lists(names, max_size=4)) for _ in gists]
    return gists, named, sorted(draw(st.sets(st.integers(0, len(gists)))))


def part(gists, named) -> Part:
    """What a process makes of a segment."""
    found = References()
    for gist, names in zip(gists, named, strict=True):
        for order, (role, name) in enumerate(names):
            found.places.setdefault(Named(gist.time, role, name), []).append((gist.index, order, -1))
    return Part(gists, found.unsettled(Known(gists)).places, None)


def defined(gists, time) -> set[str]:
    """All ids that exist at a time."""
    found = set()
    for gist in gists:
        if gist.time <= time and isinstance(gist.said, Decided):
            found.add(gist.said.id)
        elif gist.time <= time:
            found |= {str(EventId(gist.time, 0, row)) for row in range(gist.said.rows)}
    return found


@settings(max_examples=200)
@given(logs())
def test_what_is_nowhere_in_the_log_does_not_depend_on_its_segments(made):
    gists, named, cuts = made
    index = LogIndex()
    for start, stop in zip([0, *cuts], [*cuts, len(gists)], strict=True):
        index.take(part(gists[start:stop], named[start:stop]))
    wanted = [
        ((gist.index, order, -1), Named(gist.time, role, name))
        for gist, names in zip(gists, named, strict=True)
        for order, (role, name) in enumerate(names)
        if name not in defined(gists, gist.time)
    ]
    assert index.unsettled() == wanted
    assert [gist.index for gist in index.gists] == list(range(len(gists)))


def test_what_is_no_name_is_never_there():
    assert not Known().settles(Named(0, ARTIFACT, None))
    assert not Known([decision(0, 0, 0)]).settles(Named(0, CAUSE, "agent-0"))


def test_a_log_need_not_fit_into_memory(forged):
    """Of 20 MB of what people saw, segment by segment, not a fifth is held at any time."""
    made = forged()
    storage = Storage(PowerLossDisk())
    for path in ("run.json", *made.storage.files("trust/")):
        storage.write(path, made.storage.read(path))
    log = LogWriter.create(storage, made.origin, made.key.note_key(made.origin))
    for step in range(100):
        for agent in range(2):
            log.append(EntryKind.DECISION, step, of_a_busy_day(step, agent))
        log.commit()
    run = OpenRun(storage, anchors=[], at=datetime.now(UTC), state=State.INTERRUPTED)
    size = sum(map(storage.size, storage.files("bodies/")))
    assert run.entries is not None
    tracemalloc.start()
    try:
        assert sum(gist.read for gist in run.gists) == 200
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 20_000_000
    assert most < size / 5
    assert held < 200 * 2_000


def of_a_busy_day(step: int, agent: int) -> dict:
    return {
        "type": "decision",
        "id": decision_id(step, agent, 0),
        "agent": f"agent-{agent}",
        "round": 0,
        "request": f"{step * 2 + agent:064x}",
        "answer": DIGEST,
        "action": {"kind": "wait", "text": "x" * 60_000},
        "memories": [],
        "observed": [f"item-{number}" for number in range(4_000)],
        "generator": "text",
        "parents": [DIGEST],
    }


@pytest.mark.parametrize(
    "links",
    [{"parents": 5}, {"parents": [5]}, {"parents": "x"}, {"recipe": 5}, {"recipe": {"inputs": {}}}],
    ids=str,
)
def test_links_that_cannot_be_followed_are_a_fault_of_any_kind(links):
    assert "otherwise than as lists" in content_fault(FIRST_PLUGIN_KIND, {"type": "own", **links})


@pytest.mark.parametrize("body", [{}, {"type": "own", "more": 5}, {"parents": [DIGEST]}, [5], "x"], ids=str)
def test_else_a_plug_in_says_what_it_likes(body):
    assert content_fault(FIRST_PLUGIN_KIND, body) == ""
