import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.arrow import integers, texts
from worldloom.provenance.errors import FormatError

TEXTS = (
    st.none() | st.sampled_from(["", "agent-1", "é", "\U0001f600"]) | st.text(st.characters(exclude_categories=["Cs"]))
)


def bytes_of(column):
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([column], ["column"])
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


@given(st.lists(TEXTS, max_size=40))
def test_a_column_of_texts_is_to_the_byte_what_pyarrow_makes(values):
    column = texts(values)
    column.validate(full=True)
    assert column.to_pylist() == values
    assert bytes_of(column) == bytes_of(pa.array(values, pa.string()))


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40))
def test_a_column_of_integers_is_to_the_byte_what_pyarrow_makes(values):
    assert bytes_of(integers(values)) == bytes_of(pa.array(values, pa.int64()))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_an_integer_beyond_64_bits_is_refused_by_its_value(value):
    with pytest.raises(FormatError, match=f"beyond 64 bits: {value}"):
        integers([1, value])


def test_writing_a_block_imports_no_pandas():
    code = """
import sys
from worldloom.provenance.events_block import EventBlock
EventBlock(60, 0, [[60, 1, None, "walk", "é", None, None, {}]]).encode()
print("pyarrow" in sys.modules, "pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
