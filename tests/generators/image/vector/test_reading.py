from itertools import pairwise

import pytest
from worldloom.generators.image.vector.program import Part, Prim
from worldloom.generators.image.vector.reading import complaint, obeyed, read
from worldloom.generators.image.vector.references import broken, matches
from worldloom.generators.image.vector.vocabulary import SLOTS


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("domain", SLOTS)
def test_the_reader_is_right_about_the_sources_own_pictures(drawn, domain, held_out):
    wrong = [complaint(program) for program in drawn(domain, 100, held_out=held_out)]
    assert [why for why in wrong if why] == []


@pytest.mark.parametrize("domain", SLOTS)
def test_another_picture_than_was_asked_for_is_seen(drawn, domain):
    """Of two pictures the one's attributes and the other's shapes: all that can be seen to differ is missed."""
    own = drawn(domain, 30)
    for asked, other in pairwise(own):
        lying = other._replace(attributes=asked.attributes)
        shown, truth = read(lying), read(other)
        for slot, word in asked.attributes.items():
            if word not in truth[slot] and slot not in ("ink", "field", "second", "tint", "hair"):
                assert word not in shown[slot], slot


def test_colours_are_read_from_paint(drawn):
    program = drawn("sign", 1)[0]

    def bare(part):
        return part._replace(items=tuple(_without(item, "ink") for item in part.items))

    faded = program._replace(parts=tuple(bare(part) for part in program.parts))
    assert program.attributes["ink"] in read(program)["ink"]
    assert read(faded)["ink"] == frozenset()


def _without(item, role):
    if isinstance(item, Prim):
        return item._replace(paint="gold") if item.paint.startswith(role) else item
    return item._replace(items=tuple(_without(prim, role) for prim in item.items))


def _with(program, name, change):
    return program._replace(parts=tuple(change(part) if part.name == name else part for part in program.parts))


def test_a_charge_that_is_another_is_broken_and_read_as_what_it_is(drawn):
    signs = drawn("sign", 300)
    key = next(p for p in signs if p.attributes["charge"] == "key")
    mug = next(
        p for p in signs if (p.attributes["charge"], p.attributes["lettering"]) == ("mug", key.attributes["lettering"])
    )
    swapped = _with(key, "charge", lambda part: mug.parts[-1])
    assert broken(swapped) == "charge"
    assert read(swapped)["charge"] == {"mug"}
    assert not obeyed(swapped)


def test_eyes_that_slipped_are_broken(drawn):
    def slip(part):
        group = part.items[0]
        return part._replace(items=(group._replace(places=(group.places[0] + 9, *group.places[1:])),))

    slipped = _with(drawn("portrait", 1)[0], "eyes", slip)
    assert broken(slipped) == "eyes"
    assert "eyes" in complaint(slipped)


def test_a_shape_too_few_and_one_of_another_role_are_broken(drawn):
    program = drawn("ornament", 1)[0]
    assert broken(_with(program, "ornament", lambda part: part._replace(items=part.items[:-1]))) == "ornament"
    face = drawn("portrait", 1)[0]
    blue = _with(face, "head", lambda part: part._replace(items=tuple(_without(item, "skin") for item in part.items)))
    assert broken(blue) == "head"


def test_a_bearded_woman_and_a_hat_of_another_job_are_seen(drawn):
    bearded = next(p for p in drawn("portrait", 60) if p.plan["beard"] != "none")
    woman = next(p for p in drawn("portrait", 60) if p.attributes["sex"] == "woman" and p.attributes["age"] == "grown")
    brows = next(part for part in woman.parts if part.name == "brows")
    assert read(bearded)["sex"] == {"man"}
    assert read(_with(bearded, "brows", lambda part: brows))["sex"] == frozenset()
    baker = next(p for p in drawn("portrait", 60) if p.attributes["job"] == "baker")
    cap = next(
        part for p in drawn("portrait", 60) if p.plan["hat"] == "flatcap" for part in p.parts if part.name == "hat"
    )
    assert read(baker)["job"] == {"baker"}
    assert "baker" not in read(_with(baker, "hat", lambda part: cap))["job"]


@pytest.mark.parametrize("domain", SLOTS)
def test_a_picture_without_what_tells_it_shows_nothing(drawn, domain):
    program = drawn(domain, 1)[0]
    bare = program._replace(parts=(Part("speck", (Prim("O", "gold", (1, 1, 1, 1)),)),))
    assert broken(bare) == "speck"
    assert matches(domain, bare.parts[0]) == frozenset()
    assert not obeyed(bare)
