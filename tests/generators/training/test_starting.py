"""A training that begins with weights that are there: better from its first step, named by digest, refused if unfit."""

import dataclasses

import pytest
from worldloom.generators.errors import TrainingError, WeightsError
from worldloom.generators.text.language.course import LanguageCourse
from worldloom.generators.text.language.tokens import learn_tokens
from worldloom.generators.training.card import card
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train
from worldloom.generators.training.reference import log_storage
from worldloom.generators.training.session import Order, produce
from worldloom.generators.training.starting import digest_of, first_model, going_on_from
from worldloom.provenance.keys import Keystore
from worldloom.provenance.training_proof import TrainingRecord

PLAN = Plan(seed=5, steps=200, rows=8, learning_rate=0.02, warm_up=2)


def silent(_) -> None:
    pass


@pytest.fixture
def trained(line, tmp_path):
    folder = tmp_path / "first"
    line.save(train(line, PLAN, tmp_path / "work", silent).model, folder, PLAN.told(200))
    return folder


def test_it_begins_where_the_weights_are_and_says_so_in_card_and_log(line, trained, tmp_path):
    plan = dataclasses.replace(PLAN, steps=20, start=digest_of(trained))
    keystore = Keystore.open(tmp_path / "home")
    order = Order(line, plan, tmp_path / "out", tmp_path / "w", start=trained)
    produce(order, keystore, silent, silent)
    afresh = train(line, dataclasses.replace(PLAN, steps=20), tmp_path / "afresh", silent)
    again = train(line, plan, tmp_path / "again", silent, start=trained)
    assert again.points[0].loss < afresh.points[0].loss / 2
    text = card(line, order.out)
    assert plan.start in text
    assert "--from FOLDER" in text
    assert TrainingRecord.read(log_storage(order.out)).data.body["plan"]["start"] == plan.start


@pytest.mark.parametrize("start", ["", "0" * 64])
def test_other_weights_than_the_plan_s_are_refused(line, trained, start):
    with pytest.raises(TrainingError, match="begins with the weights"):
        first_model(line, dataclasses.replace(PLAN, start=start), trained)
    with pytest.raises(TrainingError, match="begins with the weights"):
        first_model(line, dataclasses.replace(PLAN, start=digest_of(trained)), None)


def test_weights_of_another_model_are_refused_with_their_file_s_name(line, trained, tmp_path):
    import torch
    from safetensors.torch import save_file

    for number, tensors in enumerate([{"0.weight": torch.zeros(3, 1)}, {"other": torch.zeros(1)}, {}]):
        folder = tmp_path / str(number)
        folder.mkdir()
        save_file(tensors, folder / "model.safetensors")
        with pytest.raises(TrainingError, match=r"model\.safetensors"):
            first_model(line, dataclasses.replace(PLAN, start=digest_of(folder)), folder)
    with pytest.raises(WeightsError, match="missing"):
        digest_of(tmp_path)


def test_a_language_training_keeps_the_tokenizer_that_its_weights_know(tmp_path):
    tokens = learn_tokens(["a feast at the inn", "the tide is late"], 300)
    tokens.save(tmp_path)
    course = going_on_from(LanguageCourse(teaching=None), tmp_path)
    assert course._tokens(1).words == tokens.words
