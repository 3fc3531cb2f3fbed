"""What the page's scripts are given: people, ways, needs and talk of a run as JSON values. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.worlds.clock import HOUR
from worldloom.worlds.exports.map import choose_window
from worldloom.worlds.space import CELL_MM

from .enacting import DOINGS, Track
from .happenings import EventList
from .land import Land
from .naming import Names, hue, initials
from .packing import pack
from .record import Record
from .ways import UNIT_MM, packed, ways
from .wellbeing import sampled

NEEDS_NAMED = ("hunger", "tiredness", "want of company")
_MAP_PIXELS = 1600
MOST_SAID = 40_000
"""Utterances that the map shows beside it."""
_NEEDS_FOR = 200
"""People whose needs the map shows; more would take too much of the page."""


def run_data(record: Record, names: Names, track: Track | None, land: Land | None) -> dict[str, Any]:
    """Return people, map frame (decimetres), places, and, with a track, everybody's ways and needs, packed."""
    value: dict[str, Any] = {
        "start": record.start,
        "end": record.end,
        "opens": min(record.end, record.start + 2 * HOUR),
        "people": [
            {
                "id": persona["agent"],
                "name": names.person(persona["agent"]),
                "initials": initials(names.person(persona["agent"])),
                "hue": hue(persona["agent"]),
                "job": str(persona.get("job", "")),
            }
            for persona in record.personas
        ],
        "doings": list(DOINGS),
        "places": dict(names.places),
    }
    if land is not None:
        window, scale = choose_window(land.terrain, land.settlement, _MAP_PIXELS), CELL_MM // UNIT_MM
        frame = {"x": window.left, "y": window.top, "side": window.side}
        value["frame"] = {name: round(part * scale) for name, part in frame.items()}
    if track is not None and land is not None:
        value["ways"] = pack(packed(ways(track, land)))
        if len(track.agents) <= _NEEDS_FOR:
            every, columns = sampled(track)
            value["needs"] = {"every": every, "names": list(NEEDS_NAMED), "columns": pack(columns)}
    return value


def event_data(record: Record, listed: EventList) -> Mapping[str, Any]:
    """Return the rows of the list of events, and the talk for the map: (seconds, speaker, hearer, words)."""
    number = {persona["agent"]: at for at, persona in enumerate(record.personas)}
    said = [
        (each.row.time, number[each.row.actor], number.get(each.row.target or "", -1), _words(each.row.detail))
        for each in sorted(record.said[:MOST_SAID], key=lambda each: each.row.time)
        if each.row.actor in number
    ]
    return {"rows": listed.rows, "said": said}


def _words(detail: Any) -> str:
    return str(detail.get("spoken") or detail.get("text", "")) if isinstance(detail, dict) else ""
