"""How the language model is trained, given lessons. Where lessons come from is not known here: agents write them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from worldloom.generators.sequence.model import ModelSize
from worldloom.generators.training.batches import TOGETHER
from worldloom.generators.training.course import Evaluation, Plan

from .learning import Example, batch_of, example, loss
from .model import SIZE, TITLE, VOCABULARY, WEIGHTS_FOLDER, save, untrained
from .prompts import case_of
from .tokens import Tokens, learn_tokens
from .values import form_of, records_of

GROUP = TOGETHER
"""Steps whose lessons are drawn together and sorted by length, so that little of a batch is padding."""
TOKENIZER_LESSONS = 6_000
"""Lessons that the tokenizer is learnt from."""


class Lesson(Protocol):
    """A prompt and the answer to learn, with the schema of that answer."""

    @property
    def prompt(self) -> str:
        """What is asked."""
        ...

    @property
    def answer(self) -> str:
        """What to answer."""
        ...

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of the answer; empty for plain text."""
        ...


class Teaching(NamedTuple):
    """Where lessons come from: lesson number n of a seed, words about the data, and how a model is judged."""

    lesson: Callable[[int, int], Lesson]
    about: Callable[[], str]
    evaluate: Callable[[Path, int], Evaluation]


class LanguageCourse:
    """See `generators.training.course.Course`. The tokenizer is learnt first, from the first lessons of the seed.

    Models of another `size` than the shipped one are saved with it, and every `embedded:FOLDER` reads them.
    """

    name = "language"
    title = TITLE
    folder = WEIGHTS_FOLDER
    plan = Plan(seed=1, steps=6_000, rows=8, learning_rate=2e-3, warm_up=200, optimiser="muon")

    def __init__(self, teaching: Teaching, start: Path | None = None, size: ModelSize = SIZE) -> None:
        self._teaching = teaching
        self._start = start
        self._size = size
        self._group = lru_cache(maxsize=2)(self._draw)
        self._tokens = lru_cache(maxsize=2)(self._learn)

    def __reduce__(self) -> tuple[Any, ...]:
        # What was drawn and learnt is not pickled: a process that makes batches draws and learns it again.
        return type(self), (self._teaching, self._start, self._size)

    def going_on_from(self, folder: Path) -> LanguageCourse:
        """Return the course over the tokenizer of a folder's weights, whose numbers they know."""
        return type(self)(self._teaching, folder, self._size)

    def new(self, plan: Plan) -> Any:
        """Return the untrained model over the seed's tokenizer."""
        model = untrained(self._tokens(plan.seed), plan.seed, self._size)
        model.set_attn_implementation("sdpa")
        return model

    def batch(self, plan: Plan, step: int) -> Any:
        """Return a step's batch: neighbours in length among the lessons of its group of steps."""
        return batch_of(self._group(plan.seed, plan.rows, step // GROUP)[step % GROUP])

    def loss(self, model: Any, batch: Any) -> Any:
        """Return the loss over the answers."""
        return loss(model, batch)

    def save(self, model: Any, folder: Path, training: Mapping[str, int]) -> None:
        """Write weights and tokenizer."""
        save(model, self._tokens(training["seed"]), folder, training, self._size)

    def data_digest(self, plan: Plan, steps: int) -> str:
        """Return the hex SHA-256 over prompts and answers of every 64th lesson that the steps are shown."""
        running = hashlib.sha256()
        for number in range(0, steps * plan.rows, 64):
            lesson = self._teaching.lesson(plan.seed, number)
            running.update(f"{lesson.prompt}\0{lesson.answer}\0".encode())
        return running.hexdigest()

    def evaluate(self, folder: Path, samples: int = 64) -> Evaluation:
        """Judge the folder's weights."""
        return self._teaching.evaluate(folder, samples)

    def about(self) -> str:
        """Return what the data is."""
        return self._teaching.about()

    def _draw(self, seed: int, rows: int, group: int) -> list[Sequence[Example]]:
        tokens, many = self._tokens(seed), rows * GROUP
        lessons = (self._teaching.lesson(seed, group * many + number) for number in range(many))
        examples = [example(tokens, each.prompt, each.answer, each.schema) for each in lessons]
        examples.sort(key=lambda each: len(each.tokens))
        order = sorted(range(GROUP), key=lambda step: hashlib.sha256(f"{seed} {group} {step}".encode()).digest())
        return [examples[step * rows : (step + 1) * rows] for step in order]

    def _learn(self, seed: int) -> Tokens:
        if self._start is not None:
            return Tokens.load(self._start)
        lessons = (self._teaching.lesson(seed, number) for number in range(TOKENIZER_LESSONS))
        return learn_tokens(tokenizer_texts(lessons), VOCABULARY)


def tokenizer_texts(lessons: Iterable[Lesson]) -> list[str]:
    """Return the texts that a tokenizer is learnt from: cases, and what answers say in words."""
    texts = []
    for lesson in lessons:
        texts.append(case_of(lesson.prompt))
        records = records_of(lesson.answer, form_of(lesson.schema))
        texts += [value for record in records for value in record if " " in value]
    return texts
