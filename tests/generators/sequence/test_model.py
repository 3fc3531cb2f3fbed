import json

import pytest
from worldloom.generators.errors import GeneratorError, WeightsError
from worldloom.generators.sequence.model import ModelSize, load_model, new_model, save_weights, weights_digest

WORDS = ["pad", "end", *(f"word:{number}" for number in range(30))]
SIZE = ModelSize(hidden=32, layers=2, heads=4, feed_forward=48)


def _new(seed=1):
    return new_model(WORDS, SIZE, seed, 24, 0, 1)


@pytest.fixture
def folder(tmp_path):
    save_weights(_new(), SIZE, WORDS, tmp_path, {"seed": 1, "steps": 0})
    return tmp_path


def _load(folder):
    return load_model(folder, WORDS, 24, 0, 1)


def test_the_same_seed_gives_the_same_model_and_leaves_torchs_own_seed_alone():
    import torch

    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    one, again, other = _new(), _new(), _new(2)
    assert torch.equal(torch.rand(2), expected)
    assert torch.equal(one.model.embed_tokens.weight, again.model.embed_tokens.weight)
    assert not torch.equal(one.model.embed_tokens.weight, other.model.embed_tokens.weight)


def test_weights_come_back_as_their_halves_and_once(folder):
    import torch

    model, back = _new(), _load(folder)
    for name, tensor in model.state_dict().items():
        assert torch.equal(back.state_dict()[name], tensor.half().float()), name
    parameters = sum(p.numel() for p in model.parameters())
    assert (folder / "model.safetensors").stat().st_size < 2 * parameters + 4_000
    assert len(weights_digest(folder)) == 64


def test_saving_twice_writes_the_same_bytes(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    assert save_weights(_new(), SIZE, WORDS, other, {"seed": 1, "steps": 0}) == weights_digest(folder)
    for name in ("model.safetensors", "config.json"):
        assert (other / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("harm", ["cut", "pickle", "no config", "list", "not json", "words", "layers", "size", "extra"])
def test_harmed_weights_are_refused_with_their_path(folder, harm):
    weights, config = folder / "model.safetensors", folder / "config.json"
    told = json.loads(config.read_text())
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:500])
    elif harm == "pickle":
        weights.write_bytes(b"\x80\x04\x95" + bytes(100))
    elif harm == "no config":
        config.unlink()
    elif harm == "extra":
        from safetensors.torch import load, save

        tensors = load(weights.read_bytes())
        weights.write_bytes(save({**tensors, "more": tensors["model.norm.weight"].clone()}))
    else:
        size = told["size"]
        config.write_text(
            {
                "list": "[]",
                "not json": "{",
                "words": json.dumps(told | {"words": "0" * 64}),
                "layers": json.dumps(told | {"size": size | {"layers": 3}}),
                "size": json.dumps(told | {"size": {"width": 3}}),
            }[harm]
        )
    with pytest.raises(WeightsError, match=str(folder)):
        _load(folder)


def test_weights_of_another_vocabulary_are_refused(folder):
    with pytest.raises(WeightsError, match="another vocabulary"):
        load_model(folder, [*WORDS[:-1], "word:x"], 24, 0, 1)


def test_a_pad_that_is_no_word_is_refused():
    with pytest.raises(GeneratorError, match="32 words"):
        new_model(WORDS, SIZE, 1, 24, 0, 32)
