import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.mesh.grammar import allowed
from worldloom.generators.mesh.source import HELD_OUT, Draws, build, draw_program
from worldloom.generators.mesh.vocabulary import (
    COLOURS,
    END,
    KINDS,
    MAX_PRIMITIVES,
    MAX_TOKENS,
    SIZES,
    TOKENS,
    WORDS,
    Primitive,
    Program,
    decode,
    encode,
)


@settings(max_examples=60)
@given(st.integers(0, 2**31), st.integers(0, 2**31), st.booleans())
def test_every_source_program_fits_the_grid_the_grammar_and_reads_back(seed, number, held_out):
    program, nats = draw_program(seed, number, held_out=held_out)
    tokens = encode(program)
    assert decode(tokens) == program
    assert all(token in allowed(place) for place, token in enumerate(tokens))
    assert nats > 0
    assert ((program.kind, program.colour) in HELD_OUT) == held_out
    assert draw_program(seed, number, held_out=held_out) == (program, nats)


@settings(max_examples=60)
@given(st.data())
def test_whatever_the_mask_allows_decodes(data):
    tokens = []
    while not tokens or tokens[-1] != TOKENS[END]:
        tokens.append(data.draw(st.sampled_from(sorted(allowed(len(tokens))))))
    assert len(tokens) <= MAX_TOKENS
    assert encode(decode(tokens)) == tokens


@settings(max_examples=60)
@given(st.lists(st.integers(-5, len(WORDS) + 5), max_size=40))
def test_any_tokens_decode_or_raise_our_error(tokens):
    try:
        program = decode(tokens)
    except GeneratorError:
        return
    assert encode(program) == [token % len(WORDS) for token in tokens]


def test_a_program_without_end_or_cut_short_is_refused():
    tokens = encode(draw_program(1, 1)[0])
    for broken in (tokens[:-1], tokens[:5], [], tokens[:-2] + tokens[-1:]):
        with pytest.raises(GeneratorError):
            decode(broken)


def test_what_leaves_the_grid_is_refused():
    outside = Primitive("box", "one", "oak", 40, 0, 0, 5, 5, 5)
    with pytest.raises(GeneratorError, match="grid"):
        encode(Program("mug", "red", "small", (outside,)))
    inside = outside._replace(x=0)
    with pytest.raises(GeneratorError, match=str(MAX_PRIMITIVES)):
        encode(Program("mug", "red", "small", (inside,) * (MAX_PRIMITIVES + 1)))
    with pytest.raises(GeneratorError, match="dragon"):
        encode(Program("dragon", "red", "small", (inside,)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_uses_the_colour_asked_and_grows_with_its_size(kind):
    heights = []
    for size in SIZES:
        programs = [build(kind, colour, size, Draws(colour, n)) for colour in COLOURS for n in range(3)]
        assert all(p.colour in {part.material for part in p.primitives} for p in programs)
        heights.append(sum(part.y + part.b + part.c + part.a for p in programs for part in p.primitives[:1]))
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]
