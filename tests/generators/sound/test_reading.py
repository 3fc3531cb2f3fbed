import random

import pytest
from worldloom.generators.sound.grammar import Follower
from worldloom.generators.sound.moods import HELD_OUT
from worldloom.generators.sound.program import decode, written_out
from worldloom.generators.sound.reading import complaint, ends_on_tonic, hear
from worldloom.generators.sound.source import draw_tune
from worldloom.generators.sound.vocabulary import FORMS, Note
from worldloom.generators.vocabulary import MOODS


@pytest.mark.parametrize("held_out", [False, True])
def test_the_reader_knows_the_sources_own_tunes(held_out):
    tunes = [draw_tune(4_242, number, held_out=held_out)[0] for number in range(300)]
    assert sum(hear(tune) == (tune.mood, tune.form) for tune in tunes) >= 285
    assert sum(not complaint(tune) for tune in tunes) >= 285


def test_the_words_that_were_asked_for_do_not_decide():
    tune = draw_tune(4_242, 1)[0]
    for form in FORMS:
        for mood in MOODS:
            assert hear(tune._replace(form=form, mood=mood)) == hear(tune)


def test_random_tunes_that_keep_the_grammar_please_hardly_ever():
    chance, good = random.Random(5), 0
    for _ in range(200):
        follower, tokens = Follower(), []
        while not follower.ended:
            tokens.append(chance.choice(follower.allowed()))
            follower.feed(tokens[-1])
        good += not complaint(decode(tokens))
    assert good <= 2


def _with_last_bar(tune, change):
    last = tune.sections[-1]
    assert last.bars
    bars = (*last.bars[:-1], change(last.bars[-1]))
    return tune._replace(sections=(*tune.sections[:-1], last._replace(bars=bars)))


def test_faults_are_named():
    tune = next(t for t, _ in (draw_tune(4_242, n) for n in range(50)) if t.sections[-1].bars and not complaint(t))
    units = sum(note.length for note in written_out(tune)[-1].notes)
    away = _with_last_bar(tune, lambda bar: bar._replace(notes=(Note(1, units),)))
    silent = _with_last_bar(tune, lambda bar: bar._replace(notes=(Note(None, units),)))
    other_chord = _with_last_bar(tune, lambda bar: bar._replace(chord=5))
    wild = _with_last_bar(tune, lambda bar: bar._replace(notes=(Note(11, units - 4), Note(-4, 2), Note(0, 2))))
    assert "tonic" in complaint(away)
    assert "silent" in complaint(silent)
    assert not ends_on_tonic(other_chord)
    assert "jumps" in complaint(wild)
    mood = "sad" if tune.mood != "sad" else "merry"
    assert f"not {mood}" in complaint(tune._replace(mood=mood))
    assert ("sad", "dance") in HELD_OUT
