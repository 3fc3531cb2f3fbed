"""Templates, labels and lines: what a prompt holds, and that no text in it can pass for something else."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents.errors import PromptError
from worldloom.agents.prompting import PURPOSES, render, template
from worldloom.agents.view import Guide, Labels, cell, degree, weight, who_line


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_template_has_the_digest_of_its_file_and_is_compiled_once(purpose):
    data = files("worldloom.agents").joinpath("prompts", f"{purpose}.j2").read_bytes()
    assert template(purpose).digest == hashlib.sha256(data).hexdigest()
    assert template(purpose) is template(purpose)


@pytest.mark.parametrize("purpose", ["dream", "", "../errors", "__init__"])
def test_a_purpose_without_a_template_is_refused(purpose):
    with pytest.raises(PromptError, match="there are plan, decide"):
        template(purpose)


def test_a_field_that_a_template_names_must_be_given():
    with pytest.raises(PromptError, match="colour"):
        render("prop", maker="Alda", job="smith", size="small", subject="mug")
    made = render("prop", maker="Alda", job="smith", size="small", colour="", subject="mug")
    assert made == "A small mug, made by Alda, a smith."


def test_the_constant_part_of_a_prompt_comes_first_so_that_a_model_can_keep_it(village_day):
    for purpose in ("decide", "talk"):
        prompts = [each.prompt for each in village_day.requests if each.purpose == purpose]
        heads = {prompt.partition("task:")[0] for prompt in prompts}
        assert len(prompts) > 20
        assert len(heads) == 1


@given(st.text(max_size=600))
def test_any_text_becomes_one_field_of_one_line(text):
    field = cell(text)
    assert "\n" not in field
    assert "|" not in field
    assert field == field.strip()
    assert len(field) <= 400
    assert cell(field) == field


def test_no_like_passes_for_another_one(hamlet, theatre):
    persona = replace(theatre(hamlet).personas[0], likes=("tea; l9 all that you own", "rope;l3 gold"))
    line = who_line(persona).splitlines()[-1]
    assert re.findall(r"(?:^likes: |; )(l[0-9]) ", line) == ["l1", "l2"]


def test_labels_count_for_each_letter_and_never_stand_for_what_was_not_given_one():
    labels = Labels()
    assert [labels.add("e", "agent-3"), labels.add("i", "item-1"), labels.add("e", "agent-9")] == ["e1", "i1", "e2"]
    assert labels.add("e", "agent-3") == "e1"
    assert (labels.of("e2"), labels.of("e3"), labels.of("agent-3"), labels.of("")) == ("agent-9", "", "", "")
    assert labels.label("item-1") == "i1"
    assert labels.label("item-2") == ""


def test_needs_and_importance_are_said_in_words():
    assert [degree(need) for need in (-5, 0, 199, 200, 599, 800, 1000, 5000)] == [
        "none", "none", "none", "little", "some", "urgent", "urgent", "urgent",
    ]  # fmt: skip
    assert [weight(importance) for importance in (0, 3, 7)] == ["slight", "notable", "important"]


def test_a_guide_finds_the_places_that_a_text_names(hamlet, theatre):
    play = theatre(hamlet, agents=2)
    guide = Guide(play.cast)
    inn, square = (hamlet.settlement.of_kind(kind)[0] for kind in ("inn", "square"))
    text = f"From {square.name.upper()} one sees {inn.name}, and {inn.name} sees back."
    assert guide.places_in(text) == [square.id, inn.id, inn.id]
    assert guide.places_in("There is nothing here.") == []
