import math

import pytest
from worldloom.generators.image.vector.course import course
from worldloom.generators.image.vector.model import load_model, write
from worldloom.generators.image.vector.program import decode, header
from worldloom.generators.image.vector.vocabulary import WORDS
from worldloom.generators.training.registry import find
from worldloom.generators.training.surroundings import one_thread


@pytest.fixture(scope="module", autouse=True)
def alone():
    with one_thread():
        yield


@pytest.fixture(scope="module")
def plan():
    from dataclasses import replace

    return replace(course().plan, rows=1, steps=4)


@pytest.fixture(scope="module")
def model(plan):
    return course().new(plan).train()


def test_the_registry_finds_it():
    assert find("picture") == course()


def test_an_untrained_model_knows_nothing_and_a_step_lessens_its_loss(plan, model):
    import torch

    batch = course().batch(plan, 0)
    before = course().loss(model, batch)
    start = float(before.detach())
    assert abs(start - math.log(len(WORDS))) < 0.3
    before.backward()
    with torch.no_grad():
        for tensor in model.parameters():
            tensor -= 0.05 * tensor.grad
    assert float(course().loss(model, batch).detach()) < start - 0.05


def test_what_is_saved_is_loaded_and_writes_readable_pictures(plan, model, tmp_path):
    course().save(model, tmp_path, plan.told(0))
    back = load_model(tmp_path)
    tokens = write(back, header("ornament", {"kind": "sun", "tint": "red"}), 3)
    assert decode(tokens).attributes == {"kind": "sun", "tint": "red"}


def test_the_card_names_held_out_pairs():
    assert "proud fisher" in course().about() or "calm fisher" in course().about()
