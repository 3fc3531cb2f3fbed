"""Names and bytes of C2SP tiles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.merkle import leaf_hash, root
from worldloom.provenance.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    TileBuilder,
    decode_entries,
    decode_hashes,
    encode_entries,
    encode_hashes,
    tiles_of,
)


def test_paths_are_those_of_the_specification():
    assert Tile(0, 1234067).path == "log/tile/0/x001/x234/067"
    assert Tile(0, 67, 5).path == "log/tile/0/067.p/5"
    assert Tile(ENTRIES, 1000, 1).path == "log/tile/entries/x001/000.p/1"


@given(st.integers(ENTRIES, 5), st.integers(0, 10**10), st.integers(1, WIDTH))
@settings(max_examples=60)
def test_paths_round_trip(level, number, width):
    tile = Tile(level, number, width)
    assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "log/tile/0/67",
        "log/tile/0/067.p/0",
        "log/tile/0/067.p/256",
        "log/tile/0/067.p/05",
        "log/tile/0/x000/067",
        "log/tile/6/000",
        "log/tile/-1/000",
        "tile/0/000",
        "log/tile/0/067.p/999",
        "log/tile/0/000\n",
        "log/tile/0/٠٠٠",
    ],
)
def test_other_spellings_are_refused(path):
    with pytest.raises(FormatError):
        Tile.parse(path)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20), st.data())
def test_bundles_round_trip_and_no_cut_or_longer_one_passes(entries, data):
    encoded = encode_entries(entries)
    assert decode_entries(encoded, len(entries)) == entries
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(FormatError):
        decode_entries(encoded[:cut], len(entries))
    with pytest.raises(FormatError):
        decode_entries(encoded + b"\0", len(entries))


def test_hash_tiles_round_trip_and_refuse_other_widths():
    hashes = [leaf_hash(bytes([n])) for n in range(7)]
    data = encode_hashes(hashes)
    assert decode_hashes(data, 7) == hashes
    for width in (6, 8, 0, 257):
        with pytest.raises(FormatError):
            decode_hashes(data, width)
    for bad in ([], [b"short"], [bytes(32)] * 257):
        with pytest.raises(FormatError):
            encode_hashes(bad)
    with pytest.raises(FormatError):
        encode_entries([bytes(65536)])


@pytest.mark.parametrize("sizes", [[1], [255, 256, 257], [3, 600, 601, 1024], [65536, 65537, 70000]])
def test_builder_gives_the_root_and_the_tiles_of_every_size(sizes):
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(max(sizes))]
    builder, written = TileBuilder(), {}
    for size in sizes:
        written |= dict(builder.extend(leaves[builder.size : size]))
        assert builder.root == root(leaves[:size])
        needed = [tile for tile in tiles_of(size) if tile.level != ENTRIES]
        assert all(tile in written for tile in needed)
        level0 = b"".join(written[tile] for tile in needed if tile.level == 0)
        assert level0 == b"".join(leaves[:size])
        for tile in needed:
            if tile.level == 1:
                start = tile.number * WIDTH
                expected = [root(leaves[n * 256 : n * 256 + 256]) for n in range(start, start + tile.width)]
                assert decode_hashes(written[tile], tile.width) == expected


def test_an_empty_log_needs_no_tiles():
    assert tiles_of(0) == []
