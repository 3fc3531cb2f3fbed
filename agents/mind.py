"""One agent's mind: what it remembers, plans, means to do and has said. State only; thinking is in `minds`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from worldloom.provenance.ids import agent_number
from worldloom.worlds.observation import Observation

from .appointments import Appointment, read_appointments
from .cast import Cast
from .embedding import HASHED, Embedding
from .errands import Errand, read_errands
from .errors import MindStateError
from .memory import Memory, MemoryStream
from .orders import Order, read_orders
from .persona import Persona
from .plan import Plan
from .relationships import Relationships
from .talk import NEWS, TELLABLE, Told
from .view import Labels

FORMAT = 3
"""Version of a mind's state."""

NEWS_KEPT = 12
OFFERS_KEPT = 64
"""How many people somebody remembers having had the chance to talk to."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that waits for its answer within a round; never part of a state."""

    purpose: str
    request: str
    prompt: str
    template: str
    labels: Labels
    seen: Observation
    observed: tuple[str, ...]
    speaker: str = ""


@dataclass
class Mind:
    """See the module. `number` is the agent's; `who` the lines that say who it is in every prompt."""

    persona: Persona
    cast: Cast
    who: str
    number: int
    stream: MemoryStream
    ties: Relationships
    told: Told = field(default_factory=Told)
    plan: Plan | None = None
    errands: list[Errand] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    """What it has promised to make."""
    appointments: list[Appointment] = field(default_factory=list)
    """Whom it has agreed to meet."""
    news: list[str] = field(default_factory=list)
    """Ids of the last memories that are news."""
    talked: dict[str, int] = field(default_factory=dict)
    """When it last had a chance to talk to somebody, in seconds, by agent."""
    asked: dict[str, int] = field(default_factory=dict)
    """When it was last asked because of a need, by need."""
    made: list[tuple[int, str]] = field(default_factory=list)
    """When it made the last things (seconds), and their titles."""
    revise: str = ""
    """Why the plan must be looked at again, or ""."""
    gift: str = ""
    """In words: what it was given and has not looked at yet."""
    tried: str = ""
    """Kind of the action it last asked for: a `wait` event that follows another one is a refusal."""
    looked_back: int = -1
    """When it last looked back on what happened, in seconds."""
    weight: int = 0
    """Importance of the notable memories that came in since then."""
    cause: str = ""
    """The decision that what it does now follows from."""
    counts: tuple[int, Mapping[str, int]] = (-1, MappingProxyType({}))
    """Time and how often each purpose was asked for at that time."""
    pending: Pending | None = None

    @classmethod
    def born(
        cls, persona: Persona, cast: Cast, who: str, *, memory: bool = True, embedding: Embedding = HASHED
    ) -> Mind:
        """Return the mind of somebody to whom nothing has happened yet; without `memory` it will keep none of it."""
        agent = persona.agent
        stream = MemoryStream(agent, keeps=memory, embedding=embedding)
        return cls(persona, cast, who, agent_number(agent), stream, Relationships.of(persona, cast))

    @property
    def agent(self) -> str:
        """The agent's id."""
        return self.persona.agent

    def remember(
        self,
        time: int,
        kind: str,
        text: str,
        source: str,
        importance: int,
        about: tuple[str, ...] = (),
        via: str = "",
    ) -> Memory:
        """Keep a memory, and mind it as news when it is."""
        memory = self.stream.append(time, kind, text, source, importance, about, via)
        if importance >= TELLABLE:
            self.weight += importance
        if importance >= NEWS and kind in ("knows", "told"):
            self.news = [*self.news, memory.id][-NEWS_KEPT:]
        return memory

    def occurrence(self, time: int, purpose: str) -> int:
        """Return how often this purpose was asked for at this time before, and count it."""
        counts = self.counts[1] if self.counts[0] == time else {}
        number = counts.get(purpose, 0)
        self.counts = (time, {**counts, purpose: number + 1})
        return number

    def met(self, other: str, time: int) -> None:
        """Note that there was a chance to talk to somebody."""
        self.talked.pop(other, None)
        self.talked[other] = time
        if len(self.talked) > OFFERS_KEPT:
            del self.talked[next(iter(self.talked))]

    def state(self) -> dict[str, Any]:
        """Return the mind as a canonical JSON value; raises MindStateError while a question waits for its answer."""
        if self.pending is not None:
            raise MindStateError(f"{self.agent} waits for an answer; take its state between steps")
        return {
            "format": FORMAT,
            "stream": self.stream.state(),
            "ties": self.ties.state(),
            "told": self.told.state(),
            "plan": None if self.plan is None else self.plan.state(),
            "errands": [errand.state() for errand in self.errands],
            "orders": [list(order) for order in self.orders],
            "appointments": [list(each) for each in self.appointments],
            "news": list(self.news),
            "talked": [[other, time] for other, time in self.talked.items()],
            "asked": dict(self.asked),
            "made": [list(each) for each in self.made],
            "revise": self.revise,
            "gift": self.gift,
            "tried": self.tried,
            "looked_back": [self.looked_back, self.weight],
            "cause": self.cause,
            "counts": [self.counts[0], dict(self.counts[1])],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Become the mind that gave this state; raises MindStateError."""
        try:
            if state["format"] != FORMAT:
                raise MindStateError(f"it is of format {state['format']}, and this version reads {FORMAT}")
            self.stream.restore(state["stream"])
            self.ties.restore(state["ties"])
            self.told.restore(state["told"])
            self.plan = None if state["plan"] is None else Plan.from_state(state["plan"])
            self.errands = read_errands(state["errands"])
            self.orders = read_orders(state["orders"])
            self.appointments = read_appointments(state["appointments"])
            self.news = list(state["news"])
            self.talked = dict(state["talked"])
            self.asked = dict(state["asked"])
            self.made = [(time, title) for time, title in state["made"]]
            self.revise, self.gift = state["revise"], state["gift"]
            self.tried, self.cause = state["tried"], state["cause"]
            self.looked_back, self.weight = state["looked_back"]
            self.counts = (state["counts"][0], dict(state["counts"][1]))
            self.pending = None
        except MindStateError as error:
            raise MindStateError(f"the mind of {self.agent} cannot be restored: {error}") from error
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise MindStateError(f"the mind of {self.agent} cannot be restored: {error!r}") from error
