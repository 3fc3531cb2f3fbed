"""Whether a model's words obey the schema that they were asked for. Knows JSON, no meaning and no backend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LONGEST = 65_536
"""Characters of an answer that are looked at."""

PLAIN_TOKENS = 512
"""Tokens of an answer without a schema, such as a letter."""

MOST_TOKENS = 2048
_SPARE = 32
_UNBOUNDED = 64
"""Characters that are taken for text whose schema sets no limit."""

_STARTS = 20
"""Places of an answer at which a JSON value is looked for."""

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def token_budget(schema: Mapping[str, Any]) -> int:
    """Return how many tokens an answer may take: the longest text that the schema allows, a token a character."""
    if not schema:
        return PLAIN_TOKENS
    return min(_longest(schema) + _SPARE, MOST_TOKENS)


def read(text: str, schema: Mapping[str, Any]) -> tuple[str, str]:
    """Return (answer, "") when the words hold an answer, else ("", what is wrong with them). Never raises.

    Without a schema the words are the answer. With one, the first JSON value of the schema's type is, written
    compactly: models like to put words or a fence around it.
    """
    words = _spoken(text[:LONGEST])
    if not schema:
        return (words, "") if words else ("", "it is empty")
    value = _first_value(words, {"array": "[", "object": "{"}.get(schema.get("type", "object"), ""))
    if value is None:
        return "", "it holds no JSON value of the wanted kind" if words else "it is empty"
    why = complaint(value, schema)
    return ("", why) if why else (_COMPACT(value), "")


def ends_value(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether words hold a whole answer already, so that a model that rambles on can be stopped."""
    return text.rstrip().endswith(("}", "]")) and not read(text, schema)[1]


def complaint(value: Any, schema: Mapping[str, Any]) -> str:
    """Return the most telling reason why a JSON value does not obey the schema, with its place; "" when it does."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (an extra; the audit installation has none)
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    try:
        error = best_match(Draft202012Validator(schema).iter_errors(value))
    except RecursionError:
        return "it is nested too deeply"
    if error is None:
        return ""
    place = error.json_path.removeprefix("$").removeprefix(".")
    return f"{place or 'the value'}: {error.message[:200]}"


def _spoken(words: str) -> str:
    """Return what is said, without the thinking that some models write before it."""
    said = words.rpartition("</think>")[2].strip()
    return "" if said.startswith("<think>") else said


def _first_value(words: str, opening: str) -> Any:
    decoder = json.JSONDecoder(parse_constant=_refuse)
    start = words.find(opening) if opening else 0
    for _ in range(_STARTS):
        if start < 0:
            return None
        try:
            return decoder.raw_decode(words, start)[0]
        except (ValueError, RecursionError):
            start = words.find(opening, start + 1) if opening else -1
    return None


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _longest(schema: Mapping[str, Any]) -> int:
    """Return the length of the longest value in compact JSON, bounded where the schema sets no bound."""
    if "enum" in schema:
        return max((len(_COMPACT(value)) for value in schema["enum"]), default=0)
    kind = schema.get("type")
    if kind == "object":
        parts: Mapping[str, Any] = schema.get("properties", {})
        return 2 + sum(len(name) + 6 + _longest(part) for name, part in parts.items())
    if kind == "array":
        return 2 + int(schema.get("maxItems", 8)) * (2 + _longest(schema.get("items", {})))
    if kind == "string":
        return 2 + int(schema.get("maxLength", min(_UNBOUNDED, len(schema.get("pattern", "x" * _UNBOUNDED)))))
    return _UNBOUNDED
