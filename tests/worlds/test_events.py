"""Tests of events: ids and order of a step's rows, blocks by range, who is to learn of them."""

from __future__ import annotations

import pytest
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import WORLD_RANGE
from worldloom.worlds.action import Action
from worldloom.worlds.errors import StateError, WorldError
from worldloom.worlds.events import INBOX_LIMIT, Inboxes, Journal
from worldloom.worlds.world import Resident, World


def row(actor, kind="wait", time=60):
    return EventRow(time, 0, actor, kind, None, None, "", {})


def test_rows_are_numbered_within_their_range():
    journal = Journal(60)
    actors = ["agent-4095", "agent-4096", "scenario", "agent-0", "agent-9000", "world"]
    ids = [journal.record(row(actor)).id for actor in actors]
    assert ids == ["event-60-0-0", "event-60-1-0", "event-60-w-0", "event-60-0-1", "event-60-2-0", "event-60-w-1"]
    blocks = journal.close()
    assert [(block.range, len(block.rows)) for block in blocks] == [(0, 2), (1, 1), (2, 1), (WORLD_RANGE, 2)]
    assert [each.actor for each in blocks[0].rows] == ["agent-4095", "agent-0"]


def test_a_step_without_events_has_no_blocks():
    assert Journal(60).close() == []


def test_the_oldest_happenings_give_way():
    inboxes, journal = Inboxes(), Journal(0)
    happened = [journal.record(row("agent-0"), ["agent-1"]) for _ in range(INBOX_LIMIT + 5)]
    for each in happened:
        inboxes.deliver(each)
    assert inboxes.of("agent-1") == tuple(happened[5:])
    inboxes.clear("agent-1")
    assert inboxes.of("agent-1") == ()


def test_waiting_happenings_survive_their_state():
    inboxes, journal = Inboxes(), Journal(0)
    inboxes.deliver(journal.record(row("agent-0"), ["agent-0", "agent-1"]))
    again = Inboxes()
    again.restore(inboxes.state(["agent-1", "agent-5", "agent-0"]))
    assert [again.of(agent) for agent in ("agent-0", "agent-1")] == [inboxes.of("agent-0")] * 2
    with pytest.raises(StateError, match="happenings"):
        again.restore({"agent-0": [["event-0-0-0", [1, 2], []]]})


def test_ids_of_happenings_point_at_the_rows_of_the_blocks(settle):
    world = settle()
    world.begin_step()
    happened = [world.intervene("tell", target="agent-2", detail={"text": "Feast"})]
    happened += world.apply([Action("agent-0", "rest", {}), Action("agent-1", "move", {"to": "place-0"})], 0)
    happened += world.apply([Action("agent-2", "say", {"text": "Oh"})], 1)
    blocks = {block.range: block for block in world.end_step()}
    for each in happened:
        time, range_, at = each.id.removeprefix("event-").split("-")
        assert int(time) == 21_600
        assert blocks[WORLD_RANGE if range_ == "w" else int(range_)].rows[int(at)] == each.row


def test_rows_of_a_step_are_in_the_order_in_which_they_happen(settle):
    world = settle(24)
    for number in range(40):
        world.begin_step()
        due = world.due()
        places = world.settlement.places
        world.apply([Action(a, "move", {"to": places[(number + at) % len(places)].id}) for at, a in enumerate(due)], 0)
        start = world.time
        for block in world.end_step():
            times = [each.time for each in block.rows]
            assert times == sorted(times)
            assert start <= times[0]
            assert times[-1] <= start + world.step


def test_a_telling_reaches_its_target_only_and_wakes_it(settle):
    world = settle()
    everybody = world.agents.ids
    world.apply([Action(agent, "rest", {"seconds": 3600}) for agent in everybody], 0)
    world.acknowledge(everybody)
    told = world.intervene("tell", target="agent-3", detail={"text": "There is a feast tonight."})
    assert (told.row.actor, told.row.cause, told.seen_by) == ("scenario", "scenario", ("agent-3",))
    assert world.due() == ("agent-3",)
    assert [seen.happened for seen in world.observe(everybody)] == [(), (), (), (told,), (), ()]


def test_what_befalls_a_place_reaches_those_who_are_there(settle):
    world = settle()
    home = world.observe(["agent-2"])[0].place
    assert world.intervene("smoke", place=home).seen_by == ("agent-2", "agent-3")
    assert world.intervene("thunder").seen_by == world.agents.ids


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("tell", {"target": "agent-99"}),
        ("tell", {"place": "place-99"}),
        ("tell", {"target": "agent-0", "detail": {"text": "bell\x07"}}),
        ("tell", {"target": "agent-0", "detail": {"share": 0.5}}),
        ("mute", {}),
    ],
)
def test_interventions_that_cannot_be_are_refused(settle, kind, more):
    world = settle()
    with pytest.raises(WorldError):
        world.intervene(kind, **more)
    assert world.end_step() == []


def test_agents_of_high_numbers_have_blocks_of_their_own(hamlet):
    home = hamlet.settlement.of_kind("home")[0].id
    residents = [Resident(f"agent-{n}", home, home) for n in (3, 4096, 9999)]
    world = World.genesis(seed=1, **hamlet._asdict(), residents=residents, start=0)
    world.apply([Action(resident.agent, "rest", {}) for resident in residents], 0)
    assert [(block.range, block.rows[0].actor) for block in world.end_step()] == [
        (0, "agent-3"),
        (1, "agent-4096"),
        (2, "agent-9999"),
    ]
    assert sorted(world.state()["agents"]) == ["0", "1", "2"]


def test_blocks_can_be_stored(settle):
    world = settle()
    world.apply([Action("agent-0", "say", {"to": "agent-1", "text": "Grüß dich"})], 0)
    (block,) = world.end_step()
    assert EventBlock.decode(block.encode(), block.digest) == block
