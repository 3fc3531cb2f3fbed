"""Which runs a sweep has: every combination of parameters, each some times with seeds of its own. Runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from worldloom.cluster.errors import ScenarioError, SweepError
from worldloom.cluster.runtime import who_answers
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import fold
from worldloom.generators.errors import GeneratorError
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import CONTENT, digest_json, file_digest
from worldloom.provenance.errors import CanonicalError
from worldloom.worlds.chance import draw_u64

from .columns import OWN_COLUMNS, column_of

MOST_RUNS = 100_000
"""Runs of one sweep."""
MOST_FAULTS = 12
"""Faults that one message tells."""
_SEED_BITS = 53
_PLAIN = re.compile("[^a-z0-9.]+")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Planned:
    """One run of a sweep: `name` is what its row and folder are called, and the same for the same run in any sweep."""

    name: str
    parameters: Mapping[str, Any]
    replicate: int
    scenario: Scenario


def plan(
    scenario: Scenario,
    source: bytes,
    over: Mapping[str, Iterable[Any]],
    replicates: int,
    blank: Sequence[str] = (),
) -> tuple[Planned, ...]:
    """Return the runs: combinations in the order written, the last parameter fastest, then replicates.

    `source` is the scenario's file, `blank` names the kinds that placeholders are made for: both tell runs apart.

    A parameter is a field of the scenario, a part of one by dots (`world.size`, `generators.text`), or the name of one
    of the scenario's own `parameters`. Raises SweepError that tells all that is wrong, before anything runs.
    """
    values = {name: _values(name, each) for name, each in over.items()}
    wrong = _faulty_names(scenario, values)
    right = {name: each for name, each in values.items() if name not in wrong}
    faults = [*wrong.values(), *_faulty_measures(scenario)]
    _raise(scenario, _too_many(right, replicates))
    cells: list[tuple[dict[str, Any], Scenario]] = []
    for combination in product(*right.values()):
        parameters = dict(zip(right, combination, strict=True))
        try:
            cells.append((parameters, changed(scenario, parameters)))
        except ScenarioError as error:
            faults.append(str(error))
    faults += _without_makers(cell for _, cell in cells)
    _raise(scenario, faults)
    variant = {"source": file_digest(source).hex()} | ({"blank": list(blank)} if blank else {})
    seeds = replicate_seeds([cell.seed for _, cell in cells], replicates)
    return tuple(
        _planned(parameters, number, cell.folded(seed=seed), variant)
        for parameters, cell in cells
        for number, seed in enumerate(seeds[cell.seed])
    )


def changed(scenario: Scenario, parameters: Mapping[str, Any]) -> Scenario:
    """Return the scenario with parameters by their dotted names; raises ScenarioError for a value that cannot be."""
    changes: dict[str, Any] = {}
    for name, value in parameters.items():
        field, *path = _full(scenario, name).split(".")
        if not path:
            changes[field] = value
            continue
        inner = changes.setdefault(field, deepcopy(scenario.model_dump()[field]))
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    where = ("with " + ", ".join(f"{name}={value}" for name, value in parameters.items()))[:200]
    found = fold(scenario, where, **changes)
    try:
        canonical(found.content())
    except CanonicalError as error:
        raise ScenarioError(f"{where}: {error}") from error
    return found


def replicate_seeds(bases: Iterable[int], replicates: int) -> dict[int, tuple[int, ...]]:
    """Return for each base seed the seeds of its replicates: the base itself, then draws from it; no two are equal.

    Seed r > 0 of base b is the first 53 bits of the draw (b, "replicate", r, try), with the first try from 0 that gives
    a seed that nothing before has. More replicates leave the seeds of the first ones as they are.
    """
    ordered = sorted(set(bases))
    taken = set(ordered)
    seeds: dict[int, list[int]] = {base: [base] for base in ordered}
    for number in range(1, replicates):
        for base in ordered:
            attempt = 0
            while (seed := int(draw_u64(base, "replicate", number, attempt)[0]) >> (64 - _SEED_BITS)) in taken:
                attempt += 1
            taken.add(seed)
            seeds[base].append(seed)
    return {base: tuple(each) for base, each in seeds.items()}


def _values(name: str, given: Iterable[Any]) -> Sequence[Any]:
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise SweepError(f"parameter {name}: give a list of values, such as [{given!r}]")
    found: dict[str, Any] = {}
    for value in given:
        plain = value.item() if hasattr(value, "item") else value  # numpy's integers are no integers to JSON
        if repr(plain) in found:
            raise SweepError(f"parameter {name}: {plain!r} is given twice")
        found[repr(plain)] = plain
    if not found:
        raise SweepError(f"parameter {name}: there are no values to sweep over")
    return list(found.values())


def _full(scenario: Scenario, name: str) -> str:
    """Return the dotted name of a parameter; `tolerance` may stand for `parameters.tolerance`."""
    own = getattr(scenario, "parameters", None)
    is_own = name not in Scenario.model_fields and isinstance(own, Mapping) and name in own
    return f"parameters.{name}" if is_own else name


def _faulty_names(scenario: Scenario, names: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with names of parameters, by name."""
    faults: dict[str, str] = {}
    seen: dict[str, str] = {}
    for name in names:
        full = _full(scenario, name)
        if fault := _no_parameter(scenario, name, full):
            faults[name] = fault
        elif full in seen:
            faults[name] = f"{name}: is {seen[full]}, which is given already"
        elif column_of(name) in scenario.measures:
            faults[name] = f"{name}: a measure of the scenario has this name; a table cannot have two such columns"
        seen[full] = name
    return faults


def _faulty_measures(scenario: Scenario) -> list[str]:
    return [
        f"measure {name}: tables of sweeps have a column of this name"
        for name in scenario.measures
        if name in OWN_COLUMNS
    ]


def _too_many(values: Mapping[str, Sequence[Any]], replicates: int) -> list[str]:
    if replicates < 1:
        return [f"replicates {replicates}: at least 1"]
    runs = prod(map(len, values.values())) * replicates
    return [f"{runs} runs: a sweep has at most {MOST_RUNS}"] if runs > MOST_RUNS else []


def _no_parameter(scenario: Scenario, name: str, full: str) -> str:
    field, *path = full.split(".")
    if field not in Scenario.model_fields or field == "name":
        known = ", ".join(each for each in Scenario.model_fields if each != "name")
        own = getattr(scenario, "parameters", None) or {}
        more = f", and its own {', '.join(own)}" if own else ""
        return f"{name}: is no parameter of {scenario.name}; there are {known}{more}"
    inner: Any = scenario.model_dump()[field]
    for key in path:
        if not isinstance(inner, Mapping) or key not in inner:
            known = ", ".join(map(str, inner)) if isinstance(inner, Mapping) else ""
            return f"{name}: {field} has no {key}" + (f"; it has {known}" if known else "")
        inner = inner[key]
    return ""


def _without_makers(scenarios: Iterable[Scenario]) -> list[str]:
    faults = []
    for scenario in {tuple(each.generators.items()): each for each in scenarios}.values():
        try:
            who_answers(scenario)
        except GeneratorError as error:
            faults.append(str(error))
    return faults


def _raise(scenario: Scenario, faults: Sequence[str]) -> None:
    told = list(dict.fromkeys(faults))
    if told:
        more = len(told) - MOST_FAULTS
        lines = [*told[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]
        raise SweepError(f"a sweep of {scenario.name} cannot begin:\n  " + "\n  ".join(lines))


def _planned(parameters: Mapping[str, Any], replicate: int, scenario: Scenario, variant: Mapping[str, Any]) -> Planned:
    digest = digest_json(CONTENT, {"scenario": scenario.content(), **variant}).hex()
    told = "_".join(f"{column_of(name)}-{value}" for name, value in parameters.items())
    plain = _PLAIN.sub("-", f"{told}_{replicate}".casefold()).strip("-.")[:_LONGEST_NAME]
    return Planned(f"{plain}-{digest[:10]}", parameters, replicate, scenario)
