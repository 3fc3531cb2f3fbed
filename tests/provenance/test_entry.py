"""84 bytes an entry, one form."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.digests import NONE
from worldloom.provenance.entry import (
    NO_CONTENT,
    SIZE,
    WITHOUT_CONTENT,
    Entry,
    EntryKind,
    content_leaf,
    kind_has_content,
)
from worldloom.provenance.errors import FormatError, NewerFormatError

digests = st.binary(min_size=32, max_size=32).filter(any)


@st.composite
def entries(draw):
    kind = draw(st.one_of(st.sampled_from(list(map(int, EntryKind))), st.integers(0x8000, 0xFFFF)))
    has = kind_has_content(kind)
    has = draw(st.booleans()) if has is None else has
    number = draw(st.integers(0, 2**64 - 2)) if has else NO_CONTENT
    content = draw(digests) if has else NONE
    return Entry(1, kind, draw(st.integers(0, 2**64 - 1)), number, content, draw(st.one_of(digests, st.just(NONE))))


@settings(max_examples=60)
@given(entries())
def test_entries_round_trip_in_84_bytes(entry):
    data = entry.encode()
    assert len(data) == SIZE == 84
    assert Entry.decode(data) == entry


@settings(max_examples=60)
@given(entries(), st.integers(0, 84 * 8 - 1))
def test_a_flipped_bit_is_refused_or_gives_another_entry(entry, bit):
    data = bytearray(entry.encode())
    data[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(FormatError):
        assert Entry.decode(bytes(data)) != entry


def test_the_bytes_are_those_of_the_format():
    entry = Entry(1, EntryKind.DECISION, 60, 2, b"c" * 32, b"e" * 32)
    assert entry.encode().hex() == "00010012" + "000000000000003c0000000000000002" + "63" * 32 + "65" * 32
    assert content_leaf(0x12, 60, b"c" * 32) == entry.content_leaf()
    assert entry.content_leaf().hex() == "0012000000000000003c" + "63" * 32
    assert len(entry.content_leaf()) == 42


@pytest.mark.parametrize("kind", EntryKind)
def test_content_stands_where_its_kind_wants_it_and_nowhere_else(kind):
    wants = kind not in WITHOUT_CONTENT
    bad = Entry(1, kind, 0, NO_CONTENT, NONE, NONE) if wants else Entry(1, kind, 0, 0, b"c" * 32, NONE)
    with pytest.raises(FormatError):
        bad.encode()


@pytest.mark.parametrize(
    "entry",
    [
        Entry(1, 0x12, 0, NO_CONTENT, b"c" * 32, NONE),
        Entry(1, 0x12, 0, 5, NONE, NONE),
        Entry(0, 1, 0, NO_CONTENT, NONE, NONE),
        Entry(1, 0x77, 0, NO_CONTENT, NONE, NONE),
        Entry(1, 1, -1, NO_CONTENT, NONE, NONE),
        Entry(1, 1, 0.5, NO_CONTENT, NONE, NONE),
    ],
)
def test_entries_that_may_not_be_are_not_written(entry):
    with pytest.raises(FormatError):
        entry.encode()


def test_a_newer_entry_says_so_and_a_short_one_too():
    data = bytearray(Entry(1, 1, 0, NO_CONTENT, NONE, NONE).encode())
    data[1] = 2
    with pytest.raises(NewerFormatError):
        Entry.decode(bytes(data))
    with pytest.raises(FormatError):
        Entry.decode(bytes(data[:-1]))
