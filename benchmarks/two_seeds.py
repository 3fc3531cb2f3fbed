"""Whether another seed makes another day, and whether a day's talk is more than one template with names changed.

The shipped scenario runs with two seeds, by its own makers and then with the rules' words, which the language model
learnt from. Of things and of words without names: the share that is not in both days (Dice's coefficient turned
round). Of a day's talk: how many n-grams of four words, names left out, are different ones (distinct-n, Li et al.
2016), over as many words of each; and how often the commonest utterance is said. What the scenario's own model
answers, and how much of it is invalid, is counted on the way.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness import Budget, report
from worldloom.agents.corpus.judging import distinct
from worldloom.cluster import Placement, RunOptions, Silent, run
from worldloom.cluster.diff_side import Side
from worldloom.cluster.diffing import DiffResult, diff
from worldloom.cluster.finished import FinishedRun


class Settings(NamedTuple):
    seeds: tuple[int, int]
    texts: tuple[str, ...]
    agents: int
    hours: int


BUDGETS = {
    "embedded: things that differ": Budget(0.5, least=True),
    "embedded: words that differ": Budget(0.5, least=True),
    "embedded: answers an agent-step": Budget(0.05, least=True),
    "embedded: invalid": Budget(0.02),
}
FULL = Settings((7, 11), ("embedded", "rules"), agents=25, hours=24)
SMALL = Settings((7, 11), ("rules",), agents=3, hours=2)


def day(text: str, seed: int, settings: Settings, folder: Path) -> Path:
    """Run a day into a folder of its own and return that."""
    out = folder / f"{text}-{seed}"
    options = RunOptions(
        "saltmarsh",
        out=out,
        seed=seed,
        agents=settings.agents,
        hours=settings.hours,
        generators={"text": text},
        placement=Placement(local=True),
        home=folder / "home",
    )
    run(options, Silent())
    return out


def said(folder: Path) -> list[str]:
    """Return what was said in a day, names left out."""
    return [item.nameless for item in Side.read(FinishedRun.open(folder)).words]


def within(texts: Sequence[str], most: int) -> list[str]:
    """Return the first texts that come to so many words: of more words, fewer n-grams are new."""
    kept: list[str] = []
    for text in texts:
        most -= len(text.split())
        if most < 0:
            break
        kept.append(text)
    return kept


def figures(settings: Settings) -> dict[str, Any]:
    """Return all figures by maker of text."""
    found: dict[str, Any] = {}
    talks: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for text in settings.texts:
            days = [day(text, seed, settings, Path(temporary)) for seed in settings.seeds]
            compared = diff(*days)
            talks[text] = said(days[0])
            found |= {
                f"{text}: things that differ": round(compared.things.whole.differing, 4),
                f"{text}: words that differ": round(compared.words.whole.differing, 4),
                f"{text}: words that differ, names left out": round(compared.nameless.whole.differing, 4),
                f"{text}: answers an agent-step": share(compared, "decisions", "agent_steps"),
                f"{text}: invalid": share(compared, "invalid", "decisions"),
                f"{text}: utterances": len(talks[text]),
                f"{text}: share of the commonest utterance": commonest(talks[text]),
            }
    least = min(sum(len(words.split()) for words in talk) for talk in talks.values())
    return found | {
        f"{text}: distinct 4-grams": round(distinct(within(talk, least)), 4) for text, talk in talks.items()
    }


def share(compared: DiffResult, part: str, whole: str) -> float:
    """Return what was counted of one over the other, both days together."""
    return round(sum(compared.measures[part]) / max(1, sum(compared.measures[whole])), 4)


def commonest(texts: Sequence[str]) -> float:
    """Return how often the commonest of texts occurs, as a share of all."""
    return round(Counter(texts).most_common(1)[0][1] / len(texts), 4) if texts else 0.0


if __name__ == "__main__":
    report(__file__, figures(FULL), BUDGETS, FULL)
