from copy import deepcopy
from typing import Any

import pytest
from worldloom.generators.text.language.engine import ROWS, Engine
from worldloom.generators.text.language.model import MAX_TOKENS

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("length", [1, 6, 64, 65, 150])
def test_reading_and_writing_give_the_logits_of_transformers(model: Any, length: int) -> None:
    prompt = [5 + (7 * place) % 400 for place in range(length)]
    with torch.inference_mode():
        engine = Engine(model, MAX_TOKENS)
        logits, row = engine.read(prompt, 3)
        expected = model(torch.tensor([prompt])).logits[0, -1]
        assert (logits - expected).abs().max() < 1e-4
        for number in (50, 51, 52):
            prompt.append(number)
            mine = engine.write([row], [number])[0]
            assert (mine - model(torch.tensor([prompt])).logits[0, -1]).abs().max() < 1e-4


def test_no_row_feels_its_neighbours_to_the_bit(model: Any) -> None:
    prompts = [[number + 5, number + 9, 33, number + 17] * (9 * number + 1) for number in range(ROWS)]
    with torch.inference_mode():
        engine = Engine(model, MAX_TOKENS)
        together, alone = ([engine.read(prompt, 4)[1] for prompt in prompts] for _ in range(2))
        for step in range(4):
            tokens = [20 + step + row for row in range(ROWS)]
            order = [(row + 3 * step) % ROWS for row in range(ROWS)]
            rows = engine.write([together[row] for row in order], [tokens[row] for row in order]).clone()
            for place, row in enumerate(order):
                mine = engine.write([alone[row]], [tokens[row]])[0]
                assert torch.equal(rows[place], mine), f"row {row}, step {step}"


def test_tokens_of_one_row_in_one_step_follow_each_other_to_the_bit(model: Any) -> None:
    with torch.inference_mode():
        engine = Engine(model, MAX_TOKENS)
        other, one, twin = (engine.read(list(range(10, 80)), 3)[1] for _ in range(3))
        at_once = engine.write([other, one, one, one], [50, 60, 61, 62])
        for place, number in enumerate((60, 61, 62), 1):
            assert torch.equal(engine.write([twin], [number])[0], at_once[place])


def test_one_and_two_threads_give_the_same_bits(model: Any) -> None:
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            with torch.inference_mode():
                engine = Engine(model, MAX_TOKENS)
                logits, row = engine.read(list(range(10, 200)), 1)
                found.append((logits, engine.write([row], [9])[0]))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0][0], found[1][0])
    assert torch.equal(found[0][1], found[1][1])


@pytest.mark.gpu
def test_on_a_gpu_it_computes_what_the_processor_does_and_twice_the_same_bits(model: Any) -> None:
    there = deepcopy(model).to("cuda")
    found = []
    with torch.inference_mode():
        for each in (model, there, there):
            engine = Engine(each, MAX_TOKENS)
            logits, row = engine.read(list(range(10, 200)), 1)
            found.append((logits.cpu(), engine.write([row], [9])[0].cpu()))
    for slow, fast, again in zip(*found, strict=True):
        assert (slow - fast).abs().max() < 1e-4
        assert torch.equal(fast, again)


@pytest.mark.gpu
def test_on_a_gpu_no_row_feels_its_neighbours_to_the_bit(model: Any) -> None:
    prompts = [[number + 5, number + 9, 33, number + 17] * (9 * number + 1) for number in range(ROWS)]
    with torch.inference_mode():
        engine = Engine(deepcopy(model).to("cuda"), MAX_TOKENS)
        together, alone = ([engine.read(prompt, 4)[1] for prompt in prompts] for _ in range(2))
        for step in range(4):
            order = [(row + 3 * step) % ROWS for row in range(ROWS)]
            rows = engine.write([together[row] for row in order], [20 + step + row for row in order]).clone()
            for place, row in enumerate(order):
                assert torch.equal(rows[place], engine.write([alone[row]], [20 + step + row])[0]), f"{row}, {step}"
