from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sequence.decoder import Decoder
from worldloom.generators.sequence.model import ModelSize, new_model
from worldloom.generators.sequence.sampling import choose, choose_steadily, noise, noise_of_each, sample

SIZE = ModelSize(hidden=64, layers=3, heads=4, feed_forward=160)
WORDS = [str(number) for number in range(120)]
END = 1
SEEDS = st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def model():
    import torch

    made = new_model(WORDS, SIZE, 3, 80, 0, END).eval()
    with torch.no_grad():  # norm weights of one would hide a decoder that forgets them
        for number, tensor in enumerate(made.parameters()):
            tensor += 0.1 * torch.rand(tensor.shape, generator=torch.Generator().manual_seed(number))
    return made


def _draw(model, seed, allowed=lambda tokens: range(1, 120), prefix=(5, 6, 7), **other):
    settings = {"temperature": 0.9, "end": END, "max_tokens": 60} | other
    return sample(model, list(prefix), allowed, seed=seed, **settings)


def test_the_decoder_computes_what_transformers_computes(model):
    import torch

    tokens = [(7 * place) % 120 for place in range(60)]
    with torch.inference_mode():
        theirs = model(torch.tensor([tokens])).logits[0]
        decoder = Decoder(model, 60)
        ours = torch.stack([decoder.logits(decoder.read(token)) for token in tokens])
    assert float((ours - theirs).abs().max()) < 1e-4 < float(theirs.abs().max())


def test_a_cache_larger_than_the_models_places_is_refused(model):
    with pytest.raises(GeneratorError, match="places"):
        Decoder(model, 82)


def test_only_what_the_mask_allows_is_drawn_and_end_ends(model):
    def allowed(tokens):
        return [END] if len(tokens) == 20 else [10 + len(tokens), 60]

    tokens = _draw(model, 4, allowed)
    assert len(tokens) == 21
    assert tokens[-1] == END
    assert all(token in (60, 10 + place) for place, token in enumerate(tokens[3:-1], 3))


def test_without_an_end_the_longest_length_ends(model):
    assert len(_draw(model, 1, lambda tokens: range(2, 120), max_tokens=30)) == 30


@pytest.mark.parametrize(("prefix", "allowed"), [((), lambda tokens: [2]), ((5,), lambda tokens: [])])
def test_nothing_to_start_or_go_on_with_is_an_error(model, prefix, allowed):
    with pytest.raises(GeneratorError):
        _draw(model, 1, allowed, prefix)


def test_seeds_that_differ_only_in_their_high_bits_differ(model):
    assert len({tuple(_draw(model, seed)) for seed in (5, 5 + 2**63, 5 + 2**32)}) == 3


def test_what_was_drawn_before_changes_nothing(model):
    alone = _draw(model, 9)
    for seed in range(3):
        _draw(model, seed)
    assert _draw(model, 9) == alone


def test_two_threads_draw_the_same_as_one(model):
    import torch

    before = torch.get_num_threads()
    drawn = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            drawn.append([_draw(model, seed) for seed in range(6)])
    finally:
        torch.set_num_threads(before)
    assert drawn[0] == drawn[1]


def test_temperature_nothing_takes_the_likeliest_whatever_the_seed(model):
    assert _draw(model, 1, temperature=0) == _draw(model, 2, temperature=0)


@given(SEEDS, st.integers(0, 10_000))
def test_noise_is_a_share(seed, place):
    assert 0 <= noise(seed, place) < 1


@given(
    st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=64),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([0, 0.3, 1.0]),
    st.sampled_from([0.01, 0.5, 0.95, 1.0]),
)
def test_every_choice_is_a_place(logits, uniform, temperature, top_p):
    assert 0 <= choose(np.array(logits, np.float32), uniform, temperature, top_p) < len(logits)


def test_shares_are_kept_and_the_unlikely_is_cut():
    logits = np.log(np.array([0.1, 0.6, 0.3], np.float32))
    whole = [choose(logits, (step + 0.5) / 1000, 1.0) for step in range(1000)]
    assert [whole.count(place) for place in range(3)] == [100, 600, 300]
    cut = [choose(logits, (step + 0.5) / 1000, 1.0, top_p=0.85) for step in range(1000)]
    assert [cut.count(place) for place in range(3)] == [0, 667, 333]


@given(st.integers(0, 2**32 - 1), st.floats(0, 1, exclude_max=True), st.sampled_from([0.2, 4.0, 40.0]))
def test_of_many_options_the_same_is_chosen_as_if_all_were_sorted(seed, uniform, spread):
    logits = np.random.default_rng(seed).normal(0, spread, 2000).astype(np.float32)
    shares = np.exp((logits.astype(np.float64) - logits.max()) / 0.8)
    order = np.argsort(-shares, kind="stable")
    sums = np.cumsum(shares[order])
    nucleus = sums[: np.searchsorted(sums, 0.92 * sums[-1]) + 1]
    expected = order[np.searchsorted(nucleus, uniform * nucleus[-1], side="right")]
    assert choose(logits, uniform, 0.8, 0.92) == expected


def test_steady_choices_are_made_as_often_as_others_and_the_unlikely_is_cut():
    logits = np.log(np.array([0.1, 0.6, 0.3], np.float32))
    numbers = np.array([4, 900, 17])
    draws = [noise_of_each(seed, 5, numbers) for seed in range(20_000)]
    whole = np.bincount([choose_steadily(logits, draw, 1.0) for draw in draws], minlength=3) / 20_000
    assert np.allclose(whole, [0.1, 0.6, 0.3], atol=0.015)
    cut = np.bincount([choose_steadily(logits, draw, 1.0, top_p=0.85) for draw in draws], minlength=3) / 20_000
    assert np.allclose(cut, [0, 0.667, 0.333], atol=0.015)


@given(SEEDS, st.lists(st.floats(-5, 5, width=32), min_size=2, max_size=30), st.data())
def test_a_steady_choice_outlives_options_that_were_not_taken(seed, logits, data):
    numbers, logits = np.arange(len(logits)) * 7, np.array(logits, np.float32)
    chosen = choose_steadily(logits, noise_of_each(seed, 3, numbers), 0.7)
    gone = data.draw(st.sampled_from([at for at in range(len(logits)) if at != chosen]))
    left = np.delete(np.arange(len(logits)), gone)
    again = choose_steadily(logits[left], noise_of_each(seed, 3, numbers[left]), 0.7)
    assert left[again] == chosen


def test_a_steady_choice_at_no_temperature_is_the_likeliest():
    assert choose_steadily(np.array([0.1, 3.0, 2.9], np.float32), np.array([0.99, 0.01, 0.99]), 0) == 1


@given(SEEDS, st.integers(0, 10_000))
def test_the_noise_of_each_is_between_nothing_and_one_and_its_own(seed, place):
    noises = noise_of_each(seed, place, np.arange(3000))
    assert np.all((noises > 0) & (noises < 1))
    assert len(set(noises.tolist())) == 3000
    assert noise_of_each(seed, place, np.array([17]))[0] == noises[17]


@pytest.mark.gpu
def test_on_a_gpu_the_same_sequences_are_drawn(model):
    there = deepcopy(model).to("cuda")
    drawn = [_draw(there, seed) for seed in range(6)]
    assert drawn == [_draw(there, seed) for seed in range(6)]
    # A logit that differs in its last digits changes a draw once in some hundred thousand.
    assert drawn == [_draw(model, seed) for seed in range(6)]
