"""Tests of actions: what each does, what is refused, that no answer of a model breaks the world."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.canonical import canonical
from worldloom.worlds import needs
from worldloom.worlds.action import Action
from worldloom.worlds.actions import ActionKind, Argument
from worldloom.worlds.builtin import default_actions
from worldloom.worlds.columns import Activity
from worldloom.worlds.errors import ActionKindError, WorldError
from worldloom.worlds.vocabulary import CARRY_LIMIT

DIGEST = "ab" * 32
MADE = {"subject": "a herring", "artifact": DIGEST, "media_type": "image/svg+xml", "title": "Fresh herring"}


def do(world, agent, kind, round_=0, cause="", **arguments):
    """Carry out one action and return what happened."""
    return world.apply([Action(agent, kind, arguments, cause)], round_)


def reason(world, agent, kind, **arguments):
    """Carry out an action that must be refused, and return why."""
    (happening,) = do(world, agent, kind, **arguments)
    assert happening.row.kind == "wait"
    assert happening.row.actor == agent
    return happening.row.detail["reason"]


def lying(world, place, thing):
    return [item for item in world.items.lying_at(place) if item.thing == thing]


def home_of(world, agent):
    return world.settlement.places[int(world.agents.home[world.agents.row_of(agent)])].id


def bring(world, agent, place):
    """Let an agent walk to a place, step by step."""
    do(world, agent, "move", to=place)
    for _ in range(30):
        world.end_step()
        (seen,) = world.observe([agent])
        if seen.place == place:
            world.acknowledge(world.agents.ids)
            return
    raise AssertionError(f"{agent} never arrived at {place}")


def make(world, agent, craft, **more):
    (happening,) = do(world, agent, "make", craft=craft, seconds=60, **(MADE | more))
    world.end_step()
    return happening.row.target


def gather(world, count):
    """Put the first agents where agent-0 stands."""
    for column in (world.agents.x, world.agents.y, world.agents.place):
        column[:count] = column[0]


def test_taking_puts_a_thing_into_ones_hands_and_keeps_one_busy_for_a_moment(settle):
    world = settle()
    loaf = lying(world, home_of(world, "agent-0"), "loaf")[0]
    (happening,) = do(world, "agent-0", "take", cause="decision-21600-0-0", item=loaf.id)
    assert world.items[loaf.id].holder == "agent-0"
    assert (happening.row.kind, happening.row.target, happening.row.cause) == ("take", loaf.id, "decision-21600-0-0")
    assert happening.seen_by == ("agent-0", "agent-1")
    assert "agent-0" not in world.due()
    world.end_step()
    assert "agent-0" in world.due()


def test_eating_stills_hunger_and_the_food_is_gone(settle):
    world = settle()
    loaf = lying(world, home_of(world, "agent-0"), "loaf")[0]
    world.agents.hunger[0] = 700
    (happening,) = do(world, "agent-0", "use", item=loaf.id)
    assert world.agents.hunger[0] == 250
    assert loaf.id not in world.items
    assert happening.row.detail["how"] == "eaten"
    assert reason(world, "agent-1", "use", item=loaf.id) == f"there is no {loaf.id}"


def test_speech_reaches_those_near_and_wakes_the_one_spoken_to(settle):
    world = settle()
    world.begin_step()
    do(world, "agent-1", "work")
    world.apply([Action("agent-1", "rest", {"seconds": 3600})], 0)
    assert "agent-1" not in world.due()
    (happening,) = do(world, "agent-0", "say", to="agent-1", text="There is a feast tonight.", source="event-1-w-0")
    assert happening.row.detail == {
        "text": "There is a feast tonight.",
        "source": "event-1-w-0",
        "heard": ["agent-1"],
    }
    assert "agent-1" in world.due()
    assert world.addressed() == (("agent-1", "agent-0"),)
    (seen,) = world.observe(["agent-1"])
    assert seen.addressed_by == "agent-0"
    assert seen.happened[-1] == happening


def test_who_answers_while_resting_goes_on_resting(settle):
    world = settle()
    do(world, "agent-1", "rest", seconds=3600)
    until = int(world.agents.busy_until[1])
    do(world, "agent-0", "say", to="agent-1", text="Hello")
    do(world, "agent-1", "say", round_=1, to="agent-0", text="Hello to you")
    assert world.addressed() == (("agent-0", "agent-1"),)
    assert world.agents.activity[1] == Activity.RESTING
    assert world.agents.busy_until[1] == until


def test_words_to_all_are_heard_by_the_room_and_the_two_nearest_may_answer(settle):
    world = settle()
    gather(world, 4)
    (happening,) = do(world, "agent-0", "say", text="Good morning")
    assert happening.row.detail["heard"] == ["agent-1", "agent-2", "agent-3"]
    assert happening.row.target is None
    assert world.addressed() == (("agent-1", "agent-0"), ("agent-2", "agent-0"))


def test_who_makes_something_or_sleeps_or_is_deaf_need_not_answer_words_to_all(settle):
    world = settle()
    gather(world, 4)
    world.agents.activity[1], world.agents.activity[2] = Activity.MAKING, Activity.SLEEPING
    do(world, "agent-0", "say", text="Good morning")
    assert world.addressed() == (("agent-3", "agent-0"),)
    world.intervene("deafen", target="agent-3")
    do(world, "agent-0", "say", round_=1, text="Anybody?")
    assert world.addressed() == ()


@pytest.mark.parametrize("to_all", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_of_two_who_address_each_other_at_once_one_is_heard_and_the_other_may_answer(settle, seed, to_all):
    world = settle(seed=seed)
    pair = [("agent-0", "agent-1"), ("agent-1", "agent-0")]
    acts = [Action(me, "say", {"to": "" if to_all else other, "text": f"{me} speaks"}) for me, other in pair]
    happened = world.apply(acts, 0)
    (said,) = [each for each in happened if each.row.kind == "say"]
    (wait,) = [each for each in happened if each.row.kind == "wait"]
    assert wait.row.detail["reason"] == "somebody else spoke first"
    assert world.addressed() == ((wait.row.actor, said.row.actor),)
    assert world.refusal(acts[1 if wait.row.actor == "agent-1" else 0]) == ""
    (again,) = do(world, wait.row.actor, "say", round_=1, to=said.row.actor, text="I see")
    assert again.row.kind == "say"


def test_sleepers_do_not_hear_what_is_said_to_others(settle):
    world = settle(start=23 * 3600)
    do(world, "agent-1", "rest")
    assert world.agents.activity[1] == Activity.SLEEPING
    (happening,) = do(world, "agent-0", "say", text="Is anybody awake?")
    assert happening.row.detail["heard"] == []
    (happening,) = do(world, "agent-0", "say", to="agent-1", text="Wake up")
    assert happening.row.detail["heard"] == ["agent-1"]


def test_talk_eases_the_want_of_company_of_both(settle):
    world = settle()
    world.agents.company[:] = 500
    do(world, "agent-0", "say", to="agent-1", text="Hello")
    assert world.agents.company[:3].tolist() == [380, 380, 500]


def test_deaf_ones_hear_nothing_and_mute_ones_say_nothing(settle):
    world = settle()
    world.intervene("deafen", target="agent-1")
    (happening,) = do(world, "agent-0", "say", to="agent-1", text="Hello")
    assert happening.row.detail["heard"] == []
    assert world.addressed() == ()
    assert happening.id not in {each.id for each in world.observe(["agent-1"])[0].happened}
    world.intervene("mute", target="agent-0")
    assert reason(world, "agent-0", "say", to="agent-1", text="Hello") == "cannot speak"
    world.intervene("unmute", target="agent-0")
    world.intervene("undeafen", target="agent-1")
    (happening,) = do(world, "agent-0", "say", to="agent-1", text="Hello")
    assert happening.row.detail["heard"] == ["agent-1"]


def test_giving_moves_the_thing_and_wakes_the_receiver(settle):
    world = settle()
    loaf = lying(world, home_of(world, "agent-0"), "loaf")[0]
    do(world, "agent-0", "take", item=loaf.id)
    do(world, "agent-1", "rest", seconds=3600)
    world.end_step()
    world.acknowledge(["agent-1"])
    (happening,) = do(world, "agent-0", "give", item=loaf.id, to="agent-1")
    assert world.items[loaf.id].holder == "agent-1"
    assert happening.row.detail["item"] == loaf.id
    assert "agent-1" in world.due()
    assert reason(world, "agent-0", "give", item=loaf.id, to="agent-1") == "does not have it"


def test_work_at_the_bakery_brings_forth_loaves_that_lie_there(settle):
    world = settle()
    place = world.settlement.of_kind("bakery")[0].id
    baker = next(agent for agent in world.agents.ids if world.agents.work[world.agents.row_of(agent)] == int(place[6:]))
    bring(world, baker, place)
    before = len(lying(world, place, "loaf"))
    do(world, baker, "work", seconds=3600)
    rows = [row for _ in range(61) for block in world.end_step() for row in block.rows]
    produced = [row for row in rows if row.kind == "produce"]
    assert len(lying(world, place, "loaf")) == before + 6
    assert [len(row.detail["items"]) for row in produced] == [3, 3]
    assert [row.actor for row in rows if row.kind == "finish"] == [baker]


def test_there_is_no_work_where_one_has_none_and_none_on_the_way(settle):
    world = settle()
    assert reason(world, "agent-0", "work") == f"has no work at {home_of(world, 'agent-0')}"
    do(world, "agent-1", "move", to="place-0")
    world.agents.place[1] = -1
    assert reason(world, "agent-1", "work") == "is on the way and cannot work there"


def test_rest_at_home_at_night_is_sleep_and_lasts_until_one_is_rested(settle):
    world = settle(start=22 * 3600)
    world.agents.tiredness[0] = 920
    (happening,) = do(world, "agent-0", "rest", seconds=600)
    assert happening.row.detail == {"asleep": True}
    assert happening.row.duration == 8 * 3600
    world.agents.tiredness[1] = 0
    (happening,) = do(world, "agent-1", "rest", seconds=600)
    assert happening.row.duration == needs.LEAST_NIGHT_SLEEP
    day = settle(start=12 * 3600)
    (happening,) = do(day, "agent-0", "rest", seconds=600)
    assert (happening.row.duration, happening.row.detail) == (600, {"asleep": False})


@pytest.mark.parametrize("craft", ["sign", "emblem", "prop"])
def test_a_made_thing_is_put_up_for_all_to_see_and_cannot_be_taken(settle, craft):
    world = settle()
    item = make(world, "agent-0", craft)
    assert world.items[item].holder == "agent-0"
    assert (world.items[item].name, world.items[item].artifact) == ("Fresh herring", DIGEST)
    (happening,) = do(world, "agent-0", "use", item=item)
    assert happening.row.detail["how"] == "put up"
    put_up = world.items[item]
    assert (put_up.place, put_up.up, put_up.holder) == (home_of(world, "agent-0"), True, "")
    assert reason(world, "agent-1", "take", item=item) == "it is put up there for all to see"


def test_a_letter_can_be_given_and_read(settle):
    world = settle()
    letter = make(world, "agent-0", "letter")
    do(world, "agent-0", "give", item=letter, to="agent-1")
    (happening,) = do(world, "agent-1", "use", item=letter)
    assert happening.row.kind == "read"
    assert happening.row.detail["artifact"] == DIGEST
    assert world.items[letter].holder == "agent-1"


def test_who_makes_something_has_no_hand_free_but_may_talk(settle):
    world = settle()
    do(world, "agent-0", "make", craft="sign", seconds=3600, **MADE)
    until = int(world.agents.busy_until[0])
    assert reason(world, "agent-0", "move", to="place-0") == "is making something and has no hand free"
    do(world, "agent-0", "say", to="agent-1", text="Not now")
    assert world.agents.activity[0] == Activity.MAKING
    assert world.agents.busy_until[0] == until


def test_a_make_may_be_tried_without_its_artifact_but_nothing_comes_of_it(settle):
    world = settle()
    action = Action("agent-0", "make", {"craft": "sign", "subject": "a fish", "seconds": 60})
    assert world.refusal(action) == ""
    before = len(world.items)
    (happening,) = world.apply([action], 0)
    assert happening.row.detail == {"reason": "nothing came of it"}
    assert len(world.items) == before


def test_waiting_while_busy_changes_nothing_one_does(settle):
    world = settle()
    do(world, "agent-0", "rest", seconds=3600)
    (happening,) = do(world, "agent-0", "wait", seconds=60, reason="listens")
    assert happening.row.duration == 0
    assert world.agents.activity[0] == Activity.RESTING
    assert world.agents.busy_until[0] == world.time + 3600


def test_two_who_want_one_thing_get_it_by_chance_that_no_low_number_bends(settle):
    winners = []
    for seed in range(40):
        world = settle(seed=seed)
        loaf = lying(world, home_of(world, "agent-0"), "loaf")[0].id
        happened = world.apply([Action(agent, "take", {"item": loaf}) for agent in ("agent-0", "agent-1")], 0)
        assert sorted(each.row.kind for each in happened) == ["take", "wait"]
        winners.append(world.items[loaf].holder)
    assert 10 < winners.count("agent-0") < 30


def test_the_order_in_which_actions_arrive_does_not_matter(settle):
    results = []
    for step in (1, -1):
        world = settle()
        loaf = lying(world, home_of(world, "agent-0"), "loaf")[0].id
        actions = [
            Action("agent-0", "take", {"item": loaf}),
            Action("agent-1", "take", {"item": loaf}),
            Action("agent-2", "move", {"to": "place-0"}),
            Action("agent-3", "say", {"to": "agent-2", "text": "Where to?"}),
            Action("agent-0", "rest", {}),
        ][::step]
        happened = world.apply(actions, 0)
        world.end_step()
        results.append((happened, world.digest()))
    assert results[0] == results[1]


def test_one_does_one_thing_at_a_time(settle):
    world = settle()
    happened = world.apply([Action("agent-0", "rest", {"x": 10**5000}), Action("agent-0", "move", {"to": [0]})], 0)
    assert [each.row.detail.get("reason") for each in happened].count("does one thing at a time") == 1
    assert len(happened) == 2


HOSTILE = {
    "unknown_kind": ("fly", {}, "there is no action 'fly'"),
    "kind_of_control_characters": ("fl\x00y\u202e", {}, "there is no action 'fly'"),
    "missing_argument": ("move", {}, "move lacks the argument to"),
    "argument_that_is_none": ("move", {"to": None}, "move lacks the argument to"),
    "unknown_argument": ("move", {"to": "place-0", "speed": 9}, "move has no argument 'speed'"),
    "id_of_another_kind": ("move", {"to": "agent-1"}, "to is no place: 'agent-1'"),
    "id_with_a_leading_zero": ("move", {"to": "place-00"}, "to is no place: 'place-00'"),
    "place_that_does_not_exist": ("move", {"to": "place-999"}, "there is no place-999"),
    "number_instead_of_text": ("move", {"to": 3}, "to is not text"),
    "huge_number": ("rest", {"seconds": 10**5000}, "seconds is not from 1 to 43200"),
    "negative_number": ("rest", {"seconds": -5}, "seconds is not from 1 to 43200"),
    "fraction": ("rest", {"seconds": 1.5}, "seconds is not a whole number"),
    "truth_as_number": ("rest", {"seconds": True}, "seconds is not a whole number"),
    "list_as_text": ("say", {"text": ["a"]}, "text is not text"),
    "text_of_control_characters_only": ("say", {"text": "\x00\x07\u202e \u200f"}, "has nothing to say"),
    "talk_to_nobody": ("say", {"to": "agent-99", "text": "x"}, "there is no agent-99"),
    "talk_to_oneself": ("say", {"to": "agent-0", "text": "x"}, "talks to nobody but itself"),
    "talk_out_of_hearing": ("say", {"to": "agent-4", "text": "x"}, "agent-4 is out of hearing"),
    "take_what_does_not_exist": ("take", {"item": "item-99999"}, "there is no item-99999"),
    "give_what_one_does_not_have": ("give", {"item": "item-0", "to": "agent-1"}, "does not have it"),
    "craft_that_nobody_knows": ("make", {"craft": "golem", "subject": "x"}, "nobody makes a 'golem'"),
    "make_nothing": ("make", {"craft": "sign", "subject": " \n"}, "does not know what to make"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_actions_become_waits_with_their_reason(settle, case):
    kind, arguments, wanted = HOSTILE[case]
    world = settle()
    assert world.refusal(Action("agent-0", kind, arguments)).startswith(wanted)
    assert reason(world, "agent-0", kind, **arguments).startswith(wanted)
    assert "agent-0" not in world.due()
    world.end_step()
    assert "agent-0" in world.due()


def test_arguments_that_are_no_object_are_refused(settle):
    world = settle()
    (happening,) = world.apply([Action("agent-0", "rest", ["seconds", 3])], 0)
    assert happening.row.detail == {"reason": "the arguments of rest are no object"}


def test_things_far_away_cannot_be_taken_or_used(settle):
    world = settle()
    far = lying(world, home_of(world, "agent-4"), "loaf")[0]
    assert reason(world, "agent-0", "take", item=far.id) == "it is out of reach"
    assert reason(world, "agent-0", "use", item=far.id) == "it is out of reach"


def test_what_others_hold_can_neither_be_taken_nor_used(settle):
    world = settle()
    loaf = lying(world, home_of(world, "agent-0"), "loaf")[0]
    do(world, "agent-0", "take", item=loaf.id)
    assert reason(world, "agent-1", "take", item=loaf.id) == "agent-0 has it"
    assert reason(world, "agent-1", "use", item=loaf.id) == "agent-0 has it"
    assert reason(world, "agent-0", "take", item=loaf.id) == "has it already"


def test_nobody_carries_more_than_they_can(settle):
    world = settle()
    place = world.settlement.of_kind("bakery")[0].id
    bring(world, "agent-0", place)
    loaves = lying(world, place, "loaf")
    for loaf in loaves[:CARRY_LIMIT]:
        do(world, "agent-0", "take", item=loaf.id)
    assert reason(world, "agent-0", "take", item=loaves[CARRY_LIMIT].id) == "cannot carry more"


def test_text_is_cleaned_and_cut(settle):
    world = settle()
    (happening,) = do(world, "agent-0", "say", text="A\x00\u202eB\r\n" + "e\u0301" * 1000)
    text = happening.row.detail["text"]
    assert text.startswith("AB\n\u00e9")
    assert len(text) == 400
    (happening,) = do(world, "agent-1", "make", craft="sign", **(MADE | {"title": "\x1b[31mred\x1b[0m"}))
    assert world.items[happening.row.target].name == "[31mred[0m"


def test_an_agent_that_does_not_exist_is_the_callers_error(settle):
    with pytest.raises(WorldError, match="no agent of this world"):
        settle().apply([Action("agent-99", "rest", {})], 0)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["to", "text", "item", "seconds", "craft", "subject", "source", "artifact", "title"])
KINDS = st.sampled_from(sorted(default_actions())) | st.text(max_size=8)


@given(st.lists(st.tuples(KINDS, st.dictionaries(NAMES | st.text(max_size=3), ANY, max_size=4)), max_size=6))
def test_whatever_a_model_answers_the_world_stands(settle, answers):
    world = settle()
    actions = [Action(f"agent-{n // 2}", kind, arguments) for n, (kind, arguments) in enumerate(answers)]
    for happening in world.apply(actions, 0):
        happening.row.encode()
    world.end_step()
    canonical(world.state())


def test_a_scenario_adds_an_action_of_its_own(settle):
    def ring(scene, row, arguments, cause):
        scene.occupy(row, Activity.BUSY, 30 * arguments["times"], cause)
        scene.happen(row, "ring", cause=cause, detail={"times": arguments["times"]}, witnesses=scene.watch(row))
        return ""

    kind = ActionKind("ring", {"times": Argument("integer", default=1, least=1, most=12)}, ring)
    world = settle(actions=default_actions().with_kind(kind))
    (happening,) = do(world, "agent-0", "ring", times=3)
    assert happening.row.detail == {"times": 3}
    assert world.agents.busy_until[0] == world.time + 90
    assert reason(world, "agent-1", "ring", times=13) == "times is not from 1 to 12"


@pytest.mark.parametrize("name", ["move", "Ring", "two words", "", "x" * 41])
def test_a_kind_with_a_taken_or_unfit_name_is_refused(name):
    with pytest.raises(ActionKindError):
        default_actions().with_kind(ActionKind(name, {}, lambda *_: ""))
    with pytest.raises(ActionKindError, match="type"):
        Argument("float")


def test_built_in_kinds_are_those_of_the_contract():
    assert sorted(default_actions()) == ["give", "make", "move", "rest", "say", "take", "use", "wait", "work"]
