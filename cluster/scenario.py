"""Scenario: what a run is about, in Python. A frozen value plus hooks; loading files of it is `scenario_file`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)
from worldloom.agents.casting import People, Person, twice_named
from worldloom.worlds.actions import ActionKind, Actions, Argument, Check, Deed, always
from worldloom.worlds.builtin import default_actions, market_actions
from worldloom.worlds.clock import DAY, seconds_of
from worldloom.worlds.crowds.crowd import Crowd
from worldloom.worlds.errors import ActionKindError

from .embeddings import HASHED_WORDS, is_specification
from .errors import ScenarioError
from .shares import Share

Hook = Callable[[Any], None]
"""Called with a `stage.Stage` at its time."""
Measure = Callable[[Any], int]
"""Called with a `stage.Stage`; returns an integer."""

GENERATORS = {"text": "rules", "image": "procedural", "mesh": "embedded", "sound": "procedural"}
"""What makes each kind of thing unless a scenario says otherwise."""


Whole = Annotated[int, Field(strict=True, ge=1 - 2**53, le=2**53 - 1)]
"""An integer that every reader of JSON reads alike."""


class WorldSpec(BaseModel):
    """The land: `size` cells of 2 m a side (64 to 8,192), `seed` of its shape (None: the run's seed). Its `kind` is a
    `coast` with a village, or an `island` with a hamlet and places to walk to.

    `heightmap` names a grey PNG beside the scenario's file, one pixel a cell, black `lowest` metres above the sea and
    white `highest`; once loaded it holds the picture itself (`own_files`), and `size` is the picture's side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: Annotated[int, Field(ge=64, le=8192)] = 512
    seed: int | None = None
    kind: Literal["coast", "island"] = "coast"
    heightmap: str | tuple[str, ...] = ""
    lowest: int = -10
    highest: int = 60


class MarketSpec(BaseModel):
    """A market: how many `pennies` everybody has at the beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pennies: Annotated[int, Field(ge=0, le=1_000_000)] = 60


class Timed(NamedTuple):
    """A hook and the simulated time (seconds) of the step in which it runs."""

    time: int
    hook: Hook


class Scenario(BaseModel):
    """A world, its people, its makers and what happens to them.

    `start` is a time of day 1, `hours` how long the run lasts, `step_seconds` the synchronisation quantum, `seed` an
    integer from 0 to 2^53 - 1, `generators` a specification for each kind; `portraits`: everybody's portrait is painted
    at the beginning; `embedding`: how memories are compared, `hashed` or `transformers:FOLDER` with a sentence encoder
    that every machine of the run has; `without`: parts that minds lack, so that one can measure what they do; `cast`:
    who the first people are, as rows or as the name of a CSV beside the scenario's file (`agents` left out: as many as
    there are rows); `market`: goods belong to who makes them and are bought and sold; `shares`: what of a cluster each
    kind of generator gets, which changes no content; `parameters`: integers of the scenario's own, which hooks and
    measures find on their stage. `crowd`: a rule that all agents follow
    in place of minds (its fields are the parameters); then there is no land and nobody is asked, and a step may last
    longer than an hour. `private`: a run of it records no prompt, only digests with a salt of that run, so that no two
    runs of it have one content root. Raises pydantic's ValidationError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
    title: Annotated[str, Field(max_length=200)] = ""
    agents: Annotated[int, Field(ge=1, le=100_000)] = 25
    start: str = "06:00"
    hours: Annotated[int, Field(ge=1, le=24 * 365)] = 24
    step_seconds: Annotated[int, Field(ge=1, le=DAY)] = 60
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] = 7
    crowd: type[Crowd] | str | None = None
    parameters: Mapping[str, Whole] = Field(default_factory=dict)
    world: WorldSpec = WorldSpec()
    generators: Mapping[str, str] = Field(default_factory=dict, validate_default=True)
    portraits: bool = True
    embedding: str = HASHED_WORDS
    without: tuple[Literal["reflection", "memory"], ...] = ()
    cast: People = ()
    market: MarketSpec | None = None
    shares: Mapping[str, Share] = Field(default_factory=dict)
    private: bool = False

    _hooks: list[Timed] = PrivateAttr(default_factory=list)
    _measures: dict[str, Measure] = PrivateAttr(default_factory=dict)
    _actions: dict[str, ActionKind] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _as_many_as_are_named(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("cast"), (list, tuple)) and values["cast"]:
            return {"agents": len(values["cast"])} | values
        return values

    @field_validator("cast")
    @classmethod
    def _names_differ(cls, value: tuple[Person, ...] | str) -> tuple[Person, ...] | str:
        again = None if isinstance(value, str) else twice_named(value)
        if again is not None:
            raise ValueError(f"{value[again].name!r} is somebody's name already")  # type: ignore[union-attr]
        return value

    @field_validator("start")
    @classmethod
    def _time_of_day(cls, value: str) -> str:
        seconds_of(value)
        return value

    @field_validator("generators")
    @classmethod
    def _known_kinds(cls, value: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        if info.data.get("crowd") is not None:
            if value:
                raise ValueError("a crowd follows its rule and asks no generator; leave them out")
            return {}
        unknown = sorted(set(value) - set(GENERATORS))
        if unknown:
            raise ValueError(f"no generator kind {unknown[0]!r}; there are {', '.join(sorted(GENERATORS))}")
        return dict(sorted({**GENERATORS, **value}.items()))

    @field_validator("embedding")
    @classmethod
    def _known_embedding(cls, value: str) -> str:
        if not is_specification(value):
            raise ValueError(f"no embedding is called {value[:80]!r}; there are hashed and transformers:FOLDER")
        return value

    @field_validator("shares")
    @classmethod
    def _shares_of_known_kinds(cls, value: Mapping[str, Share]) -> Mapping[str, Share]:
        unknown = sorted(set(value) - set(GENERATORS))
        if unknown:
            raise ValueError(f"shares name no generator kind {unknown[0]!r}; there are {', '.join(sorted(GENERATORS))}")
        return dict(sorted(value.items()))

    @field_validator("crowd", mode="before")
    @classmethod
    def _is_a_crowd(cls, value: Any) -> Any:
        if value is None or isinstance(value, str) or (isinstance(value, type) and issubclass(value, Crowd)):
            return value
        raise ValueError(f"{value!r} is no class that extends Crowd; give the class itself, not one of its objects")

    @field_validator("parameters")
    @classmethod
    def _named_parameters(cls, value: Mapping[str, int]) -> Mapping[str, int]:
        wrong = next((name for name in value if not name.isidentifier()), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is no name of a parameter; use letters, digits and _")
        return dict(sorted(value.items()))

    @field_serializer("crowd", when_used="json")
    def _crowd_by_name(self, value: type[Crowd] | str | None) -> str | None:
        return value.__name__ if isinstance(value, type) else value

    @model_validator(mode="after")
    def _whole_steps(self) -> Scenario:
        if self.step_seconds > 3600 and self.crowd is not None:
            if self.step_seconds % 3600 or self.hours * 3600 % self.step_seconds:
                raise ValueError(f"{self.hours} hours are no whole steps of {self.step_seconds} s; use multiples")
        elif 3600 % self.step_seconds:
            raise ValueError(f"step_seconds {self.step_seconds} does not divide an hour; use 60, 120, 300, …")
        return self

    @model_validator(mode="after")
    def _parameters_of_the_crowd(self) -> Scenario:
        if isinstance(self.crowd, type):
            try:
                self.crowd.model_validate(self.parameters)
            except ValidationError as error:
                faults = error.errors(include_url=False)
                named = (f"parameters.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults)
                fields = ", ".join(self.crowd.model_fields) or "none"
                raise ValueError(f"{'; '.join(named)} (parameters of {self.crowd.__name__}: {fields})") from error
        return self

    @property
    def start_time(self) -> int:
        """Simulated seconds at which the first step begins."""
        return seconds_of(self.start)

    @property
    def steps(self) -> int:
        """How many steps the run has."""
        return self.hours * 3600 // self.step_seconds

    def make_crowd(self) -> Crowd:
        """Return the rule with its parameters; raises ScenarioError where only its name is known, or there is none."""
        if not isinstance(self.crowd, type):
            raise ScenarioError(
                f"scenario {self.name}: the rule {self.crowd or ''!r} stands in its file, which is needed"
            )
        return self.crowd.model_validate(self.parameters)

    @property
    def land_seed(self) -> int:
        """Seed of the terrain and the settlement."""
        return self.seed if self.world.seed is None else self.world.seed

    def at(self, *, day: int = 1, time: str) -> Callable[[Hook], Hook]:
        """Register a hook for the step that holds a time of a day (days count from 1); raises ScenarioError."""
        if day < 1:
            raise ScenarioError(f"scenario {self.name}: day {day} of a hook: days count from 1")
        try:
            when = (day - 1) * DAY + seconds_of(time)
        except ValueError as error:
            raise ScenarioError(f"scenario {self.name}: a hook's time: {error}") from error

        def add(hook: Hook) -> Hook:
            self._hooks.append(Timed(when - (when - self.start_time) % self.step_seconds, hook))
            return hook

        return add

    def measure(self, name: str) -> Callable[[Measure], Measure]:
        """Register a measure, an integer taken at the end of the run; raises ScenarioError for a second of a name."""
        if name in self._measures or not name.isidentifier():
            raise ScenarioError(f"scenario {self.name}: measure {name!r}: use a new name of letters, digits and _")

        def add(measure: Measure) -> Measure:
            self._measures[name] = measure
            return measure

        return add

    def action(
        self, name: str, arguments: Mapping[str, Argument] | None = None, check: Check = always
    ) -> Callable[[Deed], Deed]:
        """Register an action of this scenario's own; raises ScenarioError for a name that is taken or unfit."""

        def add(deed: Deed) -> Deed:
            try:
                kind = ActionKind(name, arguments or {}, deed, check)
                default_actions().with_kind(kind)
            except ActionKindError as error:
                raise ScenarioError(f"scenario {self.name}: {error}") from error
            if name in self._actions:
                raise ScenarioError(f"scenario {self.name}: it has an action {name!r} already; choose another name")
            self._actions[name] = kind
            return deed

        return add

    @property
    def people(self) -> tuple[Person, ...]:
        """Rows of the cast; raises ScenarioError for a file that nobody has read yet."""
        if isinstance(self.cast, str):
            raise ScenarioError(
                f"scenario {self.name}: cast names the file {self.cast!r}, which nobody has read yet: give the "
                "scenario's file to `run`, or the rows of agents.casting.read_people"
            )
        return self.cast

    @property
    def actions(self) -> Actions:
        """What can be done in its world: what every world has, what plug-ins add, and the scenario's own."""
        given = default_actions() if self.market is None else market_actions()
        return reduce(Actions.with_kind, self._actions.values(), given)

    def hooks_at(self, time: int) -> list[Hook]:
        """Return the hooks of the step that begins at `time`, in the order in which they were written."""
        return [timed.hook for timed in self._hooks if timed.time == time]

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Measures by name, in the order in which they were written."""
        return self._measures

    def folded(self, **changes: Any) -> Scenario:
        """Return the scenario with fields replaced (None: kept), checked again, with the same hooks and measures."""
        values = self.model_dump() | {name: value for name, value in changes.items() if value is not None}
        values["generators"] = {**self.generators, **(changes.get("generators") or {})}
        twin = Scenario.model_validate(values)
        twin._hooks, twin._measures, twin._actions = self._hooks, self._measures, self._actions
        return twin

    def content(self) -> dict[str, Any]:
        """Return what scenario.json holds: every field that decides content, integers and text only.

        Defaults of what came later are left out: what was recorded before stays what it is.
        """
        usual: dict[str, Any] = {
            "embedding": HASHED_WORDS,
            "without": (),
            "cast": (),
            "market": None,
            "crowd": None,
            "parameters": {},
            "private": False,
        }
        unsaid: dict[str, Any] = {name: True for name, value in usual.items() if getattr(self, name) == value}
        unsaid["world"] = {"kind"} if self.world.kind == "coast" else set()
        if not self.world.heightmap:
            unsaid["world"] |= {"heightmap", "lowest", "highest"}
        if self.crowd is not None:
            unsaid |= dict.fromkeys(("world", "generators", "portraits"), True)
        return self.model_dump(mode="json", exclude={"shares": True, **unsaid})
