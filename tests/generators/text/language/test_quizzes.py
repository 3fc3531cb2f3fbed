"""Quizzes point at the one line whose words they ask for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.text.language.quizzes import QUIZZES, quizzes
from worldloom.generators.text.language.tokens import ANSWER, ITEM, SPECIAL, learn_tokens

CASE = (
    "talk\nyou: Ada\npeople:\ne1 baker | idle | near | Jora Pell\ne2 smith | idle | far | Tomas Reed\n"
    "memories:\nm1 new to e1 | notable | e2 | told | day 1, 06:00 | A boat has come in.\n"
    "m2  | slight |  | told | day 1, 06:00 | Nobody baked bread."
)
TOKENS = learn_tokens([CASE, "smoke in the mill"], 400)
BEGINS, ASKS = SPECIAL.index(ITEM), SPECIAL.index(ANSWER)


def test_every_question_s_words_stand_in_the_line_of_its_label_alone():
    asked = quizzes(TOKENS, CASE)
    assert len(asked) >= 3
    for question, label in asked:
        assert (question[0], question[-1]) == (BEGINS, ASKS)
        words = TOKENS.decode(question[1:-1])
        assert [line.split(" ")[0] for line in CASE.split("\n") if words in line[2:]] == [TOKENS.decode(label)]


def test_lines_that_are_alike_are_not_asked_about():
    assert quizzes(TOKENS, "talk\npeople:\ne1 baker | idle\ne2 baker | idle") == []


@given(st.text(max_size=200))
def test_any_text_has_few_quizzes_and_the_same_each_time(text):
    asked = quizzes(TOKENS, f"{CASE}\nm3  | {text}")
    assert len(asked) <= QUIZZES
    assert asked == quizzes(TOKENS, f"{CASE}\nm3  | {text}")
    assert all(0 < len(question) <= 6 for question, _ in asked)
