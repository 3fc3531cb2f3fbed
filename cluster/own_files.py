"""Files beside a scenario become part of its value: a cast's CSV its rows, a heightmap's PNG its bytes as text.

A scenario is one file and a run folder stands alone: what it read of other files is in scenario.json from the
beginning, so resume, replay and audit need none of them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from worldloom.agents.casting import read_people
from worldloom.agents.errors import CastError
from worldloom.worlds.errors import WorldError
from worldloom.worlds.heightmap import side_of

from .errors import ScenarioError
from .scenario import Scenario

MAX_BYTES = 16_000_000
"""Largest file that a scenario may name."""
LINE = 60_000
"""Characters of a picture's text in one string: content has no longer ones than 65,536."""


def with_files(scenario: Scenario, folder: Path) -> Scenario:
    """Return the scenario with the files that it names in it; names are relative to `folder`.

    A scenario that names none is returned as it is. Raises ScenarioError that says which file is wrong, and where.
    """
    changes: dict[str, object] = {}
    if isinstance(scenario.cast, str):
        path = folder / scenario.cast
        try:
            people = read_people(_read(path, "cast"), str(path))
        except CastError as error:
            raise ScenarioError(str(error)) from error
        changes["cast"] = [person.model_dump() for person in people]
        if "agents" not in scenario.model_fields_set:
            changes["agents"] = len(people)
    if isinstance(scenario.world.heightmap, str) and scenario.world.heightmap:
        changes["world"] = _with_heightmap(scenario, folder / scenario.world.heightmap)
    return scenario.folded(**changes) if changes else scenario


def picture_of(lines: Sequence[str]) -> bytes:
    """Return the bytes of a heightmap that a scenario holds; raises ScenarioError."""
    try:
        return base64.b64decode("".join(lines), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ScenarioError("world.heightmap: not a picture as `worldloom run` writes it into scenario.json") from error


def _with_heightmap(scenario: Scenario, path: Path) -> dict[str, object]:
    data = _read(path, "world.heightmap")
    try:
        side = side_of(data)
    except WorldError as error:
        raise ScenarioError(f"{path}: {error}") from error
    world = scenario.world
    if "size" in world.model_fields_set and world.size != side:
        raise ScenarioError(f"{path}: has {side} pixels a side, and world.size is {world.size}: leave `size` out")
    text = base64.b64encode(data).decode()
    lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return world.model_dump() | {"size": side, "heightmap": lines}


def _read(path: Path, field: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScenarioError(f"{path}: {path.stat().st_size:,} bytes are more than the {MAX_BYTES:,} of {field}")
        return path.read_bytes()
    except OSError as error:
        raise ScenarioError(
            f"{path}: {error.strerror or error}. {field} names a file beside the scenario's own"
        ) from error
