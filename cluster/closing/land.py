"""The land of a run for the report, built again from the recorded answer. Draws nothing, names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.land import LandGenerator, make_land
from worldloom.cluster.scenario import Scenario
from worldloom.generators.errors import NotRecordedError
from worldloom.generators.recording import Replay
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.storage import Storage
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.terrain import Terrain

from .record import Record


class Land(NamedTuple):
    """Terrain and settlement as the log names them."""

    terrain: Terrain
    settlement: Settlement


class LandFound(NamedTuple):
    """The land, or None and why there is none."""

    land: Land | None
    note: str = ""


def read_land(storage: Storage, record: Record) -> LandFound:
    """Return the land of a run; none where the recorded land is erased or is not that of the log."""
    return find_land(storage, record.scenario.get("scenario", {}), str(record.genesis.get("settlement", "")))


def find_land(storage: Storage, scenario: Mapping[str, Any], settlement: str) -> LandFound:
    """Return the land that a scenario (content) asked for, if its settlement has the digest that the log names."""
    try:
        generator = Replay(AnswerBook(storage), LandGenerator.identity)
        land = Land(*make_land(generator, Scenario.model_validate(dict(scenario))))
    except (NotRecordedError, ScenarioError, ValidationError, ProvenanceError, KeyError) as error:
        return LandFound(None, f"the recorded land cannot be read ({error})")
    if land.settlement.digest != settlement:
        return LandFound(None, "the recorded land is not the one that the log names")
    return LandFound(land)
