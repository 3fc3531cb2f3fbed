"""Events as sentences of a few words for the live page. Plain text: the page escapes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worldloom.provenance.events_block import EventRow
from worldloom.provenance.text import clean_text

Name = Callable[[str | None], str]
LONGEST = 300
_SOMETHING = "something"


def sentence(row: EventRow, person: Name, place: Name) -> str:
    """Return what happened; names of people and places come from outside."""
    detail = row.detail if isinstance(row.detail, dict) else {}
    thing = str(detail.get("name") or detail.get("thing") or _SOMETHING)
    who, at = person(row.actor), place(row.place) if row.place else ""
    told = _SENTENCES.get(row.kind or "", _other)(who, thing, person(row.target), row, detail)
    return clean_text(f"{told}{f', {at}' if at else ''}", LONGEST)


def _other(who: str, thing: str, _whom: str, row: EventRow, _detail: dict[str, Any]) -> str:
    what = thing if thing != _SOMETHING else row.target or ""
    return f"{who}: {row.kind} {what}".rstrip()


def _produced(who: str, thing: str, _whom: str, _row: EventRow, detail: dict[str, Any]) -> str:
    many = len(detail.get("items", ()))
    return f"{who} has {many} {thing} more" if many > 1 else f"{who} has another {thing}"


_SENTENCES: dict[str, Callable[[str, str, str, EventRow, dict[str, Any]], str]] = {
    "make": lambda who, thing, _whom, _row, _detail: f"{who} makes “{thing}”",
    "give": lambda who, thing, whom, _row, _detail: f"{who} gives “{thing}” to {whom}",
    "read": lambda who, thing, _whom, _row, _detail: f"{who} reads “{thing}”",
    "sing": lambda who, thing, _whom, _row, _detail: f"{who} sings “{thing}”",
    "meet": lambda who, _thing, whom, _row, _detail: f"{who} meets {whom} on the way",
    "take": lambda who, thing, _whom, _row, _detail: f"{who} takes {thing}",
    "tell": lambda _who, _thing, whom, _row, detail: f"{whom} learns: “{detail.get('text', '')}”",
    "produce": _produced,
}
