"""From a tune, and words to sing, to samples: band, voice, room, master. Chooses no note."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .arranging import Clock, arranged
from .program import written_out
from .singing.fitting import Word, fitted
from .singing.setting import setting
from .singing.syllables import Syllable
from .synth.master import mastered
from .synth.mix import TAIL_MS, played
from .synth.room import reverberated
from .synth.voice import Sound, Tone, sung
from .synth.waves import samples
from .theory import midi
from .vocabulary import METRES, Tune

VOICES: dict[str, tuple[int, int]] = {"high": (69, 117), "low": (57, 100)}
"""Voice -> the MIDI note that its lines lie around, and the size of its resonances in hundredths of a man's."""
_ROOM, _VOICE = 0.22, 0.62


def verses(tune: Tune, lines: Sequence[Sequence[Syllable]]) -> int:
    """Return how many times the tune is played so that all lines are sung."""
    return setting([len(line) for line in lines], tune.bars, METRES[tune.metre]).verses if lines else 1


def perform(tune: Tune, lines: Sequence[Sequence[Syllable]] = (), voice: str = "high") -> NDArray[np.int16]:
    """Return the tune's samples, one channel at `synth.waves.RATE`, the lines sung to it in verses.

    Raises GeneratorError for more words than the tune can hold.
    """
    clock, times = Clock(tune), verses(tune, lines)
    words, sung_bars = fitted(lines, written_out(tune), METRES[tune.metre])
    length = clock.at(times * tune.bars) + samples(TAIL_MS)
    mix = played(arranged(tune, times, sung_bars), length)
    if words:
        around, size = VOICES[voice]
        mix = mix + _VOICE * sung(_timed(words, tune, clock, around), length, size=size)
    return mastered(reverberated(mix, _ROOM))


def _timed(words: Sequence[Word], tune: Tune, clock: Clock, around: int) -> list[Sound]:
    """Return the syllables in samples and MIDI notes, in the octave that lies nearest the voice."""
    units = METRES[tune.metre]
    pitches = [midi(tune.key, tune.mode, note.degree) for word in words for note in word.notes]
    octave = min((-24, -12, 0, 12), key=lambda shift: abs(sum(pitches) // len(pitches) + shift - around))

    def tone(start: int, length: int, degree: int) -> Tone:
        first, count = clock.span(start // units, start % units, length)
        return Tone(first, first + count, midi(tune.key, tune.mode, degree) + octave)

    return [
        Sound(word.syllable.onset, word.syllable.vowel, word.syllable.coda, tuple(tone(*note) for note in word.notes))
        for word in words
    ]
