"""The rule expert's day: work at its hours, meals, something made, appointments, company, sleep. Only plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import appointments, tables
from .reading import Dice, Row, Sheet

MOST = 9
_STAY = 90
"""Minutes that somebody stays at an appointment."""

_MAKING, _LATEST = 75, 18 * 60
"""Minutes that making something takes, with the way there; and the last minute of a day at which it is begun."""


class Slot(NamedTuple):
    """A step of the day: a minute, what, where (label), because of which memory (label)."""

    at: int
    do: str
    place: str
    memory: str = ""


def plan(sheet: Sheet, dice: Dice) -> dict[str, list[dict[str, str]]]:
    """Answer a `plan` prompt."""
    why, home = sheet.fields.get("why", ""), _label(sheet.places, "home")
    wanted = appointments.today(sheet)
    if "did not come" in why:
        # Waited for long enough: what was to be now is over.
        wanted = [each for each in wanted if each.minute > sheet.minute]
    slots = _with_promise(_usual(sheet, dice), sheet) if "promised" in why else _usual(sheet, dice)
    slots = _from_now(_with_appointments(slots, wanted), sheet.minute, home)
    if why.startswith("you could not"):
        slots[0] = slots[0]._replace(do="rest", place=home)
    slots = _shortened(slots)
    return {
        "steps": [
            {
                "at": f"{slot.at // 60 % 24:02d}:{slot.at % 60:02d}",
                "do": slot.do,
                "place": slot.place,
                "memory": slot.memory,
            }
            for slot in slots
        ]
    }


def _shortened(slots: list[Slot]) -> list[Slot]:
    """Leave out what is too short or the same as before, then what matters least, until there are not too many."""
    kept = slots[:1]
    for slot, after in zip(slots[1:], [*slots[2:], None], strict=True):
        same = (slot.do, slot.place) == (kept[-1].do, kept[-1].place)
        brief = after is not None and after.at - slot.at < 20 and slot.do in ("visit", "walk", "work")
        if not (same or brief):
            kept.append(slot._replace(at=max(slot.at, kept[-1].at + 1)))
    for least in ("rest", "walk", "visit", "work", "make", "eat"):
        while len(kept) > MOST and (found := [slot for slot in kept[:-1] if slot.do == least]):
            kept.remove(found[-1])
    return kept


def _label(places: Sequence[Row], what: str) -> str:
    """Return the label of home or work, else of the first place of a kind; "" when there is none."""
    for row in places:
        if what in row.facts[0].split(", "):
            return row.label
    return next((row.label for row in places if row.kind == what), "")


def _usual(sheet: Sheet, dice: Dice) -> list[Slot]:
    """Return a working day, whatever the hour is now."""
    places, job = sheet.places, sheet.fields.get("job", "")
    home, work = _label(places, "home"), _label(places, "work") or _label(places, "home")
    start, end = tables.HOURS.get(job, tables.OTHER_HOURS)
    start, end = start + dice.below(20), end + dice.below(40) - 20
    noon = 700 + dice.below(50)
    slots = [Slot(min(360 + dice.below(25), start - 15), "eat", home), Slot(start, "work", work)]
    # Most people make something in a day, many twice; the craft itself is chosen when the time has come.
    if dice.chance(80):
        slots.append(Slot(start + 20 + dice.below(100), "make", dice.pick((work, work, home))))
        slots.append(Slot(slots[-1].at + 90, "work", work))
    slots.append(Slot(noon, "eat", _label(places, dice.pick(tables.LUNCH)) or home))
    slots.append(Slot(noon + 50, "work", work))
    idle_hands = sheet.minute > start + 60 and sheet.fields.get("made today") == "0"
    if idle_hands or dice.chance(60):
        slots.append(Slot(max(noon + 110, end - 80 + dice.below(40)), "make", dice.pick((work, home))))
    else:
        slots.append(Slot(max(noon + 110, end), "walk", _label(places, dice.pick(tables.WALKS)) or home))
    supper = max(1050 + dice.below(40), slots[-1].at + 70)
    slots.append(Slot(supper, "eat", _label(places, dice.pick(tables.SUPPER)) or home))
    slots.append(Slot(supper + 55, "visit", _label(places, dice.pick(tables.EVENINGS)) or home))
    slots.append(Slot(1270 + dice.below(70), "sleep", home))
    return sorted(slots)


def _with_promise(slots: list[Slot], sheet: Sheet) -> list[Slot]:
    """Make what was promised as soon as one is at work, today if there is time."""
    job, work = sheet.fields.get("job", ""), _label(sheet.places, "work") or _label(sheet.places, "home")
    start, _ = tables.HOURS.get(job, tables.OTHER_HOURS)
    at = max(start + 10, sheet.minute + 5)
    if at > _LATEST:
        return slots
    end = at + _MAKING
    kept = [slot for slot in slots if not at <= slot.at < end or slot.do in ("eat", "sleep")]
    return sorted([*kept, Slot(at, "make", work), Slot(end, "work", work)])


def _with_appointments(slots: list[Slot], wanted: Sequence[appointments.Appointment]) -> list[Slot]:
    """Make room for what there is to go to: it begins ten minutes early, so that one is there in time."""
    for each in wanted:
        begin, end = each.minute - 10, each.minute + _STAY
        if any(slot.do == "meet" and slot.at < end and begin < slot.at + _STAY for slot in slots):
            continue
        # Nothing is begun that would not be done in time.
        before = [slot for slot in slots if slot.at < begin and (slot.do != "make" or slot.at <= begin - _MAKING)]
        after = [slot for slot in slots if slot.at >= end]
        lost = [slot for slot in slots if slot not in before and slot.at < end]
        going_on = after if after else [slot._replace(at=end) for slot in lost if slot.do == "sleep"]
        slots = [*before, Slot(begin, "meet", each.place, each.memory), *going_on]
        if lost and after and after[0].do == "sleep" and after[0].at > end + 30:
            slots.insert(-1, Slot(end, "visit", each.place))
    return slots


def _from_now(slots: list[Slot], now: int, home: str) -> list[Slot]:
    """Return the slots from now on, the one that is on beginning now; at least two."""
    if now < 4 * 60:
        # After midnight: the night goes on, then the day follows.
        return [Slot(now, "sleep", home), *[slot for slot in slots if slot.at > now]]
    past = [slot for slot in slots if slot.at <= now]
    ahead = [slot for slot in slots if slot.at > now]
    current = past[-1] if past else Slot(now, "rest", home)
    chosen = [current._replace(at=now), *ahead]
    # So late that only the night is left: sit down for a moment, then sleep.
    return chosen if len(chosen) > 1 else [Slot(now, "rest", home), Slot(now + 10, "sleep", home)]
