import json

from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.agents.schemas import SCHEMAS, fault
from worldloom.generators.text.language.choices import Vocabulary, Words, Writer
from worldloom.generators.text.language.tokens import SPECIAL, Tokens
from worldloom.generators.text.language.values import answer_of, form_of

from .conftest import DAY, DEED

_LABELS = ("e1", "e2", "i1", "p1", "p2", "m1", "m2", "o1")


def _written(schema, tokens: Tokens, data: st.DataObject) -> str:
    """Let chance write: any of the tokens that may come next, to the end."""
    form = form_of(schema)
    writer = Writer(form, _LABELS, Vocabulary(tokens), 150)
    for _ in range(1000):
        options = writer.options()
        if isinstance(options, Words):
            options = [*options.ends, *range(len(SPECIAL) + 40, len(SPECIAL) + 44)]
        assert options, "a dead end"
        writer.push(data.draw(st.sampled_from(list(options))))
        if writer.done:
            return answer_of(writer.records(), form)
    raise AssertionError("an answer without an end")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*sorted(SCHEMAS.items()), ("deed", DEED), ("day", DAY)]), st.data())
def test_whatever_chance_writes_under_the_mask_obeys_the_schema(tokens: Tokens, named, data: st.DataObject) -> None:
    _, schema = named
    value = json.loads(_written(schema, tokens, data))
    if schema not in (DEED, DAY):
        assert not fault(value, schema)
    assert list(value) == list(schema["properties"])


def test_a_list_may_be_empty_where_its_schema_says_so(tokens: Tokens) -> None:
    writer = Writer(form_of(DAY), _LABELS, Vocabulary(tokens), 150)
    end = SPECIAL.index("<end>")
    assert end in writer.options()
    writer.push(end)
    assert answer_of(writer.records(), form_of(DAY)) == '{"steps":[]}'


def test_labels_that_the_prompt_did_not_give_out_cannot_be_written(tokens: Tokens) -> None:
    writer = Writer(form_of(DEED), ("e2",), Vocabulary(tokens), 150)
    for number in (*tokens.encode("say"), SPECIAL.index("<field>")):
        assert number in writer.options()
        writer.push(number)
    seen = set()
    stack = [[]]
    while stack:
        path = stack.pop()
        twin = Writer(form_of(DEED), ("e2",), Vocabulary(tokens), 150)
        for number in (*tokens.encode("say"), SPECIAL.index("<field>"), *path):
            twin.push(number)
        for number in twin.options():
            if number >= len(SPECIAL):
                stack.append([*path, number])
            else:
                seen.add(tokens.decode(path))
    assert seen == {"", "e2"}
