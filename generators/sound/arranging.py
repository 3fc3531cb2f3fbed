"""Who plays what of a tune: melody, chords, bass and drum as events. Makes no sound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from .program import written_out
from .synth.events import Event
from .synth.waves import RATE, samples
from .theory import beat, midi, samples_at
from .vocabulary import METRES, Bar, Tune

HIGHER = {"whistle": 12, "bell": 12}
"""Players that sound above the written note, in semitones."""
_MELODY, _SOFT = 78, 34
_LEAD = samples(150)
"""Silence before the first note: a singer's first consonant comes before the beat."""
_TONGUED = 92
"""Percentage of its length that a note of the melody is held."""
_LEAST_ROOT = 45
"""Chord roots lie in the octave above this MIDI note, the bass an octave lower."""
_BOUNCE = {
    "4/4": ((0, "bass"), (4, "chord"), (8, "fifth"), (12, "chord")),
    "3/4": ((0, "bass"), (4, "chord"), (8, "chord")),
    "6/8": ((0, "bass"), (4, "chord"), (6, "fifth"), (10, "chord")),
}
_BROKEN = {"4/4": (0, 2, 4, 7, 4, 7, 4, 2), "3/4": (0, 4, 7, 9, 7, 4), "6/8": (0, 4, 7, 9, 7, 4)}
_DRUMS = {
    ("steps", "4/4"): ((0, "boom", 60), (8, "boom", 44)),
    ("steps", "3/4"): ((0, "boom", 60),),
    ("steps", "6/8"): ((0, "boom", 60), (6, "boom", 40)),
    ("reel", "4/4"): (
        (0, "boom", 60),
        (4, "tap", 34),
        (6, "tap", 24),
        (8, "boom", 44),
        (12, "tap", 34),
        (14, "tap", 24),
    ),
    ("reel", "3/4"): ((0, "boom", 60), (4, "tap", 32), (8, "tap", 32), (10, "tap", 22)),
    ("reel", "6/8"): ((0, "boom", 60), (4, "tap", 30), (6, "boom", 40), (10, "tap", 30)),
    ("pulse", "4/4"): ((0, "boom", 34), (2, "boom", 22), (8, "boom", 34), (10, "boom", 22)),
    ("pulse", "3/4"): ((0, "boom", 34), (2, "boom", 22)),
    ("pulse", "6/8"): ((0, "boom", 34), (2, "boom", 22), (6, "boom", 30), (8, "boom", 20)),
}


class Clock:
    """Turns bars and sixteenths of a tune into samples."""

    def __init__(self, tune: Tune) -> None:
        self._tune, self._units = tune, METRES[tune.metre]

    def at(self, bar: int, unit: int = 0) -> int:
        """Return the sample at which a sixteenth of a bar starts."""
        return _LEAD + samples_at(bar * self._units + unit, self._tune.tempo, self._tune.metre, RATE)

    def span(self, bar: int, unit: int, length: int) -> tuple[int, int]:
        """Return start and length in samples."""
        start = self.at(bar, unit)
        return start, self.at(bar, unit + length) - start


def arranged(tune: Tune, times: int = 1, sung: Collection[int] = ()) -> list[Event]:
    """Return the events of a tune played so many times; in bars that are `sung` the lead plays softly."""
    clock = Clock(tune)
    events: list[Event] = []
    for number, bar in enumerate(written_out(tune) * times):
        events += _melody(tune, clock, number, bar, _SOFT if number in sung else _MELODY)
        events += _chords(tune, clock, number, bar)
        for unit, player, loudness in _DRUMS.get((tune.drum, tune.metre), ()):
            events.append(Event(player, clock.at(number, unit), samples(400), 40, loudness))
    return events


def _melody(tune: Tune, clock: Clock, number: int, bar: Bar, loudness: int) -> Iterator[Event]:
    at = 0
    for note in bar.notes:
        if note.degree is not None:
            start, length = clock.span(number, at, note.length)
            stress = 12 if at == 0 else 4 if at % beat(tune.metre) == 0 else 0
            pitch = midi(tune.key, tune.mode, note.degree) + HIGHER.get(tune.lead, 0)
            yield Event(tune.lead, start, length * _TONGUED // 100, pitch, loudness + stress)
        at += note.length


def _chords(tune: Tune, clock: Clock, number: int, bar: Bar) -> Iterator[Event]:
    for player, degree, unit, length, loudness in _BACKS[tune.back](tune, _low(tune, bar.chord - 1)):
        yield Event(player, *clock.span(number, unit, length), midi(tune.key, tune.mode, degree), loudness)


def _low(tune: Tune, degree: int) -> int:
    """Return the step in one octave whatever the key, so that chords neither rumble nor cover the melody."""
    while midi(tune.key, tune.mode, degree) >= _LEAST_ROOT + 12:
        degree -= 7
    return degree


_Part = tuple[str, int, int, int, int]
"""Player, scale step, sixteenth of the bar, length in sixteenths, loudness."""


def _block(tune: Tune, root: int) -> list[_Part]:
    steps = ((root - 7, 26), (root, 20), (root + 2, 15), (root + 4, 15))
    return [("reed", degree, 0, METRES[tune.metre], loudness) for degree, loudness in steps]


def _broken(tune: Tune, root: int) -> list[_Part]:
    steps = enumerate(_BROKEN[tune.metre])
    return [("harp", root + above, 2 * place, 4, 28 if place else 40) for place, above in steps]


def _bounce(tune: Tune, root: int) -> list[_Part]:
    parts: list[_Part] = []
    for unit, what in _BOUNCE[tune.metre]:
        if what == "chord":
            parts += [("harp", root + 7 + above, unit, 2, 18) for above in (0, 2, 4)]
        else:
            parts.append(("harp", root - 7 + (4 if what == "fifth" else 0), unit, 4, 52))
    return parts


def _drone(tune: Tune, root: int) -> list[_Part]:
    tonic, units = _low(tune, 0), METRES[tune.metre]
    held: list[_Part] = [("reed", tonic, 0, units, 24), ("reed", tonic + 4, 0, units, 18)]
    return [*held, ("harp", root + 7, 0, units, 30)]


_BACKS: dict[str, Callable[[Tune, int], list[_Part]]] = {
    "block": _block,
    "broken": _broken,
    "bounce": _bounce,
    "drone": _drone,
}
