"""Tests of needs: rates, bounds, and a day of a village whose people act on them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds import needs
from worldloom.worlds.action import Action
from worldloom.worlds.clock import DAY, HOUR, is_night, time_of_day
from worldloom.worlds.columns import Activity
from worldloom.worlds.vocabulary import FOOD

RATES = st.lists(st.integers(-500, 500), min_size=1, max_size=5)


@given(RATES, st.integers(0, 10**6), st.lists(st.integers(1, 3600), min_size=1, max_size=8))
def test_what_passes_in_parts_adds_up_to_the_whole(rates, start, parts):
    rate = np.array(rates, np.int64)
    edges = np.cumsum([start, *parts]).tolist()
    total = sum(needs.passed(rate, a, b) for a, b in pairwise(edges))
    assert total.tolist() == needs.passed(rate, start, edges[-1]).tolist()
    assert needs.passed(rate, start, start + HOUR).tolist() == rates


@pytest.mark.parametrize("step", [60, 300, 3600])
def test_needs_do_not_hang_on_the_length_of_a_step(settle, step):
    world = settle(step=step)
    world.apply([Action(agent, "rest", {"seconds": 6 * HOUR}) for agent in world.agents.ids], 0)
    before = world.agents.hunger.copy()
    for _ in range(3 * HOUR // step):
        world.end_step()
    assert (world.agents.hunger - before).tolist() == [3 * needs.HUNGER_AWAKE] * 6


def test_needs_stay_within_their_bounds_however_long_nobody_acts(settle):
    world = settle(step=3600)
    for _ in range(72):
        world.end_step()
    for need in (world.agents.hunger, world.agents.tiredness, world.agents.company):
        assert need.min() >= 0
        assert need.max() <= needs.WORST
    assert world.agents.hunger.tolist() == [needs.WORST] * 6


def test_company_is_wanted_alone_and_had_among_people(settle):
    world = settle(5)
    world.agents.company[:] = 500
    for _ in range(60):
        world.end_step()
    assert (world.agents.company[:4] == 500 + needs.AMONG_PEOPLE).all()
    assert world.agents.company[4] == 500 + needs.LONELY


class Villager:
    """A plain villager: eats when hungry, sleeps at night, works by day, looks for company in the evening."""

    def __init__(self, world, agent):
        self.world, self.agent = world, agent
        row = world.agents.row_of(agent)
        self.home, self.work = (f"place-{world.agents.home[row]}", f"place-{world.agents.work[row]}")

    def act(self, seen):
        if seen.doing in ("sleeping", "walking", "working") and seen.until > seen.time:
            return None
        food = [thing for thing in (*seen.carried, *seen.things) if thing.thing in FOOD]
        if seen.hunger > 550 and food:
            return self.do("use", item=food[0].item)
        if seen.hunger > 550 and not is_night(seen.time):
            larders = [item.place for item in self.world.items.values() if item.thing in FOOD and item.place]
            if larders and larders[0] != seen.place:
                return self.do("move", to=larders[0])
        hour = time_of_day(seen.time) // HOUR
        aim = self.home if is_night(seen.time) else self.work if 8 <= hour < 17 else "place-0"
        if seen.place != aim:
            return self.do("move", to=aim)
        kind = "rest" if is_night(seen.time) else "work" if aim == self.work else "wait"
        return self.do(kind, seconds=HOUR)

    def do(self, kind, **arguments):
        return Action(self.agent, kind, arguments)


def test_people_who_act_on_their_needs_have_a_good_day(settle):
    world = settle(8)
    villagers = {agent: Villager(world, agent) for agent in world.agents.ids}
    eaten = dict.fromkeys(villagers, 0)
    asleep = np.zeros(8, np.int64)
    worst = np.zeros((3, 8), np.int64)
    for _ in range(DAY // 60):
        world.begin_step()
        due = world.due()
        wanted = [villagers[seen.agent].act(seen) for seen in world.observe(due)]
        world.acknowledge(due)
        world.apply([action for action in wanted if action is not None], 0)
        at_night = is_night(world.time)
        for block in world.end_step():
            for row in block.rows:
                eaten[row.actor] += row.detail.get("how") == "eaten"
        asleep += 60 * (world.agents.activity == Activity.SLEEPING) * at_night
        worst = np.maximum(worst, [world.agents.hunger, world.agents.tiredness, world.agents.company])
    assert all(2 <= count <= 4 for count in eaten.values()), eaten
    assert asleep.min() >= 6 * HOUR
    assert worst.max() < needs.WORST, worst
