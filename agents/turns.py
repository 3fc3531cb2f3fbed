"""What passes between minds and the conductor in a round, as values: turns out, decisions back. No mind, no model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from worldloom.generators.requests import Request
from worldloom.worlds.action import Action


class Turn(NamedTuple):
    """What one agent does in a round: asks a model (`request`) or acts as planned (`action`); never both."""

    agent: str
    request: Request | None
    action: Action | None


class Basis(NamedTuple):
    """A memory that a decision rested on, and what that memory came from (event, decision or scenario id)."""

    memory: str
    source: str


class Interview(NamedTuple):
    """An answer to a question from outside: whether it is known, in words, the memories that it cites; why it is none.

    `reason` is "" for an answer that means something; with a reason, `known` is false and `text` empty.
    """

    known: bool
    text: str
    memories: tuple[Basis, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One model answer turned into one action. An answer that is none gives `wait` with a reason.

    `request`, `answer` and `prompt` are hex digests; `observed` the ids of the events in the prompt; `bases` the
    memories that the answer refers to; `status` is a `requests.Status`, `invalid` where the answer broke the schema.
    """

    id: str
    agent: str
    time: int
    round: int
    purpose: str
    request: str
    answer: str
    prompt: str
    template: str
    action: Action
    status: str = "ok"
    reason: str = ""
    bases: tuple[Basis, ...] = ()
    observed: tuple[str, ...] = field(default=())

    def content(self) -> dict[str, Any]:
        """Return the decision's content body, without parents, which the conductor adds."""
        return {
            "type": "decision",
            "id": self.id,
            "agent": self.agent,
            "round": self.round,
            "purpose": self.purpose,
            "request": self.request,
            "answer": self.answer,
            "prompt": self.prompt,
            "template": self.template,
            "action": self.action.content(),
            "status": self.status,
            "reason": self.reason,
            "memories": [{"id": basis.memory, "source": basis.source} for basis in self.bases],
            "observed": list(self.observed),
        }
