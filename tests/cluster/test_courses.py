"""The language model's course: where its lessons come from, and what is told before anything takes long."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from worldloom.cluster import courses
from worldloom.cluster.village_prompts import village_prompts
from worldloom.generators.errors import WeightsError


def test_weights_that_are_not_there_are_told_before_a_village_is_lived_through(tmp_path: Path) -> None:
    before = village_prompts.cache_info().misses
    with pytest.raises(WeightsError, match=r"tokenizer\.json|model\.safetensors"):
        courses.evaluate(tmp_path)
    assert village_prompts.cache_info().misses == before


def test_the_course_reaches_other_processes_that_make_its_batches() -> None:
    sent = pickle.loads(pickle.dumps(courses.language()))
    assert sent.plan == courses.language().plan
    assert sent._teaching.lesson is courses._lesson


def test_no_village_teaches_and_judges() -> None:
    assert not set(courses.VILLAGES) & set(courses.STRANGE_VILLAGES)


@pytest.mark.slow
def test_a_villages_day_can_be_taught_and_is_the_same_again() -> None:
    lessons = courses._lessons(5, (9001,))
    found = [lessons.lesson(number) for number in range(600)]
    assert {each.purpose for each in found} >= {"decide", "talk", "plan", "make", "reflect", "song", "letter"}
    assert found[7] == lessons.lesson(7)
