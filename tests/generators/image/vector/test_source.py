import pytest
from worldloom.generators.image.vector import batches
from worldloom.generators.image.vector.program import encode
from worldloom.generators.image.vector.sitter import garbs_of
from worldloom.generators.image.vector.source import HELD_OUT, PAIRED, complete, draw_picture
from worldloom.generators.image.vector.vocabulary import END, PAD, PLANS, SLOTS, TOKENS, WORDS
from worldloom.generators.sequence.draws import Draws
from worldloom.generators.vocabulary import JOBS, MOODS


@pytest.mark.parametrize("domain", SLOTS)
def test_training_shows_every_word_and_no_held_out_pair(drawn, domain):
    one, other = PAIRED[domain]
    seen = drawn(domain, 700)
    assert not {(p.attributes[one], p.attributes[other]) for p in seen} & HELD_OUT[domain]
    for slot, words in SLOTS[domain].items():
        assert {p.attributes[slot] for p in seen} == set(words), slot
    for slot, words in PLANS[domain].items():
        assert {p.plan[slot] for p in seen} == set(words), slot
    held = drawn(domain, 200, held_out=True)
    assert {(p.attributes[one], p.attributes[other]) for p in held} == HELD_OUT[domain]


def test_every_grown_job_and_every_mood_is_held_out_once_or_more():
    assert {job for job, _ in HELD_OUT["portrait"]} == set(JOBS) - {"child"}
    assert {mood for _, mood in HELD_OUT["portrait"]} == set(MOODS)


@pytest.mark.parametrize("domain", SLOTS)
def test_a_picture_follows_from_seed_and_number_and_its_choices_are_counted(domain):
    assert draw_picture(domain, 1, 2) == draw_picture(domain, 1, 2)
    programs = {tuple(encode(draw_picture(domain, 1, number)[0])) for number in range(40)}
    assert len(programs) >= 35
    assert all(0 < draw_picture(domain, 1, number)[1] < 40 for number in range(20))


def test_children_are_children_and_old_hair_is_grey(drawn):
    for program in drawn("portrait", 300):
        asked = program.attributes
        assert (asked["job"] == "child") == (asked["age"] == "child")
        assert asked["age"] != "old" or asked["hair"] in ("grey", "white")


@pytest.mark.parametrize("domain", SLOTS)
def test_what_is_named_is_kept_and_the_rest_is_drawn(domain):
    for number in range(30):
        draws = Draws("named", number)
        slot = draws.pick(tuple(SLOTS[domain]))
        word = draws.pick(SLOTS[domain][slot])
        found = complete(domain, {slot: word}, draws)
        assert found[slot] == word
        assert list(found) == list(SLOTS[domain])


def test_a_batch_is_portraits_and_short_pictures():
    import torch

    faces, short = batches.batch(1, 3, 4)
    again, _ = batches.batch(1, 3, 4)
    assert (len(faces[0]), len(short[0])) == (4, 6)
    assert torch.equal(faces[0], again[0])
    assert not torch.equal(faces[0][0], batches.batch(2, 3, 4)[0][0][0])


@pytest.mark.parametrize("domain", SLOTS)
def test_what_is_given_is_not_foretold(domain):
    row = batches.lesson(domain, 1, 2)
    tokens, targets = batches.padded([(domain, row), (domain, row[:9])])
    foretold = [WORDS[token] for token in targets[0].tolist() if token != TOKENS[PAD]]
    planned = [word for word in foretold if "=" in word]
    assert [word.partition("=")[0] for word in planned] == list(PLANS[domain])
    assert foretold[-1] == END
    assert tokens.shape == targets.shape
    assert (targets[1, 9:] == TOKENS[PAD]).all()


def test_a_plan_says_what_is_drawn(drawn):
    for program in drawn("portrait", 80):
        parts = {part.name for part in program.parts}
        assert ("whiskers" in parts) == (program.plan["beard"] != "none")
        assert ("hat" in parts) == (program.plan["hat"] != "none")
        assert program.plan["garb"] in garbs_of(program.attributes["job"])


def test_the_digest_of_the_data_tells_seeds_steps_and_rows_apart():
    digests = {batches.data_digest(*plan) for plan in ((1, 17, 2), (2, 17, 2), (1, 16, 2), (1, 17, 3))}
    assert len(digests) == 4
