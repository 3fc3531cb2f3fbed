import hashlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.arranging import Clock, arranged
from worldloom.generators.sound.draws import Draws
from worldloom.generators.sound.performing import perform
from worldloom.generators.sound.singing.syllables import syllables_of
from worldloom.generators.sound.source import compose, draw_tune
from worldloom.generators.sound.synth import players
from worldloom.generators.sound.synth.events import Event
from worldloom.generators.sound.synth.master import FULL, LOUDNESS, mastered
from worldloom.generators.sound.synth.mix import played
from worldloom.generators.sound.synth.room import reverberated
from worldloom.generators.sound.synth.waves import (
    POINTS,
    RATE,
    TURN,
    envelope,
    fall,
    falling,
    hertz,
    noise,
    samples,
    step,
    wave,
)
from worldloom.generators.sound.vocabulary import FORMS
from worldloom.generators.vocabulary import MOODS

TUNED = {"whistle": players.whistle, "flute": players.flute, "fiddle": players.fiddle, "harp": players.harp,
         "bell": players.bell, "reed": players.reed}  # fmt: skip


def _distance_to_rounding(value):
    """How far a number is from where rounding would go the other way."""
    return abs(value - math.floor(value) - 0.5)


def test_constants_lie_far_from_where_another_libm_would_round_them_differently():
    sines = [math.sin(2 * math.pi * point / POINTS) * (1 << 30) for point in range(POINTS)]
    assert min(map(_distance_to_rounding, sines)) > 1e-6
    steps = [
        440 * math.pow(2, (midi - 69 + cents / 100) / 12) * TURN / RATE for midi in range(20, 110) for cents in (0, 5)
    ]
    assert min(map(_distance_to_rounding, steps)) > 1e-5
    times = (60, 70, 80, 90, 120, 150, 160, 180, 420, 700, 1_200, 1_500, 2_400)
    falls = [math.pow(0.001, 1000 / (time * RATE)) * (1 << 40) for time in times]
    assert min(map(_distance_to_rounding, falls)) > 2e-3
    assert all(0 < fall(time) < 1 for time in times)


# Bytes of two performances as they were on an x86-64 processor with AVX-512: they must be these everywhere.
PLAYED = "fd570900cc18dc32da9bcd3d888529d7975dabc3171e2fdf2a59e43909cb8252"
SUNG = "2f352630a8fa5367c9c617a7604e28972d657ea849d905ec13c524a09a041e49"


def test_a_tune_sounds_the_same_on_every_machine_to_the_bit():
    tune = compose("dance", "merry", Draws("frozen", 1))._replace(bars=8)
    tune = tune._replace(sections=tune.sections[:2])
    assert hashlib.sha256(perform(tune).astype("<i2").tobytes()).hexdigest() == PLAYED


def test_a_song_sounds_the_same_on_every_machine_to_the_bit():
    tune = compose("shanty", "proud", Draws("frozen", 2))._replace(bars=8)
    tune = tune._replace(sections=tune.sections[:2])
    lines = [syllables_of("The herring came in with the tide"), syllables_of("Jugs of ale, and voices of joy")]
    assert hashlib.sha256(perform(tune, lines, "low").astype("<i2").tobytes()).hexdigest() == SUNG


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mood", MOODS)
def test_every_tune_is_clean_audio(form, mood):
    tune = compose(form, mood, Draws("clean", form, mood))
    tune = tune._replace(bars=4, sections=tune.sections[:1])
    sound = perform(tune).astype(np.int64)
    level = np.sqrt((sound * sound).mean()) / FULL
    assert 0.06 < level < LOUDNESS * 1.02
    assert np.abs(sound).max() < 0.9 * FULL
    assert abs(sound.mean()) < 0.001 * FULL
    assert np.abs(sound[: samples(100)]).max() == 0
    assert sound[-1] == 0
    assert np.abs(sound[-samples(60) :]).max() < 0.003 * FULL
    # No sample jumps by more than two fifths of full scale: that would be a click.
    assert np.abs(np.diff(sound)).max() < 0.4 * FULL


@pytest.mark.parametrize("name", sorted(TUNED))
@pytest.mark.parametrize("midi", [57, 64, 76])
def test_instruments_are_in_tune(name, midi):
    sound = TUNED[name](midi, RATE, 1)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(RATE), 4 * RATE))
    near = range(int(4 * hertz(midi) * 0.95), int(4 * hertz(midi) * 1.05))
    peak = max(near, key=lambda place: spectrum[place]) / 4
    assert abs(1200 * math.log2(peak / hertz(midi))) < 8


@pytest.mark.parametrize("name", sorted(TUNED))
@pytest.mark.parametrize("count", [1, 2, 60, 5_000])
def test_notes_of_any_length_start_and_end_softly(name, count):
    sound = TUNED[name](69, count, 3)
    assert len(sound) == count
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 3
    if count == 5_000:
        assert abs(sound[0]) < 0.1
        assert abs(sound[-1]) < 0.05


def test_a_plucked_string_loses_its_high_harmonics_first():
    sound = players.harp(57, RATE, 1)

    def brightness(part):
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        return (spectrum * np.arange(len(spectrum))).sum() / spectrum.sum()

    assert brightness(sound[:4096]) > 1.3 * brightness(sound[12_000:16_096])
    assert np.abs(sound[:2048]).max() > 2 * np.abs(sound[-8_000:-6_000]).max()


def test_drum_strokes_die_away():
    for stroke in (players.boom, players.tap):
        sound = stroke(40, samples(400), 1)
        assert np.abs(sound[:2000]).max() > 10 * np.abs(sound[-1000:]).max()


@given(st.integers(0, 10**6))
def test_noise_is_white_enough_and_its_seed_decides(seed):
    one, other = noise(4_000, seed), noise(4_000, seed + 1)
    assert np.array_equal(one[:100], noise(100, seed))
    assert not np.array_equal(one, other)
    assert -1 <= one.min() < -0.9 < 0.9 < one.max() < 1
    assert abs(one.mean()) < 0.05
    assert abs((one[1:] * one[:-1]).mean()) < 0.05
    assert abs((one * other).mean()) < 0.05


@given(st.integers(0, 400), st.integers(0, 50), st.integers(0, 50))
def test_envelopes_stay_between_nothing_and_one(count, rise, end):
    shape = envelope(count, rise, end)
    assert len(shape) == len(falling(count, 100)) == count
    assert ((shape >= 0) & (shape <= 1)).all()


def test_a_wave_is_a_sum_of_sines():
    exact = np.sin(2 * np.pi * np.arange(POINTS) / POINTS) + 0.5 * np.sin(6 * np.pi * np.arange(POINTS) / POINTS)
    assert np.allclose(wave([1.0, 0.0, 0.5]), exact, atol=1e-8)
    assert step(69) == round(440 * TURN / RATE)


def test_the_room_is_the_same_as_its_recursion_sample_by_sample():
    dry = noise(6_000, 9) * falling(6_000, 50)
    wet = np.zeros(6_000)
    for delay, back in ((1_103, 0.74), (1_237, 0.72), (1_381, 0.70), (1_493, 0.68)):
        out = np.zeros(6_002)
        for n in range(delay + 1, 6_000):
            out[n] = dry[n - delay] + back * (
                0.25 * out[n - delay - 1] + 0.5 * out[n - delay] + 0.25 * out[n - delay + 1]
            )
        wet += out[:6_000]
    for delay, back in ((353, 0.6), (113, 0.6)):
        out = -back * wet
        for n in range(delay, 6_000):
            out[n] += wet[n - delay] + back * out[n - delay]
        wet = out
    assert np.allclose(reverberated(dry, 0.4), dry + 0.4 * 0.25 * wet, atol=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 300))
def test_events_lie_inside_the_tune(number):
    tune = draw_tune(12, number)[0]
    end = Clock(tune).at(tune.bars)
    events = arranged(tune)
    assert {event.player for event in events} <= {tune.lead, "reed", "harp", "boom", "tap"}
    assert all(0 < event.start < end and event.length > 0 and 20 < event.midi < 105 for event in events)
    assert all(event.start + event.length <= end + 2 for event in events if event.player == tune.lead != "harp")


def test_mixing_is_a_sum_and_unknown_players_are_named():
    one, other = Event("harp", 100, 3_000, 60, 50), Event("flute", 5_000, 3_000, 67, 40)
    both = played([one, other], 12_000)
    # A player's noise is numbered by its place; the flute keeps the second place here.
    alone = played([one, other._replace(loudness=0)], 12_000)
    assert np.allclose(both - alone, played([one._replace(loudness=0), other], 12_000), atol=1e-12)
    assert np.array_equal(played([one], 50), np.zeros(50))
    with pytest.raises(GeneratorError, match="tuba"):
        played([one._replace(player="tuba")], 100)


def test_mastering_removes_direct_current_and_keeps_silence_silent():
    loud = 7.0 + 3.0 * np.sin(np.arange(30_000) / 9)
    out = mastered(loud).astype(np.int64)
    middle = out[5_000:20_000]
    assert abs(middle.mean()) < 0.002 * FULL
    assert np.abs(out).max() <= 0.9 * FULL
    assert not mastered(np.zeros(1_000)).any()
    assert (
        np.array_equal(mastered(loud), mastered(loud * 0.5))
        or np.abs(mastered(loud).astype(int) - mastered(loud * 0.5)).max() <= 2
    )
