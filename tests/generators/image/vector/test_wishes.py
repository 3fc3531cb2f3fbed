import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.palette import COLOURS
from worldloom.generators.image.vector.lettering import lettering
from worldloom.generators.image.vector.program import header
from worldloom.generators.image.vector.vocabulary import BOARDS, PARTINGS, SLOTS
from worldloom.generators.image.vector.wishes import wish
from worldloom.generators.requests import Request
from worldloom.generators.vocabulary import JOBS

SEEDS = st.integers(0, 2**64 - 1)
WORDS = st.one_of(st.none(), st.text(max_size=20), st.integers(-5, 200), st.sampled_from([*JOBS, *COLOURS, "merry"]))

NAMES = ("age", "job", "mood", "colour", "subject", "sex")


def _ask(seed=1, **parameters):
    return Request("image", "make", "agent-0", 0, 0, seed, "", parameters=parameters)


@given(st.sampled_from(list(SLOTS)), SEEDS)
def test_a_craft_alone_is_completed_from_the_seed(craft, seed):
    found = wish(_ask(seed, craft=craft))
    assert list(found.attributes) == list(SLOTS[craft])
    assert header(found.domain, found.attributes)
    assert found == wish(_ask(seed, craft=craft))


@given(
    st.sampled_from(list(SLOTS)),
    st.dictionaries(st.sampled_from(["age", "job", "mood", "colour", "subject", "sex"]), WORDS),
)
def test_any_parameters_are_understood_or_refused_with_a_short_reason(craft, parameters):
    try:
        found = wish(_ask(craft=craft, **parameters))
    except GeneratorError as error:
        assert len(str(error)) < 400  # noqa: PT017  (either outcome is right)
    else:
        assert header(found.domain, found.attributes)


def test_somebody_painted_twice_has_the_same_sex_and_hair():
    for name in ("Ana Marsh", "Odo Reed", "Wil"):
        looks = {
            (found["sex"], found["hair"])
            for seed in range(8)
            for found in [wish(_ask(seed, craft="portrait", name=name, age=30, job="smith")).attributes]
        }
        assert len(looks) == 1
    sexes = {wish(_ask(craft="portrait", name=f"Name {n}", age=30)).attributes["sex"] for n in range(20)}
    assert sexes == {"woman", "man"}


def test_age_and_job_decide_what_is_open():
    child = wish(_ask(craft="portrait", age=7)).attributes
    old = wish(_ask(craft="portrait", age=80, job="fisher")).attributes
    assert (child["age"], child["job"]) == ("child", "child")
    assert (old["age"], old["job"]) == ("old", "fisher")
    assert old["hair"] in ("grey", "white")


def test_a_sign_has_room_for_words_if_there_are_any():
    assert wish(_ask(craft="sign", text="Inn")).attributes["lettering"] == "lettered"
    assert wish(_ask(craft="sign", text=" \u202e ")).attributes["lettering"] == "bare"
    found = wish(_ask(craft="sign", subject="the old bakery", colour="green", board="round")).attributes
    assert (found["charge"], found["field"], found["board"]) == ("loaf", "green", "round")


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "portrait, sign"),
        ({"craft": ["sign"]}, "portrait, sign"),
        ({"craft": "sign", "colour": "beige"}, "red, blue"),
        ({"craft": "sign", "text": 4}, "text is int"),
        ({"craft": "portrait", "job": "wizard"}, "fisher, baker"),
        ({"craft": "portrait", "mood": "furious"}, "merry, calm"),
        ({"craft": "portrait", "age": -1}, "0 to 150"),
        ({"craft": "portrait", "age": True}, "0 to 150"),
        ({"craft": "portrait", "age": 9, "job": "smith"}, "under 14"),
        ({"craft": "portrait", "age": 30, "job": "child"}, "under 14"),
        ({"craft": "portrait", "name": ["x"]}, "name is list"),
        ({"craft": "portrait", "sex": "x" * 9_999}, "woman, man"),
        ({"craft": "ornament", "subject": "dragon"}, "compass, serpent"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(parameters, reason):
    with pytest.raises(GeneratorError, match=reason) as error:
        wish(_ask(**parameters))
    assert len(str(error.value)) < 400


@given(st.sampled_from(BOARDS), st.sampled_from(PARTINGS), st.text(max_size=90))
def test_words_of_any_length_stay_on_the_board(board, parting, text):
    lines = lettering({"board": board, "parting": parting, "ink": "black"}, text)
    assert len(lines) <= 2
    for line in lines:
        assert 700 < line.y - line.height * 7 // 10 < line.y < 945
        assert 180 <= line.x - line.width // 2 <= line.x + line.width // 2 <= 820
