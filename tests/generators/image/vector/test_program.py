import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.vector.grammar import Mask
from worldloom.generators.image.vector.program import Part, Prim, Program, decode, encode, header
from worldloom.generators.image.vector.vocabulary import (
    CUES,
    END,
    MAX_TOKENS,
    PAD,
    SLOTS,
    TOKENS,
    WORDS,
    age_band,
    slots,
)

OVAL = Prim("O", "gold", (32, 32, 5, 5))
KIND = {"kind": "sun", "tint": "red"}
HEAD = [TOKENS[word] for word in ("ornament", "kind=sun", "tint=red")]
PART = ["part:ornament", "kind=sun"]
SHAPE = ["O", "paint:gold", "1", "2", "3", "4"]


def _ornament(*items, attributes=None):
    return Program("ornament", attributes or KIND, {}, (Part("ornament", items),))


@pytest.mark.parametrize("domain", SLOTS)
def test_what_the_source_draws_comes_back_and_is_allowed_token_by_token(drawn, domain):
    for program in drawn(domain, 40):
        tokens = encode(program)
        assert decode(tokens) == program
        mask = Mask()
        assert all(tokens[at] in mask(tokens[:at]) for at in range(1, len(tokens)))


@pytest.mark.parametrize("domain", SLOTS)
def test_every_part_is_told_again_what_decides_it(drawn, domain):
    program = drawn(domain, 1)[0]
    words = [WORDS[token] for token in encode(program)]
    for part in program.parts:
        at = words.index(f"part:{part.name}")
        told = [f"{slot}={program.words[slot]}" for slot in CUES[domain][part.name]]
        assert words[at + 1 : at + 1 + len(told)] == told


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_blind_walks_under_the_mask_end_in_time_and_can_be_read(walk, seed):
    tokens = walk(seed)
    assert len(tokens) <= MAX_TOKENS
    assert encode(decode(tokens)) == tokens


@pytest.mark.parametrize("domain", SLOTS)
@pytest.mark.parametrize("wish", [("G3", "S10m"), ("K", "S10m"), ("part:",), ("L5m",)])
def test_a_walk_that_never_wants_to_end_is_ended(domain, wish):
    mask, tokens = Mask(), [TOKENS[domain]]
    while tokens[-1] != TOKENS[END]:
        may = mask(tokens)
        tokens.append(next((token for token in may if WORDS[token].startswith(wish)), may[0]))
    assert len(tokens) <= MAX_TOKENS
    decode(tokens)


@settings(max_examples=200)
@given(st.lists(st.integers(-3, len(WORDS) + 2), max_size=30), st.booleans())
def test_tokens_of_no_picture_are_refused_and_others_come_back(tokens, headed):
    tokens = [*HEAD, TOKENS[PART[0]], TOKENS[PART[1]], *tokens, TOKENS[END]] if headed else tokens
    with contextlib.suppress(GeneratorError):
        assert encode(decode(tokens)) == tokens


@pytest.mark.parametrize(
    "body",
    [
        [],
        SHAPE,
        PART,
        [*PART, *SHAPE, *PART],
        [PART[0], *SHAPE],
        [PART[0], "kind=ship", *SHAPE],
        ["part:hat", *SHAPE],
        [*PART, "O", "paint:gold", "1", "2", "3"],
        [*PART, "O", "1", "1", "2", "3", "4"],
        [*PART, "O", "paint:hair", "1", "2", "3", "4"],
        [*PART, "G1", "1", "2", "3", ")"],
        [*PART, "G1", "1", "2", "3", *SHAPE],
        [*PART, "K", "G1", "1", "2", "3", *SHAPE, ")", ")"],
        [*PART, ")"],
        [*PART, PAD],
        [*PART, *SHAPE, END],
    ],
)
def test_half_shapes_strange_parts_and_groups_in_groups_are_refused(body):
    with pytest.raises(GeneratorError, match="no vector picture"):
        decode([*HEAD, *(TOKENS[word] for word in body), TOKENS[END]])


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (_ornament(OVAL)._replace(domain="statue"), "portrait, sign"),
        (_ornament(OVAL, attributes={"kind": "sun"}), "kind, tint"),
        (_ornament(OVAL, attributes={**KIND, "mood": "sad"}), "kind, tint"),
        (_ornament(OVAL, attributes={"kind": "sun", "tint": "beige" * 99}), "red, blue"),
        (_ornament(OVAL._replace(paint="mud")), "mud"),
        (_ornament(OVAL._replace(paint="hair")), "hair"),
        (_ornament(OVAL._replace(numbers=(64, 0, 0, 0))), "64"),
        (_ornament(*[OVAL] * 90), "at most"),
        (Program("ornament", KIND, {}, (Part("hat", (OVAL,)),)), "hat"),
    ],
)
def test_programs_that_do_not_fit_say_why(program, reason):
    with pytest.raises(GeneratorError, match=reason) as error:
        encode(program)
    assert len(str(error.value)) < 300


def test_whiskers_need_a_planned_beard(drawn):
    bearded = next(p for p in drawn("portrait", 60) if p.plan["beard"] != "none")
    shaven = bearded._replace(plan={**bearded.plan, "beard": "none"})
    with pytest.raises(GeneratorError, match="no room for 'whiskers'"):
        encode(shaven)
    whiskers = TOKENS["part:whiskers"]
    for program, may in ((bearded, True), (shaven._replace(parts=bearded.parts[:1]), False)):
        tokens = encode(program)
        at = tokens.index(TOKENS["part:scene"])
        assert (whiskers in Mask()(tokens[:at])) == may
    lying = [TOKENS["beard=none"] if WORDS[token].startswith("beard=") else token for token in encode(bearded)]
    with pytest.raises(GeneratorError, match="no vector picture"):
        decode(lying)


def test_a_header_is_the_domain_and_all_attributes():
    assert header("ornament", KIND) == HEAD
    assert len(slots("portrait")) == 14


def test_words_are_told_apart_and_two_colours_never_share_one():
    assert len(set(WORDS)) == len(WORDS)
    assert {"ink=red", "field=red", "second=red", "tint=red", "hair=red"} <= set(WORDS)


def test_ages_have_bands():
    years = (0, 13, 14, 27, 28, 47, 48, 63, 64, 99)
    bands = [band for band in ("child", "young", "grown", "ripe", "old") for _ in range(2)]
    assert [age_band(year) for year in years] == bands
