"""A crowd as it goes on: its rule is done again beside the run, for its picture and its measures. Reads no log.

What a rule makes of its crowd follows from its code, its parameters and the seed, so doing it again as far as the log
tells gives the run's own state; at the end that is compared. The code is a scenario's, and is run here only where it
ships with Worldloom or was named on the command line: a run folder alone makes nobody run anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from worldloom.cluster.crowd_conductor import CrowdConductor
from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.ledger import RootOnly
from worldloom.cluster.opening import begun_crowd
from worldloom.cluster.parts import Parts
from worldloom.cluster.scenario import Measure, Scenario
from worldloom.cluster.scenario_file import is_shipped, read_folded, run_source, take_measures
from worldloom.provenance.canonical import canonical
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import SCENARIO_PY
from worldloom.worlds.errors import WorldError
from worldloom.worlds.exports.crowd import draw_crowd

from .follower import ODD_BODY, Follower
from .story import Story

GO_SECONDS = 0.5
"""Wall time that a look may go on with a crowd; who has fallen behind catches up look by look."""
Series = dict[str, list[tuple[int, int]]]
"""By measure: times (simulated seconds) and values."""


@dataclass(frozen=True)
class Sight:
    """What is seen of a crowd: its picture (PNG, empty: its rule draws none), as of a time, and measures up to it.

    `meant` says in the scenario's words what a measure counts, `equal` whether its last state is the run's own (None:
    there is none yet), `note` why nothing is seen.
    """

    picture: bytes = b""
    time: int = -1
    series: Series = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)
    equal: bool | None = None
    note: str = ""


class CrowdAgain:
    """One crowd, done again from its beginning."""

    def __init__(self, scenario: Scenario) -> None:
        """Begin; raises ScenarioError, ValueError for a crowd that cannot be."""
        self._scenario = scenario
        self._conductor = CrowdConductor(scenario, begun_crowd(scenario), "", RootOnly(), Parts())
        self._series: Series = {name: [] for name in scenario.measures}
        self._measure()

    def go_on(self, until: int, seconds: float = GO_SECONDS) -> None:
        """Do steps up to a simulated time, for so many seconds at most; raises ScenarioError, WorldError."""
        ends = monotonic() + seconds
        while self._conductor.world.time < until and monotonic() < ends:
            self._conductor.step()
            self._measure()

    def sight(self, state: str) -> Sight:
        """Return what is seen now; `state` is the digest of the run's last state, "" where it has none yet."""
        world = self._conductor.world
        done = world.time >= self._scenario.start_time + self._scenario.steps * self._scenario.step_seconds
        picture = draw_crowd(world) if world.has_picture else b""
        series = {name: list(values) for name, values in self._series.items()}
        meant = {name: _first_line(measure) for name, measure in self._scenario.measures.items()}
        return Sight(picture, world.time, series, meant, world.digest() == state if done and state else None)

    def _measure(self) -> None:
        taken = take_measures(self._scenario.measures, self._conductor.stage())
        for name, value in taken.items():
            self._series[name].append((self._conductor.world.time, value))


def _first_line(measure: Measure) -> str:
    return (measure.__doc__ or "").strip().partition("\n")[0]


class Crowds:
    """The crowds of a page; `scenarios` are the names and files that it was given."""

    def __init__(self, scenarios: Sequence[str]) -> None:
        self._scenarios = scenarios
        self._again: dict[tuple[Path, str], CrowdAgain] = {}
        self._sights: dict[tuple[Path, str], Sight] = {}
        self._lock = Lock()

    def known(self, follower: Follower) -> Sight | None:
        """Return what was seen last."""
        return self._sights.get((follower.folder, follower.run_id))

    def look(self, follower: Follower) -> Sight:
        """Go on with a run's crowd as far as its log tells, and return what is seen; faults are in the result.

        One crowd at a time; who comes while another goes on is given what was seen last.
        """
        name = follower.folder, follower.run_id
        seen = self._sights.get(name, Sight())
        if seen.note or (seen.equal is not None) or not self._lock.acquire(blocking=False):
            return seen
        try:
            seen = self._sights[name] = self._look(follower, name, seen)
        except (ScenarioError, WorldError, ProvenanceError, *ODD_BODY) as error:
            seen = self._sights[name] = Sight(note=f"The crowd cannot be drawn: {error}")
        finally:
            self._lock.release()
        return seen

    def _look(self, follower: Follower, name: tuple[Path, str], seen: Sight) -> Sight:
        story = follower.story
        if name not in self._again:
            code = self._code(follower)
            if code is None:
                return Sight(note=_NOT_OURS)
            self._again[name] = CrowdAgain(_folded(story, code))
        again = self._again[name]
        if seen.time == story.reached and not story.state:
            return seen
        again.go_on(story.reached)
        return again.sight(story.state)

    def _code(self, follower: Follower) -> Scenario | None:
        """Return the scenario of a run whose file is one that may be run here; None for any other."""
        source = follower.storage.read(SCENARIO_PY)
        given = (Path(each) for each in self._scenarios)
        if is_shipped(source) or any(path.is_file() and path.read_bytes() == source for path in given):
            return run_source(source, SCENARIO_PY)
        return None


def _folded(story: Story, code: Scenario) -> Scenario:
    return read_folded(canonical(dict(story.scenario)), code)


_NOT_OURS = (
    "The picture of a crowd is drawn by its scenario's own code. This page runs only code that ships with Worldloom, "
    "or that was named when it began: worldloom view --scenario FILE. The curves of events are from the log."
)
