"""Reads a tune back: mood and form by what sounds in it, faults by rule. Milliseconds, no model. No judge of beauty."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from worldloom.generators.vocabulary import MOODS

from .draws import Draws
from .forms import FORM
from .program import written_out
from .source import compose
from .theory import SCALES, beat, triad
from .vocabulary import FORMS, LENGTHS, METRES, SECTION, TEMPOS, Bar, Tune

_PER_PAIR = 16
"""Reference tunes of each mood and form that the reader compares with."""
_WIDEST = 9
"""Steps of the scale that no melody of ours jumps."""
_SHARE = 100


class Heard(NamedTuple):
    """What a listener makes of a tune."""

    mood: str
    form: str


def complaint(tune: Tune) -> str:
    """Return what is wrong with a tune as an answer to its own header, or nothing."""
    bars = written_out(tune)
    if any(all(note.degree is None for note in bar.notes) for bar in bars):
        return "a bar is silent"
    if not ends_on_tonic(tune):
        return f"it ends on step {_degrees(bars)[-1]}, not on the tonic"
    phrases = [_degrees(bars[at : at + SECTION]) for at in range(0, len(bars), SECTION)]
    if any(abs(after - before) > _WIDEST for phrase in phrases for before, after in pairwise(phrase)):
        return f"it jumps more than {_WIDEST} steps in a phrase"
    heard = hear(tune)
    if heard.mood != tune.mood:
        return f"it sounds {heard.mood}, not {tune.mood}"
    if heard.form != tune.form:
        return f"it sounds like a {heard.form}, not like a {tune.form}"
    return ""


def ends_on_tonic(tune: Tune) -> bool:
    """Whether the last thing played is the tonic over its own chord."""
    last = written_out(tune)[-1]
    degree = last.notes[-1].degree
    return last.chord == 1 and degree is not None and degree % 7 == 0


def whole(tune: Tune) -> bool:
    """Whether every bar is as long as the metre asks and there are as many as the header says."""
    bars = written_out(tune)
    full = all(sum(note.length for note in bar.notes) == METRES[tune.metre] for bar in bars)
    return full and len(bars) == tune.bars


def hear(tune: Tune) -> Heard:
    """Return the mood and form whose reference tunes are nearest; header words of both are not looked at."""
    forms, moods = _references()
    bars = written_out(tune)
    form = forms.nearest(form_features(tune, bars)).partition("/")[0]
    return Heard(moods.nearest(mood_features(tune, bars, form)), form)


def form_features(tune: Tune, bars: list[Bar]) -> list[int]:
    """Return what tells a form: shares of note lengths and dotted pairs, metre, pace, who plays and how."""
    lengths = [note.length for bar in bars for note in bar.notes if note.degree is not None]
    shares = [_part(lengths.count(length), len(lengths)) for length in LENGTHS]
    pairs = list(pairwise(lengths))
    dotted = _part(sum(pair in ((6, 2), (3, 1)) for pair in pairs), len(pairs))
    metre = [60 * (tune.metre == name) for name in METRES]
    backs = [40 * (tune.back == name) for name in ("block", "broken", "bounce", "drone")]
    drums = [60 * (tune.drum == name) for name in ("steps", "reel")]
    return [*shares, 2 * dotted, *metre, *backs, *drums, 6 * TEMPOS.index(tune.tempo)]


def mood_features(tune: Tune, bars: list[Bar], form: str) -> list[int]:
    """Return what tells a mood: thirds and seconds of the mode, pace for its form, and how the melody moves."""
    degrees = _degrees(bars)
    moves = [after - before for before, after in pairwise(degrees)]
    steps = [_part(sum(low <= move <= high for move in moves), len(moves)) for low, high in _MOVES]
    scale = SCALES[tune.mode]
    mode = [90 * (scale[2] == 3), 90 * (scale[1] == 1)]
    pace = TEMPOS.index(tune.tempo) - FORM[form].pace
    rests = _part(sum(note.degree is None for bar in bars for note in bar.notes), len(degrees))
    heights = [10 * min(degrees), 10 * max(degrees), 10 * sum(degrees) // len(degrees)]
    return [*steps, *mode, 35 * pace, 2 * rests, *heights, 10 * _slope(bars), 80 * (tune.drum == "pulse")]


def chord_tones(tune: Tune) -> int:
    """Return the percentage of notes on beats that belong to their bar's triad."""
    on, fit = 0, 0
    for bar in written_out(tune):
        at = 0
        for note in bar.notes:
            if note.degree is not None and at % beat(tune.metre) == 0:
                on, fit = on + 1, fit + (note.degree % 7 in triad(bar.chord))
            at += note.length
    return _part(fit, on)


_MOVES = ((-20, -3), (-2, -2), (-1, -1), (0, 0), (1, 1), (2, 2), (3, 20))


def _degrees(bars: list[Bar]) -> list[int]:
    return [note.degree for bar in bars for note in bar.notes if note.degree is not None] or [0]


def _slope(bars: list[Bar]) -> int:
    """How much lower, in tenths of a step, third bars of a section lie than first ones, on average."""
    firsts, thirds = _degrees(bars[0::4]), _degrees(bars[2::4])
    return 10 * sum(firsts) // len(firsts) - 10 * sum(thirds) // len(thirds)


def _part(count: int, of: int) -> int:
    return _SHARE * count // max(1, of)


class _Table(NamedTuple):
    """What references of each word are like: their mean features, and how much a feature weighs. All integers."""

    words: tuple[str, ...]
    means: np.ndarray
    weights: np.ndarray

    def nearest(self, features: list[int]) -> str:
        """Return the word whose references are nearest on average."""
        distances = (np.abs(self.means - _FINE * np.array(features)) * self.weights).sum(axis=1)
        return self.words[int(distances.argmin())]


_FINE = 64
"""Parts of a feature's unit in means, so that everything stays an exact integer."""


@cache
def _references() -> tuple[_Table, _Table]:
    asked = [(form, mood, number) for form in FORMS for mood in MOODS for number in range(_PER_PAIR)]
    tunes = [compose(form, mood, Draws("reader", form, mood, number)) for form, mood, number in asked]
    written = [written_out(tune) for tune in tunes]
    # A form has a face in each metre.
    faces = [f"{tune.form}/{tune.metre}" for tune in tunes]
    by_form = [form_features(tune, bars) for tune, bars in zip(tunes, written, strict=True)]
    by_mood = [mood_features(tune, bars, tune.form) for tune, bars in zip(tunes, written, strict=True)]
    words = tuple(sorted(set(faces)))
    return _table(by_form, faces, words), _table(by_mood, [mood for _, mood, _ in asked], MOODS)


def _table(features: list[list[int]], labels: list[str], words: tuple[str, ...]) -> _Table:
    """A feature weighs the less, the more it varies among references of one word."""
    rows, of = np.array(features, np.int64), np.array([words.index(label) for label in labels])
    means = np.stack([_FINE * rows[of == number].sum(axis=0) // (of == number).sum() for number in range(len(words))])
    spread = np.abs(_FINE * rows - means[of]).sum(axis=0) // len(rows)
    return _Table(words, means, 1_000_000 // (spread + 4 * _FINE))
