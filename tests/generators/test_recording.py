import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError, NotRecordedError
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Recording, Replay, read_answer
from worldloom.generators.requests import Answer, Status
from worldloom.provenance.recipe import Identity


class Counting:
    """Answers with how many requests it has been asked."""

    identity = Identity("counting", "1", repeatable=False)

    def __init__(self):
        self.asked = []

    def generate(self, requests):
        answers = []
        for request in requests:
            self.asked.append(request.seed)
            answers.append(Answer(text=f"answer {len(self.asked)}"))
        return answers


def test_a_second_asking_is_answered_from_the_book(book, ask):
    inner = Counting()
    recording = Recording(inner, book)
    first = recording.generate([ask(seed=1), ask(seed=2)])
    again = recording.generate([ask(seed=2), ask(seed=3), ask(seed=1)])
    assert [a.text for a in first] == ["answer 1", "answer 2"]
    assert [a.text for a in again] == ["answer 2", "answer 3", "answer 1"]
    assert inner.asked == [1, 2, 3]
    assert isinstance(recording, Generator)
    assert recording.identity == inner.identity


def test_a_request_twice_in_one_list_is_asked_once(book, ask):
    inner = Counting()
    answers = Recording(inner, book).generate([ask(seed=1), ask(seed=1)])
    assert inner.asked == [1]
    assert answers[0] == answers[1]


def test_nothing_is_asked_for_an_empty_list(book):
    assert Recording(Counting(), book).generate([]) == []


def test_replay_gives_payloads_and_failures_as_recorded(book, ask):
    generator = ProceduralImage()
    requests = [ask(craft="sign", subject="fish", text="Nets"), ask(craft="poem")]
    recorded = Recording(generator, book).generate(requests)
    replay = Replay(book, generator.identity)
    assert replay.generate(requests[::-1]) == recorded[::-1]
    assert recorded[1].status is Status.FAILED
    assert replay.identity == generator.identity
    assert isinstance(replay, Generator)


def test_replay_of_what_was_never_asked_says_what_and_for_whom(book, ask):
    with pytest.raises(NotRecordedError, match="make of agent-0 at 0 s"):
        Replay(book, Counting.identity).generate([ask()])


def test_a_backend_that_gives_too_few_answers_is_named(book, ask):
    class Short(Counting):
        def generate(self, requests):
            return []

    with pytest.raises(GeneratorError, match="counting gave 0 answers to 1"):
        Recording(Short(), book).generate([ask()])
    assert book.puts == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content | {"status": "splendid"},
        lambda content: content | {"surprise": 1},
        lambda content: {key: value for key, value in content.items() if key != "payload"},
        lambda content: content | {"payload": "0" * 64},
    ],
)
def test_a_changed_recording_is_an_error_and_not_an_answer(change):
    answer = Answer(payload=b"bytes", media_type="text/plain")
    with pytest.raises(GeneratorError):
        read_answer(change(answer.content()), answer.payload)


def test_a_swapped_payload_is_noticed():
    with pytest.raises(GeneratorError, match="payload"):
        read_answer(Answer(payload=b"one", media_type="text/plain").content(), b"two")
    with pytest.raises(GeneratorError, match="payload"):
        read_answer(Answer(text="no payload").content(), b"smuggled")


@settings(max_examples=40)
@given(
    status=st.sampled_from(list(Status)),
    text=st.text(alphabet="abc ÄÖ—\n", max_size=40),
    payload=st.binary(max_size=40),
    number=st.integers(0, 2**50),
)
def test_what_is_written_is_read_back(status, text, payload, number):
    answer = Answer(status, text, payload, "text/plain", "why", {"n": number})
    assert read_answer(answer.content(), payload) == answer


class Babbler:
    """A model that writes what may not stand in content."""

    identity = Identity(backend="babbler", model="babbler-1")

    def __init__(self, text: str) -> None:
        self.text = text

    def generate(self, requests):
        return [Answer(text=self.text) for _ in requests]


@pytest.mark.parametrize("text", ["a\u202eb", "a\x00b", "e\u0301", "\ud800", "x" * 100_000])
def test_what_a_model_may_not_say_is_cut_before_it_is_recorded(ask, book, text):
    recording = Recording(Babbler(text), book)
    first, again = recording.generate([ask()])[0], recording.generate([ask()])[0]
    assert first == again
    assert "was cut" in first.detail
    assert len(first.text) <= 65_536
    assert len(bytes.fromhex(first.digest)) == 32


def test_a_good_answer_is_recorded_as_it_is(ask, book):
    assert Recording(Babbler("Good morning.\nWell?"), book).generate([ask()])[0] == Answer(text="Good morning.\nWell?")
