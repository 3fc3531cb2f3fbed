"""A recipe: all that is needed to make a thing again. Holds no device, path, version or wall time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a generator is, as content: the same on every machine that holds the same weights.

    `weights` and `template` are hex SHA-256 digests, empty where there is none; `repeatable` says whether the same
    request gives the same answer on one numeric class. `source_type` is the IPTC digital source type of its outputs.
    """

    backend: str
    model: str
    weights: str = ""
    template: str = ""
    repeatable: bool = True
    weights_licence: str = ""
    output_licence: str = ""
    source_type: str = "algorithmicMedia"
    model_type: str = ""

    def content(self) -> dict[str, Any]:
        """Return the identity as it stands in content bodies."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a payload was made: by which generator, from which request, for whom, when, from which parents.

    `request` is the hex digest of the whole request (recorded in answers/), `prompt` its text, `parents` the hex
    content digests of what it descends from (its decision first), `inputs` those of the payloads it read.
    """

    kind: str
    generator: Identity
    request: str
    prompt: str
    agent: str
    time: int
    purpose: str
    occurrence: int
    seed: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """Return the recipe as it stands in content bodies."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {
            "generator": self.generator.content(),
            "parameters": dict(self.parameters),
            "parents": list(self.parents),
            "inputs": list(self.inputs),
            "seed": str(self.seed),
        }
