"""Going on: what plan and errands ask for now, and after an interruption or an answer. Asks nobody."""

from __future__ import annotations

from dataclasses import replace

from worldloom.worlds.clock import HOUR, MINUTE
from worldloom.worlds.observation import Observation

from .decide import AS_PLANNED, Outcome
from .errands import next_of
from .mind import Mind, Pending
from .plan import Plan, Question, Step, Wish, follow

ASK_AGAIN = 20 * MINUTE
"""Seconds before a need makes somebody think again."""

PAUSE = 5 * MINUTE
"""What an agent waits whose plan came to nothing."""


def carry_on(seen: Observation) -> Wish:
    """Return how to go on with what one does, after an interruption."""
    left = max(MINUTE, min(seen.until - seen.time, 12 * HOUR))
    if seen.until > seen.time or seen.going:
        if seen.going:
            return Wish("move", {"to": seen.going})
        if seen.doing == "working":
            return Wish("work", {"seconds": left})
        if seen.doing in ("sleeping", "resting"):
            return Wish("rest", {"seconds": left})
    return Wish("wait", {"seconds": MINUTE, "reason": f"goes on {seen.doing}" if seen.doing != "idle" else "looks up"})


def go_on(mind: Mind, plan: Plan, step: Step, seen: Observation) -> Question | Wish:
    """Return what errands and plan ask for, once whatever one does now is done."""
    if seen.going or (seen.until > seen.time and seen.doing not in ("talking", "waiting", "idle")):
        return carry_on(seen)
    if step.do != "sleep" and (found := next_of(mind.errands, seen, mind.cast)) is not None:
        wish, mind.cause = found
        return wish._replace(cause=mind.cause)
    mind.cause = plan.decision
    planned = follow(plan, step, seen)
    if not isinstance(planned, Question) or planned.purpose != "decide":
        return planned
    # In hungry days every larder is empty: it is thought of now and then, not at each of them.
    if seen.time - mind.asked.get("food", -ASK_AGAIN) >= ASK_AGAIN:
        mind.asked["food"] = seen.time
        return planned
    plan.served = True
    return follow(plan, step, seen)


def wish_of(mind: Mind, pending: Pending, outcome: Outcome) -> Wish:
    """Return the action's kind and arguments: the outcome's own, or what going on means for somebody who has asked."""
    seen = pending.seen
    plan = mind.plan
    if pending.purpose == "make" and plan is not None:
        plan.served = True
    if outcome.fault:
        seconds = PAUSE if pending.purpose == "plan" else MINUTE
        return Wish("wait", {"seconds": seconds, "reason": outcome.fault[:200]})
    if outcome.wish is not AS_PLANNED:
        return outcome.wish
    step = plan.step(seen.time) if plan is not None else None
    if plan is None or step is None:
        return carry_on(seen)
    if pending.purpose == "plan" and seen.doing in ("walking", "working", "resting", "talking", "waiting", "idle"):
        seen = _free(seen)
    wish = go_on(mind, plan, step, seen)
    if isinstance(wish, Wish):
        return wish
    if wish.purpose == "decide":
        # It was asked just now and goes on all the same: nothing to be had here.
        plan.served = True
        return _follow_or_rest(plan, step, seen)
    return Wish("wait", {"seconds": MINUTE, "reason": "gets ready to make something"})


def _free(seen: Observation) -> Observation:
    """Return the observation as of somebody who has dropped what it did: a new plan counts at once."""
    return replace(seen, going="", until=seen.time, doing="idle")


def _follow_or_rest(plan: Plan, step: Step, seen: Observation) -> Wish:
    """Return what a step that has had its due means now."""
    found = follow(plan, step, seen)
    return found if isinstance(found, Wish) else Wish("rest", {"seconds": MINUTE})
