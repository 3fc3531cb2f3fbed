"""Trains the language model on a GPU with few launches a step. No benchmark: it has no budget, and writes weights.

    python benchmarks/gpu_training.py --workers 12 --out trained/language
    python benchmarks/gpu_training.py --device cpu --steps 3 --rows 4     (a try; minutes, most of them for the lessons)

The course, its lessons, rate, warm-up and deadline are those of `worldloom train language`. Otherwise is how a step is
done: what is learnt is found before the batch travels and guessed in one pass, Muon's matrices of one shape move
together, and the loss is fetched only when it is told. Which of a prompt's tokens are guessed is drawn here by numpy.

The two models of docs/gpu.md, which are not shipped, were trained by this arithmetic, in a first form of this script
that read the same lessons (same seed, same numbers) from files made beside it, instead of making them in the workers,
and kept no state for going on. This form was run on a processor only, so its speed on a GPU is not measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from worldloom.agents.corpus.lessons import Lesson, Lessons
from worldloom.cluster.courses import VILLAGES, about, evaluate
from worldloom.cluster.numeric import numeric_class
from worldloom.cluster.village_prompts import village_prompts
from worldloom.generators.text.language.course import TOKENIZER_LESSONS, LanguageCourse, Teaching, tokenizer_texts
from worldloom.generators.text.language.learning import QUIZ_WEIGHT, READ_PART, READ_WEIGHT
from worldloom.generators.text.language.model import VOCABULARY
from worldloom.generators.text.language.tokens import learn_tokens
from worldloom.generators.training.batches import to_device
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import Means
from worldloom.generators.training.session import Order, produce
from worldloom.generators.training.stacked_muon import stacked
from worldloom.provenance.keys import Keystore

PLAN = Plan(seed=5, steps=30_000, rows=128, learning_rate=4e-3, warm_up=200, optimiser="muon")
"""More steps than the deadline leaves time for: it is the deadline that ends the training and bends its rate."""
DEADLINE_S = 180.0
_NOTHING = -100
PROMPTS = "prompts.json"


class SparseCourse(LanguageCourse):
    """The language course whose batches name the places to learn, so that their loss is one sum.

    A batch holds `numbers` (rows, width), and of the places in it, flat: `places`, `targets`, `weights`.
    """

    def batch(self, plan: Plan, step: int) -> dict[str, Any]:
        """Return a step's batch: a pure function of seed, rows and step, chance included."""
        numbers, answers, quizzed = super().batch(plan, step)
        chance = np.random.default_rng((plan.seed, step)).random(numbers.shape, np.float32)
        following = torch.nn.functional.pad(numbers[:, 1:], (0, 1), value=0)
        left_out = (following == 0) | (answers >= 0) | (quizzed >= 0) | torch.from_numpy(chance >= READ_PART)
        reading = following.masked_fill(left_out, _NOTHING)
        parts = [_learnt(*each) for each in ((answers, 1.0), (quizzed, QUIZ_WEIGHT), (reading, READ_WEIGHT))]
        places, targets, weights = (torch.cat(each) for each in zip(*parts, strict=True))
        small = {"numbers": numbers, "places": places, "targets": targets}
        return {key: each.to(torch.int32) for key, each in small.items()} | {"weights": weights}

    def loss(self, model: Any, batch: dict[str, Any]) -> Any:
        """Return what `learning.loss` does, guessed in one pass."""
        with torch.autocast(batch["numbers"].device.type, torch.bfloat16):
            hidden = model.model(batch["numbers"], use_cache=False).last_hidden_state
            logits = model.lm_head(hidden.flatten(0, 1).index_select(0, batch["places"])).float()
        each = torch.nn.functional.cross_entropy(logits, batch["targets"].long(), reduction="none")
        return (each * batch["weights"]).sum()


def _learnt(targets: Any, weight: float) -> tuple[Any, Any, Any]:
    """Return the flat places where something is learnt, what, and its weight in a mean that counts `weight`."""
    flat = targets.flatten()
    places = (flat >= 0).nonzero()[:, 0]
    return places, flat[places], torch.full((len(places),), weight / max(1, len(places)))


def pinned(batch: dict[str, Any], device: str) -> dict[str, Any]:
    """Return the batch on the device; a GPU takes it while it still computes."""
    if device == "cpu":
        return batch
    if not device.startswith("cuda"):
        moved: dict[str, Any] = to_device(batch, device)
        return moved
    return {key: each.pin_memory().to(device, non_blocking=True) for key, each in batch.items()}


MEANS = Means(optimiser=stacked, bring=pinned, fetch_each=False)


@dataclass(frozen=True)
class Matter:
    """What lessons are made of, in a folder: the villages' prompts, and a seed's tokenizer. Small where pickled.

    It is made before the training, so that no worker lives through villages while the deadline's clock runs.
    """

    folder: Path

    def __call__(self, seed: int, number: int) -> Lesson:
        """Return a lesson of the language course."""
        return _lessons(self.folder / PROMPTS, seed).lesson(number)

    def make(self, seed: int) -> None:
        """Live through the villages (minutes) and learn the tokenizer, where they are not there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Each is written beside its place first: what is there is whole.
        if not (self.folder / PROMPTS).exists():
            prompts = [prompt for village in VILLAGES for prompt in village_prompts(village)]
            part = self.folder / f"{PROMPTS}.part"
            part.write_text(json.dumps(prompts), encoding="utf-8")
            part.replace(self.folder / PROMPTS)
        if not self.tokens(seed).exists():
            lessons = (self(seed, number) for number in range(TOKENIZER_LESSONS))
            part = self.folder / "tokens.part"
            learn_tokens(tokenizer_texts(lessons), VOCABULARY).save(part)
            part.replace(self.tokens(seed))

    def tokens(self, seed: int) -> Path:
        """Return the folder of a seed's tokenizer."""
        return self.folder / f"tokens-{seed}"


@cache
def _lessons(prompts: Path, seed: int) -> Lessons:
    return Lessons(json.loads(prompts.read_bytes()), seed)


def matter_of(options: argparse.Namespace) -> Matter:
    """Return what lessons are made of, beside the weights."""
    return Matter(options.out.with_name(options.out.name + ".lessons"))


def order_of(options: argparse.Namespace) -> Order:
    """Return what is to be trained, and where."""
    matter = matter_of(options)
    plan = Plan(options.seed, options.steps, options.rows, options.rate, options.warm_up, optimiser=PLAN.optimiser)
    return Order(
        course=SparseCourse(Teaching(matter, about, evaluate), matter.tokens(options.seed)),
        plan=plan,
        out=options.out,
        work=options.out.with_name(options.out.name + ".work"),
        resume=options.resume,
        deadline_s=options.deadline,
        device=options.device,
        workers=options.workers,
        samples=options.samples,
        evidence={"numeric_class": numeric_class()},
        means=MEANS,
    )


def options_of(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options; of the command line, unless words are given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--device", default="cuda", help="cuda, or cpu for a try")
    parser.add_argument("--steps", type=int, default=PLAN.steps)
    parser.add_argument("--rows", type=int, default=PLAN.rows)
    parser.add_argument("--rate", type=float, default=PLAN.learning_rate)
    parser.add_argument("--warm-up", type=int, default=PLAN.warm_up)
    parser.add_argument("--seed", type=int, default=PLAN.seed)
    parser.add_argument(
        "--deadline", type=float, default=DEADLINE_S, help="seconds of training, waiting for lessons included"
    )
    parser.add_argument("--workers", type=int, default=0, help="processes that make lessons ahead")
    parser.add_argument("--samples", type=int, default=64, help="samples that the card shows")
    parser.add_argument("--out", type=Path, default=Path("trained/language"), help="folder of the weights")
    parser.add_argument("--resume", action="store_true", help="go on with what the work folder holds")
    return parser.parse_args(words)


def main() -> None:
    options = options_of()
    print("villages, tokenizer", flush=True)
    matter_of(options).make(options.seed)
    order = order_of(options)
    produce(order, Keystore.open(), print, lambda moment: print(moment.line(), flush=True))
    print(f"weights: {order.out}")


if __name__ == "__main__":
    main()
