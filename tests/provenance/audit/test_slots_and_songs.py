"""Portraits that fill slots of genesis and songs in two halves audit clean; forged ones of both kinds are found."""

from __future__ import annotations

import pytest
from worldloom.provenance.digests import file_digest
from worldloom.provenance.recipe import Identity

PAINTER = Identity("procedural", "emblem-1", output_licence="Apache-2.0")
LETTER = file_digest(b"Come to the feast tonight.\n").hex()


def wav(level):
    samples = bytes([128, level]) * 60
    body = b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data"
    body += len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def once(act):
    """Do something at the first call only."""
    done = []

    def twist(made):
        if not done:
            done.append(True)
            act(made)

    return twist


def portraits(*agents, parent=None):
    """Append portraits of these agents."""

    def act(made):
        for at, agent in enumerate(agents):
            made.artifact(f"portrait {at}", agent, parent or made.genesis, PAINTER, "audio/wav", wav(at))

    return once(act)


def tune(*inputs, agent=1, level=9):
    """Append a tune that was made from these payloads."""

    def act(made):
        made.artifact("tune", agent, made.letter.recipe.parents[0], PAINTER, "audio/wav", wav(level), inputs)

    return once(act)


def faults(made):
    """Return what is found but for the counts of artifacts, which nobody mended here."""
    return {(finding.step, finding.message) for finding in made.judge().faults if finding.step != "counts"}


@pytest.fixture
def after_letter():
    """Give a function that forges right after the letter has its entry and its maker knows it."""

    def twists(act):
        # `made.letter` is set when the artifact's own call returns, which is before the events.
        return {"before events one": act}

    return twists


def test_portraits_between_genesis_and_the_first_decision_are_clean(forged):
    assert faults(forged({"before decision 0 0 0": portraits(0, 1)})) == set()


@pytest.mark.parametrize(
    ("where", "agents", "why"),
    [
        ("before decision 0 0 0", (1, 0), "a slot of agent-0 after that of agent-1"),
        ("before decision 0 0 0", (0, 0), "a slot of agent-0 after that of agent-0"),
        ("before decision 1 0 0", (0,), "after the world has begun to move"),
        ("before events one", (0,), "after the world has begun to move"),
        ("before decision 0 60 0", (0,), "of 21600 s in an entry of"),
    ],
)
def test_a_slot_is_filled_once_by_number_before_all_else(forged, where, agents, why):
    found = faults(forged({where: portraits(*agents)}))
    if "entry of" in why:  # an entry of an earlier time never gets behind a later step at all
        assert "order" in {step for step, _ in found}
    else:
        assert [message for step, message in found if step == "order" and why in message], found


def test_a_portrait_of_nobody_is_found(forged):
    assert "makers" in {step for step, _ in faults(forged({"before decision 0 0 0": portraits(7)}))}


def test_an_artifact_that_descends_from_nothing_is_no_slot(forged):
    found = faults(forged({"before decision 0 0 0": portraits(0, parent="77" * 32)}))
    assert {"parents"} <= {step for step, _ in found}


def test_a_tune_made_from_the_words_before_it_is_clean(forged, after_letter):
    assert faults(forged(after_letter(tune(LETTER)))) == set()


def test_a_tune_of_somebody_with_a_lower_number_cannot_follow(forged, after_letter):
    def act(made):
        for at in range(10):
            made.artifact(f"tune {at}", 1, made.letter.recipe.parents[0], PAINTER, "audio/wav", wav(at))

    found = faults(forged(after_letter(once(act))))
    assert "order" in {step for step, _ in found}, "ten more things of one agent in a step, none made from another"


def test_what_a_tune_read_must_be_there_before_it(forged, after_letter):
    found = faults(forged(after_letter(tune("99" * 32))))
    assert [message for step, message in found if step == "parents" and "no payload of an answer" in message]


def test_words_that_come_after_their_tune_are_too_late(forged):
    def act(made):
        decision = made.picture.recipe.parents[0]
        late = b"La la\n"
        read = (file_digest(late).hex(),)
        made.artifact("tune", 1, decision, PAINTER, "audio/wav", wav(3), read)

    found = faults(forged({"before events one": once(act)}))
    assert "parents" in {step for step, _ in found}
