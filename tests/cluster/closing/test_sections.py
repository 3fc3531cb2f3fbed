"""What the report's sections are made of, each as plain data."""

import itertools
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.cluster.closing import assets, happenings
from worldloom.cluster.closing.ancestry import BOX, ancestry
from worldloom.cluster.closing.calls import paid, read_calls
from worldloom.cluster.closing.enacting import enact
from worldloom.cluster.closing.happenings import event_list, in_words
from worldloom.cluster.closing.land import read_land
from worldloom.cluster.closing.naming import read_names
from worldloom.cluster.closing.news import spreading
from worldloom.cluster.closing.packing import pack
from worldloom.cluster.closing.record import Record, read_record
from worldloom.cluster.closing.stage_data import event_data, run_data
from worldloom.cluster.closing.story import story
from worldloom.cluster.closing.ties import ties
from worldloom.cluster.closing.wellbeing import sampled, wellbeing
from worldloom.cluster.closing.world_copy import rounded, world_copy
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.log_reader import LogReader

COLUMNS = st.lists(st.lists(st.integers(-(2**30), 2**30), max_size=20), max_size=6)


@pytest.fixture(scope="module")
def record(lived):
    return read_record(LogReader(lived))


@pytest.fixture(scope="module")
def found(lived, record):
    return read_land(lived, record)


@pytest.fixture(scope="module")
def names(record, found):
    return read_names(record, found)


@pytest.fixture(scope="module")
def lineage(lived):
    return Lineage.of(lived)


def unpacked(text):
    """What page/unpack.js does, in Python."""
    import base64

    data, columns = iter(base64.b64decode(text)), []

    def number():
        value, shift = 0, 0
        for byte in data:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return (value >> 1) ^ -(value & 1)
        return None

    while (length := number()) is not None:
        columns.append(list(itertools.accumulate(number() for _ in range(length))))
    return columns


@given(COLUMNS)
def test_packed_columns_come_out_again(columns):
    assert unpacked(pack(columns)) == columns


def test_what_changes_slowly_packs_into_a_byte_each():
    assert len(pack([range(30_000)])) < 41_000


def test_the_story_is_in_order_and_every_sentence_has_its_event(record, lineage, names):
    fact = lineage.facts()[0].event
    chapters = story(record, lineage, names, [fact])
    sentences = [sentence for chapter in chapters for sentence in chapter.sentences]
    events = {each.id for each in happenings.happenings(record)}
    assert len(sentences) > 5
    assert [each.time for each in sentences] == sorted(each.time for each in sentences)
    assert {each.event for each in sentences} <= events
    assert len({each.event for each in sentences}) == len(sentences)
    assert any("came to know" in each.text for each in sentences)


def test_a_run_in_which_nothing_happened_has_no_story(lineage, names):
    assert story(Record(), lineage, names, []) == ()


def test_all_events_are_listed_with_their_log_entries(record, names):
    listed = event_list(record, names, frozenset())
    assert listed.total == len(listed.rows) == sum(len(block.rows) for _, block in record.blocks)
    assert len({row[0] for row in listed.rows}) == listed.total
    assert {row[2] for row in listed.rows} == {entry for entry, _ in record.blocks}


def test_of_too_many_events_the_plainest_go_and_those_cited_stay(record, names, monkeypatch):
    whole = event_list(record, names, frozenset())
    cited = next(row[0] for row in whole.rows if row[5] == "finish")
    monkeypatch.setattr(happenings, "MOST_EVENTS", whole.total - 10)
    fewer = event_list(record, names, frozenset({cited}))
    assert fewer.total == whole.total
    assert len(fewer.rows) <= whole.total - 10
    assert [row[0] for row in fewer.rows if row[5] == "finish"] == [cited]


def test_names_with_braces_are_no_patterns(names):
    row = EventRow(0, 0, "agent-0", "take", "{0.__class__}", None, None, {"name": "{target.__init__}"})
    assert in_words(row, names).endswith("took {target.__init__}")


def test_kinds_of_events_that_nobody_foresaw_stand_as_they_are(names):
    assert in_words(EventRow(0, 0, None, "tide", None, None, None, None), names) == "tide"
    assert in_words(EventRow(0, 0, "cell-4", "flip", "x", None, None, [1]), names) == "cell-4 flip x"


def test_ties_are_laid_out_inside_the_drawing_and_the_same_every_time(record, names):
    one, two = ties(record, names), ties(record, names)
    assert one == two
    assert {point.agent for point in one.points} == {persona["agent"] for persona in record.personas}
    assert all(0 < point.x < 760 and 0 < point.y < 520 for point in one.points)
    assert all(line.one != line.two for line in one.lines)
    assert any(line.family for line in one.lines)


def test_one_person_alone_has_no_ties(names):
    alone = Record(genesis={"personas": [{"agent": "agent-0", "name": "Ida", "household": []}]})
    assert ties(alone, names) is None


def test_everybody_who_knows_is_drawn_after_their_teller(record, lineage, names):
    knowers = lineage.knowers(lineage.facts()[0].event)
    drawn = spreading(knowers, names, record.start, record.end, 6)
    assert drawn.knowers == len(knowers) == len(drawn.heard)
    place = {each.name: (each.x, each.y) for each in drawn.heard}
    for each in drawn.heard:
        if each.teller:
            assert place[each.teller][1] < each.y
            assert place[each.teller][0] <= each.x
    assert spreading(knowers[:1], names, record.start, record.end, 6) is None


def test_lineage_is_drawn_from_scenario_to_file_inside_its_drawing(record, lineage, names):
    for thing in record.artifacts:
        drawing = ancestry(lineage, names, thing.name)
        kinds = {box.kind for box in drawing.boxes}
        assert {"scenario", "persona", "decision", "model", "prompt", "file"} <= kinds
        assert max(box.x for box in drawing.boxes) + BOX == drawing.width
        assert max(drawing.boxes, key=lambda box: box.x).kind == "file"
        assert len({(box.x, box.y) for box in drawing.boxes}) == len(drawing.boxes)
    assert ancestry(lineage, names, "no such thing") is None


def test_calls_are_counted_by_purpose(lived, record):
    calls = read_calls(lived, record.scenario["generators"])
    assert sum(each.calls for each in calls if each.kind == "text") > 10
    assert {each.purpose for each in calls} >= {"genesis", "portrait"}
    assert paid(calls) == ()
    assert max(each.weight for each in calls) == 1


def test_needs_have_a_line_each_and_shares_add_up(record, found):
    track = enact(record, found.land)
    data = wellbeing(track)
    assert len(data.panels) == 6
    assert all(len(panel.lines) == 3 for panel in data.panels)
    assert 97 <= sum(share.percent for share in data.shares) <= 103
    every, columns = sampled(track)
    assert every == 600
    assert [len(column) for column in columns] == [19] * 18
    assert wellbeing(None) is None


def test_what_scripts_get_is_whole(record, found, names):
    track = enact(record, found.land)
    data = run_data(record, names, track, found.land)
    ways = unpacked(data["ways"])
    assert len(ways) == 6 * 6
    frame = data["frame"]
    inside = [frame["x"] <= east <= frame["x"] + frame["side"] for east in ways[1]]
    assert all(inside)
    told = event_data(record, event_list(record, names, frozenset()))
    assert len(told["said"]) == len(record.said)
    assert "ways" not in run_data(record, names, None, None)


def test_a_copy_of_the_world_is_coarser_smaller_and_still_a_world(lived):
    import io

    import trimesh

    glb = lived.read("world/world.glb")
    copy = rounded(glb)
    assert len(copy) == len(glb)
    assert len(assets.packed(copy)) < len(assets.packed(glb))
    before, after = (trimesh.load(io.BytesIO(data), file_type="glb", force="scene") for data in (glb, copy))
    assert set(before.geometry) == set(after.geometry)
    for name in before.geometry:
        moved = np.abs(before.geometry[name].vertices - after.geometry[name].vertices).max()
        assert moved <= 1 / 512 + 1e-6


@pytest.mark.parametrize("broken", [b"", b"glTF", b"glTF" + bytes(40), b"glTF" + b"\xff" * 300])
def test_a_broken_world_comes_back_as_it_is(broken):
    assert rounded(broken) == broken


def test_a_world_that_is_too_large_is_named_and_not_there(lived):
    copy = world_copy(lived, "world/world.glb", most=1000)
    assert copy.packed == ""
    assert "too large for this page" in copy.note
    assert world_copy(lived, "world/other.glb").note == "world/other.glb is missing."


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&'\"/\u2028\u2029\u202e\x00"), max_size=60)


@settings(max_examples=40)
@given(
    st.recursive(HOSTILE | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HOSTILE, inner))
)
def test_no_value_leaves_its_data_block(value):
    text = assets.block(value)
    assert not re.search("[<>&\u202a-\u202e\u0000]", text)


def test_long_texts_are_whole_in_a_data_block():
    packed = pack([range(0, 400_000, 7)] * 3)
    assert len(packed) > 100_000
    assert json.loads(assets.block({"ways": packed})) == {"ways": packed}


def test_the_scripts_are_joined_each_once_and_no_two_names_are_the_same():
    joined = assets.script()
    assert "import " not in re.sub(r"//.*", "", joined)
    assert not re.search(r"^export ", joined, re.MULTILINE)
    assert joined.count("// player.js\n") == 1
    named = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", joined, re.MULTILINE)
    assert len(named) == len(set(named)), sorted(name for name in named if named.count(name) > 1)


@pytest.mark.external
def test_the_joined_scripts_are_javascript(tool, tmp_path):
    (tmp_path / "page.js").write_text(assets.script())
    assert shutil.which("node")
    done = subprocess.run([tool("node"), "--check", str(tmp_path / "page.js")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
