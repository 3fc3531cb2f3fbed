from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.cohort import split


@given(agents=st.integers(1, 200), cohorts=st.integers(1, 40))
def test_everybody_is_in_one_cohort_and_sizes_differ_by_one_at_most(agents, cohorts):
    personas = [SimpleNamespace(agent=f"agent-{number}") for number in range(agents)]
    parts = split(personas[::-1], cohorts)
    assert [person.agent for part in parts for person in part] == [person.agent for person in personas]
    sizes = [len(part) for part in parts]
    assert len(parts) == min(agents, cohorts)
    assert max(sizes) - min(sizes) <= 1
