"""Bundles read whole say what entries read one by one say, out-of-form ones too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.entry import NO_CONTENT, Entry, EntryKind
from worldloom.provenance.errors import FormatError
from worldloom.provenance.log_scan import Bundle
from worldloom.provenance.merkle import leaf_hash
from worldloom.provenance.tiles import encode_entries

kinds = st.sampled_from([*map(int, EntryKind), 0x8000, 0xFFFF])
digests = st.sampled_from([bytes(32), b"\x01" * 32, bytes(31) + b"\x01"])
entries = st.builds(
    Entry, st.just(1), kinds, st.integers(0, 2**64 - 1), st.sampled_from([0, 7, NO_CONTENT]), digests, digests
)
odd = st.builds(Entry, st.integers(0, 3), st.integers(0, 0xFFFF), st.just(5), st.just(9), digests, digests)


def raw(entry):
    return b"".join(
        [
            entry.version.to_bytes(2, "big"),
            entry.kind.to_bytes(2, "big"),
            entry.time.to_bytes(8, "big"),
            entry.content_number.to_bytes(8, "big"),
            entry.content,
            entry.evidence,
        ]
    )


def one_by_one(raws):
    """The entries, or the error of the first that may not be."""
    try:
        return [Entry.decode(data) for data in raws], None
    except FormatError as error:
        return None, error


@settings(max_examples=200)
@given(st.lists(entries | odd, min_size=1, max_size=9), st.integers(0, 9))
def test_a_bundle_says_what_its_entries_say(made, length):
    raws = [raw(entry) for entry in made]
    if length < len(raws):
        raws[length] = raws[length][:-1] if length % 2 else raws[length]
    bundle = Bundle(0, encode_entries(raws), len(raws))
    assert bundle.raw() == [bundle.raw_at(place) for place in range(len(raws))] == raws
    assert bundle.leaf_hashes() == [leaf_hash(data) for data in raws]
    wanted, fault = one_by_one(raws)
    if fault is not None:
        with pytest.raises(type(fault)) as found:
            list(bundle.entries())
        assert str(found.value) == str(fault)
        with pytest.raises(FormatError):
            bundle.numbers()
        return
    assert list(bundle.entries()) == wanted
    numbered = [entry for entry in wanted if entry.has_content]
    assert bundle.numbers() == [entry.content_number for entry in numbered]
    assert bundle.content_leaf_hashes() == [leaf_hash(entry.content_leaf()) for entry in numbered]
    assert bundle.ends() == any(entry.kind == EntryKind.END for entry in wanted)


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b"", lambda data: data[1:]]
)
def test_a_malformed_bundle_is_refused(change):
    data = encode_entries([raw(Entry(1, 1, 0, NO_CONTENT, bytes(32), bytes(32)))] * 3)
    with pytest.raises(FormatError):
        Bundle(0, change(data), 3)
