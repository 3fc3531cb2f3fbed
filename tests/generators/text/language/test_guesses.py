from typing import Any

from worldloom.generators.text.language.guesses import Guesses
from worldloom.generators.text.language.tokens import Tokens
from worldloom.generators.text.language.writing import Scribe

from .conftest import DEED, request_of


def test_what_followed_the_last_time_is_guessed_as_far_as_it_is_known() -> None:
    guesses = Guesses()
    guesses.note([1, 2, 3, 4, 5, 6])
    guesses.note([9, 2, 3, 8, 7])
    assert guesses.after([8, 1, 2, 3], 5) == [4, 5, 6]
    assert guesses.after([8, 1, 2, 3], 2) == [4, 5]
    assert guesses.after([9, 2, 3], 5) == [8, 7]
    guesses.note([1, 2, 3, 6])
    assert guesses.after([8, 1, 2, 3], 5) == [6]
    assert guesses.after([2, 3], 5) == []
    assert guesses.after([1, 2, 3], 0) == []


def test_what_was_answered_before_changes_how_many_steps_an_answer_takes_and_nothing_else(
    model: Any, tokens: Tokens
) -> None:
    scribe, steps = Scribe(model, tokens), 0
    write = scribe._engine.write

    def counted(*given: Any) -> Any:
        nonlocal steps
        steps += 1
        return write(*given)

    scribe._engine.write = counted  # type: ignore[method-assign]
    taken, answers = [], []
    for seed in (1, 2, 3, 1, 2, 3):
        before = steps
        answers.append(scribe.answer([request_of(seed, DEED)]))
        taken.append(steps - before)
    assert answers[:3] == answers[3:]
    assert sum(taken[3:]) < sum(taken[:3])
