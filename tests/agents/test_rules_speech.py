"""What villagers say by rule: questions are answered, news is heard, songs are about their matter and not all alike."""

from __future__ import annotations

import pytest
from worldloom.agents.rules import songs, speech, talking
from worldloom.agents.rules.reading import Dice, read

SHEET = """task: talk
you: Orsa Oarham
age: 40
job: priest
manner: careful and curious
likes: l1 strong tea; l2 good rope
time: day 1, 10:00
needs: hunger none, tiredness none, loneliness none
turn: 2 of 8
happened:
- 10:00 e1 said to you: {said}
people:
e1 smith | working | near, known | Kama Strandfold
places:
p1 chapel | work, here | Saint Brannoc's
p2 inn |  | The Old Compass
memories:
m1 told | {weight} | day 1, 10:00 | p2 |  | There is a feast at The Old Compass tonight at seven.
answer:"""


def _said(said: str, seed: int, weight: str = "important") -> str:
    return talking.talk(read(SHEET.format(said=said, weight=weight)), Dice(seed))["say"]


@pytest.mark.parametrize(
    "question", ["Have you eaten yet?", "Orsa, did you sleep well?", "I am tired. When do you rest?"]
)
def test_a_question_is_answered_by_what_answers_it(question: str) -> None:
    asked = next(each for each in speech.QUESTIONS if each.lower() in question.lower())
    for seed in range(60):
        said = _said(question, seed)
        assert any(answer.partition("{")[0].rstrip() in said for answer in speech.QUESTIONS[asked]), said


def test_the_last_question_is_the_one_that_counts() -> None:
    said = {_said("Did you sleep well? Have you eaten yet?", seed) for seed in range(40)}
    assert any("bite" in each for each in said)
    assert not any("wink" in each for each in said)


def test_news_is_taken_note_of_and_not_greeted_back() -> None:
    for seed in range(60):
        said = _said("Listen to this. There is a feast at The Old Compass tonight at seven.", seed)
        assert any(said.startswith(each) for each in speech.REACTIONS["news"]), said


def test_every_question_has_answers_that_are_no_questions_of_the_list() -> None:
    for question, answers in speech.QUESTIONS.items():
        assert question.endswith("?")
        assert answers
        assert not set(answers) & set(speech.QUESTIONS)


def test_songs_name_whom_and_where_they_are_about_and_differ() -> None:
    prompt = (
        "task: song\nyou: A B\nmood: {mood}\nabout: {about}\npeople:\ne1 smith | near | known | Kama\n"
        "places:\np1 inn |  | The Inn\nsong:"
    )
    found = set()
    for seed in range(80):
        both = songs.song(read(prompt.format(mood="merry", about="e1 sang at p1.")), Dice(seed))
        assert "e1" in both
        assert "p1" in both
        assert 4 <= len(both.split("\n")) <= 8
        found.add(both)
    assert len(found) > 25
    nobody = songs.song(read(prompt.format(mood="sad", about="It rained.")), Dice(1))
    assert "e1" not in nobody
    assert "p1" not in nobody
