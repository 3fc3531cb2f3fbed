"""A cast of one's own: what its CSV may hold, what it is refused for, and who comes of it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from worldloom.agents.casting import COLUMNS, LONGEST_NAME, Person, read_people, twice_named
from worldloom.agents.errors import CastError
from worldloom.agents.persona import make_cast, manner_of
from worldloom.provenance.text import require_text
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import make_terrain

PEOPLE = b"""name,age,job,household,likes,openness
Ada Kelp,34,baker,Kelp,strong tea; riddles,90
"Kelp, Bran",9,,Kelp,,
Cato Reed,,fisher,,,
"""


@pytest.fixture(scope="module")
def village() -> Settlement:
    return found_settlement(make_terrain(7, 256), 7)


def test_a_row_is_a_person_and_an_empty_cell_is_left_to_chance():
    ada, bran, cato = read_people(PEOPLE, "people.csv")
    assert (ada.name, ada.age, ada.job, ada.likes, ada.openness) == (
        "Ada Kelp", 34, "baker", ("strong tea", "riddles"), 90,
    )  # fmt: skip
    assert (bran.name, bran.job, bran.household) == ("Kelp, Bran", "", "Kelp")
    assert (cato.age, cato.likes, cato.traits) == (None, (), {})


def test_those_people_live_in_the_village_and_the_rest_is_drawn(village):
    cast = make_cast(7, 12, village, read_people(PEOPLE, "people.csv"))
    ada, bran, cato = cast[:3]
    assert (ada.name, ada.age, ada.job, ada.likes) == ("Ada Kelp", 34, "baker", ("strong tea", "riddles"))
    assert (ada.traits["openness"], ada.manner) == (90, manner_of(ada.traits))
    assert village.place(ada.work).kind == "bakery"
    assert (bran.is_child, bran.home, bran.household) == (True, ada.home, ("agent-0",))
    assert (cato.job, cato.age >= 14) == ("fisher", True)
    assert len({person.name for person in cast}) == 12
    assert make_cast(7, 12, village, read_people(PEOPLE, "people.csv")) == cast


def test_a_cast_of_nobody_changes_nobody(village):
    assert make_cast(7, 25, village, ()) == make_cast(7, 25, village)


def test_a_short_run_takes_the_first_rows(village):
    assert [person.name for person in make_cast(7, 2, village, read_people(PEOPLE, "people.csv"))] == [
        "Ada Kelp",
        "Kelp, Bran",
    ]


def test_a_job_that_a_hamlet_has_no_place_for_says_which_there_are():
    hamlet = found_settlement(make_terrain(3, 64), 3)
    kinds = {"teacher": "school", "miller": "granary", "healer": "healer"}
    missing = next(job for job, kind in kinds.items() if not hamlet.of_kind(kind))
    with pytest.raises(CastError, match=f"nobody can be a {missing}.*There are: fisher"):
        make_cast(3, 3, hamlet, (Person(name="Ada", job=missing),))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", r"people\.csv:1: the column name is missing"),
        (b"name,age\n", r"people\.csv:1: there is nobody in it"),
        (b"name;age\nAda;3\n", r"people\.csv:1: .*separate columns by commas"),
        (b"name,shoe size\nAda,39\n", r"people\.csv:1: no column is called 'shoe size'; there are name, age"),
        (b"name,name\nAda,Bo\n", r"people\.csv:1: column name stands there twice"),
        (b"name,age\nAda,34\nBo,old\n", r"people\.csv:3:age: .*integer"),
        (b'name,age\n"Ada\nKelp",34\nBo,-3\n', r"people\.csv:4:age: .*greater than"),
        (b"name,job\nAda,astronaut\n", r"people\.csv:2:job: there is no job 'astronaut'; there are fisher"),
        (b"name,age,job\nAda,7,smith\n", r"people\.csv:2:age: somebody of 7 has no job"),
        (b"name,age\nAda,34,baker\n", r"people\.csv:2: 3 cells for 2 columns; quote a cell"),
        (b"name,age\n,34\n", r"people\.csv:2:name: a name begins with a letter"),
        (b"name\nAda\nBo\nADA\n", r"people\.csv:4:name: 'ADA' is somebody's name already"),
        (b"name,openness\nAda,101\n", r"people\.csv:2:openness: "),
        (b"name\nAda\n\xff\n", r"people\.csv:3: byte 9 is not UTF-8"),
        (b'name\n"Ada\n', r"people\.csv:\d+: not CSV"),
        (b"name\n" + b"x" * 61 + b"\n", r"people\.csv:2:name: "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named_with_file_line_and_column(text, fault):
    with pytest.raises(CastError, match=fault):
        read_people(text, "people.csv")


def test_a_spreadsheet_s_own_marks_do_no_harm():
    (ada,) = read_people("\ufeffName , Age\r\n Ada  Kelp ,34\r\n\r\n".encode(), "people.csv")
    assert (ada.name, ada.age) == ("Ada Kelp", 34)


@pytest.mark.parametrize("name", ["<b>Ada</b>", "=cmd()", "| e1", "- Ada", "\n", "..", "'; drop"])
def test_names_that_begin_with_a_sign_are_refused(name):
    with pytest.raises(ValidationError):
        Person(name=name)


def test_what_turns_text_around_is_taken_out_of_a_name():
    assert Person(name="\u202eadA").name == "adA"


def test_two_of_one_name_are_found_whatever_their_case():
    people = [Person(name="Ada"), Person(name="Bo"), Person(name="ada")]
    assert (twice_named(people), twice_named(people[:2])) == (2, None)


@given(st.text(max_size=200))
def test_any_name_is_refused_or_becomes_one_fit_for_content(text):
    try:
        person = Person(name=text)
    except ValidationError:
        return
    assert require_text(person.name) == person.name
    assert "\n" not in person.name
    assert 0 < len(person.name) <= LONGEST_NAME


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=12), max_size=6))
def test_any_table_is_read_or_refused_with_its_line(rows):
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS[:3], *rows])
    data = out.getvalue().encode("utf-8", "surrogatepass")
    try:
        people = read_people(data, "people.csv")
    except CastError:
        with pytest.raises(CastError, match=r"^people\.csv:[0-9]+(:[a-z]+)?: "):
            read_people(data, "people.csv")
    else:
        assert all(person.name for person in people)
