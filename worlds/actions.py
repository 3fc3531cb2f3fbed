"""The registry of actions: for each kind its arguments, when it may be tried, what it does. The kinds are in deeds.

A scenario or a plug-in adds its own: `default_actions().with_kind(ActionKind("ring", …))`, or an entry point in the
group `worldloom.actions` that loads an ActionKind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, Protocol

from worldloom.provenance.errors import IdError
from worldloom.provenance.ids import Id
from worldloom.provenance.text import clean_text

from .clock import DAY
from .errors import ActionKindError
from .scene import Scene

GROUP = "worldloom.actions"
"""Entry-point group of plug-ins; each entry loads an ActionKind and bears its name."""

ID_KINDS = ("agent", "place", "item")
TYPES = (*ID_KINDS, "text", "integer")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Argument:
    """What an argument may be. `type` is `agent`, `place` or `item` (an id of that kind), `text` or `integer`.

    Without a `default` it must be given. Text is cleaned and cut to `most` characters, integers are `least` to `most`.
    """

    type: str
    default: Any = None
    least: int = 0
    most: int = DAY
    empty: bool = False
    """Whether an id may be "" (nobody, nothing)."""

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ActionKindError(f"an argument of type {self.type!r}: there are {', '.join(TYPES)}")

    def read(self, name: str, value: Any) -> tuple[Any, str]:
        """Return (value fit for the world, "") or (None, why it is none)."""
        if self.type == "integer":
            return self._integer(name, value)
        if not isinstance(value, str):
            return None, f"{name} is not text"
        if self.type == "text":
            return clean_text(value[: 4 * self.most], self.most).strip(), ""
        if self.empty and not value:
            return "", ""
        try:
            return str(Id.parse(value, self.type)), ""
        except IdError:
            return None, f"{name} is no {self.type}: {shown(value)}"

    def _integer(self, name: str, value: Any) -> tuple[Any, str]:
        if isinstance(value, bool) or not isinstance(value, int):
            return None, f"{name} is not a whole number"
        if not self.least <= value <= self.most:
            return None, f"{name} is not from {self.least} to {self.most}"
        return int(value), ""


class Check(Protocol):
    """Says why an agent (its row) cannot do it now, or ""; changes nothing."""

    def __call__(self, scene: Scene, row: int, arguments: Mapping[str, Any]) -> str:
        """Return the reason or ""."""
        ...


class Deed(Protocol):
    """Does it, once `Check` had nothing against it; may still refuse by returning why."""

    def __call__(self, scene: Scene, row: int, arguments: Mapping[str, Any], cause: str) -> str:
        """Change the scene and return "", or change nothing and return why not."""
        ...


def always(scene: Scene, row: int, arguments: Mapping[str, Any]) -> str:  # noqa: ARG001
    """The check of what may always be tried."""
    return ""


@dataclass(frozen=True)
class ActionKind:
    """One kind of action. `hands_free`: it cannot be done while one makes something; all but talk and waiting are."""

    name: str
    arguments: Mapping[str, Argument]
    apply: Deed
    check: Check = always
    hands_free: bool = True

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.name != self.name.lower() or len(self.name) > LONGEST_NAME:
            raise ActionKindError(f"an action called {self.name!r}: use a short word in small letters, such as ring")

    def read(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Return (arguments fit for the world, "") or ({}, what is wrong with them)."""
        for name in given:
            if name not in self.arguments:
                return {}, f"{self.name} has no argument {shown(name)}"
        values = {}
        for name, argument in self.arguments.items():
            value = given.get(name, argument.default)
            if value is None:
                return {}, f"{self.name} lacks the argument {name}"
            values[name], problem = argument.read(name, value)
            if problem:
                return {}, problem
        return values, ""


@dataclass(frozen=True)
class Actions(Mapping[str, ActionKind]):
    """Kinds of action by name; a value, extended by `with_kind`."""

    kinds: Mapping[str, ActionKind] = field(default_factory=dict)

    def __getitem__(self, name: str) -> ActionKind:
        return self.kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    def with_kind(self, kind: ActionKind) -> Actions:
        """Return these and one more; raises ActionKindError when its name is taken."""
        if kind.name in self.kinds:
            raise ActionKindError(f"an action called {kind.name!r} exists already; choose another name for yours")
        return Actions({**self.kinds, kind.name: kind})

    def with_plugins(self, load: Callable[[], list[ActionKind]] | None = None) -> Actions:
        """Return these and those of installed plug-ins, by name; raises ActionKindError."""
        actions = self
        for kind in sorted((load or _plugins)(), key=lambda kind: kind.name):
            actions = actions.with_kind(kind)
        return actions


def shown(value: Any) -> str:
    """Return hostile text as it may stand in a reason: clean, short, quoted; of what is no text, what it is."""
    return "'" + clean_text(value[:160], LONGEST_NAME) + "'" if isinstance(value, str) else type(value).__name__


def _plugins() -> list[ActionKind]:
    found = []
    for entry in entry_points(group=GROUP):
        try:
            kind = entry.load()
        except (ImportError, AttributeError) as error:
            raise ActionKindError(f"action {entry.name} cannot be loaded from {entry.value}: {error}") from error
        if not isinstance(kind, ActionKind) or kind.name != entry.name:
            raise ActionKindError(f"plug-in entry {entry.name!r} in group {GROUP} loads no ActionKind of that name")
        found.append(kind)
    return found
