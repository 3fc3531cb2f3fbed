import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.agents.schemas import SCHEMAS, fault
from worldloom.generators.errors import GeneratorError
from worldloom.generators.text.language.values import answer_of, form_of, options_of, records_of

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip)


def _value(schema: dict[str, Any], data: st.DataObject) -> str:
    options = options_of(schema, ("e1", "e2", "p1", "i3", "m1", "m10", "o1"))
    return data.draw(st.sampled_from(list(options)) if options else _WORDS)


def _object(schema: dict[str, Any], data: st.DataObject) -> dict[str, str]:
    return {name: _value(part, data) for name, part in schema["properties"].items()}


@given(st.sampled_from(sorted(SCHEMAS)), st.data())
def test_every_answer_of_every_schema_comes_back_from_its_records(purpose: str, data: st.DataObject) -> None:
    schema = SCHEMAS[purpose]
    name, part = next(iter(schema["properties"].items()))
    if part.get("type") == "array":
        count = data.draw(st.integers(part["minItems"], part["maxItems"]))
        value: Any = {name: [_object(part["items"], data) for _ in range(count)]}
    else:
        value = _object(schema, data)
    assert not fault(value, schema)
    form = form_of(schema)
    assert json.loads(answer_of(records_of(json.dumps(value), form), form)) == value


def test_plain_text_is_one_value() -> None:
    form = form_of({})
    assert records_of("Dear e1,\n\nKeep well.", form) == [("Dear e1,\n\nKeep well.",)]
    assert answer_of([("Dear e1,\n\nKeep well.",)], form) == "Dear e1,\n\nKeep well."


def test_values_that_nobody_gave_are_empty() -> None:
    form = form_of(SCHEMAS["decide"])
    assert json.loads(answer_of([("go on",)], form)) == {
        "do": "go on",
        "target": "",
        "item": "",
        "memory": "",
        "say": "",
    }


def test_a_schema_that_is_no_object_is_refused_by_name() -> None:
    with pytest.raises(GeneratorError, match="object of texts"):
        form_of({"type": "array", "items": {"type": "string"}})


def test_a_pattern_takes_labels_of_the_prompt_and_times_only_where_it_allows_them() -> None:
    assert options_of({"pattern": "^([ei][1-9][0-9]?)?$"}, ("e1", "i2", "m1")) == ["", "e1", "i2"]
    assert options_of({"pattern": "^m[1-9]$"}, ("e1", "m1")) == ["m1"]
    times = options_of({"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, ("e1",))
    assert len(times) == 1440
    assert "" not in times
