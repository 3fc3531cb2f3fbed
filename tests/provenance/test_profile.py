"""What a manifest says of each kind of making, and what none may say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance import profile
from worldloom.provenance.digests import PROMPT, digest_bytes
from worldloom.provenance.errors import CredentialError
from worldloom.provenance.making import Making
from worldloom.provenance.profile import define, generation, lineage
from worldloom.provenance.recipe import Identity

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def assertions(making):
    return {each["label"]: each["data"] for each in define(making).manifest["assertions"]}


def action(making):
    (only,) = assertions(making)["c2pa.actions.v2"]["actions"]
    return only


def test_every_assertion_is_the_signers_own_word(making):
    manifest = define(making()).manifest
    assert all(each["created"] is True for each in manifest["assertions"])
    labels = [each["label"] for each in manifest["assertions"]]
    assert len(labels) == len(set(labels))
    for label in labels:
        assert label.removesuffix(".v2") in profile.CREATED_BASE_LABELS


def test_the_one_action_is_created_with_source_type_agent_and_what_went_in(making):
    only = action(making())
    assert only["action"] == "c2pa.created"
    assert only["digitalSourceType"] == IPTC + "trainedAlgorithmicMedia"
    assert only["softwareAgent"] == {"name": "mesh-programs-1", "version": "5a" * 8}
    assert only["parameters"]["ingredientIds"] == ["prompt", "model"]


def test_a_trained_model_is_disclosed_and_a_rule_is_not(making, ruled):
    assert assertions(making())["c2pa.ai-disclosure"] == {
        "modelType": "c2pa.types.model",
        "modelName": "mesh-programs-1",
        "modelIdentifier": "sha256:" + "5a" * 32,
    }
    assert "c2pa.ai-disclosure" not in assertions(making(generator=ruled))


def test_a_remote_model_without_known_weights_is_disclosed_all_the_same(making):
    remote = Identity(backend="openai", model="m", source_type="trainedAlgorithmicMedia", repeatable=False)
    assert assertions(making(generator=remote))["c2pa.ai-disclosure"] == {
        "modelType": "c2pa.types.model",
        "modelName": "m",
    }
    assert [each["label"] for each in define(making(generator=remote)).manifest["ingredients"]] == ["prompt"]


def test_a_rule_without_prompt_has_no_ingredients(making, ruled):
    definition = define(making(generator=ruled, prompt=""))
    assert definition.manifest["ingredients"] == []
    assert definition.resources == {}
    assert "parameters" not in action(making(generator=ruled, prompt=""))
    assert generation(making(prompt=""))["prompt"] == ""


def test_the_prompt_travels_as_data_and_the_model_by_the_digest_of_its_weights(making):
    definition = define(making(prompt="Schreib «Grüße»"))
    prompt, model = definition.manifest["ingredients"]
    assert definition.resources == {prompt["data"]["identifier"]: "Schreib «Grüße»".encode()}
    assert prompt["data_types"] == [{"type": "c2pa.types.generator.prompt"}]
    assert model["instance_id"] == "sha256:" + "5a" * 32
    assert {"type": "c2pa.types.model"} in model["data_types"]
    assert {prompt["relationship"], model["relationship"]} == {"inputTo"}


def test_generation_tells_on_whose_behalf_from_what_and_never_the_prompt_itself(making):
    said = generation(making())
    assert said["on_behalf"] == "agent-3"
    assert said["content"] == "c0" * 32
    assert said["media_type"] == "text/plain"
    assert said["seed"] == "18446744073709551615"
    assert said["prompt"] == digest_bytes(PROMPT, making().prompt.encode()).hex()
    assert said["generator"]["weights_licence"] == "Apache-2.0"
    assert said["time"] == 36060
    assert making().prompt not in json.dumps(said)


def test_lineage_names_parents_and_inputs_by_digest_with_relation_and_log(making):
    assert lineage(making()) == {
        "version": 1,
        "origin": "worldloom.run/a",
        "parents": [
            {"digest": "e2" * 32, "relation": "wasDerivedFrom"},
            {"digest": "e3" * 32, "relation": "wasDerivedFrom"},
            {"digest": "f4" * 32, "relation": "used"},
        ],
    }


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("algorithmicMedia", IPTC + "algorithmicMedia"),
        ("compositeSynthetic", IPTC + "compositeSynthetic"),
        ("dataDrivenMedia", IPTC + "dataDrivenMedia"),
        ("digitalCreation", IPTC + "digitalCreation"),
        ("virtualRecording", IPTC + "virtualRecording"),
        ("empty", "http://c2pa.org/digitalsourcetype/empty"),
        ("trainedAlgorithmicData", "http://c2pa.org/digitalsourcetype/trainedAlgorithmicData"),
    ],
)
def test_each_source_type_has_its_own_prefix(making, source, uri):
    assert action(making(generator=Identity("b", "m", source_type=source)))["digitalSourceType"] == uri


def test_a_source_type_nobody_knows_is_refused(making):
    with pytest.raises(CredentialError, match="madeUp"):
        define(making(generator=Identity("b", "m", source_type="madeUp")))


@pytest.mark.parametrize("name", ["c2pa.opened", "c2pa.edited", ""])
def test_a_manifest_that_begins_with_anything_but_created_is_refused(making, name):
    with pytest.raises(CredentialError, match=r"c2pa\.created"):
        define(making(action=name))


@pytest.mark.parametrize("value", [0.5, 2**53, {1: 2}, b"x", float("nan"), {"a": [1.0]}, "\u202eevil", "a\x00b"])
def test_parameters_hold_integers_and_clean_text_only(making, value):
    with pytest.raises(CredentialError, match="value"):
        define(making(parameters={"p": value}))


def test_a_hostile_title_is_refused_and_a_long_one_cut(making):
    with pytest.raises(CredentialError):
        define(making(title="\u202etxt.exe"))
    assert define(making(title="x" * 500)).manifest["title"] == "x" * 200
    assert define(making(title="")).manifest["title"] == "letter"


def test_what_others_may_train_on_follows_the_licence_of_the_output(making):
    entries = assertions(making())["cawg.training-mining"]["entries"]
    assert set(entries) == {
        "cawg.ai_generative_training",
        "cawg.ai_inference",
        "cawg.ai_training",
        "cawg.data_mining",
    }
    assert entries["cawg.ai_training"] == {"use": "constrained", "constraint_info": "Apache-2.0"}
    closed = assertions(making(generator=Identity("b", "m")))["cawg.training-mining"]["entries"]
    assert closed["cawg.data_mining"] == {"use": "notAllowed"}


def test_no_two_manifests_have_one_label(making):
    assert len({define(making()).label for _ in range(50)}) == 50


json_values = st.recursive(
    st.integers(-(2**53) + 1, 2**53 - 1) | st.text("abcäß 1", max_size=9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), json_values, max_size=4), st.integers(0, 2**64 - 1))
def test_parameters_and_seed_stand_in_the_assertion_as_given(parameters, seed):
    told = Making("t", "text/plain", "k", "world", Identity("b", "m"), parameters=parameters, seed=seed)
    said = assertions(told)["org.worldloom.generation"]
    assert said["parameters"] == parameters
    assert int(said["seed"]) == seed
