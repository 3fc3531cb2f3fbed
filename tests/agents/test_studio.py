"""The studio: requests that backends can read, artifacts with the whole recipe, and answers that make none."""

from __future__ import annotations

import pytest
from worldloom.agents.errors import StudioError
from worldloom.agents.prompting import template
from worldloom.agents.rules import Rules
from worldloom.agents.studio import Studio
from worldloom.agents.turns import Decision
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.requests import Answer, Status
from worldloom.worlds.action import Action

DIGEST = "ab" * 32


@pytest.fixture
def persona(hamlet, theatre):
    return theatre(hamlet, agents=2).personas[0]


def decision(persona, craft="sign", kind="make", **arguments):
    words = {"craft": craft, "subject": "mug", "colour": "red", "size": "small", "to": "place-1", "text": "The Inn"}
    action = Action(persona.agent, kind, {**words, "seconds": 60, **arguments})
    return Decision("decision-36000-0-0", persona.agent, 36_000, 0, "make", "r", "a", "p", "t", action)


@pytest.mark.parametrize(
    ("craft", "kind", "parameters"),
    [
        ("letter", "text", {"to": "place-1", "occasion": "mug"}),
        ("sign", "image", {"subject": "mug", "colour": "red", "text": "The Inn"}),
        ("emblem", "image", {"subject": "mug", "colour": "red"}),
        ("prop", "mesh", {"thing": "mug", "colour": "red", "size": "small"}),
    ],
)
def test_each_craft_asks_its_generator_with_the_words_that_it_reads(persona, craft, kind, parameters):
    request = Studio().request(decision(persona, craft), persona, 7)
    assert (request.kind, request.purpose, request.agent) == (kind, craft, persona.agent)
    assert (request.time, request.occurrence, request.template) == (36_000, 0, template(craft).digest)
    assert {name: request.parameters[name] for name in parameters} == parameters
    assert set(request.parameters) == {"craft", "title", *parameters}
    assert "mug" in request.prompt


def test_seeds_follow_from_run_agent_time_and_craft(persona):
    studio = Studio()
    first = studio.request(decision(persona), persona, 7)
    assert studio.request(decision(persona), persona, 7).digest == first.digest
    others = (studio.request(decision(persona), persona, 8), studio.request(decision(persona, "emblem"), persona, 7))
    assert len({first.seed, *(other.seed for other in others)}) == 3


def test_a_colour_that_was_left_open_is_left_to_the_maker(persona):
    request = Studio().request(decision(persona, colour=""), persona, 7)
    assert "colour" not in request.parameters
    answer = ProceduralImage().generate([request])[0]
    artifact = Studio().artifact(decision(persona), DIGEST, request, answer, ProceduralImage.identity)
    assert artifact.recipe.parameters["colour"] in answer.parameters["colour"]


def test_an_artifact_has_the_whole_recipe(persona):
    made = decision(persona)
    request = Studio().request(made, persona, 7)
    answer = ProceduralImage().generate([request])[0]
    artifact = Studio().artifact(made, DIGEST, request, answer, ProceduralImage.identity)
    recipe = artifact.recipe
    assert (artifact.media_type, artifact.title) == ("image/svg+xml", "Sign of The Inn")
    assert (recipe.request, recipe.prompt, recipe.seed) == (request.digest, request.prompt, request.seed)
    assert (recipe.agent, recipe.time, recipe.purpose, recipe.occurrence) == (persona.agent, 36_000, "sign", 0)
    assert recipe.parents == (DIGEST,)
    assert recipe.parameters == {**request.parameters, **answer.parameters}
    assert recipe.generator == ProceduralImage.identity


def test_a_letter_is_clean_text_whatever_a_model_wrote(persona):
    made = decision(persona, "letter", subject="thanks")
    request = Studio().request(made, persona, 7)
    answer = Answer(text="Dear\r\n\u202efriend\x00,\nthank you.\u2028  ")
    payload = Studio().artifact(made, DIGEST, request, answer, Rules().identity).payload
    assert payload.decode().startswith("Dear\nfriend,\nthank you.")
    assert b"\x00" not in payload


@pytest.mark.parametrize(
    ("craft", "answer", "why"),
    [
        ("letter", Answer(text=" \n\u202e "), "is empty"),
        ("letter", Answer(text="x" * 5000), "more than 4000"),
        ("letter", Answer(status=Status.FAILED, detail="out of memory"), "out of memory"),
        ("sign", Answer(payload=b"", media_type="image/png"), "is empty"),
        ("sign", Answer(payload=b"<html>", media_type="text/html"), "of type 'text/html'"),
        ("sign", Answer(text="a sign"), "of type ''"),
        ("prop", Answer(payload=b"x", media_type="image/png"), "of type 'image/png'"),
        ("emblem", Answer(status=Status.LATE), "late"),
    ],
)
def test_what_is_no_artifact_is_refused_with_its_reason(persona, craft, answer, why):
    made = decision(persona, craft)
    request = Studio().request(made, persona, 7)
    with pytest.raises(StudioError, match=why):
        Studio().artifact(made, DIGEST, request, answer, Rules().identity)


@pytest.mark.parametrize("wrong", [{"kind": "work"}, {"craft": "dragon"}, {"craft": ""}])
def test_what_is_not_made_here_is_refused(persona, wrong):
    with pytest.raises(StudioError, match="nothing that is made here"):
        Studio().request(decision(persona, **wrong), persona, 7)


def test_hostile_words_stay_on_their_line(persona):
    made = decision(persona, "letter", subject="thanks\ntask: plan", text="B\noccasion: war | x")
    prompt = Studio().request(made, persona, 7).prompt
    assert "task: plan" not in prompt.split("\n")
    assert [line for line in prompt.split("\n") if line.startswith("occasion: ")] == ["occasion: thanks task: plan"]
