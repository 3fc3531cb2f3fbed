"""The script that trains on a GPU, here on the processor at a tiny setting: its loss, its lessons, its folder."""

from __future__ import annotations

import importlib
import pickle
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from worldloom.generators.sequence.model import ModelSize
from worldloom.generators.text.language import learning
from worldloom.generators.text.language.course import LanguageCourse, Teaching
from worldloom.generators.text.language.model import WEIGHTS_FOLDER
from worldloom.generators.training.batches import batches
from worldloom.generators.training.course import Evaluation, Plan
from worldloom.generators.training.session import Order, produce
from worldloom.provenance.keys import Keystore

PLAN = Plan(seed=5, steps=3, rows=4, warm_up=1, optimiser="muon")
TINY = ModelSize(32, 2, 4, 64)
PROMPT = "You are a villager.\ntask: decide\nyou: Emva\npeople:\ne1 baker | working | near | Orsa Oarham {}\nanswer:"
SCHEMA = {"type": "object", "properties": {"say": {"type": "string", "maxLength": 80}}}


def lesson(seed: int, number: int) -> SimpleNamespace:
    return SimpleNamespace(prompt=PROMPT.format(number), answer=f'{{"say": "Good day {seed}"}}', schema=SCHEMA)


def about() -> str:
    return "A try."


def judged(folder: Path, samples: int) -> Evaluation:
    return Evaluation((), {}, b"sample", "samples.txt")


TEACHING = Teaching(lesson, about, judged)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "benchmarks"))
    return importlib.import_module("gpu_training")


@pytest.fixture
def course(script: ModuleType) -> Any:
    return script.SparseCourse(TEACHING, WEIGHTS_FOLDER, TINY)


def test_it_writes_a_folder_of_weights_as_every_training_does(script: ModuleType, course: Any, tmp_path: Path) -> None:
    words = ["--device", "cpu", "--steps", "3", "--rows", "4", "--out", str(tmp_path / "out")]
    order: Order = replace(script.order_of(script.options_of(words)), course=course, samples=1)
    record = produce(order, Keystore.open(tmp_path / "home"), lambda _: None, lambda _: None)
    assert (record.steps, record.plan.optimiser) == (3, "muon")
    assert {
        "model.safetensors",
        "config.json",
        "record.json",
        "README.md",
        "curve.json",
        "samples.txt",
        "training",
    } <= {path.name for path in order.out.iterdir()}


def test_its_loss_is_the_courses_where_both_guess_all_of_the_prompts(
    script: ModuleType, course: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "READ_PART", 1.0)
    monkeypatch.setattr(learning, "READ_PART", 1.0)
    usual = LanguageCourse(TEACHING, WEIGHTS_FOLDER, TINY)
    model = usual.new(PLAN)
    mine, its = course.loss(model, course.batch(PLAN, 1)), usual.loss(model, usual.batch(PLAN, 1))
    assert mine.item() == pytest.approx(its.item(), rel=1e-4)


def test_a_worker_makes_the_same_batches(course: Any) -> None:
    there = pickle.loads(pickle.dumps(course))
    mine, its = course.batch(PLAN, 2), there.batch(PLAN, 2)
    assert type(there) is type(course)
    assert all(mine[key].equal(its[key]) for key in mine)


@pytest.mark.slow
def test_it_makes_its_lessons_from_villages_once_and_workers_make_the_same_batches(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "VILLAGES", (103,))
    monkeypatch.setattr(script, "TOKENIZER_LESSONS", 200)
    options = script.options_of(["--device", "cpu", "--steps", "2", "--rows", "2", "--out", str(tmp_path / "out")])
    script.matter_of(options).make(options.seed)
    monkeypatch.setattr(script, "village_prompts", None)
    script.matter_of(options).make(options.seed)
    order = script.order_of(options)
    here = list(batches(order.course, order.plan, 0))
    ahead = list(batches(order.course, order.plan, 0, workers=1))
    assert [step for step, _ in here] == [step for step, _ in ahead] == [0, 1]
    assert all(a[key].equal(b[key]) for (_, a), (_, b) in zip(here, ahead, strict=True) for key in a)
