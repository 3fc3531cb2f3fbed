from typing import Any

import pytest
from worldloom.generators.text.language.engine import ROWS, Engine
from worldloom.generators.text.language.model import MAX_TOKENS

torch = pytest.importorskip("torch")


def test_reading_and_writing_give_the_logits_of_transformers(model: Any) -> None:
    prompt = [7, 30, 12, 99, 45, 8]
    with torch.inference_mode():
        engine = Engine(model, MAX_TOKENS)
        logits, keys, values = engine.read(prompt)
        expected = model(torch.tensor([prompt])).logits[0, -1]
        assert (logits[0] - expected).abs().max() < 1e-4
        batch = engine.batch([(keys, values)], 64)
        for number in (50, 51, 52):
            prompt.append(number)
            mine = batch.write([number] + [0] * (ROWS - 1))[0]
            assert (mine - model(torch.tensor([prompt])).logits[0, -1]).abs().max() < 1e-4


def test_no_row_feels_its_neighbours_to_the_bit(model: Any) -> None:
    prompts = [[number + 5, number + 9, 33, number + 17] * (number + 1) for number in range(ROWS)]
    with torch.inference_mode():
        engine = Engine(model, MAX_TOKENS)
        read = [engine.read(prompt)[1:] for prompt in prompts]
        together = engine.batch(read, 128)
        alone = [engine.batch([each], 128) for each in read]
        for step in range(4):
            tokens = [20 + step + row for row in range(ROWS)]
            rows = together.write(tokens)
            for row, single in enumerate(alone):
                mine = single.write([tokens[row]] + [0] * (ROWS - 1))[0]
                assert torch.equal(rows[row], mine), f"row {row}, step {step}"


def test_one_and_two_threads_give_the_same_bits(model: Any) -> None:
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            with torch.inference_mode():
                engine = Engine(model, MAX_TOKENS)
                logits, keys, values = engine.read(list(range(10, 200)))
                found.append((logits, engine.batch([(keys, values)], 256).write([9] + [0] * (ROWS - 1))[0]))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0][0], found[1][0])
    assert torch.equal(found[0][1], found[1][1])
