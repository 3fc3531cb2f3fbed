"""Event blocks: digest from rows alone, Arrow as storage, one row provable."""

import contextlib

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import CONTENT, digest_bytes
from worldloom.provenance.errors import CanonicalError, FormatError, ProvenanceError
from worldloom.provenance.events_block import EventBlock, EventRow, verify_row
from worldloom.provenance.merkle import leaf_hash, root

word = st.one_of(st.none(), st.text("abcü-1 ", max_size=8))
integer = st.integers(-(2**53) + 1, 2**53 - 1)
detail = st.recursive(
    st.one_of(st.none(), st.booleans(), integer, st.text("ab<é", max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab", max_size=3), inner, max_size=3)),
    max_leaves=6,
)
rows = st.builds(EventRow, integer, integer, word, word, word, word, word, detail)
blocks = st.builds(EventBlock, st.integers(0, 2**40), st.integers(-1, 9), st.lists(rows, min_size=1, max_size=6))

ROWS = [
    EventRow(60, 5, "agent-0", "say", "agent-1", "place-2", "ab" * 32, {"text": "hello"}),
    EventRow(61, 0, "agent-1", "wait", None, None, None, None),
    EventRow(62, 9, "scenario", "rain", None, "place-0", None, [1, "a", {"b": None}]),
]


@settings(max_examples=60, deadline=None)
@given(blocks)
def test_blocks_round_trip_through_arrow(block):
    again = EventBlock.decode(block.encode(), block.digest)
    assert again == block
    assert again.digest == block.digest


def test_the_digest_is_header_and_root_over_canonical_rows():
    block = EventBlock(60, 0, ROWS)
    head = canonical({"type": "events", "range": 0, "time": 60, "rows": 3})
    leaves = [leaf_hash(canonical(list(row))) for row in ROWS]
    assert block.digest == digest_bytes(CONTENT, head + root(leaves))


@settings(max_examples=40, deadline=None)
@given(blocks, st.data())
def test_one_row_is_provable_and_no_other_passes_for_it(block, data):
    index = data.draw(st.integers(0, len(block.rows) - 1))
    proof = block.inclusion_proof(index)
    row = block.rows[index]
    assert verify_row(block.head, row, index, proof, block.digest)
    assert not verify_row(block.head, row._replace(actor=(row.actor or "") + "x"), index, proof, block.digest)
    for other in range(-1, len(block.rows) + 1):
        same = 0 <= other < len(block.rows) and block.rows[other] == row
        assert same or not verify_row(block.head, row, other, proof, block.digest)
    assert not verify_row(block.head._replace(time=block.time + 1), row, index, proof, block.digest)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_refused_or_changes_no_event(data):
    block = EventBlock(60, 0, ROWS)
    encoded = bytearray(block.encode())
    bit = data.draw(st.integers(0, len(encoded) * 8 - 1))
    encoded[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(FormatError):
        assert EventBlock.decode(bytes(encoded), block.digest) == block


@pytest.mark.parametrize("data", [b"", b"ARROW1", b"\xff" * 64, b"\0" * 8])
def test_bytes_that_are_no_arrow_stream_are_refused(data):
    with pytest.raises(FormatError):
        EventBlock.decode(data, bytes(32))


def test_another_table_is_refused():
    batch = pa.record_batch([pa.array([1])], names=["time"])
    for schema in (batch.schema, batch.schema.with_metadata({"time": "1", "range": "0"})):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))
        with pytest.raises(FormatError):
            EventBlock.decode(sink.getvalue().to_pybytes(), bytes(32))


def test_the_digest_of_other_rows_is_refused():
    with pytest.raises(FormatError, match="digest"):
        EventBlock.decode(EventBlock(60, 0, ROWS).encode(), EventBlock(60, 0, ROWS[:2]).digest)


def test_a_block_without_rows_and_rows_of_wrong_types_are_refused():
    with pytest.raises(FormatError):
        EventBlock(60, 0, [])
    for row in (ROWS[0]._replace(time=1.5), ROWS[0]._replace(time=True), ROWS[0]._replace(actor=3)):
        with pytest.raises(FormatError):
            EventBlock(60, 0, [row])
    for row in (ROWS[0]._replace(detail=1.5), ROWS[0]._replace(actor="\u202e"), ROWS[0]._replace(time=2**53)):
        with pytest.raises(CanonicalError):
            EventBlock(60, 0, [row]).digest  # noqa: B018
    with pytest.raises(ProvenanceError):
        EventBlock(60, 0, [(1, 2, 3)])
