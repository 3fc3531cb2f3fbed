"""Lessons in numbers: what is learnt of them, and what is not."""

from __future__ import annotations

import pytest
from worldloom.generators.text.language.learning import batch_of, example, loss, prompt_tokens
from worldloom.generators.text.language.tokens import ANSWER, END, FIELD, PAD, SPECIAL, learn_tokens

PROMPT = (
    "Point at lines.\ntask: talk\nyou: Ada\npeople:\ne1 baker | idle | near | Jora Pell\n"
    "e2 smith | idle | far | Tomas Reed\nanswer:"
)
SCHEMA = {"type": "object", "properties": {"do": {"enum": ["greet", "end"]}, "target": {"pattern": "^(e[1-9])?$"}}}
ANSWERED = '{"do":"greet","target":"e2"}'
TOKENS = learn_tokens([PROMPT, "greet", "end"], 400)


def learnt(targets, row=0):
    return [int(number) for number in targets[row] if number >= 0]


def test_the_answer_is_learnt_to_its_end_and_the_prompt_is_not():
    lesson = example(TOKENS, PROMPT, ANSWERED, SCHEMA)
    target = [*TOKENS.encode("greet"), SPECIAL.index(FIELD), *TOKENS.encode("e2"), SPECIAL.index(END)]
    assert learnt(batch_of([lesson]).answers) == target
    assert lesson.tokens[lesson.answer[0] - 1] == SPECIAL.index(ANSWER)


def test_of_quizzes_the_labels_are_learnt_and_the_questions_are_not():
    lesson = example(TOKENS, PROMPT, ANSWERED, SCHEMA)
    labels = TOKENS.decode(learnt(batch_of([lesson]).quizzes))
    assert sorted(labels.replace(" ", "")[at : at + 2] for at in range(0, len(labels), 2)) == ["e1", "e2"]
    assert min(lesson.quizzes) > max(lesson.answer)


def test_a_long_prompt_loses_the_ends_of_its_lines_and_no_label():
    long = PROMPT.replace("Jora Pell", "Jora Pell " * 40)
    assert len(prompt_tokens(TOKENS, long)) > 90
    read = prompt_tokens(TOKENS, long, 90)
    assert len(read) <= 90
    lines = TOKENS.decode(read).split("\n")
    assert [line[:2] for line in lines if line.startswith("e")] == ["e1", "e2"]
    assert "e2 smith | idle | far | Tomas Reed e2" in lines


def test_short_lessons_are_filled_up_and_nothing_is_learnt_there():
    short = example(TOKENS, "task: talk\nyou: Ada\nanswer:", ANSWERED, SCHEMA)
    batch = batch_of([example(TOKENS, PROMPT, ANSWERED, SCHEMA), short])
    rest = batch.tokens[1, len(short.tokens) :]
    assert len(rest) > 0
    assert set(rest.tolist()) == {SPECIAL.index(PAD)}
    assert batch.answers[1, len(short.tokens) - 1 :].max() < 0


@pytest.mark.slow
def test_a_step_along_the_loss_lowers_it_with_and_without_quizzes():
    import torch
    from worldloom.generators.text.language.model import untrained

    model = untrained(TOKENS, 3)
    for prompt in (PROMPT, "task: talk\nyou: Ada\nanswer:"):
        batch = batch_of([example(TOKENS, prompt, ANSWERED, SCHEMA)])
        torch.manual_seed(1)
        before = loss(model, batch)
        before.backward()
        with torch.no_grad():
            for each in model.parameters():
                each.sub_(0.05 * each.grad / each.grad.norm().clamp(min=1e-9))
                each.grad = None
        torch.manual_seed(1)
        assert loss(model, batch).item() < before.item()


@pytest.mark.gpu
def test_on_a_gpu_the_loss_is_that_of_the_processor_and_leads_the_same_way():
    import torch
    from worldloom.generators.text.language.model import untrained
    from worldloom.generators.training.batches import to_device

    batch, found = batch_of([example(TOKENS, PROMPT, ANSWERED, SCHEMA)] * 4), []
    for device in ("cpu", "cuda"):
        model = untrained(TOKENS, 3).to(device)
        torch.manual_seed(1)
        told = loss(model, to_device(batch, device))
        told.backward()
        found.append((told.item(), torch.cat([each.grad.flatten().cpu() for each in model.parameters()])))
    (slow, one), (fast, other) = found
    assert fast == pytest.approx(slow, rel=0.02)
    assert torch.cosine_similarity(one, other, dim=0) > 0.99
