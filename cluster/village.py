"""The people of a run and the world that they were born into, as conductor and workshop know them. A value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worldloom.agents.cast import Cast
from worldloom.agents.persona import Persona


@dataclass
class Village:
    """The people of a run; `genesis` is the hex content digest of the world that they were born into."""

    personas: tuple[Persona, ...]
    cast: Cast
    genesis: str = ""
    by_agent: Mapping[str, Persona] = field(init=False)

    def __post_init__(self) -> None:
        self.by_agent = {persona.agent: persona for persona in self.personas}
