import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.canonical import MAX_INTEGER, canonical, parse_canonical
from worldloom.provenance.errors import CanonicalError
from worldloom.provenance.text import MAX_TEXT, clean_text

TEXTS = st.text(max_size=12).map(clean_text)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


class Frozen(Mapping):
    """A map that json itself would not write."""

    def __init__(self, value):
        self.value = value

    def __getitem__(self, key):
        return self.value[key]

    def __iter__(self):
        return iter(self.value)

    def __len__(self):
        return len(self.value)


def wrapped(value):
    """The same value in types of which the quick way knows nothing."""
    if isinstance(value, dict):
        return Frozen({key: wrapped(item) for key, item in value.items()})
    return tuple(map(wrapped, value)) if isinstance(value, list) else value


@given(VALUES)
def test_reading_gives_the_value_back(value):
    assert parse_canonical(canonical(value)) == value


@given(VALUES)
def test_the_quick_way_writes_what_the_careful_one_writes(value):
    assert canonical(value) == canonical(wrapped(value))


PIECES = ["a", "\n", "\\", "n", '"', "\x7f", "\x00", "\t", "\u00e9", "e\u0301", "\u202e", "\U0001f600"]
ODD = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
ODD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats() | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(ODD_VALUES, st.booleans(), st.booleans())
def test_reading_takes_what_writing_gives_and_nothing_else(value, ascii_only, sort):
    """JSON of any writer is taken exactly where the careful way of writing gives the same bytes."""
    text = json.dumps(value, ensure_ascii=ascii_only, sort_keys=sort, separators=(",", ":"))
    data = text.encode("utf-8", "surrogatepass")
    try:
        wanted = canonical(wrapped(value)) == data
    except CanonicalError:
        wanted = False
    try:
        assert parse_canonical(data) == value
    except CanonicalError:
        assert not wanted
    else:
        assert wanted


def test_a_line_feed_is_a_text_like_others_and_an_escaped_backslash_is_none():
    for text in ("a\nb", "\\n", "\\\n", "\n\\n", "\\\\n"):
        assert parse_canonical(canonical({text: text})) == {text: text}
        assert canonical({text: text}) == canonical(Frozen({text: text}))


@given(st.dictionaries(TEXTS, st.integers(0, 9), max_size=6))
def test_keys_stand_in_the_order_of_utf16_code_units(value):
    keys = list(parse_canonical(canonical(value)))
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))


def test_the_example_of_rfc_8785_without_its_floats():
    value = {"\u20ac": "Euro Sign", "\U0001f600": "Smiley", "\u00f6": "o", "1": [None, True, 'a"b\\c']}
    assert canonical(value).decode() == '{"1":[null,true,"a\\"b\\\\c"],"ö":"o","€":"Euro Sign","😀":"Smiley"}'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"a": [1, {"b": 2.5}]},
        2**53,
        -(2**53),
        {1: "a"},
        {"a": {None: 1}},
        b"bytes",
        {"a": object()},
        "\u202ehidden",
        {"\u200e": 1},
        "a\x00",
        "tab\t",
        "e\u0301",
        "\ud800",
        "x" * (MAX_TEXT + 1),
        {1, 2},
    ],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical(value)


def test_the_error_says_where():
    with pytest.raises(CanonicalError, match=r"value\.a\[1\]\.b"):
        canonical({"a": [1, {"b": 2.5}]})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" {}",
        b"{} ",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\xff"',
        b"[" * 100_000,
        b"9007199254740993",
        '"e\u0301"'.encode(),
    ],
)
def test_bytes_in_any_other_form_are_refused(data):
    with pytest.raises(CanonicalError):
        parse_canonical(data)


@settings(max_examples=200)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(min_codepoint=32), max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text("abcAZ_09é€𐐀", max_size=5), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_the_fast_way_and_the_careful_one_write_the_same_bytes(value):
    from worldloom.provenance import canonical as module

    try:
        careful = module._DUMPS(module._prepare(value, "value")).encode()
    except CanonicalError:
        with pytest.raises(CanonicalError):
            canonical(value)
        return
    assert canonical(value) == careful


def test_what_is_nested_deeper_than_the_fast_way_goes_is_written_all_the_same():
    value = None
    for _ in range(400):
        value = [value]
    assert canonical(value) == b"[" * 400 + b"null" + b"]" * 400


EDGES = st.lists(st.sampled_from(["", "a", "\n", '"', "\\", '\\"', "\u00e9"]), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(EDGES, st.integers(-2, 2), st.lists(st.sampled_from(["", "b", '"', 7]), max_size=3), st.booleans())
def test_a_text_may_be_as_long_as_texts_may_and_no_longer_whatever_stands_in_and_around_it(edges, over, around, last):
    """The look at a whole value's bytes judges the length of its texts, escaped quotes and line feeds within them."""
    room = MAX_TEXT + over - sum(map(len, edges))
    first, *others = edges
    text = "x" * (room % len(others)) + first + "".join("x" * (room // len(others)) + edge for edge in others)
    assert len(text) == MAX_TEXT + over
    value = [*around, text] if last else [text, *around]
    if over > 0:
        with pytest.raises(CanonicalError, match=f"text of {len(text)} characters"):
            canonical(value)
        with pytest.raises(CanonicalError):
            parse_canonical(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    else:
        assert canonical(value) == canonical(wrapped(value))
        assert parse_canonical(canonical(value)) == value


@pytest.mark.parametrize(
    "value", [list(range(40_000)), {"a": ["b"] * 40_000}, [["x" * MAX_TEXT], '"', "\n" * MAX_TEXT]]
)
def test_what_is_longer_than_a_text_may_be_is_written_when_no_text_in_it_is(value):
    assert parse_canonical(canonical(value)) == value
    assert canonical(value) == canonical(wrapped(value))
