"""A recipe: all that is needed to make a thing again. Holds no device, path, version or wall time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class TrainingReference(NamedTuple):
    """Where a training's log says how weights were made: its origin, the entry's index, the log root with that entry.

    `root` (hex) is of the log up to and with the entry, so that what is logged later changes no reference.
    """

    origin: str
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls on it
    root: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a generator is, as content: the same on every machine that holds the same weights.

    `weights` and `template` are hex SHA-256 digests, empty where there is none; `repeatable` says whether the same
    request gives the same answer on one numeric class. `source_type` is the IPTC digital source type of its outputs.
    `training` leads to the log of the training that made the weights, where there is one.
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
    training: TrainingReference | None = None

    def content(self) -> dict[str, Any]:
        """Return the identity as it stands in content bodies; `training` is missing where there is none."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "training"}
        return values | ({"training": self.training._asdict()} if self.training else {})


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a payload was made: by which generator, from which request, for whom, when, from which parents.

    `request` is the hex digest of the whole request (recorded in answers/), `prompt` its text, `parents` the hex
    content digests of what it descends from (its decision first), `inputs` those of the payloads it read. In a private
    run there is no `prompt`, and `veil` is its salted hex digest.
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
    veil: str = ""

    def content(self) -> dict[str, Any]:
        """Return the recipe as it stands in content bodies; `veil` is missing where there is none."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "veil" or self.veil}
        return values | {
            "generator": self.generator.content(),
            "parameters": dict(self.parameters),
            "parents": list(self.parents),
            "inputs": list(self.inputs),
            "seed": str(self.seed),
        }
