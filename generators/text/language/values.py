"""A schema's answer as a sequence of values, and back: what the small model writes in the place of JSON. Not tokens.

A record is the values of an object's fields in the schema's order, empty ones at its end left out. An object with one
list of objects is a record for each of them. Plain text (no schema) is one record of one value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from worldloom.generators.errors import GeneratorError

Record = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """How a schema's answers are written: `fields` are names and schemas of a record's values.

    `list_name` is the field that holds the records, "" when there is one record alone; of them there are `least` to
    `most`. `plain`: the answer is text, not JSON.
    """

    fields: tuple[tuple[str, Mapping[str, Any]], ...]
    list_name: str = ""
    least: int = 1
    most: int = 1
    plain: bool = False


def form_of(schema: Mapping[str, Any]) -> Form:
    """Return the form of a schema; raises GeneratorError for one that the small model cannot follow."""
    return _form(json.dumps(schema))


@lru_cache(maxsize=64)
def _form(text: str) -> Form:
    schema = json.loads(text)
    if not schema:
        return Form((("text", {"type": "string"}),), plain=True)
    fields = _fields(schema)
    if len(fields) == 1 and fields[0][1].get("type") == "array":
        name, array = fields[0]
        return Form(_fields(array["items"]), name, array.get("minItems", 0), array.get("maxItems", 16))
    return Form(fields)


def _fields(schema: Mapping[str, Any]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    properties = schema.get("properties") if schema.get("type") == "object" else None
    if not properties:
        raise GeneratorError("the embedded language model answers an object of texts, or one list of such objects")
    return tuple(properties.items())


def records_of(answer: str, form: Form) -> list[Record]:
    """Return an answer's records; the caller has checked it against its schema."""
    if form.plain:
        return [(answer,)]
    value = json.loads(answer)
    objects: Sequence[Mapping[str, str]] = value[form.list_name] if form.list_name else [value]
    return [_trimmed([each[name] for name, _ in form.fields]) for each in objects]


def _trimmed(values: list[str]) -> Record:
    while values and not values[-1]:
        values.pop()
    return tuple(values)


def answer_of(records: Sequence[Record], form: Form) -> str:
    """Return the answer that records stand for, as text or as JSON."""
    if form.plain:
        return records[0][0] if records and records[0] else ""
    names = [name for name, _ in form.fields]
    objects = [dict(zip(names, (*record, *[""] * len(names)), strict=False)) for record in records]
    value = {form.list_name: objects} if form.list_name else (objects or [dict.fromkeys(names, "")])[0]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


TIMES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60))
"""Every minute of a day."""


def options_of(schema: Mapping[str, Any], labels: Sequence[str]) -> Sequence[str]:
    """Return what a closed field may hold: the words of its `enum`, or what its `pattern` allows of labels and times.

    Empty for a field of free words.
    """
    if "enum" in schema:
        words: Sequence[str] = schema["enum"]
        return words
    if "pattern" not in schema:
        return ()
    found = pattern_of(schema)
    if found.fullmatch(TIMES[0]):
        return TIMES if found.fullmatch("") is None else ("", *TIMES)
    return [label for label in ("", *labels) if found.fullmatch(label)]


def may_be_empty(schema: Mapping[str, Any]) -> bool:
    """Return whether a field may be left out."""
    if "enum" in schema:
        return "" in schema["enum"]
    return "pattern" not in schema or pattern_of(schema).fullmatch("") is not None


def pattern_of(schema: Mapping[str, Any]) -> re.Pattern[str]:
    """Return a field's pattern, which must match the whole text."""
    return _compiled(schema["pattern"])


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"))
