"""Vectors of a sentence encoder: what they are, what they do not depend on, what is refused; and a real one."""

from __future__ import annotations

import json

import numpy as np
import pytest
from worldloom.generators.embedding.transformers_embedding import SCALE, from_argument
from worldloom.generators.errors import UnknownGeneratorError, WeightsError

TEXTS = ["the net was torn by a seal.", "boat", "who mended the net at dawn?", "bread of the feast."]


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def by_hand(folder, text):
    """The mean of a text's last states, of length 1, times SCALE, without any padding."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    with torch.no_grad():
        states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
    mean = states.double().mean(0).numpy()
    return mean / np.linalg.norm(mean) * SCALE


def test_a_vector_is_the_mean_of_states_at_the_fixed_scale(encoder):
    embedding = from_argument(str(encoder))
    vectors = embedding.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedding.dimensions), np.int8)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.abs(vector - by_hand(encoder, text)).max() <= 0.5 + 1e-3
        assert abs(np.linalg.norm(vector.astype(float)) - SCALE) < 3


def test_a_row_does_not_depend_on_its_neighbours_nor_on_threads(encoder):
    import torch

    together = from_argument(str(encoder)).embed(TEXTS)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        alone = [from_argument(str(encoder)).embed([text])[0] for text in reversed(TEXTS)]
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert np.array_equal(np.stack(alone[::-1]), together)


def test_a_query_is_the_text_that_was_asked(encoder):
    embedding = from_argument(str(encoder))
    assert np.array_equal(
        embedding.embed_query("who mended the net?", ["mended"]), embedding.embed(["who mended the net?"])[0]
    )


def test_what_says_nothing_has_the_zero_vector_and_no_text_no_row(encoder):
    embedding = from_argument(str(encoder))
    assert not embedding.embed(["", "  \n"]).any()
    assert embedding.embed([]).shape == (0, embedding.dimensions)


def test_a_text_without_end_is_cut(encoder):
    embedding = from_argument(str(encoder))
    endless, longer = embedding.embed(["net boat " * 100, "net boat " * 5000])
    assert np.array_equal(endless, longer)


def test_the_name_follows_from_weights_and_settings_and_holds_no_path(encoder, tmp_path):
    name = from_argument(str(encoder)).name
    assert name.startswith("transformers-nets-1-")
    assert str(tmp_path) not in name
    assert from_argument(str(encoder)).name == name
    settings = json.loads((encoder / "tokenizer_config.json").read_text())
    (encoder / "tokenizer_config.json").write_text(json.dumps(settings | {"do_lower_case": False}))
    assert from_argument(str(encoder)).name != name
    identity = from_argument(str(encoder)).identity
    assert (identity.backend, identity.model, identity.weights_licence) == ("transformers", "nets-1", "apache-2.0")


def test_pickled_weights_are_refused(encoder):
    (encoder / "model.safetensors").rename(encoder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin, a pickle"):
        from_argument(str(encoder)).embed(["net"])
    with pytest.raises(WeightsError, match="pickle"):
        from_argument(str(encoder / "pytorch_model.bin")).embed(["net"])


def test_weights_that_are_cut_off_are_refused(encoder):
    weights = encoder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(WeightsError, match="no whole safetensors file"):
        from_argument(str(encoder)).embed(["net"])


def test_another_pooling_than_the_mean_is_refused(encoder):
    (encoder / "1_Pooling").mkdir()
    pooling = encoder / "1_Pooling" / "config.json"
    pooling.write_text('{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false}')
    from_argument(str(encoder)).embed(["net"])
    pooling.write_text('{"pooling_mode_cls_token": true}')
    with pytest.raises(WeightsError, match="asks for pooling_mode_cls_token; only the mean"):
        from_argument(str(encoder)).embed(["net"])


def test_what_is_no_encoder_is_refused(encoder):
    config = json.loads((encoder / "config.json").read_text())
    del config["hidden_size"]
    (encoder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="hidden_size is None"):
        from_argument(str(encoder)).embed(["net"])


@pytest.mark.parametrize("argument", ["", "here?batch=4"])
def test_a_specification_that_says_nothing_or_too_much_is_refused(argument):
    with pytest.raises(UnknownGeneratorError, match="transformers"):
        from_argument(argument)


def test_vectors_that_are_no_numbers_are_refused(encoder):
    from safetensors.numpy import load_file, save_file

    weights = load_file(encoder / "model.safetensors")
    save_file({name: value * np.float32("nan") for name, value in weights.items()}, encoder / "model.safetensors")
    with pytest.raises(WeightsError, match="no finite numbers"):
        from_argument(str(encoder)).embed(["net"])


def test_a_real_encoder_finds_what_shares_no_word(minilm):
    embedding = from_argument(str(minilm))
    assert embedding.dimensions == 384
    assert embedding.identity.weights_licence == "apache-2.0"
    told = [
        "Niwen Tidedale mended nets at the boathouse.",
        "The miller's daughter had twins before sunrise.",
        "A gale took the roof off the chapel.",
        "Orsa bought bread at the bakery.",
    ]
    vectors = embedding.embed(told).astype(int)
    for question, answer in (
        ("Who repaired the fishing gear?", 0),
        ("Were any babies born?", 1),
        ("Did the storm damage a building?", 2),
    ):
        likeness = vectors @ embedding.embed_query(question, []).astype(int)
        assert int(likeness.argmax()) == answer
    again = from_argument(str(minilm)).embed(told[::-1])[::-1]
    assert np.array_equal(again, vectors)
