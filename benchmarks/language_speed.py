"""How fast the embedded language model reads and writes 32 prompts of a village, beside transformers' own generate.

    python benchmarks/language_speed.py [--weights FOLDER]

Both have the same weights, prompts, one thread, and write the same number of tokens for each, the likeliest ones
(`tokens_alike_percent` says that they are the same); transformers reads and writes all 32 as one batch, padded on the
left. Then the whole way from requests with schemas to answers is timed, for all at once and for some that come alone.
Without shipped weights or a folder the weights are untrained: such a model rambles where free words are asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from harness import Budget, cpu, report
from worldloom.agents.corpus.case import take_apart
from worldloom.agents.rules import Rules
from worldloom.agents.schemas import SCHEMAS
from worldloom.cluster.rehearsal import Rehearsal
from worldloom.cluster.runtime import LocalRuntime
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.village_prompts import SCENARIO, Listening
from worldloom.generators.blank import Blank
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Request
from worldloom.generators.text.language.engine import ROWS, Engine
from worldloom.generators.text.language.learning import prompt_tokens
from worldloom.generators.text.language.model import MAX_TOKENS, VOCABULARY, WEIGHTS_FOLDER, load, untrained
from worldloom.generators.text.language.prompts import case_of
from worldloom.generators.text.language.tokens import FILE, PAD, SPECIAL, Tokens, learn_tokens
from worldloom.generators.text.language.writing import Scribe

PURPOSES = ("decide", "talk")


class Settings(NamedTuple):
    agents: int
    hours: int
    requests: int
    alone: int
    new_tokens: int
    rounds: int
    seed: int = 101


BUDGETS = {"times_transformers": Budget(1.5, least=True)}
FULL = Settings(agents=18, hours=8, requests=32, alone=12, new_tokens=14, rounds=2)
SMALL = Settings(agents=3, hours=2, requests=3, alone=1, new_tokens=3, rounds=1)


def village_requests(settings: Settings) -> list[Request]:
    """Return requests that villagers make, decisions and talk mixed as they come, from all over the day."""
    scenario = load_scenario(SCENARIO).scenario.folded(seed=settings.seed, agents=settings.agents, hours=settings.hours)
    ear = Listening(Rules())
    makers: dict[str, Generator] = {kind: Blank() for kind in scenario.generators} | {"text": ear}
    rehearsal = Rehearsal.begin(scenario, makers, LocalRuntime({}))
    rehearsal.to(rehearsal.end_time)
    named = [(prompt, take_apart(prompt).purpose) for prompt in ear.prompts]
    mixed = [each for each in named if each[1] in PURPOSES]
    step = max(1, len(mixed) // settings.requests)
    return [
        Request("text", purpose, "agent-0", 0, 0, number, prompt, schema=SCHEMAS[purpose])
        for number, (prompt, purpose) in enumerate(mixed[::step][: settings.requests])
    ]


def model_of(folder: Path | None, requests: Sequence[Request]) -> tuple[Any, Tokens, str]:
    """Return model, tokens and whose weights they are."""
    if folder is not None:
        return *load(folder), "given"
    if (WEIGHTS_FOLDER / FILE).exists():
        return *load(WEIGHTS_FOLDER), "shipped"
    tokens = learn_tokens([case_of(request.prompt) for request in requests], VOCABULARY)
    return untrained(tokens, 1).eval(), tokens, "untrained"


def ours(engine: Engine, prompts: Sequence[Sequence[int]], new: int) -> list[list[int]]:
    """Return the likeliest tokens after each prompt by the engine."""
    written: list[list[int]] = []
    for first in range(0, len(prompts), ROWS):
        read = [engine.read(prompt, new) for prompt in prompts[first : first + ROWS]]
        rows, mine = [row for _, row in read], [[int(logits.argmax())] for logits, _ in read]
        for _ in range(new - 1):
            logits = engine.write(rows, [tokens[-1] for tokens in mine])
            for tokens, best in zip(mine, logits.argmax(1).tolist(), strict=False):
                tokens.append(best)
        written += mine
    return written


def theirs(model: Any, prompts: Sequence[Sequence[int]], new: int) -> list[list[int]]:
    """Return the same by transformers."""
    width, pad = max(map(len, prompts)), SPECIAL.index(PAD)
    numbers = torch.tensor([[pad] * (width - len(each)) + list(each) for each in prompts])
    seen = torch.tensor([[0] * (width - len(each)) + [1] * len(each) for each in prompts])
    found = model.generate(
        numbers, attention_mask=seen, max_new_tokens=new, min_new_tokens=new, do_sample=False, eos_token_id=None
    )
    written: list[list[int]] = found[:, width:].tolist()
    return written


def figures(settings: Settings, folder: Path | None = None) -> dict[str, float | str]:
    torch.set_num_threads(1)
    requests = village_requests(settings)
    model, tokens, whose = model_of(folder, requests)
    model.set_attn_implementation("sdpa")
    prompts, new = [prompt_tokens(tokens, request.prompt) for request in requests], settings.new_tokens
    engine, scribe = Engine(model, MAX_TOKENS), Scribe(model, tokens)
    found: dict[str, Any] = {}
    works = {
        "ours": lambda: found.update(ours=ours(engine, prompts, new)),
        "theirs": lambda: found.update(theirs=theirs(model, prompts, new)),
        "answers": lambda: found.update(answers=scribe.answer(requests)),
        "alone": lambda: [scribe.answer([request]) for request in requests[: settings.alone]],
    }
    with torch.inference_mode():
        works["ours"]()
        seconds = {name: cpu(work, settings.rounds) for name, work in works.items()}
    return {
        "weights": whose,
        "tokens_a_prompt": round(sum(map(len, prompts)) / len(prompts)),
        "times_transformers": round(seconds["theirs"] / seconds["ours"], 2),
        "tokens_per_cpu_second": round(len(prompts) * new / seconds["ours"]),
        "tokens_per_cpu_second_of_transformers": round(len(prompts) * new / seconds["theirs"]),
        "tokens_alike_percent": round(100 * _alike(found["ours"], found["theirs"]), 1),
        "answer_ms": round(1000 * seconds["answers"] / len(requests), 1),
        "answer_ms_alone": round(1000 * seconds["alone"] / len(requests[: settings.alone]), 1),
        "tokens_an_answer": round(sum(count for _, count in found["answers"]) / len(requests), 1),
    }


def _alike(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]]) -> float:
    pairs = [pair for mine, their in zip(one, other, strict=True) for pair in zip(mine, their, strict=True)]
    return sum(a == b for a, b in pairs) / len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--weights", type=Path, help="a folder of weights in the place of the shipped ones")
    report(__file__, figures(FULL, parser.parse_args().weights), BUDGETS, FULL)


if __name__ == "__main__":
    main()
