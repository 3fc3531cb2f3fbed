from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.sound.draws import Draws
from worldloom.generators.sound.forms import FORM
from worldloom.generators.sound.moods import HELD_OUT, MOOD
from worldloom.generators.sound.program import encode, written_out
from worldloom.generators.sound.reading import chord_tones
from worldloom.generators.sound.source import compose, draw_tune
from worldloom.generators.sound.theory import SCALES, midi, milliseconds, samples_at, triad
from worldloom.generators.sound.vocabulary import FORMS, KEYS, METRES, MODES, TEMPOS
from worldloom.generators.vocabulary import MOODS


def _tunes(form, mood, count=24):
    return [compose(form, mood, Draws("test", form, mood, number)) for number in range(count)]


def _degrees(tune):
    return [note.degree for bar in written_out(tune) for note in bar.notes if note.degree is not None]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mood", MOODS)
def test_every_mood_and_form_makes_singable_tunes(form, mood):
    for tune in _tunes(form, mood):
        assert tune.metre in FORM[form].cells
        assert tune.mode in MOOD[mood].modes
        bars = written_out(tune)
        for start in range(0, tune.bars, 4):
            notes = [note.degree for bar in bars[start : start + 4] for note in bar.notes if note.degree is not None]
            assert all(abs(after - before) <= 9 for before, after in pairwise(notes))
    assert sum(map(chord_tones, _tunes(form, mood))) / 24 > 85


def test_held_out_pairs_take_one_from_each_mood_and_form_and_are_never_drawn():
    assert sorted(mood for mood, _ in HELD_OUT) == sorted(MOODS)
    assert sorted(form for _, form in HELD_OUT) == sorted(FORMS)
    drawn = Counter((tune.mood, tune.form) for tune, _ in (draw_tune(2, number) for number in range(600)))
    assert not set(drawn) & HELD_OUT
    assert len(drawn) == len(MOODS) * len(FORMS) - len(HELD_OUT)


def test_sad_tunes_are_slower_lower_in_their_third_and_fall_more_than_merry_ones():
    for form in FORMS:
        sad, merry = _tunes(form, "sad"), _tunes(form, "merry")
        assert max(tune.tempo for tune in sad) < min(tune.tempo for tune in merry)
        assert all(SCALES[tune.mode][2] == 3 for tune in sad)
        assert all(SCALES[tune.mode][2] == 4 for tune in merry)

        def falling(tunes):
            moves = [after - before for tune in tunes for before, after in pairwise(_degrees(tune))]
            return sum(move == -1 for move in moves) / len(moves)

        assert falling(sad) > falling(merry)


def test_nearly_all_tunes_differ():
    programs = {tuple(encode(draw_tune(6, number)[0])) for number in range(300)}
    assert len(programs) >= 298


@given(st.integers(0, 2**63), st.lists(st.sampled_from("aab"), min_size=1, max_size=5))
def test_draws_are_the_same_again_and_count_their_surprise(seed, options):
    one, other = Draws("x", seed), Draws("x", seed)
    assert [one.pick(options) for _ in range(20)] == [other.pick(options) for _ in range(20)]
    assert one.nats == other.nats
    assert (one.nats == 0) == (len(set(options)) == 1)


def test_two_draws_in_three_are_the_word_that_stands_twice():
    draws = Draws("share")
    assert 1900 < sum(draws.pick("aab") == "a" for _ in range(3000)) < 2100


@given(st.sampled_from(sorted(KEYS)), st.sampled_from(MODES), st.integers(-10, 20))
def test_scales_rise_and_repeat_at_the_octave(key, mode, degree):
    assert 1 <= midi(key, mode, degree + 1) - midi(key, mode, degree) <= 2
    assert midi(key, mode, degree + 7) == midi(key, mode, degree) + 12
    assert midi(key, mode, 0) == KEYS[key]


@given(st.sampled_from(TEMPOS), st.sampled_from(sorted(METRES)), st.integers(0, 1000))
def test_time_is_whole_samples_that_never_drift(tempo, metre, units):
    exact = units * 22_050 * (40 / 3 if metre == "6/8" else 15) / tempo
    assert abs(samples_at(units, tempo, metre, 22_050) - exact) <= 1
    assert milliseconds(2, tempo, metre) >= 2 * milliseconds(1, tempo, metre)


def test_triads_are_thirds():
    assert triad(1) == (0, 2, 4)
    assert triad(7) == (6, 1, 3)
