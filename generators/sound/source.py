"""Seeded tunes after rules of folk music: training data, and the backend `procedural`. Knows no sound."""

from __future__ import annotations

from worldloom.generators.vocabulary import MOODS

from .draws import Draws
from .forms import FORM, PLANS, Cell
from .melody import Melody
from .moods import HELD_OUT, MOOD, WALKS
from .vocabulary import BARS, FORMS, KEYS, SECTION, TEMPOS, Bar, Section, Tune

VERSION = 1
"""Raise when a rule or table changes: weights name the version they were trained on."""


def draw_tune(seed: int, number: int, *, held_out: bool = False) -> tuple[Tune, float]:
    """Return tune `number` of a seed and the surprise of its choices in nats, form and mood not counted.

    `held_out` asks for a pair of mood and form that training never shows.
    """
    draws = Draws("tune", VERSION, seed, number)
    form = draws.pick(FORMS)
    mood = draws.pick([mood for mood in MOODS if ((mood, form) in HELD_OUT) == held_out])
    draws.nats = 0.0
    return compose(form, mood, draws), draws.nats


def compose(form: str, mood: str, draws: Draws, *, metre: str = "", tempo: int = 0, bars: int = 0) -> Tune:
    """Return one tune, its free choices taken from `draws`; what is named is not drawn."""
    habits, feeling = FORM[form], MOOD[mood]
    tempo = tempo or draw_tempo(form, mood, draws)
    metre = metre or draws.pick(tuple(habits.cells))
    mode, key = draws.pick(feeling.modes), draws.pick(tuple(KEYS))
    lead, back = draws.pick(habits.leads), draws.pick(habits.backs)
    drum = draws.pick(("pulse",) if mood == "anxious" and form != "dance" else habits.drums)
    bars = bars or draws.pick(BARS)
    plan = draws.pick(PLANS[bars])
    melody = Melody(form, mood, metre, draws)
    sections = tuple(_sections(plan, mode, melody, draws))
    return Tune(form, mood, tempo, metre, mode, key, lead, back, drum, bars, sections)


def draw_tempo(form: str, mood: str, draws: Draws) -> int:
    """Return a tempo: the form's pace, shifted by the mood."""
    place = FORM[form].pace + draws.pick(MOOD[mood].faster)
    return TEMPOS[max(0, min(place, len(TEMPOS) - 1))]


def _sections(plan: tuple[str, ...], mode: str, melody: Melody, draws: Draws) -> list[Section]:
    sections: list[Section] = []
    thirds: list[int] = []
    for place, word in enumerate(plan):
        kind, _, of = word.partition(":")
        bars: list[Bar] = []
        if kind == "new":
            bars = _three_bars(mode, melody, draws, first=not place)
        thirds.append(thirds[int(of) - 1] if of else melody.last)
        # A turn answers the half close of the section it repeats; so it always closes.
        if kind == "turn" or (kind == "new" and place == len(plan) - 1):
            bars.append(melody.close(1, thirds[-1]))
        elif kind == "new":
            bars.append(melody.half_close(WALKS[mode][2]))
        sections.append(Section(kind, int(of or 0), tuple(bars)))
    return sections


def _three_bars(mode: str, melody: Melody, draws: Draws, *, first: bool) -> list[Bar]:
    openings, others, _ = WALKS[mode]
    melody.begin(higher=not first)
    bars: list[Bar] = []
    cells: list[Cell] = []
    for place, chord in enumerate(draws.pick(openings if first else others)):
        # The third bar moves as the first one: what comes back is what makes a tune of notes.
        cells.append(cells[0] if place == SECTION - 2 else melody.rhythm())
        bars.append(melody.bar(place, chord, cells[-1]))
    return bars
