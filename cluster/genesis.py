"""The first two content entries of a run: its scenario, and the world with its people as they were at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from worldloom.agents.cast import Cast
from worldloom.agents.persona import make_cast
from worldloom.generators.ports import Generator
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.parent import Parent
from worldloom.provenance.recipe import Identity
from worldloom.provenance.veil import Veil
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.terrain import Terrain
from worldloom.worlds.world import Resident, World

from .land import make_land
from .ledger import Ledger, RootOnly
from .scenario import Scenario
from .village import Village


@dataclass
class Genesis:
    """Where everything begins: the land, the people, and the world at the scenario's start."""

    terrain: Terrain
    settlement: Settlement
    village: Village
    world: World


def record_genesis(
    scenario: Scenario,
    source: bytes,
    identities: Mapping[str, Identity],
    land: Generator,
    ledger: Ledger | RootOnly,
    evidence: Callable[[], Mapping[str, Any]] | None,
    parent: Parent | None = None,
    veil: Veil | None = None,
) -> Genesis:
    """Record (or compare) scenario and genesis; returns what they describe. `evidence` tells of scenario.py's file."""
    told = scenario_body(scenario, source, identities, parent, veil)
    digest = ledger.record(EntryKind.SCENARIO, scenario.start_time, told, evidence)
    terrain, settlement = make_land(land, scenario)
    personas = make_cast(scenario.seed, scenario.agents, settlement, scenario.people)
    residents = [Resident(person.agent, person.home, person.work) for person in personas]
    world = World.genesis(
        seed=scenario.seed,
        terrain=terrain,
        settlement=settlement,
        residents=residents,
        start=scenario.start_time,
        step=scenario.step_seconds,
        actions=scenario.actions,
        pennies=None if scenario.market is None else scenario.market.pennies,
    )
    body = {
        "type": "genesis",
        "terrain": terrain.digest,
        "settlement": settlement.digest,
        "state": world.digest(),
        "personas": [person.content() for person in personas],
        "parents": [digest.hex()],
    }
    genesis = ledger.record(EntryKind.GENESIS, scenario.start_time, body).hex()
    return Genesis(terrain, settlement, Village(personas, Cast.of(personas, settlement), genesis), world)


def scenario_body(
    scenario: Scenario,
    source: bytes,
    identities: Mapping[str, Identity],
    parent: Parent | None = None,
    veil: Veil | None = None,
) -> dict[str, Any]:
    """Return the content body of the run's first content entry; a fork's names its parent, a private run's its secret
    by a digest.
    """
    body = {
        "type": "scenario",
        "scenario": scenario.content(),
        "source": file_digest(source).hex(),
        "generators": {kind: identity.content() for kind, identity in sorted(identities.items())},
    }
    if veil is not None:
        body["veil"] = veil.commitment
    return body if parent is None else body | {"parent": parent.content()}
