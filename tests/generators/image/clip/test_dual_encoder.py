import json

import numpy as np
import pytest
import torch
from worldloom.generators.errors import GeneratorError, WeightsError
from worldloom.generators.image.clip import evaluation
from worldloom.generators.image.clip.course import course
from worldloom.generators.image.clip.lessons import GROUP, contrastive_loss, lesson, shown, true_of
from worldloom.generators.image.clip.model import (
    WEIGHTS_FOLDER,
    ClipSize,
    image_features,
    load_model,
    new_model,
    save_weights,
    text_features,
)
from worldloom.generators.image.clip.scoring import Scorer, frechet
from worldloom.generators.image.pixels.captions import END, Caption, tokens
from worldloom.generators.image.pixels.source import HELD_OUT, draw_sprite
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train

SMALL = ClipSize(hidden=32, image_layers=1, text_layers=1, shared=16)


@pytest.fixture(scope="module")
def scorer():
    found = Scorer()
    found.prepare()
    return found


@pytest.fixture(scope="module")
def drawn():
    return [draw_sprite(555, number) for number in range(40)]


def test_a_caption_is_pooled_where_it_ends_and_not_at_its_highest_word():
    model = new_model(SMALL, 1).eval()
    words = torch.tensor([tokens("a red boat on striped dusk ground"), tokens("red brick-texture")])
    out = model.text_model(words)
    for row in range(2):
        end = words[row].tolist().index(END)
        assert end != int(words[row].argmax())
        assert torch.equal(out.pooler_output[row], out.last_hidden_state[row, end])


def test_vectors_depend_on_their_picture_and_caption_alone_to_the_bit(drawn):
    model = new_model(SMALL, 1).eval()
    images, texts = [each.numbers for each in drawn], [each.caption.text for each in drawn]
    threads = torch.get_num_threads()
    together = image_features(model, images), text_features(model, texts)
    try:
        torch.set_num_threads(2)
        backwards = image_features(model, images[::-1]).flip(0), text_features(model, texts[::-1]).flip(0)
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(together[0], backwards[0])
    assert torch.equal(together[1], backwards[1])
    assert torch.equal(image_features(model, images[7:8])[0], together[0][7])
    assert torch.equal(text_features(model, texts[7:8])[0], together[1][7])


def test_a_score_of_unknown_words_is_refused_and_lists_must_match(scorer, drawn):
    with pytest.raises(GeneratorError, match="dragon"):
        scorer.score([drawn[0].numbers], ["a red dragon"])
    with pytest.raises(ValueError, match="one caption a picture"):
        scorer.score([drawn[0].numbers], [])
    assert scorer.score([], []) == []


def test_pictures_fit_their_own_captions_better_than_those_of_others(scorer, drawn):
    images, texts = [each.numbers for each in drawn], [each.caption.text for each in drawn]
    own = scorer.tiny_clip_score(images, texts)
    assert own > scorer.tiny_clip_score(images, texts[1:] + texts[:1]) + 0.3
    assert evaluation.named(scorer, drawn) >= 0.9
    assert evaluation.coloured(scorer, drawn) >= 0.9


def test_the_distance_of_sets_tells_harm_from_none(scorer, drawn):
    images = [each.numbers for each in drawn]
    bare = [image * 0 + image[0, 0] for image in images]
    assert abs(scorer.fd_tiny_clip(images, images)) < 1e-6
    assert scorer.fd_tiny_clip(images, bare) > 2 * scorer.fd_tiny_clip(images[:20], images[20:])


def test_the_frechet_distance_is_what_it_is_between_known_normals():
    numbers = np.random.default_rng(1).normal(size=(4_000, 3))
    assert abs(frechet(numbers, numbers + np.array([3.0, 0.0, 0.0])) - 9.0) < 1e-6
    assert (
        abs(frechet(numbers, 2 * numbers) - np.trace(np.cov(numbers, rowvar=False)) - np.square(numbers.mean(0)).sum())
        < 1e-6
    )
    assert abs(frechet(numbers, 2 * numbers) - frechet(2 * numbers, numbers)) < 1e-6


def test_lessons_are_groups_of_near_misses_and_show_nothing_held_out():
    drawn = shown(3, 32, 5)
    assert len(drawn) == 32
    for first in range(0, 32, GROUP):
        captions = [each.caption for each in drawn[first : first + GROUP]]
        differing = [len(set(column)) for column in zip(*captions, strict=True)]
        assert sorted(differing) == [1, 1, 1, 1, GROUP]
    assert not {(each.caption.thing or each.caption.texture, each.caption.colour) for each in drawn} & HELD_OUT


def test_captions_that_are_true_of_other_pictures_do_not_count_against_them():
    given = lesson(3, 32, 5)
    texts = given.words.tolist()
    same = [(i, j) for i in range(32) for j in range(32) if i != j and texts[i] == texts[j]]
    assert all(given.ignored[i, j] for i, j in same)
    assert not given.ignored.diagonal().any()
    assert true_of(Caption("boat", "red"), Caption("boat", "red", "sky", "plain"))
    assert not true_of(Caption("boat", "red", "sky"), Caption("boat", "red", "dusk", "plain"))


def test_a_lesson_is_a_function_of_its_seed_and_step():
    one, same, other = lesson(3, 8, 5), lesson(3, 8, 5), lesson(3, 8, 6)
    assert torch.equal(one.pictures, same.pictures)
    assert torch.equal(one.words, same.words)
    assert not torch.equal(one.pictures, other.pictures)


def test_a_short_training_by_the_harness_lowers_the_loss(tmp_path):
    small = type(course())(SMALL)
    done = train(small, Plan(steps=24, rows=16, learning_rate=3e-3, warm_up=4), tmp_path, lambda moment: None)
    before = float(contrastive_loss(small.new(done.plan), lesson(8, 32, 0)).detach())
    assert float(contrastive_loss(done.model, lesson(8, 32, 0)).detach()) < before - 0.3


def test_weights_come_back_as_float16_keeps_them(tmp_path, drawn):
    model = new_model(SMALL, 4).eval()
    save_weights(model, SMALL, tmp_path, {"seed": 4})
    again = load_model(tmp_path)
    images = [each.numbers for each in drawn[:3]]
    assert torch.allclose(image_features(model, images), image_features(again, images), atol=3e-3)
    assert json.loads((tmp_path / "config.json").read_text())["training"] == {"seed": 4}


@pytest.mark.parametrize("harm", ["cut", "pickle", "words", "size", "none"])
def test_harmed_weights_are_refused(tmp_path, harm):
    save_weights(new_model(SMALL, 4), SMALL, tmp_path, {})
    weights, config = tmp_path / "model.safetensors", json.loads((tmp_path / "config.json").read_text())
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif harm == "pickle":
        weights.write_bytes(b"\x80\x04\x95" + bytes(100))
    elif harm == "words":
        (tmp_path / "config.json").write_text(json.dumps(config | {"words": "0" * 64}))
    elif harm == "size":
        (tmp_path / "config.json").write_text(json.dumps(config | {"size": config["size"] | {"image_layers": 2}}))
    else:
        weights.unlink()
    with pytest.raises(WeightsError):
        load_model(tmp_path)


def test_the_model_card_names_the_shipped_weights(scorer):
    assert scorer.weights in (WEIGHTS_FOLDER / "README.md").read_text(encoding="utf-8")
    assert (WEIGHTS_FOLDER / "model.safetensors").stat().st_size < 2_500_000
