"""What an agent asks of the world: a kind and its arguments. What each kind does is in actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Action:
    """One action of one agent; a wish until `World.apply` makes events of it.

    `kind` is a name in the action registry (`move`, `say`, `take`, `give`, `use`, `work`, `rest`, `make`, `wait`),
    `arguments` its ids, texts and integers, `cause` the id of the decision (`ids.decision_id`) that it follows from.
    """

    agent: str
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cause: str = ""

    def content(self) -> dict[str, Any]:
        """Return the action as it stands in a decision's content."""
        return {"kind": self.kind, "arguments": dict(self.arguments)}
