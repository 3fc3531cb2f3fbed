"""Roots and proofs from tiles are those of the whole tree; a tile that was changed is never believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError, ProvenanceError
from worldloom.provenance.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from worldloom.provenance.tile_tree import TileTree
from worldloom.provenance.tiles import TileBuilder, tiles_of

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(66_600)]
SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_600]


def stored(size):
    tiles = dict(TileBuilder().extend(LEAVES[:size]))
    assert set(tiles) == {tile for tile in tiles_of(size) if tile.level >= 0}
    return tiles


@pytest.fixture(scope="module", params=SIZES)
def both(request):
    size = request.param
    tiles, whole = stored(size), Tree(LEAVES[:size])
    return TileTree(tiles.__getitem__, size, whole.root()), whole


def test_every_older_root_and_proof_is_that_of_the_whole_tree(both):
    tiled, whole = both
    size = whole.size
    steps = max(1, size // 23)
    for older in [*range(0, size + 1, steps), size]:
        assert tiled.root(older) == whole.root(older)
        path = tiled.consistency_proof(older)
        assert path == whole.consistency_proof(older)
        assert verify_consistency(older, size, path, whole.root(older), whole.root())
    for index in [*range(0, size, steps), size - 1] if size else []:
        path = tiled.inclusion_proof(index)
        assert path == whole.inclusion_proof(index)
        assert verify_inclusion(LEAVES[index], index, size, path, whole.root())


@settings(max_examples=60)
@given(st.data())
def test_a_changed_tile_is_never_believed(data):
    size = data.draw(st.sampled_from([3, 256, 300, 600]))
    tiles, whole = stored(size), Tree(LEAVES[:size])
    victim = data.draw(st.sampled_from(sorted(tiles)))
    changed = bytearray(tiles[victim])
    bit = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[bit // 8] ^= 1 << bit % 8
    tiles[victim] = bytes(changed)
    try:
        tiled = TileTree(tiles.__getitem__, size, whole.root())
        for index in range(0, size, 17):
            assert tiled.inclusion_proof(index) == whole.inclusion_proof(index)
    except FormatError:
        return
    assert victim.width == 256  # only a tile that no proof above needed goes unread


def test_a_tile_of_another_length_and_a_root_of_another_log_are_refused():
    tiles = stored(300)
    with pytest.raises(FormatError, match="the root that the checkpoint signs"):
        TileTree(tiles.__getitem__, 300, bytes(32))
    short = {tile: data[:-1] for tile, data in tiles.items()}
    with pytest.raises(FormatError, match=r"log/tile/0/001\.p/44"):
        TileTree(short.__getitem__, 300, Tree(LEAVES[:300]).root())


def test_an_absurd_size_asks_for_one_tile_and_ends():
    asked = []

    def read(tile):
        asked.append(tile)
        raise FormatError("no such tile")

    with pytest.raises(ProvenanceError):
        TileTree(read, 2**62 + 5, bytes(32))
    assert len(asked) == 1
