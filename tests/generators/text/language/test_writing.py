import json
import random

from worldloom.generators.text.language.writing import Scribe

from .conftest import DAY, DEED, PROMPT, request_of


def _requests(count: int):
    return [request_of(seed, DAY if seed % 3 == 0 else DEED if seed % 3 == 1 else {}) for seed in range(count)]


def test_an_answer_depends_on_its_request_alone(scribe: Scribe) -> None:
    requests = _requests(19)
    together = scribe.answer(requests)
    assert [scribe.answer([request])[0] for request in requests] == together
    shuffled = random.Random(3).sample(range(19), 19)
    assert scribe.answer([requests[at] for at in shuffled]) == [together[at] for at in shuffled]


def test_other_seeds_give_other_answers(scribe: Scribe) -> None:
    answers = {
        text
        for text, _ in scribe.answer([request_of(seed, DEED, choice_temperature_percent=100) for seed in range(12)])
    }
    assert len(answers) > 4


def test_an_untrained_model_answers_under_its_schema(scribe: Scribe) -> None:
    for text, tokens in scribe.answer([request_of(seed, DEED) for seed in range(24)]):
        value = json.loads(text)
        assert value["do"] in ("go on", "say", "eat", "rest")
        assert value["target"] in ("", "e1", "e2", "i1")
        assert len(value["say"]) <= 80
        assert tokens > 0


def test_a_prompt_longer_than_the_window_is_answered(scribe: Scribe) -> None:
    long = PROMPT.replace("Orsa Oarham", "Orsa " * 3000)
    text, _ = scribe.answer([request_of(1, DEED, long)])[0]
    assert json.loads(text)["target"] in ("", "e1", "e2", "i1")


def test_temperature_zero_is_the_same_for_every_seed(scribe: Scribe) -> None:
    answers = scribe.answer(
        [request_of(seed, DEED, temperature_percent=0, choice_temperature_percent=0) for seed in range(6)]
    )
    assert len(set(answers)) == 1
