import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.vector.grammar import Mask
from worldloom.generators.image.vector.program import Name, Prim, Program, decode, encode, header
from worldloom.generators.image.vector.vocabulary import END, MAX_TOKENS, PAD, SLOTS, TOKENS, WORDS, age_band

OVAL = Prim("O", "gold", (32, 32, 5, 5))


@pytest.mark.parametrize("domain", SLOTS)
def test_what_the_source_draws_comes_back_and_is_allowed_token_by_token(drawn, domain):
    for program in drawn(domain, 40):
        tokens = encode(program)
        assert decode(tokens) == program
        mask = Mask()
        assert all(tokens[at] in mask(tokens[:at]) for at in range(len(SLOTS[domain]) + 1, len(tokens)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_blind_walks_under_the_mask_end_in_time_and_can_be_read(walk, seed):
    tokens = walk(seed)
    assert len(tokens) <= MAX_TOKENS
    assert encode(decode(tokens)) == tokens


def test_a_walk_that_never_wants_to_end_is_ended():
    mask, tokens = Mask(), header("sign", {})
    while tokens[-1] != TOKENS[END]:
        tokens.append(next((token for token in mask(tokens) if WORDS[token] in ("G3", "S10m", "63")), mask(tokens)[0]))
    assert len(tokens) <= MAX_TOKENS
    decode(tokens)


@settings(max_examples=200)
@given(st.lists(st.integers(-3, len(WORDS) + 2), max_size=30), st.sampled_from([*SLOTS, ""]))
def test_tokens_of_no_picture_are_refused_and_others_come_back(tokens, domain):
    tokens = ([*header(domain, {}), *tokens, TOKENS[END]]) if domain else tokens
    with contextlib.suppress(GeneratorError):
        assert encode(decode(tokens)) == tokens


@pytest.mark.parametrize(
    "body",
    [
        ["O", "gold", "1", "2", "3"],
        ["O", "1", "1", "2", "3", "4"],
        ["G1", "1", "2", "3", ")"],
        ["G1", "1", "2", "3", "O", "gold", "1", "2", "3", "4"],
        ["K", "G1", "1", "2", "3", "O", "gold", "1", "2", "3", "4", ")", ")"],
        [")"],
        ["gold"],
        [PAD],
        ["O", "gold", "1", "2", "3", "4", END],
    ],
)
def test_half_shapes_and_groups_in_groups_are_refused(body):
    tokens = [*header("sign", {}), *(TOKENS[word] for word in body), TOKENS[END]]
    with pytest.raises(GeneratorError, match="no vector picture"):
        decode(tokens)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (Program("statue", {}, (OVAL,)), "portrait, sign"),
        (Program("sign", {"mood": "sad"}, (OVAL,)), "charge, ink"),
        (Program("sign", {"field": "beige" * 99}, (OVAL,)), "red, blue"),
        (Program("sign", {}, (OVAL._replace(paint="mud"),)), "mud"),
        (Program("sign", {}, (OVAL._replace(numbers=(64, 0, 0, 0)),)), "64"),
        (Program("sign", {}, (Name("hat:crown"),)), "hat:crown"),
        (Program("sign", {}, (OVAL,) * 90), "at most"),
    ],
)
def test_programs_that_do_not_fit_say_why(program, reason):
    with pytest.raises(GeneratorError, match=reason) as error:
        encode(program)
    assert len(str(error.value)) < 300


def test_words_are_told_apart_and_two_colours_never_share_one():
    assert len(set(WORDS)) == len(WORDS)
    assert {"ink=red", "field=red", "second=red", "tint=red", "red.paint"} <= set(WORDS)


def test_ages_have_bands():
    assert [age_band(years) for years in (0, 13, 14, 27, 28, 47, 48, 63, 64, 99)] == [
        *["child"] * 2,
        *["young"] * 2,
        *["grown"] * 2,
        *["ripe"] * 2,
        *["old"] * 2,
    ]
