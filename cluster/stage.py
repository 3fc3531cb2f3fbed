"""What hooks and measures of a scenario see and may do: look at the village, tell somebody something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worldloom.agents.memory import Memory
from worldloom.agents.minds import Minds
from worldloom.agents.persona import Persona
from worldloom.provenance.text import clean_text
from worldloom.worlds.action import Action
from worldloom.worlds.market import Sale
from worldloom.worlds.places import Place
from worldloom.worlds.world import World

from .errors import ScenarioError


class Stage:
    """The world and its people at one moment; what a hook does here is logged as events of actor `scenario`."""

    def __init__(
        self,
        world: World,
        personas: Sequence[Persona],
        minds: Callable[[], Minds] | None = None,
        parameters: Mapping[str, int] | None = None,
    ) -> None:
        self._world = world
        self._personas: Mapping[str, Persona] = {persona.agent: persona for persona in personas}
        self._minds = minds
        self.parameters: Mapping[str, int] = parameters or {}
        """The scenario's own parameters."""

    @property
    def time(self) -> int:
        """Simulated seconds."""
        return self._world.time

    def agents(self, job: str = "") -> list[str]:
        """Return agent ids by number, of one job if named; raises ScenarioError when nobody has it."""
        found = [agent for agent, persona in self._personas.items() if job in ("", persona.job)]
        if not found:
            jobs = ", ".join(sorted({persona.job for persona in self._personas.values()}))
            raise ScenarioError(f"nobody here is a {job}; there are: {jobs}")
        return found

    def persona(self, agent: str) -> Persona:
        """Return who an agent is; raises ScenarioError for an unknown id."""
        if agent not in self._personas:
            raise ScenarioError(f"{agent!r} is nobody here; ids go from agent-0 to agent-{len(self._personas) - 1}")
        return self._personas[agent]

    def place(self, kind: str) -> Place:
        """Return the first place of a kind, such as `inn`; raises ScenarioError when there is none."""
        found = self._world.settlement.of_kind(kind)
        if not found:
            kinds = ", ".join(sorted({place.kind for place in self._world.settlement.places}))
            raise ScenarioError(f"there is no {kind} here; there are: {kinds}")
        return found[0]

    def places(self, kind: str) -> Sequence[Place]:
        """Return all places of a kind, in the order of their ids; empty when there is none."""
        return self._world.settlement.of_kind(kind)

    def where(self, agent: str) -> Place | None:
        """Return the place that an agent is at, None on the way; raises ScenarioError for an unknown id."""
        self.persona(agent)
        agents, places = self._world.agents, self._world.settlement.places
        at = int(agents.place[agents.row_of(agent)])
        return places[at] if at >= 0 else None

    def tell(self, agent: str, text: str) -> None:
        """Let an agent know something, as if it had always known it; raises ScenarioError for an unknown id."""
        self.persona(agent)
        self._world.intervene("tell", target=agent, detail={"text": clean_text(text, 400)})

    def intervene(
        self, kind: str, *, target: str = "", place: str = "", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Make something happen that no agent did; `detail` holds integers and text."""
        self._world.intervene(kind, target=target, place=place, detail=detail or {})

    def act(self, agent: str, kind: str, **arguments: Any) -> str:
        """Let an agent do something now, as if it had decided to; returns why it could not, or "".

        What cannot be done becomes its `wait` with that reason, as for any action. Raises ScenarioError for an unknown
        id, for an action that there is not, and for `make`, which needs a generator's answer.
        """
        self.persona(agent)
        if kind == "make" or kind not in self._world.actions:
            known = ", ".join(sorted(set(self._world.actions) - {"make"}))
            raise ScenarioError(f"no hook can let anybody {kind!r}; there are: {known}")
        action = Action(agent, kind, arguments, cause="scenario")
        why = self._world.refusal(action)
        self._world.apply([action], 0)
        return why

    def purse(self, agent: str) -> int:
        """Return how many pennies an agent has; 0 where there is no market. Raises ScenarioError for an unknown id."""
        return self._world.purses.get(self.persona(agent).agent, 0)

    @property
    def sales(self) -> Sequence[Sale]:
        """Everything that was bought so far, in order: time, buyer, seller, item, thing, price in pennies."""
        return self._world.sales

    def memories(self, agent: str) -> Sequence[Memory]:
        """Return what an agent remembers; raises ScenarioError in a hook, where minds are not at hand."""
        if self._minds is None:
            raise ScenarioError("memories can be read in a measure, not in a hook")
        return self._minds().memories(self.persona(agent).agent)
