"""The world: one object that knows what is true, shows it to agents, and changes only by `apply`, `intervene` and time.

A step is: begin_step, any number of rounds of (observe, acknowledge, apply), end_step. Events that an action makes bear
the step's first second; what time brings bears its own second, up to and including the step's last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import STATE, digest_json
from worldloom.provenance.errors import CanonicalError
from worldloom.provenance.events_block import EventBlock, EventRow
from worldloom.provenance.ids import agent_number

from .action import Action
from .actions import Actions, shown
from .builtin import default_actions
from .chance import below, permutation
from .columns import Activity, Columns
from .deeds import wait
from .errors import StateError, WorldError
from .events import Inboxes, Journal
from .genesis import found_items
from .ground import Ground
from .items import Items
from .market import Market, Sale
from .observation import Happening, Observation
from .observe import observe
from .passing import let_step_pass
from .scene import Scene
from .settlement import Settlement
from .terrain import Terrain

FORMAT = 1
"""Version of the state's form."""

LONGEST_STEP = 3600

SCENARIO = "scenario"
"""Actor of what no agent did."""

_DEEPEST = 6

_CUTS = {"deafen": ("deaf", 1), "mute": ("mute", 1), "unmute": ("mute", 0), "undeafen": ("deaf", 0)}
"""Interventions that cut an agent off from talk, or let it talk again."""


@dataclass(frozen=True, slots=True)
class Resident:
    """Who lives in a world: an agent's id, the place it lives in, the place it works at (ids)."""

    agent: str
    home: str
    work: str


class World:
    """See the module. Made by `genesis` or `from_state`; the arrays in `agents` are to be read, never written."""

    def __init__(self, scene: Scene, actions: Actions) -> None:
        self._scene = scene
        self._actions = actions

    @classmethod
    def genesis(
        cls,
        *,
        seed: int,
        terrain: Terrain,
        settlement: Settlement,
        residents: Sequence[Resident],
        start: int,
        step: int = 60,
        actions: Actions | None = None,
        pennies: int | None = None,
    ) -> World:
        """Begin a world: everybody at home, food in larders and shops, tools at workplaces.

        With `pennies` it has a market, everybody has so many in the purse, and food is in larders and hands alone.
        `start` and `step` are seconds. Raises WorldError for residents, places or times that cannot be.
        """
        if not 1 <= step <= LONGEST_STEP or start < 0:
            raise WorldError(f"a world that starts at {start} s in steps of {step} s: a step is 1 to {LONGEST_STEP} s")
        ground = Ground(terrain, settlement)
        ordered = sorted(residents, key=lambda resident: agent_number(resident.agent))
        agents = Columns.blank([agent_number(resident.agent) for resident in ordered])
        for name in ("home", "work"):
            getattr(agents, name)[:] = [_number(ground, getattr(resident, name), resident) for resident in ordered]
        scene = Scene(seed, step, start, ground, agents, Items(), Journal(start), Inboxes(), causes=[""] * len(agents))
        if pennies is not None:
            scene.market = Market.opened(agents.ids, pennies)
        _settle_in(scene)
        found_items(scene)
        return cls(scene, default_actions() if actions is None else actions)

    @property
    def time(self) -> int:
        """Simulated seconds at the beginning of the step."""
        return self._scene.time

    @property
    def step(self) -> int:
        """Seconds that a step lasts."""
        return self._scene.step

    @property
    def seed(self) -> int:
        """The run's seed, from which the world's chance is drawn."""
        return self._scene.seed

    @property
    def terrain(self) -> Terrain:
        """The ground."""
        return self._scene.ground.terrain

    @property
    def settlement(self) -> Settlement:
        """What people built."""
        return self._scene.ground.settlement

    @property
    def agents(self) -> Columns:
        """What all agents have; to be read."""
        return self._scene.agents

    @property
    def items(self) -> Items:
        """All things that can be held, by id; to be read."""
        return self._scene.items

    @property
    def purses(self) -> Mapping[str, int]:
        """Pennies by agent; empty in a world without a market."""
        return {} if self._scene.market is None else dict(self._scene.market.purses)

    @property
    def sales(self) -> Sequence[Sale]:
        """Everything sold so far, in order; empty in a world without a market."""
        return () if self._scene.market is None else tuple(self._scene.market.sales)

    @property
    def actions(self) -> Actions:
        """What can be done here, by name."""
        return self._actions

    def begin_step(self) -> None:
        """Begin the step at `time`: nobody is in talk yet."""
        self._scene.addressed.clear()

    def due(self) -> tuple[str, ...]:
        """Return who looks up now: agents that are free, and those to whom something happened that wakes them."""
        agents = self._scene.agents
        free = (agents.activity != Activity.WALKING) & (agents.busy_until <= self.time)
        return tuple(agents.ids[row] for row in np.flatnonzero(free | (agents.woken == 1)).tolist())

    def observe(self, agents: Sequence[str]) -> list[Observation]:
        """Return what each of the agents perceives now; changes nothing. Raises WorldError for an unknown agent."""
        return observe(self._scene, [self._scene.agents.row_of(agent) for agent in agents])

    def acknowledge(self, agents: Sequence[str]) -> None:
        """Note that the agents have looked at what happened to them."""
        for agent in agents:
            self._scene.agents.woken[self._scene.agents.row_of(agent)] = 0
            self._scene.inboxes.clear(agent)

    def refusal(self, action: Action) -> str:
        """Return why the action cannot be tried now, or "". For `make`, whether something was made is not asked yet."""
        return self._read(action)[1]

    def apply(self, actions: Sequence[Action], round: int) -> list[Happening]:  # noqa: A002
        """Carry out actions, each agent's one, and return what happened because of them, in order.

        Who wants the same thing at once gets it by chance drawn from seed, time and round, whatever the order given.
        What cannot be done, or is no action at all, becomes a `wait` event with its reason. Raises WorldError only for
        an agent that does not exist.
        """
        scene = self._scene
        scene.addressed.clear()
        wanted = self._one_each(actions)
        rows = np.array(sorted(wanted), np.int64)
        before = len(scene.journal)
        alone = len(rows) == 1  # drawing lots takes longer than most deeds
        for at in (0,) if alone else permutation(scene.seed, scene.time, round, scene.agents.number[rows]).tolist():
            for action, problem in wanted[int(rows[at])]:
                self._try(int(rows[at]), action, problem)
        return scene.journal.happened[before:]

    def addressed(self) -> tuple[tuple[str, str], ...]:
        """Return (agent, speaker), by agent, of all who were spoken to in the last `apply` and may answer."""
        agents = self._scene.agents
        return tuple(sorted(self._scene.addressed.items(), key=lambda pair: agents.row[pair[0]]))

    def intervene(
        self, kind: str, *, target: str = "", place: str = "", detail: Mapping[str, Any] | None = None
    ) -> Happening:
        """Let something happen that no agent did, such as `tell` with detail {"text": …}; wakes all who perceive it.

        That is the target; without one all who are at the place; without either everybody. `deafen`, `mute`, `undeafen`
        and `unmute` cut a target off from talk or end it. Raises WorldError.
        """
        scene = self._scene
        rows = self._reached(target, place)
        try:
            canonical([kind, detail or {}])
        except CanonicalError as error:
            raise WorldError(f"intervention {shown(kind)}: {error}") from error
        if kind in _CUTS:
            if not target:
                raise WorldError(f"intervention {kind}: name the agent whom it befalls as `target`")
            column, value = _CUTS[kind]
            getattr(scene.agents, column)[rows] = value
        row = EventRow(scene.time, 0, SCENARIO, kind, target or None, place or None, SCENARIO, dict(detail or {}))
        happening = scene.journal.record(row, [scene.agents.ids[row] for row in rows])
        scene.inboxes.deliver(happening)
        scene.agents.woken[rows] = 1
        return happening

    def end_step(self) -> list[EventBlock]:
        """Let the step's time pass; returns its events as blocks by range and begins the next step's time."""
        scene = self._scene
        let_step_pass(scene)
        blocks = scene.journal.close()
        scene.time += scene.step
        scene.journal = Journal(scene.time)
        scene.addressed.clear()
        return blocks

    def state(self) -> dict[str, Any]:
        """Return everything but terrain and settlement as a canonical JSON value; raises StateError within a step."""
        scene = self._scene
        if len(scene.journal):
            raise StateError("the world is in the middle of a step; take its state after end_step")
        world = {
            "format": FORMAT,
            "time": scene.time,
            "step": scene.step,
            "seed": str(scene.seed),
            "terrain": self.terrain.digest,
            "settlement": self.settlement.digest,
            "next_item": scene.items.next,
            "items": scene.items.state(),
        } | ({} if scene.market is None else {"market": scene.market.state()})
        agents = {part: columns | self._words(columns["number"]) for part, columns in scene.agents.state().items()}
        return {"world": world, "agents": agents}

    @classmethod
    def from_state(
        cls, state: Mapping[str, Any], *, terrain: Terrain, settlement: Settlement, actions: Actions | None = None
    ) -> World:
        """Read what `state` gave; raises StateError when it is not one, or is of another land."""
        try:
            world, parts = state["world"], state["agents"]
            if world["format"] != FORMAT:
                raise StateError(f"a world state of format {world['format']}: this Worldloom reads format {FORMAT}")
            for name, digest in (("terrain", terrain.digest), ("settlement", settlement.digest)):
                if world[name] != digest:
                    raise StateError(f"the world state belongs to another {name}: {world[name]}, not {digest}")
            agents = Columns.from_state(parts)
            items = Items.from_state(world["next_item"], world["items"])
            causes = [cause for part in sorted(parts, key=int) for cause in parts[part]["causes"]]
            if len(causes) != len(agents):
                raise StateError(f"a world state with {len(agents)} agents and {len(causes)} causes")
            time, step, seed = world["time"], world["step"], int(world["seed"])
            scene = Scene(
                seed, step, time, Ground(terrain, settlement), agents, items, Journal(time), Inboxes(), causes
            )
            if "market" in world:
                scene.market = Market.from_state(world["market"])
            for part in parts.values():
                scene.inboxes.restore(part["inboxes"])
                for item, seers in part["seen"].items():
                    seen = scene.seen.setdefault(item, np.zeros(len(agents), np.uint8))
                    seen[[agents.row[f"agent-{number}"] for number in seers]] = 1
        except (KeyError, TypeError, ValueError) as error:
            raise StateError(f"not a world state: {type(error).__name__}: {error}") from error
        return cls(scene, default_actions() if actions is None else actions)

    def digest(self) -> str:
        """Return the hex digest of the state."""
        return digest_json(STATE, self.state()).hex()

    def _words(self, numbers: Sequence[int]) -> dict[str, Any]:
        """What a part of the state holds besides integers: causes, unread happenings, who has seen which made thing."""
        scene = self._scene
        ids = [f"agent-{number}" for number in numbers]
        rows = [scene.agents.row[agent] for agent in ids]
        seen = {item: scene.agents.number[[row for row in rows if who[row]]] for item, who in scene.seen.items()}
        return {
            "causes": [scene.causes[row] for row in rows],
            "inboxes": scene.inboxes.state(ids),
            "seen": {item: who.tolist() for item, who in seen.items() if len(who)},
        }

    def _read(self, action: Action) -> tuple[dict[str, Any], str]:
        """Return the action's arguments, fit for the world, and why it cannot be tried or ""."""
        row = self._scene.agents.row_of(action.agent)
        name: Any = action.kind
        kind = self._actions.get(name) if isinstance(name, str) else None
        if kind is None:
            return {}, f"there is no action {shown(action.kind)}"
        given: Any = action.arguments
        if not isinstance(given, Mapping):
            return {}, f"the arguments of {kind.name} are no object"
        arguments, problem = kind.read(given)
        if problem:
            return {}, problem
        making = self._scene.agents.activity[row] == Activity.MAKING and self._scene.busy(row)
        if making and kind.hands_free:
            return arguments, "is making something and has no hand free"
        return arguments, kind.check(self._scene, row, arguments)

    def _try(self, row: int, action: Action, problem: str) -> None:
        arguments, refused = ({}, problem) if problem else self._read(action)
        if not refused:
            refused = self._actions[action.kind].apply(self._scene, row, arguments, action.cause)
        if refused:
            wait(self._scene, row, self.step, refused, action.cause)

    def _one_each(self, actions: Sequence[Action]) -> dict[int, list[tuple[Action, str]]]:
        """Return for each row its actions and what is wrong with them: all but one a round are too many."""
        wanted: dict[int, list[Action]] = {}
        for action in actions:
            wanted.setdefault(self._scene.agents.row_of(action.agent), []).append(action)
        return {row: _judged(mine) for row, mine in wanted.items()}

    def _reached(self, target: str, place: str) -> list[int]:
        agents = self._scene.agents
        number = _number(self._scene.ground, place, None) if place else None
        if target:
            return [agents.row_of(target)]
        if number is None:
            return list(range(len(agents)))
        return [int(row) for row in np.flatnonzero(agents.place == number)]


def _judged(actions: list[Action]) -> list[tuple[Action, str]]:
    """Return an agent's actions of a round, one of them admitted: which one does not hang on the order given."""
    if len(actions) > 1:
        actions = sorted(actions, key=lambda action: (action.cause, _sortable([action.kind, action.arguments])))
    return [(action, "does one thing at a time" if at else "") for at, action in enumerate(actions)]


def _sortable(value: Any, depth: int = 0) -> str:
    """Return a text by which to order whatever a model may have answered; never read back."""
    if isinstance(value, int):
        return f"{value:x}"  # Decimal digits of huge integers are refused by Python itself.
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return str(sorted((_sortable(key, depth + 1), _sortable(each, depth + 1)) for key, each in value.items()))
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return str([_sortable(each, depth + 1) for each in value])
    return repr(value) if isinstance(value, str | float | None) else type(value).__name__


def _number(ground: Ground, place: str, resident: Resident | None) -> int:
    if place not in ground.number:
        whose = f"{resident.agent}: " if resident else ""
        raise WorldError(f"{whose}{place!r} is no place here; there are place-0 to place-{len(ground.places) - 1}")
    return ground.number[place]


def _settle_in(scene: Scene) -> None:
    """Put everybody at home, on a cell of their own where the home has one, neither hungry nor tired nor lonely."""
    agents, ground = scene.agents, scene.ground
    agents.place[:] = agents.home
    for place in np.unique(agents.home).tolist():
        rows = np.flatnonzero(agents.home == place)
        cells, _ = ground.free_cells(place, np.array([], np.int64), len(rows))
        ground.put(agents, rows, cells)
    for name, least, span in (("hunger", 250, 250), ("tiredness", 50, 150), ("company", 200, 250)):
        getattr(agents, name)[:] = least + below(scene.seed, f"genesis {name}", span, agents.number)
    agents.busy_until[:] = scene.time


__all__ = ["Happening", "Resident", "World"]
