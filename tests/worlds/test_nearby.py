"""Who is near one: as the pairs of all have it, whatever rooms they are in and however many stand on one spot."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.nearby import HEARING_MM, Spots, around, within

spot = st.tuples(st.integers(0, 5).map(lambda n: n * 4_000), st.integers(0, 20_000), st.integers(-1, 2))


@given(st.lists(spot, min_size=1, max_size=12), st.data())
def test_who_is_near_one_is_who_is_paired_with_one(crowd, data):
    one = data.draw(st.integers(0, len(crowd) - 1))
    spots = Spots(*np.array(crowd, np.int64).T)
    pairs = within(spots, spots, HEARING_MM, whole_rooms=False)
    mine = pairs.watched[pairs.watcher == one]
    assert around(spots, one, HEARING_MM).tolist() == mine[mine != one].tolist()
