"""The linter of manifests has nothing to say of ours, and names each way to leave the profile."""

from __future__ import annotations

import copy
import dataclasses

import pytest
from worldloom.provenance.audit.profile_steps import lint_manifest
from worldloom.provenance.credential import IngredientFinding
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.media import EXTENSIONS
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner

MODEL = Identity(
    "embedded",
    "pictures-1",
    weights="5a" * 32,
    weights_licence="Apache-2.0",
    output_licence="Apache-2.0",
    source_type="trainedAlgorithmicMedia",
    model_type="c2pa.types.model",
)
MAKERS = {
    "model": MODEL,
    "model behind an address": Identity(
        "openai",
        "gpt",
        output_licence="as agreed",
        source_type="trainedAlgorithmicMedia",
        model_type="c2pa.types.model",
    ),
    "procedure": Identity("procedural", "emblem-1", output_licence="Apache-2.0"),
    "render": Identity("worldloom", "film-1", output_licence="Apache-2.0", source_type="virtualRecording"),
    "assembled world": Identity("worldloom", "glb-1", output_licence="Apache-2.0", source_type="compositeSynthetic"),
    "person": Identity("person", "scenario", output_licence="Apache-2.0", source_type="digitalCreation"),
}


@pytest.fixture(scope="module")
def signer(operator):
    return CredentialSigner(RunAuthority(operator, "run-village", 1).issue("conductor"))


def made(signer, identity=MODEL, **changes):
    facts = {
        "title": "A letter",
        "media_type": "text/plain",
        "kind": "letter",
        "on_behalf": "agent-1",
        "content": "c0" * 32,
    }
    facts |= {"request": "d1" * 32, "prompt": "Write.", "seed": 7, "time": 60, "parameters": {"n": 1}, "origin": "o"}
    making = Making(generator=identity, **{**facts, **changes})
    return read_credential(b"words", "text/plain", signer.sign(b"words", making).sidecar)


@pytest.mark.parametrize("prompt", ["Write.", ""])
@pytest.mark.parametrize("name", MAKERS)
def test_our_own_manifests_hold_the_profile(signer, name, prompt):
    assert list(lint_manifest(made(signer, MAKERS[name], prompt=prompt), "text/plain")) == []


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        (dataclasses.replace(MODEL, source_type="algorithmicMedia"), "not that of a trained model"),
        (dataclasses.replace(MODEL, weights_licence=""), "licence of the weights"),
        (dataclasses.replace(MODEL, output_licence=""), "licence of what"),
        (dataclasses.replace(MAKERS["procedure"], source_type="digitalCreation"), "not that of 'procedural'"),
        (dataclasses.replace(MAKERS["person"], source_type="algorithmicMedia"), "not that of 'person'"),
        (dataclasses.replace(MAKERS["render"], source_type="digitalCreation"), "not that of 'worldloom'"),
        (
            Identity("openai", "", output_licence="x", source_type="trainedAlgorithmicMedia"),
            "neither weights nor model",
        ),
    ],
)
def test_a_generator_that_says_the_wrong_thing_of_itself_is_seen(signer, identity, why):
    assert any(why in each for each in lint_manifest(made(signer, identity), "text/plain"))


def change(path, value):
    """Change one value of what the signer said, by its path."""

    def act(credential):
        said = copy.deepcopy(dict(credential.said))
        at = said
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return dataclasses.replace(credential, said=said, generation=said["org.worldloom.generation"])

    return act


def without(label):
    return lambda credential: dataclasses.replace(
        credential, created=tuple(each for each in credential.created if each != label)
    )


def ingredients(*kept, **changes):
    def act(credential):
        found = [each for each in credential.ingredients if each.title in kept]
        return dataclasses.replace(
            credential, ingredients=tuple(dataclasses.replace(each, **changes) for each in found)
        )

    return act


ACTION = ("c2pa.actions.v2", "actions", 0)
GENERATION = "org.worldloom.generation"
MINING = ("cawg.training-mining", "entries", "cawg.ai_inference")
LEFT = {
    "no actions": (without("c2pa.actions.v2"), "c2pa.actions.v2 is not among"),
    "no lineage": (without("org.worldloom.lineage"), "org.worldloom.lineage is not among"),
    "no training-mining": (without("cawg.training-mining"), "cawg.training-mining is not among"),
    "no disclosure": (without("c2pa.ai-disclosure"), "c2pa.ai-disclosure is missing"),
    "gathered": (lambda each: dataclasses.replace(each, gathered=("x",)), "nobody's word"),
    "foreign assertion": (
        lambda each: dataclasses.replace(each, created=(*each.created, "com.example.spy")),
        "none of the profile",
    ),
    "no action": (change(ACTION[:2], []), "has no action"),
    "two made": (change(ACTION[:2], [{}, {}]), "other actions than one made"),
    "opened": (change((*ACTION, "action"), "c2pa.opened"), "not c2pa.created"),
    "another agent": (change((*ACTION, "softwareAgent", "name"), "somebody"), "software agent"),
    "agent without a version": (change((*ACTION, "softwareAgent", "version"), None), "software agent"),
    "action without its ingredients": (change((*ACTION, "parameters", "ingredients"), []), "names 0 of 2"),
    "prompt in the action": (change((*ACTION, "parameters", "prompt"), "Write."), "nobody can redact"),
    "no model among the ingredients": (ingredients("prompt"), "the model is no ingredient"),
    "no prompt among the ingredients": (ingredients("pictures-1"), "no ingredient carries it"),
    "a prompt without its data": (ingredients("prompt", "pictures-1", bound=False), "no ingredient carries it"),
    "a model as a part": (ingredients("prompt", "pictures-1", relation="componentOf"), "the model is no ingredient"),
    "no seed": (change((GENERATION, "seed"), None), "no seed"),
    "a seed as a number": (change((GENERATION, "seed"), 7), "no seed"),
    "no parameters": (change((GENERATION, "parameters"), None), "no parameters"),
    "no time": (change((GENERATION, "time"), None), "no simulated time"),
    "on nobody's behalf": (change((GENERATION, "on_behalf"), ""), "does not say on_behalf"),
    "no generator": (change((GENERATION, "generator"), None), "names no generator"),
    "another media type": (change((GENERATION, "media_type"), "image/png"), "binds media type"),
    "no model type": (change(("c2pa.ai-disclosure", "modelType"), None), "no modelType"),
    "another model disclosed": (change(("c2pa.ai-disclosure", "modelName"), "x"), "another model"),
    "other weights disclosed": (change(("c2pa.ai-disclosure", "modelIdentifier"), "x"), "other weights"),
    "a use not answered": (change(MINING, None), "does not answer cawg.ai_inference"),
    "a use answered with another word": (change((*MINING, "use"), "perhaps"), "does not answer cawg.ai_inference"),
    "constrained without how": (change((*MINING, "constraint_info"), ""), "does not say how"),
    "no term of a vocabulary": (lambda each: dataclasses.replace(each, source_type="AI"), "no term of IPTC"),
}


@pytest.mark.parametrize("name", LEFT)
def test_each_way_to_leave_the_profile_is_named(signer, name):
    act, why = LEFT[name]
    found = list(lint_manifest(act(made(signer)), "text/plain"))
    assert any(why in each for each in found), found


@pytest.mark.parametrize("value", [None, 7, "x", [], [[]], {"actions": {}}])
@pytest.mark.parametrize("label", ["c2pa.actions.v2", "c2pa.ai-disclosure", "cawg.training-mining"])
def test_what_is_no_map_is_named_and_raises_nothing(signer, label, value):
    credential = made(signer)
    assert list(lint_manifest(dataclasses.replace(credential, said={**credential.said, label: value}), "text/plain"))


def test_a_disclosure_of_a_model_where_none_was_is_seen(signer):
    honest = made(signer, MAKERS["procedure"])
    lying = dataclasses.replace(honest, created=(*honest.created, "c2pa.ai-disclosure"))
    assert any("none made this" in each for each in lint_manifest(lying, "text/plain"))


def test_ingredients_of_a_part_are_not_taken_for_ones_own(signer):
    credential = made(signer)
    foreign = IngredientFinding("prompt", "inputTo", "urn:c2pa:other", "", "", True, ())
    both = dataclasses.replace(credential, ingredients=(*credential.ingredients, foreign))
    assert list(lint_manifest(both, "text/plain")) == []


def test_every_media_type_can_be_linted(signer):
    assert {list(lint_manifest(made(signer), kind))[:1] == [] for kind in EXTENSIONS} == {True, False}
