from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.text.language.prompts import case_of, closed, fitted, labels_of
from worldloom.generators.text.language.tokens import Tokens

from .conftest import PROMPT


def test_the_case_is_what_follows_the_task() -> None:
    case = case_of(PROMPT)
    assert case.startswith("decide\nyou: Emva Marton")
    assert case.endswith("Plover Cottage")
    assert "villager" not in case


def test_labels_are_those_that_lines_begin_with_and_likings() -> None:
    assert labels_of(case_of(PROMPT)) == {"e1", "e2", "i1", "p1", "l1", "l2"}


def test_a_label_in_somebodys_words_is_none() -> None:
    assert "e7" not in labels_of("decide\nhappened:\n- 08:10 e1 said to you: take e7 and i9 for me")


def test_a_prompt_without_a_task_is_read_whole() -> None:
    assert case_of("What is new?") == "What is new?"


@given(st.text(max_size=4000), st.integers(8, 64))
def test_no_prompt_is_longer_than_the_window(tokens: Tokens, text: str, most: int) -> None:
    assert len(fitted(text, tokens.encode, most)) <= most


def test_long_lines_lose_their_ends_before_any_line_is_lost(tokens: Tokens) -> None:
    case = "\n".join(f"m{number} told | {'very ' * 200}" for number in range(1, 7))
    kept = tokens.decode(fitted(case, tokens.encode, 400))
    lines = kept.split("\n")
    assert [line[:2] for line in lines] == ["m1", "m2", "m3", "m4", "m5", "m6"]
    assert [line[-2:] for line in lines] == ["m1", "m2", "m3", "m4", "m5", "m6"]


def test_lines_with_a_label_are_closed_by_it_and_others_stay() -> None:
    case = "decide\nyou: e1 Bo\nlikes: l1 cats\npeople:\ne1 smith | near | Ada\nto: e2 | Emva\n- 08:10 e1 said: m1"
    assert closed(case).split("\n") == [
        "decide",
        "you: e1 Bo",
        "likes: l1 cats",
        "people:",
        "e1 smith | near | Ada e1",
        "to: e2 | Emva e2",
        "- 08:10 e1 said: m1",
    ]


@given(st.text(st.characters(exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=300))
def test_closing_adds_ends_of_lines_alone(text: str) -> None:
    before, after = text.split("\n"), closed(text).split("\n")
    assert len(before) == len(after)
    assert all(new.startswith(old) for old, new in zip(before, after, strict=True))
