"""Where a simulation stops by itself: conditions and times, by name. What is run in between, simulation knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from worldloom.worlds.clock import clock_text

from .errors import SimulationError

if TYPE_CHECKING:
    from .simulation import Simulation

Predicate = Callable[["Simulation"], bool]
"""Asked after every step; true stops the simulation."""


class _Breakpoint(NamedTuple):
    stops: Predicate
    once: bool


class Breakpoints:
    """Breakpoints by name, in the order in which they were set; one set again under its name replaces the first."""

    def __init__(self) -> None:
        self._set: dict[str, _Breakpoint] = {}
        self._unnamed = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Names of those that are set."""
        return tuple(self._set)

    def when(self, predicate: Predicate, name: str) -> str:
        """Stop after every step in which the predicate is true; returns its name. Raises SimulationError."""
        if not callable(predicate):
            raise SimulationError(f"{predicate!r} is no function of a simulation; for a time there is break_at")
        if not name:
            self._unnamed += 1
            name = f"breakpoint-{self._unnamed}"
        self._set[name] = _Breakpoint(predicate, once=False)
        return name

    def at(self, time: int) -> str:
        """Stop once, after the step that reaches a time in seconds; returns its name, which is the time as text."""
        name = clock_text(time)
        self._set[name] = _Breakpoint(lambda simulation: simulation.time >= time, once=True)
        return name

    def clear(self, name: str) -> None:
        """Forget one; raises SimulationError that lists those that are set."""
        if name not in self._set:
            there = f"there are: {'; '.join(self._set)}" if self._set else "none is set"
            raise SimulationError(f"no breakpoint is called {name!r}; {there}")
        del self._set[name]

    def hit(self, simulation: Simulation) -> str:
        """Return the first that stops now, or ""; raises SimulationError for one whose predicate fails.

        All are asked, so that a time is used up in the step that reaches it, whatever else stops there.
        """
        hit = [name for name, each in list(self._set.items()) if _stops(name, each.stops, simulation)]
        for name in hit:
            if self._set[name].once:
                del self._set[name]
        return hit[0] if hit else ""


def _stops(name: str, predicate: Predicate, simulation: Simulation) -> bool:
    try:
        return bool(predicate(simulation))
    except Exception as error:
        raise SimulationError(
            f"breakpoint {name!r} failed after the step to {simulation.clock}: {type(error).__name__}: {error}. The "
            "simulation can go on: clear the breakpoint, or set a correct one under its name"
        ) from error
