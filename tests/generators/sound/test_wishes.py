import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.sound.draws import Draws
from worldloom.generators.sound.forms import FORM
from worldloom.generators.sound.performing import verses
from worldloom.generators.sound.source import compose
from worldloom.generators.sound.theory import milliseconds
from worldloom.generators.sound.vocabulary import BARS, FORMS, METRES, TEMPOS
from worldloom.generators.sound.wishes import choice_for, wish_of
from worldloom.generators.vocabulary import MOODS


def test_what_is_not_named_comes_from_the_seed():
    wishes = [wish_of({"craft": "song"}, seed) for seed in range(60)]
    assert {wish.form for wish in wishes} == set(FORMS)
    assert {wish.mood for wish in wishes} == set(MOODS)
    assert {wish.voice for wish in wishes} == {"high", "low"}
    assert wish_of({}, 7) == wish_of({"form": "", "mood": None, "words": "\n \n"}, 7)
    named = wish_of({"form": "hymn", "mood": "sad", "voice": "low", "seconds": 20, "words": "One\n\nTwo tides"}, 1)
    assert (named.form, named.mood, named.voice, named.seconds) == ("hymn", "sad", "low", 20)
    assert [len(line) for line in named.lines] == [1, 2]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"craft": "prop"}, "song"),
        ({"craft": ["song"]}, "song"),
        ({"mood": "bored"}, "anxious"),
        ({"mood": 3}, "anxious"),
        ({"form": "opera"}, "lullaby"),
        ({"form": "form:hymn\n" + "x" * 10_000}, "lullaby"),
        ({"voice": "squeaky"}, "high"),
        ({"encoding": "mp3"}, "flac"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": -5}, "seconds"),
        ({"seconds": 10**30}, "seconds"),
        ({"seconds": True}, "seconds"),
        ({"seconds": 15.5}, "seconds"),
        ({"seconds": "15"}, "seconds"),
        ({"words": ["la"]}, "text"),
        ({"words": 5}, "text"),
        ({"words": "la\n" * 100}, "100 lines"),
        ({"words": "la" * 500}, "characters"),
    ],
)
def test_hostile_wishes_are_refused_with_a_short_reason(parameters, reason):
    with pytest.raises(GeneratorError, match=reason) as raised:
        wish_of(parameters, 1)
    assert len(str(raised.value)) < 300


@given(
    st.sampled_from(FORMS),
    st.integers(4, 120),
    st.lists(st.integers(1, 14), max_size=12),
    st.integers(0, len(TEMPOS) - 1),
)
@settings(max_examples=60)
def test_a_choice_is_never_empty_and_keeps_to_the_form(form, seconds, counts, pace):
    words = "\n".join("la " * count for count in counts)
    choose = choice_for(wish_of({"form": form, "seconds": seconds, "words": words}, 1))
    head = {"form": form, "mood": "sad", "tempo": str(TEMPOS[pace])}
    metres = choose("metre", head, tuple(METRES))
    assert metres
    assert set(metres) <= set(FORM[form].cells)
    for metre in metres:
        bars = choose("bars", {**head, "metre": metre}, tuple(map(str, BARS)))
        assert bars
        assert set(bars) <= set(map(str, BARS))
    assert choose("key", head, ("C", "D")) == ("C", "D")


@pytest.mark.parametrize(("seconds", "most"), [(10, 1.8), (15, 1.4), (25, 1.2), (40, 1.2)])
def test_the_length_comes_near_the_wish_as_far_as_eight_slow_bars_allow(seconds, most):
    lengths = []
    for seed in range(40):
        wish = wish_of({"seconds": seconds}, seed)
        tune = compose(wish.form, wish.mood, Draws("near", seed), choice_for(wish))
        lengths.append(milliseconds(tune.bars, tune.tempo, tune.metre) / 1000 / seconds)
    assert 0.8 < sum(lengths) / 40 < most
    assert min(lengths) > 0.5


def test_words_get_the_room_they_need():
    text = "\n".join(["The boats came in on the morning tide"] * 8)
    for seed in range(30):
        wish = wish_of({"seconds": 15, "words": text}, seed)
        tune = compose(wish.form, wish.mood, Draws("room", seed), choice_for(wish))
        times = verses(tune, wish.lines)
        each = min(tune.bars // -(-8 // times), 4)
        assert max(map(len, wish.lines)) * 2 <= each * METRES[tune.metre]
