"""The container of bodies and answers: round trips, flips, erasure."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.merkle import leaf_hash, root
from worldloom.provenance.segments import (
    HEADER,
    decode_segment,
    encode_segment,
    item_at,
    items_root,
    make_item,
    scan_segment,
)

items = st.builds(make_item, st.integers(1, 4), st.binary(min_size=32, max_size=32), st.binary(max_size=60))


@settings(max_examples=60)
@given(st.lists(items, max_size=6))
def test_segments_round_trip(found):
    data = encode_segment(found)
    assert decode_segment(data) == found
    assert [item_at(data, offset) for offset, _ in scan_segment(data)] == found


@settings(max_examples=60)
@given(st.lists(items, min_size=1, max_size=4), st.data())
def test_a_flipped_bit_is_refused_or_changes_the_root(found, data):
    encoded = bytearray(encode_segment(found))
    bit = data.draw(st.integers(0, len(encoded) * 8 - 1))
    encoded[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(FormatError):
        assert items_root(decode_segment(bytes(encoded))) != items_root(found)


@settings(max_examples=60)
@given(st.lists(items, min_size=1, max_size=4), st.data())
def test_a_cut_segment_is_refused_or_lacks_whole_items(found, data):
    encoded = encode_segment(found)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with contextlib.suppress(FormatError):
        assert decode_segment(encoded[:cut]) == found[: len(decode_segment(encoded[:cut]))] != found


@given(st.lists(items, min_size=1, max_size=5), st.data())
@settings(max_examples=40)
def test_erasing_keeps_digests_and_root(found, data):
    which = data.draw(st.integers(0, len(found) - 1))
    less = [item.erased() if n == which else item for n, item in enumerate(found)]
    again = decode_segment(encode_segment(less))
    assert again == less
    assert again[which].data is None
    assert items_root(again) == items_root(found)


def test_root_is_over_type_digest_and_stored_digest():
    found = [make_item(1, b"d" * 32, b"x"), make_item(4, b"e" * 32, b"y")]
    assert items_root(found) == root([leaf_hash(bytes([item.type]) + item.digest + item.stored) for item in found])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEADER[:-1],
        b"worldloom/segment/2\n",
        HEADER + b"\x01",
        HEADER + bytes(73),
        HEADER + b"\x05" + bytes(72),
        HEADER + b"\x01" + bytes(64) + b"\xff" * 7 + b"\xfe",
        encode_segment([make_item(1, bytes(32), b"abc")]) + b"\0",
    ],
)
def test_malformed_segments_are_refused(data):
    with pytest.raises(FormatError):
        decode_segment(data)
