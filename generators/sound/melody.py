"""A melody note by note: chord tones on beats, the mood's moves between them, closes. Chooses no chords."""

from __future__ import annotations

from .draws import Draws
from .forms import FORM, Cell
from .moods import MOOD
from .theory import beat, triad
from .vocabulary import HIGHEST, LENGTHS, LOWEST, SECTION, Bar, Note

_WIDEST_LEAP = 5
"""Steps of the scale that a melody jumps at most."""


class Melody:
    """The line of one tune as it grows; `begin` starts a section."""

    def __init__(self, form: str, mood: str, metre: str, draws: Draws) -> None:
        self._form, self._mood, self._name = FORM[form], MOOD[mood], mood
        self._metre, self._draws = metre, draws
        self._line: tuple[int, ...] = self._mood.lines[0]
        self._lift = 0
        self._last = 0
        self._first = True

    def begin(self, *, higher: bool) -> None:
        """Start a section: choose the heights that its bars aim at."""
        self._line = self._draws.pick(self._mood.lines)
        self._lift = self._mood.lift if higher else 0
        if self._first:
            self._last, self._first = self._line[0], False

    @property
    def last(self) -> int:
        """The height of the last note."""
        return self._last

    def rhythm(self) -> Cell:
        """Return a bar's rhythm: one of the form's, as the mood plays it."""
        cell = self._draws.pick(self._form.cells[self._metre])
        if self._name == "proud" and self._metre != "6/8":
            return _dotted(cell)
        if self._name == "calm" and cell[-2] + cell[-1] in LENGTHS:
            return self._draws.pick((cell, (*cell[:-2], cell[-2] + cell[-1])))
        return cell

    def bar(self, place: int, chord: int, cell: Cell) -> Bar:
        """Return bar `place` of the section over a chord."""
        notes: list[Note] = []
        aim, at = self._line[place] + self._lift, 0
        for number, length in enumerate(cell):
            if self._name == "anxious" and not number and length - 2 in LENGTHS[1:] and self._draws.pick((True, False)):
                notes.append(Note(None, 2))
                length -= 2  # noqa: PLW2901  (the rest takes its time from the note that it delays)
            on_beat = at % beat(self._metre) == 0
            self._last = self._on_beat(chord, aim) if on_beat else self._between()
            notes.append(Note(self._last, length))
            at = sum(note.length for note in notes)
        return Bar(chord, tuple(notes))

    def half_close(self, chord: int) -> Bar:
        """Return a last bar that waits on the chord."""
        return self.bar(SECTION - 1, chord, self._draws.pick(self._form.closes[self._metre]))

    def close(self, chord: int, before: int) -> Bar:
        """Return a last bar that goes from the note `before` to the tonic, in the octave that lies nearer."""
        cell = self._draws.pick(self._form.closes[self._metre])
        ending = self._draws.pick(self._mood.endings)[-len(cell) :]
        octaves = [octave for octave in (-7, 0, 7) if all(LOWEST <= e + octave <= HIGHEST for e in ending)]
        octave = min(octaves, key=lambda octave: (abs(ending[0] + octave - before), octave))
        ending = tuple(degree + octave for degree in ending)
        self._last = ending[-1]
        return Bar(chord, tuple(Note(degree, length) for degree, length in zip(ending, cell, strict=True)))

    def _on_beat(self, chord: int, aim: int) -> int:
        tones = [
            degree
            for degree in range(max(LOWEST, self._last - _WIDEST_LEAP), min(HIGHEST, self._last + _WIDEST_LEAP) + 1)
            if degree % 7 in triad(chord) and (degree != self._last or self._name == "anxious")
        ]
        return self._draws.pick(sorted(tones, key=lambda degree: (abs(degree - aim), degree))[:2])

    def _between(self) -> int:
        degree = self._last + self._draws.pick(self._mood.moves)
        return max(LOWEST, min(degree, HIGHEST))


def _dotted(cell: Cell) -> Cell:
    """Return the rhythm with its first pair of quarters as dotted quarter and eighth, or of eighths likewise."""
    for pair, dotted in (((4, 4), (6, 2)), ((2, 2), (3, 1))):
        for at in range(len(cell) - 1):
            if cell[at : at + 2] == pair:
                return (*cell[:at], *dotted, *cell[at + 2 :])
    return cell
