"""Personas: what they refuse, what they keep through JSON, and a village's cast of any size."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from worldloom.agents.character import TRAITS
from worldloom.agents.errors import CastError
from worldloom.agents.households import make_households
from worldloom.agents.jobs import CHILD, JOBS, WORKING_AGE
from worldloom.agents.names import FAMILIES, GIVEN
from worldloom.agents.persona import Persona, make_cast, manner_of
from worldloom.provenance.canonical import canonical, parse_canonical
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import make_terrain

SEED = 7


@pytest.fixture(scope="module")
def village() -> Settlement:
    return found_settlement(make_terrain(SEED, 256), SEED)


@pytest.fixture(scope="module")
def hamlet() -> Settlement:
    return found_settlement(make_terrain(3, 128), 3)


@pytest.fixture(scope="module")
def cast(village):
    return make_cast(SEED, 25, village)


def test_the_same_seed_gives_the_same_people_and_another_seed_others(village, cast):
    assert make_cast(SEED, 25, village) == cast
    assert make_cast(SEED + 1, 25, village) != cast


@pytest.mark.parametrize("count", [1, 2, 6, 25, 100, 3000])
def test_any_number_of_people_has_unique_names_and_ids_in_order(village, count):
    people = make_cast(SEED, count, village)
    assert [person.agent for person in people] == [f"agent-{number}" for number in range(count)]
    assert len({person.name for person in people}) == count


def test_a_small_cast_has_no_given_name_twice(village):
    assert len({person.name.split()[0] for person in make_cast(SEED, 400, village)}) == 400


def test_a_hundred_thousand_people_have_unique_names(village):
    assert len({person.name for person in make_cast(SEED, 100_000, village)}) == 100_000


@pytest.mark.parametrize("count", [0, -1, 100_001])
def test_an_impossible_number_of_people_is_refused(village, count):
    with pytest.raises(CastError, match="choose 1 to 100,000"):
        make_cast(SEED, count, village)


def test_a_settlement_without_homes_is_refused(village):
    homeless = replace(village, places=tuple(place for place in village.places if place.kind != "home"))
    with pytest.raises(CastError, match="no home"):
        make_cast(SEED, 5, homeless)


def test_a_settlement_without_workplaces_is_refused(village):
    idle = replace(village, places=village.of_kind("home"))
    with pytest.raises(CastError, match="no place to work"):
        make_cast(SEED, 5, idle)


@pytest.mark.parametrize("seed", range(8))
def test_every_place_that_needs_somebody_has_somebody(village, seed):
    at_work = {village.place(person.work).kind for person in make_cast(seed, 25, village)}
    kinds = {place.kind for place in village.places}
    for job in JOBS:
        if kinds & set(job.kinds):
            assert at_work & set(job.kinds), job.name


@pytest.mark.parametrize("count", [6, 25, 200])
def test_everybody_lives_in_a_home_and_works_where_the_job_is_done(hamlet, count):
    kinds = {job.name: job.kinds for job in JOBS}
    for person in make_cast(SEED, count, hamlet):
        assert hamlet.place(person.home).kind == "home"
        if person.job == CHILD:
            assert person.work == person.home or hamlet.place(person.work).kind == "school"
        else:
            assert hamlet.place(person.work).kind in kinds[person.job]


def test_families_share_a_home_and_a_name_and_know_each_other(village):
    people = {person.agent: person for person in make_cast(SEED, 120, village)}
    assert any(person.household for person in people.values())
    for person in people.values():
        assert person.agent not in person.household
        for other in person.household:
            assert people[other].home == person.home
            assert people[other].name.split()[1] == person.name.split()[1]
            assert person.agent in people[other].household


def test_a_small_cast_has_no_children_and_a_large_one_has(village):
    for seed in range(6):
        assert all(not person.is_child for person in make_cast(seed, 25, village))
    large = make_cast(SEED, 300, village)
    children = [person for person in large if person.is_child]
    assert children
    assert all(person.job == CHILD for person in children)
    assert all(person.job != CHILD for person in large if not person.is_child)


def test_parents_are_at_least_twenty_years_older_than_children():
    households: dict[int, list[int]] = {}
    for member in make_households(SEED, 2000, ["place-1"]):
        households.setdefault(member.household, []).append(member.age)
    for ages in households.values():
        for age in ages[2:]:
            if age < WORKING_AGE:
                assert age + 20 <= min(ages[:2])


@pytest.mark.parametrize("seed", range(6))
def test_jobs_that_need_years_go_to_people_who_have_them(village, seed):
    youngest = {job.name: job.youngest for job in JOBS}
    for person in make_cast(seed, 25, village):
        if not person.is_child:
            assert person.age >= youngest[person.job], person


def test_hands_of_one_job_spread_over_its_places(village):
    fishers = Counter(person.work for person in make_cast(SEED, 200, village) if person.job == "fisher")
    assert len(fishers) == 2
    assert max(fishers.values()) - min(fishers.values()) <= 1


def test_traits_are_within_bounds_and_differ(village):
    people = make_cast(SEED, 500, village)
    for trait in TRAITS:
        values = [person.traits[trait] for person in people]
        assert 0 <= min(values) < 20
        assert 80 < max(values) <= 100
        assert 45 <= sum(values) // len(values) <= 55


def test_likes_are_three_different_things(cast):
    assert all(len(set(person.likes)) == 3 for person in cast)


def test_the_manner_follows_from_the_traits_that_stand_out():
    even = dict.fromkeys(TRAITS, 50)
    assert manner_of({**even, "agreeableness": 95, "extraversion": 10}) == "kind and sparing of words"
    assert manner_of({**even, "neuroticism": 5, "openness": 70}) == "calm and curious"


def test_a_persona_survives_its_json(cast):
    for person in cast:
        body = person.content()
        assert Persona.from_content(parse_canonical(canonical(body))) == person


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("name"),
        lambda body: body.update(extra=1),
        lambda body: body["traits"].pop("openness"),
        lambda body: body["traits"].update(openness=101),
        lambda body: body["traits"].update(openness="high"),
        lambda body: body.update(household=None),
        lambda body: body.update(age="old"),
    ],
)
def test_json_that_is_no_persona_is_refused(cast, spoil):
    body = cast[0].content()
    spoil(body)
    with pytest.raises(CastError):
        Persona.from_content(body)


def test_names_are_many_and_all_different():
    assert len(set(GIVEN)) == len(GIVEN) == 1200
    assert len(set(FAMILIES)) == len(FAMILIES) == 1350
