"""Many slight memories of one person become one that says so, and keeps where they came from. No model is asked."""

from __future__ import annotations

import re

from worldloom.worlds.clock import DAY, day_of

from .memory import Memory
from .mind import Mind
from .turns import Basis

SLIGHT = 2
"""Up to this importance a memory is slight."""

FEWEST = 3
"""Slight memories of one person that are worth being made one."""

AGE = DAY
"""Seconds for which slight memories stay as they are."""

TOPIC = "company"

_KEPT = re.compile(r" ([0-9]+) times from day ([0-9]+) to day ([0-9]+)\.$")


def consolidate(mind: Mind, time: int) -> None:
    """Make slight memories that are older than AGE into one for each person; the memories themselves are forgotten."""
    old: dict[str, list[Memory]] = {}
    for memory in mind.stream:
        if time - memory.time < AGE:
            break
        if memory.importance <= SLIGHT and memory.via and memory.kind == "told":
            old.setdefault(memory.via, []).append(memory)
    before = {memory.about[0]: memory for memory in mind.stream.of_kind("reflection") if memory.topic == TOPIC}
    for other, memories in old.items():
        if len(memories) >= FEWEST or other in before:
            _make_one(mind, other, memories, before.get(other))


def _make_one(mind: Mind, other: str, memories: list[Memory], before: Memory | None) -> None:
    times, first, last = len(memories), day_of(memories[0].time), day_of(memories[-1].time)
    kept = _KEPT.search(before.text) if before is not None else None
    if kept is not None:
        times, first = times + int(kept[1]), int(kept[2])
    name = mind.cast.name(other) if other in mind.cast.agents else other
    text = f"{mind.persona.name} heard {name} speak {times} times from day {first} to day {last}."
    evidence = [Basis(memory.id, memory.source) for memory in reversed(memories)]
    evidence += [] if before is None else before.evidence
    mind.stream.forget({memory.id for memory in memories} | ({before.id} if before is not None else set()))
    newest = memories[-1]
    mind.stream.append(newest.time, "reflection", text, newest.source, SLIGHT, (other,), topic=TOPIC, evidence=evidence)
