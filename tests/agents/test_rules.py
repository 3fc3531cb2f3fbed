"""The rule expert: reads prompts, answers under the schemas, quickly, alike every time, and sensibly."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.rules import MODEL, Rules, from_argument, tables_digest
from worldloom.agents.rules.appointments import minute_in, today
from worldloom.agents.rules.reading import Dice, read
from worldloom.agents.schemas import SCHEMAS, read_answer
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request, Status

HEAD = "task: {task}\nyou: Alda Barwick\nage: 41\njob: smith\nmanner: kind and talkative\nlikes: l1 cats; l2 strong tea"
PLACES = "places:\np1 home | home | Gull Cottage\np2 smithy | work, here | Ember Forge\np3 inn |  | The Blue Anchor"


def ask(prompt, seed=1, purpose="decide"):
    request = Request("text", purpose, "agent-0", 0, 0, seed, prompt, SCHEMAS.get(purpose, {}))
    return Rules().generate([request])[0]


def value(prompt, seed=1, purpose="decide"):
    answer = ask(prompt, seed, purpose)
    found, why = read_answer(answer.text, SCHEMAS[purpose])
    assert why == ""
    return found


def decide_prompt(why, people="", things="", memories="", places=PLACES):
    return "\n".join(
        (
            HEAD.format(task="decide"),
            "time: day 1, 10:00\nneeds: hunger some, tiredness little, loneliness some\nplan: work",
            f"why: {why}\nhappened:\npeople:\n{people}\nthings:\n{things}",
            f"{places}\nmemories:\n{memories}\nanswer:",
        )
    )


def plan_prompt(time="day 1, 06:00", memories="", made="0", places=PLACES):
    return (
        f"{HEAD.format(task='plan')}\ntime: {time}\nneeds: hunger some\nplan: none\nwhy: the day begins\n"
        f"made today: {made}\n{places}\nmemories:\n{memories}\nanswer:"
    )


def test_the_registry_finds_rules_and_they_are_a_generator():
    rules = resolve("text", "rules")
    assert isinstance(rules, Rules)
    assert isinstance(rules, Generator)
    identity = rules.identity
    assert (identity.backend, identity.model, identity.template) == ("rules", MODEL, tables_digest())
    assert identity.repeatable
    assert identity.source_type == "algorithmicMedia"
    with pytest.raises(UnknownGeneratorError, match="takes nothing"):
        from_argument("fast")


def test_every_answer_of_a_day_obeys_its_schema_and_does_not_depend_on_neighbours(village_day):
    requests = [request for request in village_day.requests if request.kind == "text"]
    assert {request.purpose for request in requests} >= {"plan", "decide", "talk", "make"}
    together = Rules().generate(requests)
    alone = [Rules().generate([request])[0] for request in requests[::7]]
    assert [answer.digest for answer in together[::7]] == [answer.digest for answer in alone]
    for request, answer in zip(requests, together, strict=True):
        assert read_answer(answer.text, request.schema)[1] == ""


def test_the_seed_makes_villagers_differ():
    plans = {ask(plan_prompt(), seed, "plan").text for seed in range(30)}
    assert len(plans) >= 25


# Days


@given(st.integers(0, 2**64 - 1), st.integers(0, 23), st.integers(0, 59))
@settings(max_examples=200, deadline=None)
def test_a_plan_at_any_hour_is_in_order_and_ends_in_sleep(seed, hour, minute):
    steps = value(plan_prompt(f"day 1, {hour:02d}:{minute:02d}"), seed, "plan")["steps"]
    assert 2 <= len(steps) <= 9
    now, last = hour * 60 + minute, -1
    for step in steps:
        ahead = (int(step["at"][:2]) * 60 + int(step["at"][3:]) - now) % 1440
        assert ahead > last
        last = ahead
    assert steps[-1]["do"] == "sleep"
    if 6 <= hour < 9:
        assert len(steps) >= 4
        assert {"work", "eat"} <= {step["do"] for step in steps}
        assert all(step["place"] == "p2" for step in steps if step["do"] == "work")


def test_who_knows_of_a_feast_goes_to_it_and_says_why():
    news = "m1 told | important | day 1, 09:10 | p3 |  | There is a feast at The Blue Anchor tonight at seven."
    for seed in range(40):
        steps = value(plan_prompt("day 1, 10:00", news), seed, "plan")["steps"]
        (meet,) = [step for step in steps if step["do"] == "meet"]
        assert meet == {"at": "18:50", "do": "meet", "place": "p3", "memory": "m1"}
        assert not any("18:50" < step["at"] < "20:20" for step in steps)


@pytest.mark.parametrize(
    "memory",
    [
        "m1 told | important | day 1, 09:10 | p3 |  | There is a feast at The Blue Anchor tonight at seven.",
        "m1 seen | important | day 2, 09:10 | p3 |  | There is a feast at The Blue Anchor tonight at seven.",
        "m1 told | important | day 2, 09:10 | p3 |  | Is there a feast at The Blue Anchor tonight at seven?",
        "m1 told | important | day 2, 09:10 | p3 |  | There is a feast at The Red Lion tonight at seven.",
        "m1 told | important | day 2, 09:10 | p3 |  | There is a feast at The Blue Anchor tomorrow at seven.",
        "m1 told | important | day 2, 09:10 | p3 |  | The Blue Anchor has been painted.",
    ],
    ids=["yesterday's", "seen", "a question", "elsewhere", "tomorrow's", "no time"],
)
def test_what_is_no_appointment_of_today_changes_no_plan(memory):
    assert today(read(plan_prompt("day 2, 10:00", memory))) == []


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("at 17:05", 1025), ("tonight at seven", 1140), ("at eight", 480), ("at three", 900), ("at noon", 720),
        ("this evening", 1140), ("at twelve", 720), ("one day", None),
    ],
)  # fmt: skip
def test_times_are_read_from_words(text, minute):
    assert minute_in(text) == minute


# Deeds and talk


def test_hunger_is_stilled_with_what_is_at_hand_and_else_where_there_is_food():
    here = "i1 hammer | tool | here | a hammer\ni2 loaf | food | here | a loaf of bread"
    assert value(decide_prompt("you are hungry", things=here))["target"] == "i2"
    carried = "i3 fish | food | carried | a fish\n" + here
    assert value(decide_prompt("you are hungry", things=carried))["target"] == "i3"
    for seed in range(20):
        found = value(decide_prompt("there is nothing to eat here"), seed)
        assert (found["do"], found["target"] in ("p1", "p3")) == ("eat", True)


def test_important_news_is_told_at_once_and_only_to_whom_it_is_new():
    people = "e1 baker | working | near, known | Jora Ling\ne2 fisher | working | near, known | Emva Reed"
    news = (
        "m1 seen | slight | day 1, 09:00 |  |  | A boat.\nm2 told | important | day 1, 09:10 |  | new to e2 | A feast!"
    )
    for seed in range(20):
        found = value(decide_prompt("e1 and e2 are near", people, memories=news), seed)
        assert (found["do"], found["target"], found["memory"]) == ("say", "e2", "m2")


def test_a_gift_is_used_and_a_letter_is_read():
    thing = "i1 letter | made | carried | Letter from Jora to Alda"
    found = value(decide_prompt('Jora gave you "Letter from Jora to Alda"', things=thing))
    assert (found["do"], found["target"]) == ("use", "i1")


def talk_prompt(said, memories="", turn=1):
    return "\n".join(
        (
            HEAD.format(task="talk"),
            f"time: day 1, 10:00\nneeds: hunger some\nplan: work\nturn: {turn} of 8",
            f"happened:\n- 10:00 Jora Ling said to you: {said}",
            f"people:\ne1 baker | talking | near, friend | Jora Ling\n{PLACES}\nmemories:\n{memories}\nanswer:",
        )
    )


def test_an_invitation_is_answered_and_an_agreement_ends_the_talk():
    said = "Will you meet me at The Blue Anchor at 17:15, Alda Barwick?"
    found = [value(talk_prompt(said), seed, "talk") for seed in range(40)]
    assert {each["do"] for each in found} == {"agree", "decline"}
    assert {(each["place"], each["at"]) for each in found if each["do"] == "agree"} == {("p3", "17:15")}
    assert value(talk_prompt("I will meet you at The Blue Anchor at 17:15."), 1, "talk")["do"] == "end"


def test_somebody_who_has_agreed_to_be_elsewhere_declines():
    said = "Will you meet me at The Blue Anchor at 17:15, Alda Barwick?"
    agreed = "m1 plan | important | day 1, 09:00 | p2 |  | Alda Barwick will meet Jora Ling at Ember Forge at 16:45."
    assert {value(talk_prompt(said, agreed), seed, "talk")["do"] for seed in range(30)} == {"decline"}


def test_an_order_is_promised_by_whose_trade_it_is_and_not_without_end():
    asked = "Will you make me a lantern, Alda?"
    found = [value(talk_prompt(asked), seed, "talk") for seed in range(40)]
    assert {each["do"] for each in found} == {"promise", "decline"}
    assert {each["thing"] for each in found if each["do"] == "promise"} == {"lantern"}
    others = [value(talk_prompt("Will you make me a loaf, Alda?"), seed, "talk")["do"] for seed in range(20)]
    assert set(others) == {"decline"}
    row = "plan | notable | day 1, 09:00 |  |  | Alda Barwick promised to make a pot for Jora Ling."
    busy = [value(talk_prompt(asked, f"m1 {row}\nm2 {row}"), seed, "talk")["do"] for seed in range(20)]
    assert set(busy) == {"decline"}


def test_no_talk_goes_on_for_ever_and_news_comes_before_good_bye():
    assert value(talk_prompt("So it goes.", turn=7), 1, "talk")["do"] == "end"
    news = "m1 told | important | day 1, 09:10 |  | new to e1 | A feast!"
    assert value(talk_prompt("So it goes.", news, turn=7), 1, "talk")["memory"] == "m1"


# Letters, hostile prompts


def letter_prompt(to="Jora Ling", occasion="thanks"):
    to = f"e1 | baker | {to}"
    return f"{HEAD.format(task='letter')}\ntime: day 1, 10:00\nto: {to}\nfrom: e2\noccasion: {occasion}\nletter:"


@pytest.mark.parametrize("seed", range(12))
def test_letters_are_short_and_made_of_who_writes_to_whom(seed):
    text = ask(letter_prompt(), seed, "letter").text
    # Names are labels: the studio puts them there.
    assert "e1" in text.split("\n\n")[0]
    assert "e2" in text.split("\n\n")[2]
    assert "Jora" not in text
    body = text.split("\n\n")[1]
    assert 2 <= sum(body.count(mark) for mark in ".?!") <= 5
    assert "{" not in text


def test_a_letter_survives_names_with_braces_and_an_unknown_occasion():
    text = ask(letter_prompt("{job} {0}", "a duel"), 3, "letter").text
    assert text.count("e1") == 1
    assert "{" not in text


@pytest.mark.parametrize("prompt", ["", "hello", "task: dance\n", "task: plan", "task: talk\nturn: x of 8"])
def test_a_prompt_that_rules_do_not_know_is_a_failed_answer(prompt):
    answer = ask(prompt)
    assert answer.status is Status.FAILED
    assert answer.detail


@given(st.text(max_size=300), st.integers(0, 2**64 - 1))
@settings(max_examples=150, deadline=None)
def test_any_text_in_any_section_gets_an_answer_and_raises_nothing(text, seed):
    for prompt in (text, decide_prompt(text, text, text, text), plan_prompt(memories=text), talk_prompt(text, text)):
        answer = ask(prompt, seed)
        assert answer.status in (Status.OK, Status.FAILED)


def test_hostile_lines_give_the_expert_no_label_of_their_own():
    memories = "m1 told | important | day 1, 09:10 |  | new to e1 | x e9 king / near m9 told / important"
    people = "e1 baker | working | near, known | Jora Ling"
    found = value(decide_prompt("e1 and e2 are near", people, memories=memories))
    assert (found["target"], found["memory"]) == ("e1", "m1")


def test_dice_follow_from_the_seed_alone_and_are_fair():
    assert [Dice(7).below(1000) for _ in range(3)] == [Dice(7).below(1000)] * 3
    dice = Dice(3)
    counts = [0] * 6
    for _ in range(6000):
        counts[dice.below(6)] += 1
    assert min(counts) > 850
    request = Request("text", "plan", "agent-0", 0, 0, 5, plan_prompt(), SCHEMAS["plan"])
    same = Rules().generate([request, replace(request, agent="agent-9")])
    assert json.loads(same[0].text) == json.loads(same[1].text)
