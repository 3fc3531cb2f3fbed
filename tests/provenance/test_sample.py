"""Samples: drawn from the content root by kind, the same for everybody who has the run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.sample import SampleSize, draw, sample_of

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
requests = st.dictionaries(st.sampled_from(["text", "image", "mesh"]), st.lists(digests, max_size=30, unique=True))
sizes = st.one_of(
    st.integers(1, 40).map(lambda n: SampleSize.parse(str(n))),
    st.integers(1, 10_000).map(lambda n: SampleSize(0, n)),
)


@given(digests, requests, sizes)
def test_a_sample_is_part_of_each_kind_and_no_order_changes_it(root, known, size):
    drawn = draw(root, known, size)
    assert drawn == draw(root, {kind: known[kind][::-1] for kind in reversed(known)}, size)
    for kind, found in drawn.items():
        assert set(found) <= set(known[kind])
        assert len(found) == len(set(found)) == size.of(len(known[kind]))
    sample = sample_of(drawn, size, 99)
    assert (sample.drawn, sample.of) == (sum(map(len, drawn.values())), 99)


@given(digests, requests, st.integers(1, 20))
def test_a_larger_sample_holds_the_smaller(root, known, count):
    small, large = (draw(root, known, SampleSize(n)) for n in (count, count + 5))
    assert all(large[kind][: len(found)] == found for kind, found in small.items())


def test_another_root_draws_others():
    known = {"text": [f"{n:064x}" for n in range(200)]}
    first, second = (set(draw(root * 32, known, SampleSize(20))["text"]) for root in ("ab", "cd"))
    assert len(first & second) < 10


@given(sizes)
def test_a_size_is_read_as_it_is_written(size):
    assert SampleSize.parse(str(size)) == size


@pytest.mark.parametrize(("text", "total", "wanted"), [("5", 3, 3), ("5", 9, 5), ("10%", 95, 10), ("0.5%", 10, 1)])
def test_how_many(text, total, wanted):
    assert SampleSize.parse(text).of(total) == wanted
    assert SampleSize.parse(text).of(0) == 0


@pytest.mark.parametrize("text", ["", "0", "0%", "101%", "-1", "1.5", "5 %x", "many", "١", "1e3", "9" * 30])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(FormatError, match="sample"):
        SampleSize.parse(text)
