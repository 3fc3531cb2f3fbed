"""The embedding that a scenario names: in its content, in the run's first entry, in every mind; the default unseen."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from worldloom.agents.embedding import HASHED
from worldloom.agents.errors import MindStateError
from worldloom.cluster import embeddings
from worldloom.cluster.cohort import Cohort, CohortSpec
from worldloom.cluster.rehearsal import rehearse
from worldloom.cluster.runtime import identities, who_answers
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import read_folded
from worldloom.generators.errors import WeightsError
from worldloom.provenance.canonical import canonical
from worldloom.provenance.recipe import Identity

SCENARIO = Scenario(name="small", agents=4, hours=2, seed=3, world={"size": 96}, portraits=False)
LETTERS = SCENARIO.folded(embedding="transformers:letters")


class Letters:
    """Stands in for a sentence encoder: how often four letters come."""

    name = "transformers-letters"
    dimensions = 4
    weight = 2
    identity = Identity("transformers", "letters", weights="11" * 32)

    def __init__(self):
        self.embedded = []

    def embed(self, texts):
        self.embedded += texts
        return np.array([[min(127, 9 * text.count(letter)) for letter in "aeio"] for text in texts], np.int8)

    def embed_query(self, text, found):
        return self.embed([text])[0]


@pytest.fixture
def letters(monkeypatch):
    stand_in = Letters()
    monkeypatch.setattr(embeddings, "_encoder", {LETTERS.embedding: stand_in}.__getitem__)
    return stand_in


def test_the_default_is_hashed_and_leaves_content_as_it_was():
    assert SCENARIO.embedding == "hashed"
    assert "embedding" not in SCENARIO.content()
    assert embeddings.embedding_of("hashed") is HASHED
    assert who_answers(SCENARIO) == identities(SCENARIO.generators)


def test_another_one_stands_in_the_content_and_reads_back():
    assert LETTERS.content()["embedding"] == "transformers:letters"
    assert read_folded(canonical(LETTERS.content()), None) == LETTERS


@pytest.mark.parametrize("value", ["", "magic", "transformers:", "hashed:5", 7])
def test_what_names_no_embedding_is_refused(value):
    with pytest.raises(ValidationError, match="embedding"):
        Scenario(name="small", embedding=value)


def test_weights_that_are_missing_are_told_before_a_run_begins(tmp_path):
    with pytest.raises(WeightsError, match="nowhere"):
        who_answers(SCENARIO.folded(embedding=f"transformers:{tmp_path / 'nowhere'}"))


def test_it_reaches_every_mind_and_its_identity_the_first_entry(letters):
    told = rehearse(LETTERS)
    minds = told.runtime.state()
    assert {mind["stream"]["embedding"] for mind in minds.values()} == {letters.name}
    kept = {row[3] for mind in minds.values() for row in mind["stream"]["memories"]}
    assert kept
    assert kept <= set(letters.embedded)
    assert told.root != rehearse(SCENARIO).root
    assert who_answers(LETTERS)["embedding"] == letters.identity
    copy = told.conductor.minds()
    assert copy.state() == minds


def test_a_cohort_refuses_minds_that_another_embedding_made(letters):
    told = rehearse(LETTERS)
    village = told.minded.village
    with pytest.raises(MindStateError, match=r"'transformers-letters' .* by 'hashed-96'"):
        Cohort(CohortSpec(village.personas, village.cast, 3)).restore(told.runtime.state())
    same = Cohort(told.conductor.cohort_spec())
    before = len(letters.embedded)
    same.restore(told.runtime.state())
    assert same.state() == told.runtime.state()
    assert len(letters.embedded) == before, "vectors were computed anew"
