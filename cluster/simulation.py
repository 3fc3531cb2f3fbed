"""A scenario as a Python object: step it, stop it, look into it, ask and tell its people. Keeps and signs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from worldloom.agents.turns import Interview
from worldloom.generators.ports import Generator
from worldloom.provenance.ids import agent_id
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import clock_text

from .agent_view import AgentView
from .breakpoints import Breakpoints, Predicate
from .chronicle import Chronicle
from .crowd_conductor import CrowdConductor
from .crowd_tables import CrowdAgent, crowd_table
from .errors import SimulationError
from .interviewing import interview, words_of
from .moments import ahead
from .now import Now
from .own_files import with_files
from .passed import Passed
from .people import find_person, numbered
from .rehearsal import Rehearsal, prepare
from .replacing import replacements
from .scenario import Scenario
from .scenario_file import fold, load_scenario
from .stage import Stage
from .table_rows import Source
from .tables import make_table

if TYPE_CHECKING:
    import pyarrow as pa


class Simulation:
    """A scenario that goes on when it is told to, in this process and in memory. Made by `open`.

    What is recorded is what a run records: equal seeds give an equal `root`, however one steps, stops and looks. With
    the last step it is closed like a run. Agents are named by id or by a part of their name (AskError lists them).
    """

    def __init__(self, rehearsal: Rehearsal, chronicle: Chronicle) -> None:
        self._rehearsal = rehearsal
        self._chronicle = chronicle
        # A crowd has nobody to look at, only columns.
        self._now = None if isinstance(rehearsal.conductor, CrowdConductor) else Now(rehearsal)
        self._breakpoints = Breakpoints()
        self._told: list[tuple[str, str]] = []
        self._between_steps = True

    @classmethod
    def open(
        cls,
        scenario: Scenario | str | Path,
        *,
        seed: int | None = None,
        agents: int | None = None,
        hours: int | None = None,
        generators: Mapping[str, str | Generator] | None = None,
    ) -> Simulation:
        """Return the simulation of a scenario, a shipped scenario's name or a scenario file, before its first step.

        `seed`, `agents`, `hours` and `generators` replace the scenario's own (None: kept). A generator is named as on
        the command line, or is an object that answers itself; `blank` makes placeholders at once, for image, mesh and
        sound: with `{"image": "blank"}` there are no pictures. Raises ScenarioError, UnknownGeneratorError and
        WeightsError.
        """
        source, where = b"", "the scenario"
        if not isinstance(scenario, Scenario):
            loaded, where = load_scenario(str(scenario)), str(scenario)
            scenario, source = loaded.scenario, loaded.source
        scenario = with_files(scenario, Path())
        scenario = fold(scenario, where, seed=seed, agents=agents, hours=hours)
        chronicle = Chronicle()
        return cls(prepare(scenario, replacements(generators or {}), chronicle, source), chronicle)

    @property
    def scenario(self) -> Scenario:
        """The scenario, with what `open` replaced in it."""
        return self._rehearsal.scenario

    @property
    def time(self) -> int:
        """Simulated seconds since midnight of day 1."""
        time: int = self._rehearsal.conductor.world.time
        return time

    @property
    def clock(self) -> str:
        """The time as people read it: `day 1, 12:00`."""
        return clock_text(self.time)

    @property
    def done(self) -> bool:
        """Whether the last step was done."""
        return self.time >= self._rehearsal.end_time

    @property
    def root(self) -> str:
        """Content root of what was recorded so far, as hex; once done, that of a run of the same scenario file."""
        return self._rehearsal.root

    def step(self) -> Passed:
        """Do one step, closing the run with the last one.

        Raises SimulationError when none is left and for a breakpoint that fails, ScenarioError for a hook or measure
        that fails: after these two the simulation cannot go on.
        """
        if self.done:
            raise SimulationError(f"it is {self.clock} and the simulation is done; open it again with more `hours`")
        if not self._between_steps:
            raise SimulationError(
                "a step is going on, or failed half-way; in the latter case open the simulation again"
            )
        before = self._so_far
        self._between_steps = False  # stays so when the step fails: half a step cannot be gone on from
        self._act()
        self._rehearsal.conductor.step()
        if self.time >= self._rehearsal.end_time:
            self._rehearsal.end()
        try:
            stopped = self._breakpoints.hit(self)
        finally:
            self._between_steps = True
        return self._so_far.after(before, stopped)

    def run(self, until: str | int | None = None) -> Passed:
        """Do steps until it is `until` or later, a breakpoint stops, or (None) the end.

        `until` is `12:00` (the next noon), `day 2, 08:00`, or seconds. Raises MomentError for another text, a time
        that is past and one after the end; what `step` raises besides.
        """
        end = self._rehearsal.end_time
        when = end if until is None else ahead(str(until), self.time, end)
        before, stopped = self._so_far, ""
        while self.time < when and not stopped:
            stopped = self.step().breakpoint
        return self._so_far.after(before, stopped)

    @property
    def agents(self) -> tuple[str, ...]:
        """Ids of all agents, by number."""
        if self._crowd is not None:
            return tuple(map(agent_id, range(self._crowd.world.agents)))
        return tuple(self._people.village.by_agent)

    def agent(self, who: str) -> AgentView | CrowdAgent:
        """Return a window on an agent; raises AskError for nobody and for several."""
        if self._crowd is not None:
            return CrowdAgent(self._crowd, numbered(who, self._crowd.world.agents))
        return AgentView(self._people, self._find(who))

    def ask(self, who: str, question: str) -> Interview:
        """Interview an agent now, outside of the simulation: nobody in it ever knows, its agent neither.

        Raises AskError for nobody, several, or no question.
        """
        minds, model = self._people.minds, self._rehearsal.makers["text"]
        return interview(minds, model, self._find(who), self.time, words_of(question))

    def tell(self, who: str, text: str) -> None:
        """Let an agent know something from the next step on, as `Stage.tell` in a hook of that step would.

        Raises AskError for nobody and for several, SimulationError without words and when no step is left.
        """
        agent = self._find(who)
        if self.done or not clean_text(text).strip():
            raise SimulationError(
                "nobody can be told that: " + ("no step is left" if self.done else "there are no words")
            )
        self._told.append((agent, text))

    def break_when(self, predicate: Predicate, name: str = "") -> str:
        """Stop after every step in which `predicate(simulation)` is true, until it is cleared; returns its name.

        The predicate may look, and ask a `fork`; it does no step. One set again under a name replaces the first.
        Raises SimulationError for what is no function.
        """
        return self._breakpoints.when(predicate, name)

    def break_at(self, time: str | int) -> str:
        """Stop once, after the step that reaches a time, the next of its name; returns the breakpoint's name.

        Raises MomentError as `run` does, for the present time too.
        """
        return self._breakpoints.at(ahead(str(time), self.time + 1, self._rehearsal.end_time))

    @property
    def breakpoints(self) -> tuple[str, ...]:
        """Names of the breakpoints that are set."""
        return self._breakpoints.names

    def clear(self, name: str) -> None:
        """Forget a breakpoint; raises SimulationError for a name that there is not."""
        self._breakpoints.clear(name)

    def table(self, name: str) -> pa.Table:
        """Return `agents`, `events`, `memories`, `decisions` or `measures` as they are now, as an Arrow table.

        Columns and units: docs/howto/simulate.md, and each field's metadata. Measures are taken on a copy of the world.
        Raises SimulationError for another name, ScenarioError for a measure that fails.
        """
        if self._crowd is not None:
            return crowd_table(name, self._crowd, self._chronicle, self.scenario.measures)
        return make_table(name, Source(self._people, self._chronicle, self.scenario.measures))

    def series(self, every: int = 3600) -> pa.Table:
        """Run to the end, or to a breakpoint; return all measures now, every so many seconds, and where it stopped.

        Columns are those of the table `measures`. Raises SimulationError for less than a second, and what `run` and
        `table` raise.
        """
        import pyarrow as pa  # noqa: PLC0415  (heavy)

        if every < 1:
            raise SimulationError(f"measures every {every} s: a second is the least")
        taken, stopped = [self.table("measures")], ""
        while not self.done and not stopped:
            stopped = self.run(min(self.time + every, self._rehearsal.end_time)).breakpoint
            taken.append(self.table("measures"))
        return pa.concat_tables(taken)

    def fork(self) -> Simulation:
        """Return an independent twin of this moment, without breakpoints: both go on alike until somebody acts.

        Hooks and generators are shared. Raises StateError of worlds after a step that failed half-way.
        """
        chronicle = self._chronicle.twin()
        twin = Simulation(self._rehearsal.twin(chronicle), chronicle)
        twin._told = list(self._told)
        return twin

    @property
    def _crowd(self) -> CrowdConductor | None:
        conductor = self._rehearsal.conductor
        return conductor if isinstance(conductor, CrowdConductor) else None

    @property
    def _people(self) -> Now:
        """The present of people with minds; raises SimulationError for a crowd."""
        if self._now is None:
            raise SimulationError(f"{self.scenario.name}: its agents are a crowd: nobody can be asked or told anything")
        return self._now

    @property
    def _so_far(self) -> Passed:
        return Passed.so_far(self._rehearsal.conductor)

    def _find(self, who: str) -> str:
        return find_person([{"agent": each.agent, "name": each.name} for each in self._people.village.personas], who)[0]

    def _act(self) -> None:
        """Do what was asked from outside since the last step, before the step's own hooks."""
        if not self._told:
            return
        stage = Stage(self._rehearsal.minded.world, self._people.village.personas)
        for agent, text in self._told:
            stage.tell(agent, text)
        self._told.clear()

    def __repr__(self) -> str:
        return f"<Simulation {self.scenario.name}, {len(self.agents)} agents: {self.clock}{', done' * self.done}>"
