"""A day's plan: its steps, which one is on, and what following it means without asking anybody. Makes none itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from worldloom.provenance.ids import agent_number
from worldloom.worlds.clock import DAWN, DAY, HOUR, MINUTE, next_dawn, seconds_of, time_of_day
from worldloom.worlds.observation import Observation, Thing
from worldloom.worlds.vocabulary import FOOD

from .errors import MindStateError
from .persona import Persona
from .view import Labels

LONGEST_WORK = HOUR
IDLE_SECONDS = 15 * MINUTE
"""How long somebody sits down before looking up again."""

SATED = 250
"""Hunger below which nobody goes on eating."""

_HALF_DAY = DAY // 2


class Wish(NamedTuple):
    """What somebody wants to do now: an action's kind and arguments; `cause` is the decision of an errand behind it."""

    kind: str
    arguments: Mapping[str, Any]
    cause: str = ""


class Question(NamedTuple):
    """What must be asked before anything is done: a purpose and why."""

    purpose: str
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (seconds) on do this at a place (id); `memory` is the id of what it was planned for, or ""."""

    at: int
    do: str
    place: str
    memory: str = ""


@dataclass(slots=True)
class Plan:
    """Steps in order of time, made by a decision (id); `end` in seconds. `served`: the present step has had its due.

    `failed` counts what could not be done in the present step.
    """

    decision: str
    steps: tuple[Step, ...]
    end: int
    position: int = 0
    served: bool = False
    failed: int = 0

    def step(self, time: int) -> Step | None:
        """Return the step that is on at a time; None when the plan has run out. Moves on as time does."""
        if time >= self.end:
            return None
        while self.position + 1 < len(self.steps) and self.steps[self.position + 1].at <= time:
            self.position += 1
            self.served, self.failed = False, 0
        return self.steps[self.position]

    def until(self) -> int:
        """Return when the present step ends, in seconds."""
        following = self.position + 1
        return self.steps[following].at if following < len(self.steps) else self.end

    def following(self) -> Step | None:
        """Return the step after the present one."""
        following = self.position + 1
        return self.steps[following] if following < len(self.steps) else None

    def state(self) -> dict[str, Any]:
        """Return the plan as a JSON value."""
        steps = [[step.at, step.do, step.place, step.memory] for step in self.steps]
        return {
            "decision": self.decision,
            "steps": steps,
            "end": self.end,
            "position": self.position,
            "served": self.served,
            "failed": self.failed,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Plan:
        """Read what `state` gave; raises MindStateError."""
        try:
            steps = tuple(Step(at, do, place, memory) for at, do, place, memory in state["steps"])
            plan = cls(state["decision"], steps, *(state[name] for name in ("end", "position", "served", "failed")))
        except (KeyError, TypeError, ValueError) as error:
            raise MindStateError(f"not a plan: {error!r}") from error
        if not 0 <= plan.position < len(steps):
            raise MindStateError(f"a plan of {len(steps)} steps cannot be at step {plan.position}")
        return plan


def default_place(do: str, persona: Persona) -> str:
    """Return where something is done when a plan does not say."""
    return persona.work if do in ("work", "make") else persona.home


def read_steps(
    answer: Mapping[str, Any], labels: Labels, persona: Persona, time: int
) -> tuple[tuple[Step, ...], Sequence[str], str]:
    """Return (steps, ids of the memories that they name, "") of a plan's answer, or ((), (), what is wrong with it).

    The first step's time is the nearest one of that name; each later one is the next after the step before.
    """
    steps: list[Step] = []
    memories: list[str] = []
    for entry in answer["steps"]:
        at = _when(entry["at"], steps[-1].at if steps else None, time)
        place = labels.of(entry["place"]) if entry["place"] else default_place(entry["do"], persona)
        memory = labels.of(entry["memory"]) if entry["memory"] else ""
        for label, found in ((entry["place"], place), (entry["memory"], memory)):
            if label and not found:
                return (), (), f"there is no {label}"
        if at > time + DAY:
            return (), (), "steps are not in the order of their times"
        steps.append(Step(at, entry["do"], place, memory))
        memories += [memory] if memory else []
    return tuple(steps), memories, ""


def _when(text: str, after: int | None, time: int) -> int:
    seconds = seconds_of(text)
    if after is None:
        ahead = (seconds - time_of_day(time)) % DAY
        return time + ahead if ahead <= _HALF_DAY else time + ahead - DAY
    ahead = (seconds - time_of_day(after)) % DAY
    return after + (ahead or DAY)


def end_of(steps: Sequence[Step], number: int) -> int:
    """Return when a plan runs out: after sleep some minutes past the next dawn, by the agent's number."""
    last = steps[-1]
    if last.do != "sleep":
        return last.at + HOUR
    dawn = next_dawn(last.at)
    return dawn + number * 7 % 9 * 5 * MINUTE if dawn % DAY == DAWN else dawn


def follow(plan: Plan, step: Step, seen: Observation) -> Wish | Question:
    """Return what following the step means now, or what must be asked first. May mark the step as served."""
    if step.place and seen.place != step.place:
        return Wish("move", {"to": step.place})
    left = max(MINUTE, plan.until() - seen.time)
    if step.do == "make" and not plan.served:
        return Question("make", "")
    if step.do == "eat" and not plan.served:
        return _eat(plan, seen, left)
    if step.do == "work" and not plan.served:
        return Wish("work", {"seconds": min(left, LONGEST_WORK)})
    return Wish("rest", {"seconds": min(left, 12 * HOUR)}) if step.do == "sleep" else _linger(left)


def _linger(left: int) -> Wish:
    return Wish("rest", {"seconds": min(left, IDLE_SECONDS)})


def _eat(plan: Plan, seen: Observation, left: int) -> Wish | Question:
    if seen.hunger < SATED:
        plan.served = True
        return _linger(left)
    return eat_here(seen) or Question("decide", "there is nothing to eat here")


def eat_here(seen: Observation) -> Wish | None:
    """Return how to get at food now: eat what one carries, take what lies here; None where there is nothing."""
    carried = _food(seen.carried, seen.agent)
    if carried is not None:
        return Wish("use", {"item": carried.item})
    lying = _food([thing for thing in seen.things if not thing.holder], seen.agent) if seen.place else None
    return Wish("take", {"item": lying.item}) if lying is not None else None


def _food(things: Sequence[Thing], agent: str) -> Thing | None:
    """Return one of the most filling things; of several alike not everybody reaches for the same."""
    most = max((FOOD[thing.thing] for thing in things if thing.thing in FOOD), default=0)
    best = [thing for thing in things if FOOD.get(thing.thing) == most]
    return best[agent_number(agent) % len(best)] if best else None
