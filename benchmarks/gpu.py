"""The embedded models on a GPU beside the same machine's processor: sameness of answers, speed, training. Needs CUDA.

    python benchmarks/gpu.py

Runs compute the embedded models on the processor, whose bits are promised (docs/adr/0011); this measures what a GPU
would give instead. Sameness: do the processor's answers come out, does the same question twice, do neighbours or
padding change a row? `engine` is Worldloom's own (eight rows a step), `generate` transformers' on a batch.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from harness import Budget, report
from language_speed import FULL as VILLAGE
from language_speed import theirs, village_requests
from worldloom.agents.corpus.lessons import Lessons
from worldloom.generators.image.sprites.model import load_model as load_sprites
from worldloom.generators.image.sprites.sampling import Sampler
from worldloom.generators.image.vector.maker import VectorMaker
from worldloom.generators.mesh.embedded import EmbeddedMesh
from worldloom.generators.requests import Request
from worldloom.generators.sound.embedded import EmbeddedSound
from worldloom.generators.sound.model import write as write_tune
from worldloom.generators.text.language.course import GROUP, LanguageCourse, Teaching
from worldloom.generators.text.language.engine import ROWS, Engine
from worldloom.generators.text.language.learning import prompt_tokens
from worldloom.generators.text.language.model import MAX_TOKENS, WEIGHTS_FOLDER, load
from worldloom.generators.text.language.writing import Scribe
from worldloom.generators.training.course import Evaluation, Plan
from worldloom.generators.training.harness import Trained, train
from worldloom.generators.vocabulary import COLOURS, MOODS, THINGS


class Settings(NamedTuple):
    agents: int
    hours: int
    requests: int
    batches: tuple[int, ...]
    batch_on_the_processor: int
    new_tokens: int
    drawings: int
    train_rows: tuple[int, ...]
    train_steps: int
    train_steps_on_the_processor: int


BUDGETS: dict[str, Budget] = {}
FULL = Settings(18, 8, 256, (1, 16, 64, 256), 64, 14, 3, (8, 64, 128), 150, 6)
SMALL = Settings(3, 2, 3, (1, 2), 1, 2, 1, (1,), 2, 2)

Figures = dict[str, float | str]
Part = Callable[[Settings, str], Figures]


@cache
def villagers(settings: Settings) -> list[Request]:
    """Requests of villagers, decisions and talk."""
    village = VILLAGE._replace(agents=settings.agents, hours=settings.hours, requests=settings.requests)
    return village_requests(village)


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of work, until the GPU is done with it."""
    start = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def alike(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Return how many of the pairs are equal, in percent."""
    return round(100 * sum(a == b for a, b in zip(one, other, strict=True)) / len(one), 2)


def rows(settings: Settings, device: str) -> Figures:
    """Does a row's arithmetic depend on its neighbours, on padding, or on the day? To the bit, and in its tokens."""
    model, tokens = load(WEIGHTS_FOLDER)
    prompts = [prompt_tokens(tokens, request.prompt) for request in villagers(settings)][: 2 * ROWS]
    with torch.inference_mode():
        engine = Engine(deepcopy(model).to(device), MAX_TOKENS)
        again, alone, together = [], [], []
        for prompt in prompts:
            logits, row = engine.read(prompt, 1)
            again.append(torch.equal(logits, engine.read(prompt, 1)[0]))
            alone.append(engine.write([row], [9])[0].clone())
        for first in range(0, len(prompts), ROWS):
            mine = [engine.read(prompt, 1)[1] for prompt in prompts[first : first + ROWS]]
            together += list(engine.write(mine, [9] * len(mine))[: len(mine)].clone())
        model.to(device)
        single = [theirs_on(device, model, [prompt], settings) for prompt in prompts]
        batched = theirs_on(device, model, prompts, settings)
        padded = [theirs_on(device, model, [prompt], settings, padding=64) for prompt in prompts]
    return {
        "engine_rows_bit_equal_twice_percent": alike(again, [True] * len(again)),
        "engine_rows_bit_equal_with_neighbours_percent": alike(
            [torch.equal(a, b) for a, b in zip(alone, together, strict=True)], [True] * len(alone)
        ),
        "engine_largest_difference_with_neighbours": float(
            max((a - b).abs().max() for a, b in zip(alone, together, strict=True))
        ),
        "generate_rows_same_tokens_with_neighbours_percent": alike([each[0] for each in single], batched),
        "generate_rows_same_tokens_with_padding_percent": alike(single, padded),
    }


def theirs_on(
    device: str, model: Any, prompts: Sequence[Sequence[int]], settings: Settings, padding: int = 0
) -> list[list[int]]:
    """Return the likeliest tokens by transformers on a device; `padding` widens the batch on its left."""
    with torch.device(device):
        wide = [[0] * (max(map(len, prompts)) + padding)] if padding else []
        return theirs(model, [*prompts, *wide], settings.new_tokens)[: len(prompts)]


def answers(settings: Settings, device: str) -> Figures:
    """Does the language model answer on the GPU as on the processor, twice the same, and alone as among others?"""
    model, tokens = load(WEIGHTS_FOLDER)
    asked, found = villagers(settings), Figures()
    slow, fast = Scribe(model, tokens), Scribe(deepcopy(model).to(device), tokens)
    fast.answer(asked[:ROWS])
    told: dict[str, list[tuple[str, int]]] = {}
    spent = {
        "cpu": seconds(lambda: told.update(cpu=slow.answer(asked))),
        "cuda": seconds(lambda: told.update(cuda=fast.answer(asked))),
    }
    once = asked[: 4 * ROWS]
    told["again"], told["alone"] = fast.answer(asked), [fast.answer([each])[0] for each in once]
    for name in ("cpu", "again"):
        found[f"language_answers_of_cuda_as_{name}_percent"] = alike(told["cuda"], told[name])
    found["language_answers_of_cuda_alone_as_among_others_percent"] = alike(told["cuda"][: len(once)], told["alone"])
    found |= {f"language_answers_per_second_{name}": round(len(asked) / each, 1) for name, each in spent.items()}
    return found


def drawings(settings: Settings, device: str) -> Figures:
    """The other embedded models, one drawing after the other: sameness with the processor, and speed."""
    found = Figures()
    for name, made in _drawers().items():
        spent, told = {}, {}
        for where, draw in (("cpu", made("cpu")), ("cuda", made(device))):
            draw(0)
            start = time.perf_counter()
            told[where] = [draw(each) for each in range(settings.drawings)]
            spent[where] = time.perf_counter() - start
        again = [draw(each) for each in range(settings.drawings)]
        found[f"{name}_of_cuda_as_cpu_percent"] = alike(told["cuda"], told["cpu"])
        found[f"{name}_of_cuda_as_again_percent"] = alike(told["cuda"], again)
        found |= {f"{name}_per_second_{where}": round(settings.drawings / each, 2) for where, each in spent.items()}
    return found


def _drawers() -> dict[str, Callable[[str], Callable[[int], Any]]]:
    def meshes(device: str) -> Callable[[int], Any]:
        maker = EmbeddedMesh()
        maker.model.to(device)
        return lambda number: maker.one(_wish("mesh", number, craft="prop", thing=THINGS[number % 24])).payload

    def pictures(device: str) -> Callable[[int], Any]:
        maker = VectorMaker()
        maker._model.to(device)
        crafts = ("sign", "emblem", "portrait", "ornament")
        return lambda number: maker.make(_wish("image", number, craft=crafts[number % 4])).payload

    def tunes(device: str) -> Callable[[int], Any]:
        model = EmbeddedSound().model.to(device)
        return lambda number: write_tune(model, "dance", MOODS[number % len(MOODS)], seed=number, temperature=0.9)

    def sprites(device: str) -> Callable[[int], Any]:
        model, size = load_sprites()
        sampler = Sampler.of(model.to(device), size)

        def draw(number: int) -> bytes:
            text = f"a {COLOURS[number % 8]} {THINGS[number % 24]} on plain sky ground"
            return bytes(sampler.draw(text, seed=number, guidance=2.5).tobytes())

        return draw

    return {"meshes": meshes, "pictures": pictures, "tunes": tunes, "sprites": sprites}


def _wish(kind: str, number: int, **parameters: Any) -> Request:
    return Request(kind, "make", "agent-0", 0, 0, number, "", parameters=parameters)


def speed(settings: Settings, device: str) -> Figures:
    """How many answers of equal length a second transformers writes in batches, on GPU and processor."""
    model, tokens = load(WEIGHTS_FOLDER)
    model.set_attn_implementation("sdpa")
    prompts = [prompt_tokens(tokens, request.prompt) for request in villagers(settings)]
    found = Figures(tokens_a_prompt=round(sum(map(len, prompts)) / len(prompts)))
    torch.set_num_threads(os.cpu_count() or 1)
    for where, most in (("cpu", settings.batch_on_the_processor), (device, max(settings.batches))):
        model.to(where)
        for many in (each for each in settings.batches if each <= most):
            some = prompts[:many]
            with torch.inference_mode():
                theirs_on(where, model, some[:16], settings)
                spent = seconds(lambda where=where, some=some: theirs_on(where, model, some, settings))
            name = "cpu" if where == "cpu" and most != max(settings.batches) else "cuda"
            found[f"generate_{many}_rows_answers_per_second_{name}"] = round(many / spent, 1)
    found["threads_of_generate_on_cpu"] = torch.get_num_threads()
    torch.set_num_threads(1)
    return found


def training(settings: Settings, device: str) -> Figures:
    """Training the language model from nothing: steps a second, batches ready, and whether the losses are the same."""
    first, *_ = settings.train_rows
    slow, fast = (_trained(settings, first, settings.train_steps_on_the_processor, each) for each in ("cpu", device))
    apart = [abs(a.loss - b.loss) for a, b in zip(slow.points, fast.points, strict=True)]
    found = Figures(training_losses_of_first_steps_apart=round(max(apart), 4))
    found[f"training_{first}_rows_steps_per_second_cpu"] = _steps_per_second(slow)
    for many in settings.train_rows:
        trained = _trained(settings, many, settings.train_steps, device)
        found[f"training_{many}_rows_steps_per_second_cuda"] = _steps_per_second(trained)
    return found


class Ready(LanguageCourse):
    """The course with its first batches made ahead and shown in turn."""

    def __init__(self, settings: Settings, many: int) -> None:
        lessons = Lessons([request.prompt for request in villagers(settings)], 1)
        super().__init__(Teaching(lambda _, number: lessons.lesson(number), str, _unjudged), WEIGHTS_FOLDER)
        self._made = [super(Ready, self).batch(Plan(rows=many), step) for step in range(GROUP)]

    def batch(self, plan: Plan, step: int) -> Any:  # noqa: ARG002
        return self._made[step % len(self._made)]


def _unjudged(*_: Any) -> Evaluation:
    return Evaluation(())


def _trained(settings: Settings, many: int, steps: int, device: str) -> Trained:
    plan = Plan(steps=steps, rows=many, learning_rate=2e-3, warm_up=2, optimiser="muon")
    with tempfile.TemporaryDirectory() as work:
        return train(Ready(settings, many), plan, Path(work), lambda _: None, device=device)


def _steps_per_second(trained: Trained) -> float:
    """Return the speed after the first point, in which much is made ready."""
    first, last = trained.points[0], trained.points[-1]
    return round((last.step - first.step) / max(last.seconds - first.seconds, 1e-9), 2)


PARTS: dict[str, Part] = {
    "rows": rows,
    "answers": answers,
    "drawings": drawings,
    "speed": speed,
    "training": training,
}


def figures(settings: Settings) -> Figures:
    """Return all figures; without a GPU, which small settings bear, the processor stands in for it."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(1)  # as the backends do
    found = Figures(card=torch.cuda.get_device_name() if device == "cuda" else "none", torch=torch.__version__)
    for part in PARTS.values():
        found |= part(settings, device)
    return found


def main() -> None:
    if not torch.cuda.is_available():
        print("gpu: torch finds no CUDA device; nothing is measured, the last figures stay")
        return
    report(__file__, figures(FULL), BUDGETS, FULL)


if __name__ == "__main__":
    main()
