"""Portraits of a village's people as it begins: what is asked for, by whom they are. Paints nothing, decides nothing.

The world's genesis leaves a slot for each villager's portrait; nobody in the world made these, so each leads back to
the genesis itself and not to a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from worldloom.generators.requests import Request
from worldloom.provenance.ids import agent_number
from worldloom.worlds.chance import draw_u64

from .character import TRAITS
from .persona import Persona
from .prompting import template
from .view import cell

MOST = 200
"""Villagers who are painted, the first by number: a crowd is known by other things."""

SLOT = "genesis"
"""What the recipe of such a portrait says under `slot`."""

_MOODS: Mapping[str, tuple[str, str]] = {
    "openness": ("calm", "merry"),
    "conscientiousness": ("merry", "proud"),
    "extraversion": ("sad", "merry"),
    "agreeableness": ("proud", "calm"),
    "neuroticism": ("calm", "anxious"),
}
"""How somebody looks by the trait that stands out most: below and above its middle."""


def mood_of(traits: Mapping[str, int]) -> str:
    """Return the mood that a character shows when nothing else moves it; `traits` are the five, each 0 to 100."""
    marked = min(TRAITS, key=lambda trait: (-abs(traits[trait] - 50), TRAITS.index(trait)))
    return _MOODS[marked][traits[marked] >= 50]


def portrait_parameters(persona: Persona, mood: str) -> dict[str, str | int]:
    """Return what a maker of portraits reads of somebody."""
    return {"name": cell(persona.name), "age": persona.age, "job": cell(persona.job), "mood": mood}


def portrait_requests(personas: Sequence[Persona], village: str, seed: int, time: int) -> list[Request]:
    """Return the requests for the portraits of a village at its beginning; `seed` is the run's."""
    form = template("portrait")
    painted = personas[:MOST]
    numbers = np.array([agent_number(each.agent) for each in painted], np.int64)
    seeds = draw_u64(seed, "portrait at genesis", time, numbers, 0).tolist()
    requests = []
    for persona, word in zip(painted, seeds, strict=True):
        facts = portrait_parameters(persona, mood_of(persona.traits))
        request = Request(
            kind="image",
            purpose="portrait",
            agent=persona.agent,
            time=time,
            occurrence=0,
            seed=word,
            prompt=form.render(maker=f"a painter of {cell(village)}", **facts),
            parameters={"craft": "portrait", **facts, "slot": SLOT, "title": f"Portrait of {cell(persona.name)}"},
            template=form.digest,
        )
        requests.append(request)
    return requests
