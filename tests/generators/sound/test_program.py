import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.grammar import Follower, following
from worldloom.generators.sound.moods import HELD_OUT
from worldloom.generators.sound.program import decode, encode, header_tokens, written_out
from worldloom.generators.sound.reading import ends_on_tonic, whole
from worldloom.generators.sound.source import draw_tune
from worldloom.generators.sound.vocabulary import END, MAX_TOKENS, METRES, TOKENS, WORDS


@settings(max_examples=60)
@given(st.integers(0, 2**31), st.integers(0, 2**31), st.booleans())
def test_every_source_tune_keeps_the_grammar_and_reads_back(seed, number, held_out):
    tune, nats = draw_tune(seed, number, held_out=held_out)
    tokens = encode(tune)
    assert len(tokens) <= MAX_TOKENS
    assert decode(tokens) == tune
    assert ((tune.mood, tune.form) in HELD_OUT) == held_out
    assert whole(tune)
    assert ends_on_tonic(tune)
    assert nats > 0
    assert draw_tune(seed, number, held_out=held_out) == (tune, nats)


@settings(max_examples=25)
@given(st.data())
def test_whatever_the_mask_allows_is_a_tune_of_whole_bars(data):
    follower, tokens = Follower(), []
    while not follower.ended:
        tokens.append(data.draw(st.sampled_from(follower.allowed())))
        assert follower.feed(tokens[-1])
    assert len(tokens) <= MAX_TOKENS
    tune = decode(tokens)
    assert encode(tune) == tokens
    assert whole(tune)
    assert follower.allowed() == ()


@settings(max_examples=60)
@given(st.lists(st.integers(-5, len(WORDS) + 5), max_size=60))
def test_any_tokens_decode_or_raise_our_error(tokens):
    try:
        tune = decode(tokens)
    except GeneratorError:
        return
    assert encode(tune) == tokens


@given(st.integers(0, 500), st.integers(0, 10**6), st.integers(0, len(WORDS) - 1))
@settings(max_examples=100)
def test_one_changed_token_decodes_to_another_tune_or_raises(number, place, token):
    tokens = encode(draw_tune(3, number)[0])
    changed = list(tokens)
    changed[place % len(tokens)] = token
    try:
        tune = decode(changed)
    except GeneratorError:
        assert changed != tokens
        return
    assert encode(tune) == changed


def test_a_tune_without_end_or_cut_short_is_refused():
    tokens = encode(draw_tune(1, 1)[0])
    for broken in (tokens[:-1], tokens[:5], [], tokens[:-2] + tokens[-1:], [*tokens, TOKENS[END]]):
        with pytest.raises(GeneratorError):
            decode(broken)


def test_a_bar_that_does_not_add_up_cannot_be_written():
    tune = draw_tune(1, 1)[0]
    first = tune.sections[0]
    bar = first.bars[0]
    short = bar._replace(notes=bar.notes[:-1])
    sections = (first._replace(bars=(short, *first.bars[1:])), *tune.sections[1:])
    with pytest.raises(GeneratorError, match="cannot stand"):
        encode(tune._replace(sections=sections))


def test_words_that_no_tune_has_are_refused():
    with pytest.raises(GeneratorError, match="opera"):
        header_tokens("opera", "sad")
    with pytest.raises(GeneratorError, match="bored"):
        header_tokens("song", "bored")
    with pytest.raises(GeneratorError, match="tempo:61"):
        encode(draw_tune(1, 1)[0]._replace(tempo=61))


def test_repeats_are_written_out_with_their_new_endings():
    for number in range(200):
        tune = draw_tune(8, number)[0]
        bars = written_out(tune)
        assert len(bars) == tune.bars
        for place, section in enumerate(tune.sections):
            own = bars[4 * place : 4 * place + 4]
            if section.kind == "again":
                assert own == bars[4 * (section.of - 1) : 4 * section.of]
            if section.kind == "turn":
                assert own[:3] == bars[4 * (section.of - 1) : 4 * section.of - 1]
                assert own[3] == section.bars[0]


def test_the_mask_for_sampling_says_the_same_as_one_read_from_the_start():
    tokens = encode(draw_tune(1, 4)[0])
    mask = following()
    for place in range(1, len(tokens) + 1):
        follower = Follower()
        for token in tokens[:place]:
            follower.feed(token)
        assert tuple(mask(tokens[:place])) == follower.allowed()


def test_a_choice_narrows_the_header_alone():
    def only_waltz(slot, before, words):
        assert set(before) <= {"form", "mood", "tempo", "metre", "mode", "key", "lead", "back", "drum"}
        return ["3/4"] if slot == "metre" else words

    follower = Follower(only_waltz)
    for word in ("form:song", "mood:sad", "tempo:70"):
        assert follower.feed(TOKENS[word])
    assert follower.allowed() == (TOKENS["metre:3/4"],)
    assert not follower.feed(TOKENS["metre:4/4"])
    assert METRES["3/4"] == 12
