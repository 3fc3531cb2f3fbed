"""Roots and proofs against the recursive definition of RFC 6962, written out again here."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.errors import LogError
from worldloom.provenance.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)


def oracle(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + oracle(leaves[:k]) + oracle(leaves[k:])).digest()


LEAVES = [bytes([n]) * 3 for n in range(70)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def test_roots_of_every_size_follow_the_definition():
    frontier, tree = Frontier(), Tree(HASHES)
    for size in range(70):
        expected = oracle(LEAVES[:size])
        assert frontier.root == root(HASHES[:size]) == tree.root(size) == expected
        frontier.append(HASHES[size])


def test_empty_tree_is_the_hash_of_nothing():
    assert root([]) == EMPTY_ROOT == Tree([]).root()


def test_a_copied_frontier_grows_alone():
    frontier = Frontier()
    frontier.extend(HASHES[:5])
    twin = frontier.copy()
    twin.append(HASHES[5])
    assert frontier.root == oracle(LEAVES[:5])
    assert twin.root == oracle(LEAVES[:6])


def test_every_inclusion_proof_verifies_and_for_no_other_leaf_or_place():
    for size in range(1, 24):
        head = root(HASHES[:size])
        for index in range(size):
            proof = inclusion_proof(HASHES[:size], index)
            assert verify_inclusion(HASHES[index], index, size, proof, head)
            assert not verify_inclusion(HASHES[index + 1], index, size, proof, head)
            assert not verify_inclusion(HASHES[index], index, size, [*proof, head], head)
            if proof:
                assert not verify_inclusion(HASHES[index], index, size, proof[:-1], head)
                assert not verify_inclusion(HASHES[index], (index + 1) % size, size, proof, head)


def test_every_consistency_proof_verifies_and_for_no_other_head():
    for second in range(24):
        for first in range(second + 1):
            proof = consistency_proof(HASHES[:second], first)
            old, new = root(HASHES[:first]), root(HASHES[:second])
            assert verify_consistency(first, second, proof, old, new)
            assert not verify_consistency(first, second, [*proof, old], old, new)
            if first:
                assert not verify_consistency(first, second, proof, old, leaf_hash(b"fork"))
                assert not verify_consistency(first, second, proof, leaf_hash(b"fork"), new)


@settings(max_examples=40)
@given(st.integers(2, 200), st.data())
def test_one_flipped_bit_of_a_proof_is_refused(size, data):
    hashes = [leaf_hash(n.to_bytes(2, "big")) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(hashes, index)
    which, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    bad = list(proof)
    bad[which] = (int.from_bytes(bad[which], "big") ^ (1 << bit)).to_bytes(32, "big")
    assert verify_inclusion(hashes[index], index, size, proof, root(hashes))
    assert not verify_inclusion(hashes[index], index, size, bad, root(hashes))


def test_proofs_beyond_the_tree_are_refused():
    tree = Tree(HASHES[:4])
    for call in (lambda: tree.inclusion_proof(4), lambda: tree.inclusion_proof(-1), lambda: tree.root(5)):
        with pytest.raises(LogError):
            call()
    with pytest.raises(LogError):
        tree.consistency_proof(3, 2)
    assert not verify_inclusion(HASHES[0], 4, 4, [], HASHES[0])
    assert not verify_consistency(3, 2, [], HASHES[0], HASHES[0])
