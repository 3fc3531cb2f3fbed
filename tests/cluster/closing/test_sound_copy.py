"""Smaller copies of sounds: a quarter of the bytes, nearly the same sound; what is no such sound has none."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.closing.sound_copy import smaller


def wav(samples, rate=22_050, channels=1, width=2):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(np.asarray(samples, "<i2" if width == 2 else np.uint8).tobytes())
    return out.getvalue()


def heard(copy):
    """Decode the µ-law by its table, as a player does; returns (samples, rate)."""
    assert copy[:4] == b"RIFF"
    assert struct.unpack_from("<I", copy, 4)[0] == len(copy) - 8
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", copy, 20)
    assert (kind, channels, bits) == (7, 1, 8)
    at = copy.index(b"data")
    count = struct.unpack_from("<I", copy, at + 4)[0]
    code = ~np.frombuffer(copy, np.uint8, count, at + 8).astype(np.int64) & 255
    size = (((code & 15) << 3) + 132 << (code >> 4 & 7)) - 132
    return np.where(code & 128, -size, size), rate


def test_a_tone_sounds_the_same_in_a_quarter_of_the_bytes():
    tone = (12_000 * np.sin(np.arange(22_050) * 2 * np.pi * 440 / 22_050)).astype(np.int64)
    original = wav(tone)
    copy = smaller(original)
    samples, rate = heard(copy)
    assert rate == 11_025
    assert len(copy) < 0.26 * len(original)
    halved = tone.reshape(-1, 2).mean(1)
    assert np.sqrt(((samples - halved) ** 2).mean()) < 0.02 * np.sqrt((halved**2).mean())


def test_two_channels_become_one_and_a_low_rate_stays():
    left, right = np.full(800, 1000), np.full(800, 3000)
    samples, rate = heard(smaller(wav(np.stack([left, right], 1), rate=8000, channels=2)))
    assert (rate, len(samples)) == (8000, 800)
    assert np.abs(samples - 2000).max() <= 64


@given(st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=60))
def test_every_sample_comes_out_within_a_step_of_its_size(levels):
    samples, _ = heard(smaller(wav(levels, rate=8000)))
    wanted = np.clip(levels, -32_635, 32_635)
    assert (np.abs(samples - wanted) <= 4 + np.abs(wanted) // 24).all()


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\x04\0\0\0WAVE", wav([1, 2], width=1), wav([1, 2])[:30]])
def test_what_is_no_such_sound_has_no_copy(data):
    assert smaller(data) is None


@given(st.binary(max_size=120))
def test_no_bytes_break_it(tail):
    for head in (b"", b"RIFF", wav([1, 2, 3])[:40]):
        smaller(head + tail)
