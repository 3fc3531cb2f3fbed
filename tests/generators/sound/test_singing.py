from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.draws import Draws
from worldloom.generators.sound.program import written_out
from worldloom.generators.sound.singing.fitting import fitted
from worldloom.generators.sound.singing.setting import MOST_VERSES, setting
from worldloom.generators.sound.singing.spelling import VOWELS, sounds_of, words_of
from worldloom.generators.sound.singing.syllables import syllables_of
from worldloom.generators.sound.source import compose, draw_tune
from worldloom.generators.sound.synth.mouth import CONSONANTS, hiss, tone, vowel
from worldloom.generators.sound.synth.voice import Sound, Tone, sung
from worldloom.generators.sound.synth.waves import POINTS, RATE, hertz
from worldloom.generators.sound.vocabulary import METRES, Bar, Note

COUNTS = {
    "a": 1, "the": 1, "herring": 2, "harbour": 2, "lantern": 2, "little": 2, "walked": 1, "wanted": 2, "voices": 2,
    "loaves": 1, "bread": 1, "baker": 2, "morning": 2, "fisherman": 3, "anchor": 2, "candle": 2, "stone": 1, "tide": 1,
    "night": 1, "remember": 3, "yesterday": 3, "song": 1, "together": 3, "happy": 2, "table": 2, "danced": 1, "sea": 1,
    "storm": 1, "merry": 2, "village": 2, "feast": 1, "windmill": 2, "ocean": 2, "quay": 1, "o": 1, "evening": 3,
}  # fmt: skip
"""Right by rule, but for evening, which is spoken with two: pinned as made."""


@pytest.mark.parametrize("word", sorted(COUNTS))
def test_syllables_are_counted_by_rule(word):
    assert len(syllables_of(word)) == COUNTS[word]


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_any_text_is_syllables_that_a_voice_can_sing(text):
    for syllable in syllables_of(text):
        assert syllable.vowel in VOWELS
        assert {*syllable.onset, *syllable.coda} <= set(CONSONANTS)
        assert set(vowel(syllable.vowel)) <= {"a", "e", "i", "o", "u", "A", "I", "U", "@", "R"}


@settings(max_examples=150)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_every_word_has_as_many_syllables_as_vowel_sounds(word):
    sounds = sounds_of(word)
    syllables = syllables_of(word)
    assert len(syllables) == sum(sound in VOWELS for sound in sounds) > 0
    assert [s for each in syllables for s in (*each.onset, each.vowel, *each.coda)] == sounds


def test_digits_accents_and_signs():
    assert words_of("3 boats, it’s René’s—the ÆGIS!") == ["three", "boats", "its", "renes", "the", "gis"]
    assert syllables_of("… 漁 !") == []


LINE = st.integers(1, 18)


@settings(max_examples=60)
@given(st.integers(0, 400), st.lists(LINE, min_size=1, max_size=12))
def test_every_syllable_gets_a_note_of_its_line_in_order(number, counts):
    tune = draw_tune(21, number)[0]
    lines = [syllables_of("la " * count) for count in counts]
    bars, units = written_out(tune), METRES[tune.metre]
    plan = setting(counts, len(bars), units)
    try:
        words, sung_bars = fitted(lines, bars, units)
    except GeneratorError:
        assert not plan.roomy
        return
    assert len(words) == sum(counts)
    notes = [note for word in words for note in word.notes]
    assert all(word.notes for word in words)
    assert all(one.start + one.length <= other.start for one, other in pairwise(notes))
    assert notes[-1].start + notes[-1].length <= plan.verses * len(bars) * units
    assert {note.start // units for note in notes} <= sung_bars
    degrees = {note.degree for bar in bars for note in bar.notes}
    assert {note.degree for note in notes} <= degrees


@given(st.lists(LINE, max_size=30), st.sampled_from((8, 12, 16)), st.sampled_from((12, 16)))
def test_a_setting_holds_all_lines_or_says_that_it_cannot(counts, bars, units):
    plan = setting(counts, bars, units)
    assert 1 <= plan.verses <= MOST_VERSES
    assert plan.lines * plan.verses >= len(counts)
    assert plan.lines * plan.bars <= bars
    if plan.roomy and counts:
        assert max(counts) * 2 <= plan.bars * units
        fewer = setting(counts, bars, units)._replace(verses=plan.verses - 1)
        assert fewer.verses == 0 or not (max(counts) * 2 <= min(bars // -(-len(counts) // fewer.verses), 4) * units)


def test_few_syllables_are_slurred_and_many_split_the_notes():
    bars = [Bar(1, (Note(0, 4), Note(1, 4), Note(2, 4), Note(3, 4)))] * 8
    few, _ = fitted([syllables_of("oh oh")], bars[:1], 16)
    assert [[note.degree for note in word.notes] for word in few] == [[0], [1, 2, 3]]
    many, _ = fitted([syllables_of("la la la la la la")], bars[:1], 16)
    assert [(n.start, n.length, n.degree) for word in many for n in word.notes] == [
        (0, 2, 0), (2, 2, 0), (4, 2, 1), (6, 2, 1), (8, 4, 2), (12, 4, 3)
    ]  # fmt: skip


def test_what_no_tune_can_hold_is_refused_with_its_line():
    bars = written_out(compose("hymn", "calm", Draws("long")))[:1] * 8
    with pytest.raises(GeneratorError, match="line 2 has 80 syllables"):
        fitted([syllables_of("la"), syllables_of("la " * 80)], bars, 16)
    with pytest.raises(GeneratorError, match="30 lines"):
        fitted([syllables_of("la")] * 30, bars, 16)


@pytest.mark.parametrize("shape", ["a", "i", "u", "e", "o"])
def test_vowels_have_their_resonances(shape):
    """The strongest harmonics lie near the first resonance; front vowels are bright, back vowels dark."""
    table = tone(shape, 45, 100)
    strengths = np.abs(np.fft.rfft(table))[:60]
    pitch = hertz(45)
    first = {"a": 730, "i": 270, "u": 300, "e": 530, "o": 570}[shape]
    # A voice falls with frequency, so that its strongest harmonic lies at or below the resonance.
    strongest = int(strengths.argmax()) * pitch
    assert 0.3 * first < strongest < 1.25 * first
    assert abs(float((table * table).mean()) - 0.32) < 0.01

    def share(low, high):
        numbers = np.arange(60) * pitch
        inside = (numbers >= low) & (numbers < high)
        return float((strengths[inside] ** 2).sum() / (strengths**2).sum())

    if shape in ("i", "e"):
        assert share(1_600, 2_900) > 3 * share(1_000, 1_500)
    else:
        assert share(1_600, 2_900) < share(600, 1_500)


def test_hisses_differ_in_colour():
    def centre(colour):
        spectrum = np.abs(np.fft.rfft(hiss(colour, 8_192, 3)))
        return (spectrum * np.arange(len(spectrum))).sum() / spectrum.sum() * RATE / 8_192

    assert centre("low") < centre("broad") < centre("sharp")


def _line(*vowels, at=3_000):
    return [
        Sound(("s",), vowel, ("n",), (Tone(at + 8_000 * n, at + 8_000 * (n + 1), 57 + 2 * n),))
        for n, vowel in enumerate(vowels)
    ]


def test_the_voice_sings_its_notes_in_tune_and_starts_before_the_beat():
    sound = sung(_line("a", "i", "u"), 30_000, size=100)
    assert np.abs(sound[:500]).max() == 0
    assert np.abs(sound[1_500:2_800]).max() > 0.01
    for number in range(3):
        part = sound[3_000 + 8_000 * number + 1_500 :][:4_096]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(4_096), 8 * 4_096))
        pitch = hertz(57 + 2 * number)
        near = range(int(pitch * 0.9 * 8 * 4_096 / RATE), int(pitch * 1.1 * 8 * 4_096 / RATE))
        peak = max(near, key=lambda place: spectrum[place]) * RATE / (8 * 4_096)
        assert abs(peak / pitch - 1) < 0.01


def test_the_voice_does_not_click_where_vowels_meet():
    line = [Sound((), "a", (), (Tone(2_000, 8_000, 57),)), Sound((), "i", (), (Tone(8_000, 14_000, 60),))]
    sound = sung(line, 16_000, size=100)
    inside = np.abs(np.diff(sound, 2))[4_000:7_000].max()
    assert np.abs(np.diff(sound, 2)).max() < 1.5 * inside


@pytest.mark.parametrize("gap", [1, 30, 300, 3_000])
def test_syllables_that_are_too_short_for_their_consonants_still_sing(gap):
    line = [Sound(("s", "t", "r"), "ai", ("k", "s"), (Tone(10 + gap * n, 10 + gap * (n + 1), 60),)) for n in range(5)]
    sound = sung(line, 12_000, size=117)
    assert len(sound) == 12_000
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 6
    assert len(tone("a", 60, 117)) == POINTS
    assert not sung([], 100, size=100).any()
