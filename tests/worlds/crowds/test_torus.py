import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.crowds import Torus


@given(st.integers(3, 40))
def test_to_stand_next_to_somebody_is_mutual_and_eightfold(side):
    near = Torus(side).neighbours
    assert near.shape == (side * side, 8)
    assert all(len(set(row)) == 8 and at not in row for at, row in enumerate(near.tolist()))
    assert all(at in near[other] for at, row in enumerate(near.tolist()) for other in row)


def test_edges_meet():
    assert set(Torus(4).neighbours[0].tolist()) == {15, 12, 13, 3, 1, 7, 4, 5}


@pytest.mark.parametrize("side", [3, 5])
def test_everybody_is_somebodys_neighbour_equally_often(side):
    assert (np.bincount(Torus(side).neighbours.ravel()) == 8).all()
