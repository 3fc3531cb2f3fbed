"""Random bytes in any file, random values in bodies that a holder of the keys signs: a verdict, never an exception."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

RELAXED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = st.sampled_from(["", "a", "0" * 64, "../x", "agent-1", "event-1-0-1"])
KEYS = st.sampled_from(["agent", "type", "path", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
BODIES = [
    "scenario",
    "genesis",
    "decision 0 0 0",
    "picture",
    "letter",
    "export",
    "end",
    "evidence start",
    "evidence certificate ca",
    "evidence snapshot",
    "evidence scenario",
    "evidence picture",
    "evidence export",
]


def assert_told(result):
    json.dumps(result.to_json())
    strange = [finding for finding in result.findings if finding.message.startswith(UNFORESEEN)]
    assert not strange, strange


@pytest.fixture(scope="module")
def clean(forged):
    made = forged()
    return made, {path: made.storage.read(path) for path in made.storage.files()}


def with_files(made, files):
    storage = Storage(PowerLossDisk())
    for path, data in files.items():
        storage.disk.create(path, data)
    made.storage = storage
    return made


@RELAXED
@given(data=st.data())
def test_random_bytes_in_any_file(clean, data):
    made, files = clean
    path = data.draw(st.sampled_from(sorted(files)))
    old = files[path]
    at = data.draw(st.integers(0, len(old)))
    new = data.draw(
        st.one_of(
            st.binary(max_size=200),
            st.binary(min_size=1, max_size=9).map(lambda some: old[:at] + some + old[at:]),
            st.binary(min_size=1, max_size=9).map(lambda some: old[:at] + some + old[at + len(some) :]),
            st.just(old[:at]),
            st.just(old[:at] + old[at + 1 :]),
            st.sampled_from(sorted(files)).map(files.__getitem__),
        )
    )
    result = with_files(made, {**files, path: new}).judge()
    assert_told(result)
    assert result.ok == (new == old)
    if new != old:
        assert path in {finding.path for finding in result.faults}


@RELAXED
@given(data=st.data())
def test_random_bytes_that_a_holder_of_the_keys_seals(clean, data):
    """Without the steps that stop at the seal, the deeper ones meet the bytes all the same."""
    made, files = clean
    path = data.draw(st.sampled_from(sorted(path for path in files if path != "SEAL")))
    with_files(made, {**files, path: data.draw(st.binary(max_size=300))})
    try:
        made.seal()
    except ProvenanceError:
        return
    assert_told(made.judge())


@RELAXED
@given(data=st.data())
def test_random_values_in_any_body(forged, data):
    """Signed and sealed nonsense: whatever the fields hold, every step copes."""
    name = data.draw(st.sampled_from(BODIES))
    put = data.draw(VALUES)

    def spoil(body):
        place, depth = body, data.draw(st.integers(0, 2))
        while True:
            key = data.draw(st.sampled_from(sorted(place)))
            if depth == 0 or not isinstance(place[key], dict) or not place[key]:
                break
            place, depth = place[key], depth - 1
        place[key] = put
        return body

    def copied(body):
        return spoil(json.loads(json.dumps(body)))

    assert_told(forged({name: copied}).judge())


IDS = st.sampled_from([None, "", "agent-0", "agent-5000", "scenario", "event-1-w-0", "event-x", "decision-1-1-1"])
TIMES = st.integers(-10, 10**9)
ROWS = st.lists(st.tuples(TIMES, TIMES, IDS, IDS, IDS, IDS, IDS, VALUES), min_size=1, max_size=4)


@RELAXED
@given(rows=ROWS)
def test_random_events(forged, rows):
    assert_told(forged({"rows of events two": lambda _: rows}).judge())
