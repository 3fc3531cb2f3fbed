"""Reading times and places out of memories: what somebody has to be at today. Plain words only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .reading import Row, Sheet, day_of

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CLOCK = re.compile(r"\b([01]?[0-9]|2[0-3]):([0-5][0-9])\b")
_WORD = re.compile(r"\bat (" + "|".join(_NUMBERS) + r")\b")
EVENING = 19 * 60
"""What `tonight` means when no hour is said."""


class Appointment(NamedTuple):
    """At a minute of today, at a place (label), because of a memory (label)."""

    minute: int
    place: str
    memory: str


def minute_in(text: str) -> int | None:
    """Return the minute of the day that a text (small letters) names, or None."""
    found = _CLOCK.search(text)
    if found:
        return int(found[1]) * 60 + int(found[2])
    word = _WORD.search(text)
    evening = "tonight" in text or "evening" in text
    if word:
        hour = _NUMBERS.index(word[1]) + 1
        late = hour < 12 and (evening or hour < 7)
        return (hour + 12 * late) * 60
    if "noon" in text:
        return 12 * 60
    return EVENING if evening else None


def place_in(text: str, places: Sequence[Row]) -> str:
    """Return the label of the place with the longest name that a text (small letters) names, or ""."""
    named = [row for row in places if row.text and row.text.lower() in text]
    return max(named, key=lambda row: len(row.text)).label if named else ""


def today(sheet: Sheet) -> list[Appointment]:
    """Return what the memories of a sheet say that there is to go to today, after now, earliest first."""
    now, day, places = sheet.minute, sheet.day, sheet.places
    found: dict[int, Appointment] = {}
    for row in sheet.memories:
        text = row.text.lower()
        said = day_of(row.facts[1])
        when = said + 1 if "tomorrow" in text else said
        # What stands in quotation marks is a title: a song of a feast invites nobody.
        if text.endswith("?") or '"' in text or when != day or row.kind not in ("knows", "told", "plan"):
            continue
        minute, place = minute_in(text), place_in(text, places)
        if minute is not None and place and minute > now - 60:
            found.setdefault(minute, Appointment(minute, place, row.label))
    return [found[minute] for minute in sorted(found)]
