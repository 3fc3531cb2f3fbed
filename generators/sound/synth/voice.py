"""A small formant voice that sings syllables on notes: a vowel each, consonants before and after. Not speech.

One phase runs through the whole line; mouth shapes are tables read at that phase and cross-faded, so that a vowel
can change, glide or be slurred over notes without a click. Expect a toy organ that forms vowels: with the words in hand
a line can be followed, without them hardly. Stress, breath and expression are not modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .mouth import CONSONANTS, hiss, tone, vowel
from .waves import RATE, SINE, TURN, Phase, Wave, falling, look_up, samples, step

_FADE = samples(18)
_GLIDE = samples(45)
_VIBRATO, _DEPTH = 5.4, 0.009
_TURNING = samples(150)
"""How long before its end a diphthong starts to turn."""


class Tone(NamedTuple):
    """A stretch of one pitch: first sample, sample after its last, MIDI note number."""

    start: int
    end: int
    midi: int


class Sound(NamedTuple):
    """One syllable in time: its notes and its speech sounds."""

    onset: tuple[str, ...]
    vowel: str
    coda: tuple[str, ...]
    tones: tuple[Tone, ...]


def sung(line: Sequence[Sound], length: int, *, size: int) -> Wave:
    """Return `length` samples of the syllables; `size` is the shift of all resonances in hundredths (100: a man)."""
    out = np.zeros(length)
    if not line:
        return out
    phase = _phase([each for sound in line for each in sound.tones], length)
    for number, sound in enumerate(line):
        following = line[number + 1] if number + 1 < len(line) else None
        limit = following.tones[0].start - _before(following) if following else length
        _syllable(out, phase, sound, limit, number, size)
    return out


def _syllable(out: Wave, phase: Phase, sound: Sound, limit: int, number: int, size: int) -> None:
    """Add one syllable; all of it ends before `limit`, where the next one's first consonant starts."""
    start = sound.tones[0].start
    at = start - _before(sound)
    for place, name in enumerate(sound.onset):
        at = _consonant(out, phase, name, at, sound.tones[0].midi, 8 * number + place, size)
    end = max(min(sound.tones[-1].end, limit), start + samples(60))
    close = max(end - _time(sound.coda), start + (end - start) // 2)
    first, last = vowel(sound.vowel)
    for each in sound.tones:
        low, high = max(each.start, start), min(each.end, close) if each is not sound.tones[-1] else close
        if high > low:
            turning = last if each is sound.tones[-1] else first
            _voiced(out, phase, low, high, (tone(first, each.midi, size), tone(turning, each.midi, size)), 1.0)
    at = close
    for place, name in enumerate(sound.coda):
        at = _consonant(out, phase, name, at, sound.tones[-1].midi, 8 * number + 4 + place % 4, size)


def _consonant(out: Wave, phase: Phase, name: str, at: int, midi: int, seed: int, size: int) -> int:
    """Add a consonant at a sample and return where it ends."""
    how = CONSONANTS[name]
    start = at + samples(how.closed)
    end = min(start + samples(how.lasts), len(out))
    if start < 0 or end <= start:
        return max(at, end)
    if how.voice:
        table = tone(how.shape, midi, size)
        _voiced(out, phase, start, end, (table, table), how.voice / 100)
    if how.hiss:
        noise = hiss(how.colour, end - start, seed + 1)
        places = np.arange(end - start)
        shape = np.minimum((places + 1) / samples(4), 1.0) * np.minimum((end - start - places) / samples(12), 1.0)
        burst = falling(end - start, 90) if how.closed else 1.0
        out[start:end] += noise * shape * burst * (how.hiss / 100)
    return end


def _voiced(out: Wave, phase: Phase, start: int, end: int, tables: tuple[Wave, Wave], level: float) -> None:
    """Add a stretch of voice; it overlaps its neighbours by a cross-fade around each end."""
    half = _FADE // 2
    low, high = max(0, start - half), min(len(out), end + half)
    places = np.arange(low, high)
    shape = np.minimum((places - start + half) / _FADE, 1.0) * np.minimum((end + half - places) / _FADE, 1.0)
    first, last = tables
    sound = look_up(first, phase[low:high])
    if last is not first:
        turned = np.minimum(np.maximum((places - end + _TURNING) / _TURNING, 0.0), 1.0)
        sound += turned * (look_up(last, phase[low:high]) - sound)
    out[low:high] += level * np.maximum(shape, 0.0) * sound


def _before(sound: Sound) -> int:
    """Samples of the consonants that come before the beat."""
    return _time(sound.onset)


def _time(names: Sequence[str]) -> int:
    return samples(sum(CONSONANTS[name].closed + CONSONANTS[name].lasts for name in names))


def _phase(tones: Sequence[Tone], length: int) -> Phase:
    """One phase for the whole line: pitches glide into each other, vibrato grows on held notes."""
    steps = np.full(length, step(tones[0].midi), dtype=np.int64)
    before = step(tones[0].midi)
    for number, each in enumerate(tones):
        end = min(tones[number + 1].start, length) if number + 1 < len(tones) else length
        places = np.arange(max(0, end - each.start))
        glide = np.minimum((places + 1) / _GLIDE, 1.0)
        swell = np.minimum(np.maximum((places - samples(220)) / samples(300), 0.0), 1.0)
        slow = look_up(SINE, places * round(_VIBRATO * TURN / RATE))
        pace = (before + (step(each.midi) - before) * glide) * (1.0 + _DEPTH * swell * slow)
        steps[each.start : each.start + len(places)] = np.rint(pace)
        before = step(each.midi)
    return np.cumsum(steps)
