"""How a row's token is chosen, against the distribution that it should follow."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.backends.control import Patience
from worldloom.generators.text.decoding import Ending, Row, Sampler


def row(seed=1, attempt=0, budget=100):
    return Row(seed, attempt, budget, lambda words: False)


def choose(scores, rows, step=0, temperature=1.0, top_p=1.0):
    ids = torch.zeros((len(rows), 5 + step), dtype=torch.long)
    return Sampler(rows, 5, temperature, top_p)(ids, scores).argmax(-1).tolist()


def test_tokens_come_as_often_as_their_probability_says():
    scores = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]]))
    rows = [row(seed) for seed in range(4000)]
    chosen = torch.tensor(choose(scores.expand(4000, -1), rows))
    shares = torch.bincount(chosen, minlength=4) / 4000
    assert torch.allclose(shares, scores.exp()[0], atol=0.025)


def test_the_nucleus_leaves_the_unlikely_out():
    scores = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]])).expand(500, -1)
    rows = [row(seed) for seed in range(500)]
    assert set(choose(scores, rows, top_p=0.6)) == {0, 1}
    assert set(choose(scores, rows, top_p=0.0001)) <= {0}


def test_no_temperature_takes_the_likeliest():
    scores = torch.randn((20, 50), generator=torch.Generator().manual_seed(1))
    assert choose(scores, [row(seed) for seed in range(20)], temperature=0) == scores.argmax(-1).tolist()


def test_what_a_grammar_forbids_is_never_chosen():
    scores = torch.full((300, 10), float("-inf"))
    scores[:, 7] = -50.0
    assert set(choose(scores, [row(seed) for seed in range(300)], temperature=5)) == {7}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=8, unique=True), st.integers(0, 300), st.randoms())
def test_a_row_s_choice_does_not_depend_on_its_neighbours(seeds, step, random):
    scores = torch.randn((len(seeds), 40), generator=torch.Generator().manual_seed(step))
    together = choose(scores, [row(seed) for seed in seeds], step)
    order = list(range(len(seeds)))
    random.shuffle(order)
    turned = choose(scores[order], [row(seeds[at]) for at in order], step)
    assert [turned[order.index(at)] for at in range(len(seeds))] == together
    assert choose(scores[:1], [row(seeds[0])], step) == together[:1]


def test_a_repair_and_a_later_token_draw_anew():
    scores = torch.zeros((1, 1000))
    drawn = {tuple(choose(scores, [row(3, attempt)], step)) for attempt in range(2) for step in range(5)}
    assert len(drawn) == 10


def ended(rows, tokens, words="", patience=None):
    ending = Ending(rows, 2, patience or Patience(60), lambda ids: words)
    return ending(torch.zeros((len(rows), 2 + tokens), dtype=torch.long), None).tolist(), ending.done


def test_rows_end_at_their_own_budget():
    assert ended([row(budget=3), row(budget=5)], 3)[0] == [True, False]


@pytest.mark.parametrize(("words", "end"), [('{"a":1}', True), ("so far", False)])
def test_a_row_ends_when_its_answer_is_whole(words, end):
    whole = Row(1, 0, 100, lambda text: text == '{"a":1}')
    assert ended([whole], 1, words)[0] == [end]


def test_all_rows_end_with_the_call_but_are_not_done():
    over, done = ended([row(), row(budget=1)], 1, patience=Patience(0))
    assert over == [True, True]
    assert done == [False, True]
