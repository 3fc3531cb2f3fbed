"""A run done again from its events: it comes out as logged, and what is drawn from it keeps to the land."""

import json

import numpy as np
import pytest
from worldloom.cluster.closing import enacting
from worldloom.cluster.closing.enacting import NEEDS, enact
from worldloom.cluster.closing.land import read_land
from worldloom.cluster.closing.record import Record, read_record
from worldloom.cluster.closing.ways import UNIT_MM, ways
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.log_reader import LogReader
from worldloom.worlds.space import CELL_MM


@pytest.fixture(scope="module")
def record(lived):
    return read_record(LogReader(lived))


@pytest.fixture(scope="module")
def land(lived, record):
    return read_land(lived, record).land


@pytest.fixture(scope="module")
def track(record, land):
    return enact(record, land)


def test_every_event_of_a_run_comes_out_again(track):
    assert track.total > 100
    assert track.exact


def test_places_and_needs_are_those_of_the_snapshot(lived, record, track):
    (path,) = (path for path in lived.files("snapshots/") if path.endswith("agents-0.json"))
    time = int(path.split("t=")[1].split("/")[0])
    state = json.loads(lived.read(path))["world"]
    moment = int(np.searchsorted(track.times, time))
    for name, values in (("x", track.x), ("y", track.y), ("activity", track.doing), *track.needs.items()):
        assert values[moment].tolist() == state[name], name


def test_a_log_that_was_changed_does_not_come_out_again(record, land):
    first = next(at for at, (_, block) in enumerate(record.blocks) if any(row.kind == "move" for row in block.rows))
    entry, block = record.blocks[first]
    rows = [row._replace(target="place-0") if row.kind == "move" else row for row in block.rows]
    rows = [row._replace(place="place-1") for row in rows]
    changed = Record(**{name: getattr(record, name) for name in ("scenario", "genesis", "start", "end", "artifacts")})
    changed.blocks = [*record.blocks]
    changed.blocks[first] = record.blocks[first]._replace(block=EventBlock(block.time, block.range, rows))
    again = enact(changed, land)
    assert entry > 0
    assert again.same < again.total


def test_a_run_made_by_hand_is_enacted_as_far_as_rules_allow(by_hand):
    record = read_record(LogReader(by_hand.storage))
    track = enact(record, read_land(by_hand.storage, record).land)
    assert track is None or not track.exact


@pytest.mark.parametrize("without", ["land", "people", "time"])
def test_there_is_no_track_without(without, record, land):
    bare = Record(scenario=record.scenario, genesis=record.genesis, start=record.start, end=record.end)
    if without == "people":
        bare.genesis = {}
    if without == "time":
        bare.end = bare.start
    assert enact(bare, None if without == "land" else land) is None


def test_too_large_a_run_is_left_alone(record, land, monkeypatch):
    monkeypatch.setattr(enacting, "MOST_AGENT_STEPS", 10)
    assert enact(record, land) is None


def test_where_too_much_was_said_ways_are_nearly_those_of_the_run(record, land, track, monkeypatch):
    monkeypatch.setattr(enacting, "MOST_SAID", 0)
    nearly = enact(record, land)
    assert not nearly.exact
    apart = np.hypot(nearly.x - track.x, nearly.y - track.y)
    assert np.median(apart) == 0


def test_ways_end_every_step_where_the_track_is(track, land):
    for row, way in enumerate(ways(track, land)):
        assert way.times == sorted(way.times)
        for moment in range(0, len(track.times), 7):
            at = max(i for i, time in enumerate(way.times) if time <= track.times[moment])
            assert way.east[at] * UNIT_MM == track.x[moment, row]
            assert way.south[at] * UNIT_MM == track.y[moment, row]


def test_people_walk_where_one_can_walk(track, land):
    for way in ways(track, land):
        for east, south in zip(way.east, way.south, strict=True):
            assert land.settlement.walkable[south * UNIT_MM // CELL_MM, east * UNIT_MM // CELL_MM]


def test_needs_stay_within_their_scale(track):
    assert set(track.needs) == set(NEEDS)
    assert all(values.min() >= 0 and values.max() <= 1000 for values in track.needs.values())
