import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.backends.batching import BUCKET, Batches, is_out_of_memory, padded
from worldloom.generators.backends.control import Facts


@given(st.integers(0, 10_000))
def test_a_padded_length_holds_its_prompt_and_wastes_less_than_a_bucket(length):
    assert length <= padded(length) < max(length, 1) + BUCKET
    assert padded(length) % BUCKET == 0


sizes = st.lists(st.integers(1, 8).map(lambda size: size * 64), max_size=30)


@settings(max_examples=100, deadline=None)
@given(sizes, st.integers(1, 9), st.integers(64, 2000))
def test_everything_is_done_once_in_batches_of_one_size_within_the_limits(sizes, rows, cells):
    done = []

    def work(group, full):
        assert len({sizes[at] for at in group}) == 1
        assert len(group) <= full <= rows
        assert full == 1 or full * sizes[group[0]] <= cells
        done.extend(group)

    assert Batches(rows, cells, Facts()).run(sizes, work) == []
    assert sorted(done) == list(range(len(sizes)))


@settings(max_examples=100, deadline=None)
@given(sizes, st.integers(1, 16), st.integers(0, 900))
def test_whatever_memory_there_is_everything_is_done_or_said_to_fit_nowhere(sizes, rows, memory):
    done = []

    def work(group, full):
        if full * sizes[group[0]] > memory:
            raise MemoryError
        done.extend(group)

    with pytest.MonkeyPatch.context() as patch:
        # Collecting garbage takes long and is nothing that this test looks at.
        patch.setattr("worldloom.generators.backends.batching.release_memory", lambda: None)
        lost = Batches(rows, 1 << 20, Facts()).run(sizes, work)
    assert sorted(done + lost) == list(range(len(sizes)))
    assert {sizes[at] for at in lost} == {size for size in sizes if size > memory}


def test_a_long_prompt_that_did_not_fit_makes_short_ones_wait_no_longer():
    facts, seen = Facts(), []

    def work(group, full):
        seen.append((len(group), full))
        if full > 1 and group[0] == 4:
            raise MemoryError

    batches = Batches(4, 10_000, facts)
    batches.run([64, 64, 64, 64, 1024], work)
    assert seen == [(4, 4), (1, 4), (1, 2), (1, 1)]
    assert batches.rows(64) == 4, "short prompts go on in full batches"
    assert batches.rows(1024) == 1
    assert facts.read()["out_of_memory"] == 2


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("out of memory"), False),
        (KeyError("x"), False),
    ],
)
def test_only_short_memory_is_taken_for_short_memory(error, short):
    assert is_out_of_memory(error) is short
