"""What a village knows of itself: look-ups, refusals, size on the wire."""

from __future__ import annotations

import pickle

import pytest
from worldloom.agents.cast import Cast
from worldloom.agents.errors import CastError
from worldloom.agents.persona import make_cast
from worldloom.provenance.canonical import canonical
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain


@pytest.fixture(scope="module")
def hamlet():
    return found_settlement(make_terrain(3, 128), 3)


@pytest.fixture(scope="module")
def personas(hamlet):
    return make_cast(5, 12, hamlet)


@pytest.fixture(scope="module")
def cast(hamlet, personas):
    return Cast.of(personas, hamlet)


def test_everybody_and_every_place_is_known_in_order(cast, hamlet, personas):
    assert list(cast.agents) == [person.agent for person in personas]
    assert list(cast.places) == [place.id for place in hamlet.places]
    for person in personas:
        known = cast.person(person.agent)
        assert cast.name(person.agent) == person.name
        assert (known.job, known.home, known.work) == (person.job, person.home, person.work)
    for place in hamlet.places:
        assert cast.place(place.id)[1:] == (place.name, place.kind)


def test_places_are_found_by_kind_and_workers_by_place(cast, hamlet, personas):
    assert [spot.place for spot in cast.of_kind("home")] == [place.id for place in hamlet.of_kind("home")]
    assert cast.of_kind("observatory") == ()
    for person in personas:
        assert person.agent in cast.workers(person.work)
    assert cast.workers("place-999") == ()


def test_strangers_and_unknown_places_are_refused_with_what_there_is(cast):
    with pytest.raises(CastError, match=r"'agent-99'.*12 agents"):
        cast.name("agent-99")
    with pytest.raises(CastError, match=r"no 'place-999'"):
        cast.place("place-999")


def test_it_travels_without_its_look_up_tables(cast, hamlet, personas):
    fresh = Cast.of(personas, hamlet)
    size = len(pickle.dumps(fresh))
    assert fresh.name("agent-1")
    assert fresh.of_kind("inn")
    assert fresh.workers(personas[0].work)
    again = pickle.loads(pickle.dumps(fresh))
    assert len(pickle.dumps(fresh)) == size
    assert again == cast
    assert again.name("agent-3") == cast.name("agent-3")


def test_its_content_is_canonical(cast):
    assert canonical(cast.content()) == canonical(pickle.loads(pickle.dumps(cast)).content())
