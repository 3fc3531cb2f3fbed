import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.backends.chance import fold, uniform
from worldloom.generators.backends.control import Control, Facts, Patience
from worldloom.generators.backends.devices import choose_device, choose_precision
from worldloom.generators.backends.specification import Specification
from worldloom.generators.errors import CancelledError, GeneratorError, UnknownGeneratorError


def test_patience_ends_at_its_deadline():
    assert Patience(0).ended
    assert not Patience(60).ended
    assert 59 < Patience(60).left <= 60
    Patience(0).require()  # late is not cancelled


def test_all_calls_under_way_are_cancelled_and_no_later_one():
    control = Control(60)
    with control.call() as one, control.call() as other:
        control.cancel()
        assert one.cancelled
        assert other.ended
        with pytest.raises(CancelledError, match="made again"):
            one.require()
    with control.call() as later:
        assert not later.ended


def test_after_closing_no_call_begins_and_those_under_way_end():
    control = Control(60)
    with control.call() as call:
        control.close()
        assert call.cancelled
    with pytest.raises(GeneratorError, match="closed"), control.call():
        pass


def test_facts_are_counted_from_many_threads():
    facts = Facts()
    threads = [threading.Thread(target=lambda: [facts.add("n") for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts.most("top", 3)
    facts.most("top", 2)
    assert facts.read() == {"n": 4000, "top": 3}


@given(st.text("abc/._-#:@", min_size=1, max_size=30), st.integers(1, 500))
def test_a_subject_is_all_before_the_question_mark(subject, number):
    found = Specification("x", f"{subject}?batch={number}", ("batch",))
    assert (found.subject, found.whole("batch", 1, 1, 500)) == (subject, number)
    assert Specification("x", subject, ("batch",)).whole("batch", 7, 1, 500) == 7


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("0.7", 70), ("1.25", 125), ("2", 200), ("1e0", 100)])
def test_decimals_are_read_as_hundredths(text, value):
    assert Specification("x", f"y?t={text}", ("t",)).hundredths("t", 5, 200) == value


@given(st.text(max_size=12))
def test_an_option_is_read_or_refused_but_never_crashes(text):
    try:
        found = Specification("x", f"y?t={text}", ("t",))
        assert 0 <= found.hundredths("t", 5, 200) <= 200
        assert 1 <= found.whole("t", 5, 1, 9) <= 9
    except UnknownGeneratorError as error:
        assert "generator x" in str(error)  # noqa: PT017  (either is right, depending on the text)


seeds = st.integers(0, 2**64 - 1)


@given(seeds, st.integers(0, 3), st.integers(0, 5000))
def test_chance_is_a_number_below_one_and_always_the_same(seed, attempt, step):
    assert 0 <= uniform(seed, attempt, step) < 1
    assert uniform(seed, attempt, step) == uniform(seed, attempt, step)
    assert 0 <= fold(seed, attempt) < 2**31


def test_chance_is_even_and_all_counters_count():
    drawn = [uniform(seed, attempt, step) for seed in range(10) for attempt in range(10) for step in range(10)]
    assert len(set(drawn)) == 1000
    assert 0.45 < sum(drawn) / 1000 < 0.55
    assert len({fold(seed << 60) for seed in range(16)}) == 16, "the high bits of a seed count too"


def test_a_missing_gpu_is_told(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == choose_device("cpu") == "cpu"
    with pytest.raises(GeneratorError, match="no GPU"):
        choose_device("cuda")


def test_precision_is_float32_on_the_processor_unless_said_otherwise():
    import torch

    assert choose_precision("auto", "cpu") is torch.float32
    assert choose_precision("auto", "cuda") == "auto"
    assert choose_precision("bfloat16", "cpu") is torch.bfloat16


@pytest.mark.gpu
def test_a_gpu_is_used_when_there_is_one():
    assert choose_device("auto") == "cuda"


def test_a_deadline_is_wall_time():
    patience = Patience(0.05)
    time.sleep(0.06)
    assert patience.ended
    assert not patience.cancelled
