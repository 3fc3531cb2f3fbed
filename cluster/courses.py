"""The course of the language model: villages lived through in memory, rules that answer, a transformer that learns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from worldloom.agents.corpus.judging import agreement, ceiling, distinct, names_nobody_unknown, request_of
from worldloom.agents.corpus.lessons import VERSION, Lesson, Lessons
from worldloom.agents.rules import tables_digest
from worldloom.generators.ports import Generator
from worldloom.generators.text.embedded import EmbeddedText
from worldloom.generators.text.language.course import LanguageCourse, Teaching
from worldloom.generators.text.language.model import TITLE
from worldloom.generators.text.uniform import Uniform
from worldloom.generators.training.course import Evaluation, Metric

from .village_prompts import village_prompts

VILLAGES = tuple(range(101, 125))
"""Seeds of the villages that lessons come from."""
STRANGE_VILLAGES = (9001, 9002)
"""Seeds of villages that no lesson comes from: the model is judged on these."""
FRESH_SEED = 77_001
JUDGED = 400
"""Lessons that are judged, seen kinds of people and held-out ones each."""


def language() -> LanguageCourse:
    """Return the course."""
    return LanguageCourse(Teaching(_lesson, about, evaluate))


@cache
def _lessons(seed: int, villages: tuple[int, ...] = VILLAGES) -> Lessons:
    return Lessons([prompt for village in villages for prompt in village_prompts(village)], seed)


def _lesson(seed: int, number: int) -> Lesson:
    return _lessons(seed).lesson(number)


def about() -> str:
    """Return what the model card says of model and data."""
    return (
        f"A small LlamaForCausalLM that answers villagers' prompts ({TITLE}): plans, decisions, talk, makes, looking "
        "back, interviews, letters, songs. It reads the case without the instructions, which are the same for all, and "
        "writes the values of its schema one by one under a mask, so that every answer obeys it.\n\n"
        f"Data: the rule backend lives through {len(VILLAGES)} villages for a day each; their prompts are varied "
        "(rows, labels, needs, hours, reasons, words; in two cases of five memories are told in words that no village "
        "uses) and answered by the rules anew. The weights that the last training began with came from three earlier "
        "ones on such data (docs/adr/0011). Nothing comes from outside. "
        f"Lessons version {VERSION}; digest of the rules' words `{tables_digest()}`.\n\n"
        "Held out: people of one job-and-manner pair in eight. It is judged on villages that no lesson comes from. "
        "Limits: it imitates the rules and is no wiser than they are; its words are English of this one coast; a "
        "question put in other words than a memory is answered as well as the match marks in the prompt are."
    )


def evaluate(folder: Path, samples: int = 64) -> Evaluation:
    """Judge the weights in a folder against the rules (ceiling) and uniform valid answers (floor)."""
    model = EmbeddedText(folder)
    # Villages are lived through for some seconds: weights that are not there are told before that.
    model.prepare()
    lessons = _lessons(FRESH_SEED, STRANGE_VILLAGES)
    metrics: list[Metric] = []
    facts: dict[str, str] = {}
    shown = b""
    for held_out in (False, True):
        cases = [lessons.lesson(number, held_out=held_out) for number in range(JUDGED)]
        answers = _answers(model, cases)
        metrics += _metrics(cases, answers, held_out=held_out)
        if not held_out:
            shown = _samples(cases[:samples], answers[:samples])
            facts |= _facts(cases, answers)
    return Evaluation(tuple(metrics), facts, shown, "samples.txt")


def _metrics(cases: Sequence[Lesson], answers: Sequence[str], *, held_out: bool) -> list[Metric]:
    floors = _answers(Uniform(), cases)
    found = []
    for purpose in ("", *sorted({each.purpose for each in cases})):
        places = [at for at, each in enumerate(cases) if purpose in ("", each.purpose)]
        mine = [cases[at] for at in places]
        right, judged = agreement(mine, [answers[at] for at in places])
        if judged:
            floor, _ = agreement(mine, [floors[at] for at in places])
            best, _ = ceiling(mine)
            name = f"does what rules might{f', {purpose}' if purpose else ''}"
            found.append(Metric(name, right / judged, floor / judged, best / judged, held_out))
    return found


def _facts(cases: Sequence[Lesson], answers: Sequence[str]) -> dict[str, str]:
    texts = [(each, text) for each, text in zip(cases, answers, strict=True) if each.purpose in ("letter", "song")]
    known = sum(names_nobody_unknown(each, text) for each, text in texts)
    mine, source = distinct([text for _, text in texts]), distinct([each.answer for each, _ in texts])
    return {
        "letters and songs whose labels are all given out": f"{known} of {len(texts)}",
        "distinct 4-grams of letters and songs, model and source": f"{mine:.2f}, {source:.2f}",
    }


def _answers(generator: Generator, cases: Sequence[Lesson]) -> list[str]:
    return [answer.text for answer in generator.generate([request_of(case, at) for at, case in enumerate(cases)])]


def _samples(cases: Sequence[Lesson], answers: Sequence[str]) -> bytes:
    """Return the first cases, unselected, with what the model answers."""
    parts = [
        f"--- {number}\n{case.prompt.partition('task: ')[2]}\n>>> {answer}"
        for number, (case, answer) in enumerate(zip(cases, answers, strict=True), 1)
    ]
    return ("\n".join(parts) + "\n").encode()


def villages_digest() -> str:
    """Return the hex SHA-256 over all village prompts that lessons are made from."""
    running = hashlib.sha256()
    for village in VILLAGES:
        for prompt in village_prompts(village):
            running.update(prompt.encode() + b"\0")
    return running.hexdigest()
