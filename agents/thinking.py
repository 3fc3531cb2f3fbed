"""What somebody does next without asking, or what must be asked first, and why. Prompts and answers are elsewhere."""

from __future__ import annotations

from worldloom.worlds.clock import MINUTE
from worldloom.worlds.observation import Observation

from . import bargaining
from .going_on import ASK_AGAIN, carry_on, go_on
from .mind import Mind
from .noticing import Noticed
from .orders import drop_old, promised
from .plan import Question, Step, Wish
from .reflecting import is_time
from .talk import NEWS, key_of, may_tell
from .view import NEAR_MM, cell, ref

HUNGRY, EXHAUSTED = 700, 880
"""From these needs on somebody thinks about what to do, whatever the plan says."""

TALK_AGAIN, NEWS_AGAIN = 40 * MINUTE, 20 * MINUTE
"""Seconds before somebody thinks again of talking to the same person, without and with news for them."""


def think(mind: Mind, seen: Observation, noticed: Noticed, round_: int, *, reflection: bool) -> Question | Wish:
    """Return what must be asked, or what to do without asking."""
    if seen.addressed_by:
        return Question("talk", "")
    if round_ > 0:
        return carry_on(seen)
    plan = mind.plan
    step = plan.step(seen.time) if plan is not None else None
    if plan is None or step is None:
        mind.revise = ""
        drop_old(mind.orders, seen.time)
        return _plan(mind, "the day begins" if plan is None else "your plan has run out")
    return _question(mind, seen, noticed, step, reflection=reflection) or go_on(mind, plan, step, seen)


def _question(
    mind: Mind, seen: Observation, noticed: Noticed, step: Step, *, reflection: bool
) -> Question | Wish | None:
    """Return what somebody who has a plan must be asked all the same, or does because of others."""
    if mind.revise and seen.doing not in ("sleeping", "making"):
        why, mind.revise = mind.revise, ""
        return _plan(mind, why)
    if _gives_way(mind, seen, noticed):
        return _plan(mind, f"you could not {mind.tried} twice: {cell(noticed.refused)}")
    why = _reason(mind, seen, noticed, step)
    if why:
        return Question("decide", why)
    found = bargaining.come_to(mind, seen, step)
    if found is not None:
        return found
    return Question("reflect", "") if reflection and is_time(mind, seen, step) else None


def _plan(mind: Mind, why: str) -> Question:
    """Return the question for a plan; whatever it must heed, it has to make room for what was promised."""
    promise = promised(mind.orders)
    return Question("plan", why if not promise or promise in why else f"{why}; {promise}")


def _gives_way(mind: Mind, seen: Observation, noticed: Noticed) -> bool:
    """Whether the plan has failed for the second time in a step, so that it must give way; counts the failure."""
    if not noticed.refused or mind.tried in ("say", "give") or mind.plan is None:
        return False
    mind.plan.failed += 1
    if mind.plan.failed < 2 or seen.time - mind.asked.get("failed", -ASK_AGAIN) < ASK_AGAIN:
        return False
    mind.asked["failed"] = seen.time
    return True


def _reason(mind: Mind, seen: Observation, noticed: Noticed, step: Step) -> str:
    """Return why a decision is needed now, in words; "" when there is no need."""
    if noticed.refused and mind.tried not in ("say", "give"):
        if mind.plan is not None:
            mind.plan.served = True
        # What cannot be had here is not reached for over and over.
        mind.errands = [each for each in mind.errands if each.do != "eat"]
        return f"you could not {mind.tried}: {cell(noticed.refused)}"
    mind.gift = noticed.given or mind.gift
    if seen.doing == "sleeping" or (seen.doing == "making" and seen.until > seen.time):
        return ""
    if mind.gift:
        why, mind.gift = mind.gift, ""
        return why
    served = mind.plan is not None and mind.plan.served
    for need, level, least, deed in (
        ("hungry", seen.hunger, HUNGRY, "eat"),
        ("exhausted", seen.tiredness, EXHAUSTED, "rest"),
    ):
        seen_to = step.do == "sleep" or (step.do == deed and not served)
        if level >= least and not seen_to and seen.time - mind.asked.get(need, -ASK_AGAIN) >= ASK_AGAIN:
            mind.asked[need] = seen.time
            return f"you are {need}"
    return "" if step.do == "sleep" else _company(mind, seen, noticed)


def _company(mind: Mind, seen: Observation, noticed: Noticed) -> str:
    """Return whom there is to talk to, in words; notes the chance, so that it is not thought of again at once."""
    near = [person.agent for person in seen.people if person.distance <= NEAR_MM and person.doing != "sleeping"]
    chances = [other for other in near[:6] if _has_reason_to_talk(mind, other, seen.time)]
    if not chances:
        return ""
    for other in chances:
        mind.met(other, seen.time)
    names = " and ".join(ref(other) for other in chances[:3])
    return f"you meet {names}" if noticed.met in chances else f"{names} {'is' if len(chances) == 1 else 'are'} near"


def _has_reason_to_talk(mind: Mind, other: str, time: int) -> bool:
    since = time - mind.talked.get(other, time - TALK_AGAIN)
    if since >= TALK_AGAIN:
        return True
    if since < NEWS_AGAIN:
        return False
    news = (mind.stream.find(name) for name in mind.news)
    return any(
        memory is not None
        and memory.importance >= NEWS
        and other != memory.via
        and may_tell(memory, time)
        and not mind.told.knows(other, key_of(memory.text))
        for memory in news
    )
