"""Where everybody is, from events alone: at a place, on the way to one, or stopped there. Knows no land and no map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from worldloom.provenance.events_block import EventRow


class Leg(NamedTuple):
    """A walk to a place that began at a time (simulated seconds); `stop` is when somebody was met, or None."""

    target: str
    start: int
    stop: int | None = None


@dataclass(frozen=True)
class Track:
    """The place somebody was last at, when they came in the order of all arrivals, and the legs since they left."""

    place: str
    turn: int = 0
    legs: tuple[Leg, ...] = ()

    def walking(self) -> str:
        """Return the place that they walk to, "" for who stands somewhere."""
        return self.legs[-1].target if self.legs and self.legs[-1].stop is None else ""


@dataclass
class Whereabouts:
    """Everybody's track, kept up to date by events in the order of the log."""

    tracks: dict[str, Track] = field(default_factory=dict)
    _turn: int = 0

    def begin(self, personas: Iterable[Mapping[str, Any]]) -> None:
        """Put everybody where the world begins: at home."""
        for persona in personas:
            self._settle(str(persona["agent"]), str(persona.get("home", "")))

    def take(self, row: EventRow) -> None:
        """Follow one event; those of nobody whom the run has, and of no place, change nothing."""
        track = self.tracks.get(row.actor or "")
        if track is None or row.actor is None:
            return
        if row.kind == "move" and row.target:
            self.tracks[row.actor] = Track(track.place, track.turn, (*track.legs, Leg(row.target, row.time)))
        elif row.kind == "meet":
            self._stop(row.actor, row.time)
            self._stop(row.target or "", row.time)
        elif row.place and (row.kind == "arrive" or (row.place != track.place and not track.walking())):
            self._settle(row.actor, row.place)

    def _settle(self, agent: str, place: str) -> None:
        self.tracks[agent] = Track(place, self._turn)
        self._turn += 1

    def _stop(self, agent: str, time: int) -> None:
        track = self.tracks.get(agent)
        if track is not None and track.walking():
            *before, last = track.legs
            self.tracks[agent] = Track(track.place, track.turn, (*before, last._replace(stop=time)))
