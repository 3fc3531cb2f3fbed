"""The shapes that a model's answers must have, as JSON schemas, and a strict check against them. Means nothing yet.

The schemas are the same for all agents, so that a constrained decoder compiles each once. They use a small part of JSON
Schema: `type` (object, array, string), `properties` (all of them required, no others), `items`, `minItems`, `maxItems`,
`maxLength`, `enum`, `pattern` (which must match the whole text).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from worldloom.generators.vocabulary import CHARGES, COLOURS, MOODS, SIZES, THINGS
from worldloom.worlds.market import DEAREST
from worldloom.worlds.vocabulary import CRAFTS

MAX_ANSWER = 4000
"""Characters of an answer that is read at all."""

MAX_SAY = 200
"""Characters of free speech in one utterance."""

DEEDS = ("go on", "move", "say", "give", "take", "use", "eat", "work", "rest", "wait")
"""What an agent may decide to do; `go on` follows the plan, `eat` finds food at hand or at the target place."""

TALK = ("tell", "ask", "greet", "invite", "agree", "decline", "order", "promise", "end")
"""What somebody who is spoken to may do; `order` asks for a thing to be made, `end` goes on with the plan."""

TRADING = ("buy", "offer", "go on")
"""What somebody may do at a market; `go on` follows the plan."""

INSIGHTS = ("friend", "maker", "gathering", "habit", "worry", "gratitude")
"""What looking back may come to."""

STEPS = ("work", "eat", "make", "meet", "visit", "walk", "rest", "sleep")
"""What a step of a plan may be."""

OCCASIONS = ("greeting", "thanks", "invitation", "apology", "good wishes", "a memory shared", "a small request")
"""What a letter may be about. News is none of them: it travels by word of mouth."""

_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _label(letters: str) -> dict[str, Any]:
    return _text(f"({letters}[1-9][0-9]?)?")


_SAY = {"type": "string", "maxLength": MAX_SAY}

DECIDE_SCHEMA = _object(
    do={"enum": list(DEEDS)}, target=_label("[eip]"), item=_label("i"), memory=_label("m"), say=_SAY
)
TALK_SCHEMA = _object(
    do={"enum": list(TALK)},
    target=_label("e"),
    memory=_label("m"),
    place=_label("p"),
    at=_text(f"({_TIME})?"),
    thing={"enum": ["", *THINGS]},
    say=_SAY,
)
PLAN_SCHEMA = _object(
    steps={
        "type": "array",
        "minItems": 2,
        "maxItems": 9,
        "items": _object(at=_text(_TIME), do={"enum": list(STEPS)}, place=_label("p"), memory=_label("m")),
    }
)
MAKE_SCHEMA = _object(
    craft={"enum": list(CRAFTS)},
    thing={"enum": ["", *THINGS]},
    subject={"enum": ["", *CHARGES]},
    colour={"enum": ["", *COLOURS]},
    size={"enum": ["", *SIZES]},
    occasion={"enum": ["", *OCCASIONS]},
    mood={"enum": ["", *MOODS]},
    memory=_label("m"),
    order=_label("o"),
    target=_label("[ep]"),
)
REFLECT_SCHEMA = _object(
    insights={
        "type": "array",
        "minItems": 0,
        "maxItems": 3,
        "items": _object(
            what={"enum": list(INSIGHTS)},
            about=_label("[ep]"),
            **{"from": _label("m")},
            also=_label("m"),
            say=_SAY,
        ),
    }
)
TRADE_SCHEMA = _object(
    do={"enum": list(TRADING)}, target=_label("i"), price={"enum": ["", *map(str, range(1, DEAREST + 1))]}
)
INTERVIEW_SCHEMA = _object(known={"enum": ["yes", "no"]}, memory=_label("m"), also=_label("m"), say=_SAY)

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "plan": PLAN_SCHEMA,
    "decide": DECIDE_SCHEMA,
    "talk": TALK_SCHEMA,
    "make": MAKE_SCHEMA,
    "reflect": REFLECT_SCHEMA,
    "interview": INTERVIEW_SCHEMA,
    "trade": TRADE_SCHEMA,
}
"""Schema of each purpose that is answered in JSON; letters and songs are plain text."""


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"))


def fault(value: Any, schema: Mapping[str, Any], where: str = "answer") -> str:
    """Return why a JSON value does not obey the schema, naming the place; "" when it does."""
    if "enum" in schema:
        return "" if isinstance(value, str) and value in schema["enum"] else f"{where} is none of its words"
    kind = schema["type"]
    if kind == "string":
        return _string_fault(value, schema, where)
    if kind == "array":
        return _array_fault(value, schema, where)
    return _object_fault(value, schema, where)


def _string_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, str):
        return f"{where} is not text"
    if "pattern" in schema and _pattern(schema["pattern"]).fullmatch(value) is None:
        return f"{where} is not of its form"
    if len(value) > schema.get("maxLength", len(value)):
        return f"{where} is longer than {schema['maxLength']} characters"
    return ""


def _array_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, list):
        return f"{where} is not a list"
    if not schema["minItems"] <= len(value) <= schema["maxItems"]:
        return f"{where} has {len(value)} entries, not {schema['minItems']} to {schema['maxItems']}"
    return next((why for at, item in enumerate(value) if (why := fault(item, schema["items"], f"{where}[{at}]"))), "")


def _object_fault(value: Any, schema: Mapping[str, Any], where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} is not an object"
    properties: Mapping[str, Any] = schema["properties"]
    if value.keys() != properties.keys():
        missing: Sequence[str] = [name for name in properties if name not in value]
        return f"{where} lacks {missing[0]}" if missing else f"{where} has a field that it may not have"
    return next((why for name, part in properties.items() if (why := fault(value[name], part, f"{where}.{name}"))), "")


def read_answer(text: str, schema: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return (value, "") of an answer that obeys the schema of an object, else ({}, why it does not). Never raises."""
    if len(text) > MAX_ANSWER:
        return {}, f"answer is longer than {MAX_ANSWER} characters"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "answer is not JSON"
    why = fault(value, schema)
    return ({}, why) if why else (value, "")
