"""Seeded tunes after rules of folk music: training data, and the backend `procedural`. Knows no sound."""

from __future__ import annotations

from worldloom.generators.vocabulary import MOODS

from .draws import Draws
from .forms import FORM, PLANS, Cell
from .grammar import Choice
from .melody import Melody
from .moods import HELD_OUT, MOOD, WALKS
from .vocabulary import BARS, FORMS, KEYS, METRES, SECTION, TEMPOS, Bar, Section, Tune

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


def compose(form: str, mood: str, draws: Draws, choice: Choice | None = None) -> Tune:
    """Return one tune, its free choices taken from `draws`; `choice` narrows metre and bars."""
    habits, feeling = FORM[form], MOOD[mood]
    tempo = TEMPOS[max(0, min(habits.pace + draws.pick(feeling.faster), len(TEMPOS) - 1))]
    head = {"form": form, "mood": mood, "tempo": str(tempo)}
    metre = draws.pick(tuple(habits.cells) if choice is None else choice("metre", head, tuple(METRES)))
    mode, key = draws.pick(feeling.modes), draws.pick(tuple(KEYS))
    lead, back = draws.pick(habits.leads), draws.pick(habits.backs)
    drum = draws.pick(("pulse",) if mood == "anxious" and form != "dance" else habits.drums)
    counts = tuple(map(str, BARS))
    bars = int(draws.pick(counts if choice is None else choice("bars", {**head, "metre": metre}, counts)))
    plan = draws.pick(PLANS[bars])
    sections = tuple(_sections(plan, mode, Melody(form, mood, metre, draws), draws))
    return Tune(form, mood, tempo, metre, mode, key, lead, back, drum, bars, sections)


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
