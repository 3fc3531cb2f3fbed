import io

import numpy as np
import pytest
from worldloom.generators.sound.batches import batch, batch_loss, data_digest
from worldloom.generators.sound.course import course
from worldloom.generators.sound.model import load_model, new_model
from worldloom.generators.sound.program import encode
from worldloom.generators.sound.rolls import CELL, sheet
from worldloom.generators.sound.source import draw_tune
from worldloom.generators.sound.vocabulary import ASKED, MAX_TOKENS, PAD, TOKENS
from worldloom.generators.training.course import Plan
from worldloom.generators.training.registry import find
from worldloom.generators.training.surroundings import one_thread


def test_the_course_is_found_by_its_name():
    found = find("tune")
    assert (found.name, found.title) == ("tune", "village-tunes-1")
    assert found.folder.name == "tune"
    assert "sad dance" in found.about()


def test_a_batch_follows_from_seed_rows_and_step_alone():
    plan = Plan(seed=5, rows=4)
    rows = course().batch(plan, 3)
    assert rows.tolist() == course().batch(plan, 3).tolist()
    assert rows.tolist() != course().batch(plan, 4).tolist()
    for number, row in enumerate(rows.tolist()):
        tokens = encode(draw_tune(5, 12 + number)[0])
        assert row == tokens + [TOKENS[PAD]] * (len(row) - len(tokens))


def test_the_digest_is_of_what_the_steps_show():
    plan = Plan(seed=5, rows=4)
    assert course().data_digest(plan, 3) == data_digest(5, 12)
    assert data_digest(5, 12) != data_digest(5, 13)
    assert data_digest(5, 12) != data_digest(6, 12)


def test_padding_does_not_count_and_the_loss_is_that_of_the_words_after_the_asked_ones():
    import torch

    model = new_model(3).eval()
    rows = batch(2, 0, 3)
    wider = torch.cat((rows, torch.full((3, 9), TOKENS[PAD])), 1)
    with one_thread(), torch.inference_mode():
        loss, padded = float(batch_loss(model, rows)), float(batch_loss(model, wider))
        logits = model(rows[:, :-1]).logits.log_softmax(-1)
    assert loss == pytest.approx(padded, abs=1e-5)
    nats = [
        -float(logits[row, place - 1, rows[row, place]])
        for row in range(3)
        for place in range(ASKED, rows.shape[1])
        if rows[row, place] != TOKENS[PAD]
    ]
    assert loss == pytest.approx(sum(nats) / len(nats), abs=1e-5)


def test_a_few_steps_lessen_the_loss_and_weights_survive_the_disk(tmp_path):
    import torch

    here, plan = course(), Plan(seed=1, rows=4)
    with one_thread(), torch.random.fork_rng(devices=[]):
        model = here.new(plan).train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
        losses = []
        for step in range(12):
            loss = here.loss(model, here.batch(plan, step))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
    assert losses[-1] < 0.75 * losses[0]
    here.save(model, tmp_path, {"seed": 1, "steps": 12, "rows": 4})
    loaded = load_model(tmp_path)
    with one_thread(), torch.inference_mode():
        again = float(here.loss(loaded, here.batch(plan, 12)))
        before = float(here.loss(model.eval(), here.batch(plan, 12)))
    assert again == pytest.approx(before, abs=0.02)


def test_the_sheet_shows_every_tune():
    from PIL import Image

    tunes = [draw_tune(1, number)[0] for number in range(5)]
    with Image.open(io.BytesIO(sheet(tunes, 2))) as picture:
        assert picture.size == (2 * CELL[0], 3 * CELL[1])
        boxes = np.array(picture.convert("L")).reshape(3, CELL[1], 2, CELL[0]).swapaxes(1, 2).reshape(6, -1)
    assert [bool(box.min() < 130) for box in boxes] == [True] * 5 + [False]
    assert MAX_TOKENS < 300


@pytest.mark.slow
def test_the_shipped_weights_come_near_the_source():
    here = course()
    with one_thread():
        found = here.evaluate(here.folder, samples=16)
    names = {metric.name for metric in found.metrics}
    assert {"loss_seen", "loss_held_out", "all_obeyed_seen", "all_obeyed_held_out"} <= names
    # Few samples judge roughly: a tenth of the way is left to chance.
    assert all(metric.share >= metric.goal - 0.1 for metric in found.metrics), found.metrics
    assert found.samples[:4] == b"\x89PNG"
