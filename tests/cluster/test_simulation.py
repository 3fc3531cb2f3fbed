"""A simulation is a rehearsal that goes on when it is told to: looking, asking and stopping change nothing in it."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.cluster import Placement, RunOptions, Scenario, Silent, Simulation, run
from worldloom.cluster.errors import AskError, MomentError, ScenarioError, SimulationError
from worldloom.cluster.rehearsal import prepare, rehearse
from worldloom.generators.blank import Blank
from worldloom.generators.errors import UnknownGeneratorError
from worldloom.generators.registry import resolve

SMALL = Scenario(name="small", agents=3, hours=3, seed=3, world={"size": 96}, step_seconds=600)
QUICK = {"text": "rules", "image": "blank", "mesh": "blank", "sound": "blank"}
BLANK = {kind: Blank() for kind in ("image", "mesh", "sound")}
SIX, NINE = 6 * 3600, 9 * 3600


@pytest.fixture(scope="module")
def opened() -> Simulation:
    """Before the first step; tests take forks of it."""
    return Simulation.open(SMALL, generators=QUICK)


@pytest.fixture
def sim(opened) -> Simulation:
    return opened.fork()


@pytest.fixture(scope="module")
def roots() -> list[str]:
    """Content roots of a rehearsal after every step."""
    rehearsal = prepare(SMALL, BLANK)
    found = [rehearsal.root]
    rehearsal.to(rehearsal.end_time, lambda _: found.append(rehearsal.root))
    rehearsal.end()
    return [*found[:-1], rehearsal.root]


def look_at_all(sim: Simulation) -> None:
    for agent in sim.agents:
        view = sim.agent(agent)
        assert view.name in repr(view)
        assert (view.plan, view.relationships, view.carried) is not None
        sim.ask(agent, "What do you know of the wedding?")
    for name in ("agents", "events", "memories", "decisions", "measures"):
        sim.table(name)


def test_a_step_says_what_passed_in_it(sim):
    assert (sim.time, sim.clock, sim.done) == (SIX, "day 1, 06:00", False)
    first = sim.step()
    assert (first.began, first.ended, first.steps, first.breakpoint) == (SIX, SIX + 600, 1, "")
    rest = sim.run()
    assert (rest.began, rest.ended, rest.steps) == (SIX + 600, NINE, 17)
    assert first.events + rest.events == len(sim.table("events")) > 20
    assert first.decisions + rest.decisions == len(sim.table("decisions")) > 3
    assert sim.done
    assert "3 agents: day 1, 09:00, done" in repr(sim)


def test_the_root_is_that_of_a_rehearsal_after_every_step(sim, roots):
    found = [sim.root]
    while not sim.done:
        sim.step()
        found.append(sim.root)
    assert found == roots
    assert sim.root == rehearse(SMALL, BLANK).root


@settings(max_examples=8)
@given(stops=st.lists(st.integers(0, 18), max_size=4), looks=st.booleans(), forks=st.booleans())
def test_neither_stops_nor_looks_nor_forks_change_what_happens(opened, roots, stops, looks, forks):
    sim = opened.fork()
    for stop in sorted(stops):
        sim.run(until=SIX + 600 * stop)
        assert sim.root == roots[stop]
        if looks:
            look_at_all(sim)
        sim = sim.fork() if forks else sim
    sim.run()
    assert sim.root == roots[-1]


def test_another_seed_is_another_root(sim):
    other = Simulation.open(SMALL, seed=4, agents=2, hours=1, generators=QUICK)
    assert (other.scenario.seed, len(other.agents), other.scenario.hours) == (4, 2, 1)
    assert other.root != sim.root


def test_of_a_scenario_file_the_root_is_that_of_its_run(tmp_path):
    path = tmp_path / "brief.py"
    path.write_text(
        "from worldloom.cluster import Scenario\n"
        "scenario = Scenario(name='brief', agents=2, hours=1, world={'size': 96}, step_seconds=600)\n"
    )
    sim = Simulation.open(path)
    sim.run()
    sealed = run(RunOptions(str(path), out=tmp_path / "run", placement=Placement(local=True)), Silent())
    assert sim.root == sealed.content_root


def test_it_steps_inside_a_running_event_loop(sim, roots):
    async def main() -> None:
        sim.step()
        await asyncio.sleep(0)
        sim.run()
        sim.ask("agent-0", "What did you do?")

    asyncio.run(main())
    assert sim.root == roots[-1]


def test_opening_loads_nothing_heavy():
    code = (
        "import sys\nfrom worldloom.cluster import Scenario, Simulation\n"
        f"sim = Simulation.open(Scenario(name='small', agents=2, world={{'size': 96}}), generators={QUICK!r})\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    heavy = {"torch", "transformers", "diffusers", "ray", "pyarrow", "PIL"}
    assert heavy.isdisjoint(ast.literal_eval(done.stdout))


def test_told_is_what_a_hook_at_that_time_tells(opened):
    hooked = Scenario(**SMALL.model_dump())  # not folded: that shares the hooks

    @hooked.at(time="07:00")
    def tell(stage):
        stage.tell("agent-1", "There is a wedding tomorrow.")

    expected = rehearse(hooked, BLANK).root
    sim = opened.fork()
    sim.run(until="07:00")
    sim.tell("agent-1", "There is a wedding tomorrow.")
    look_at_all(sim)
    sim = sim.fork()
    sim.run()
    assert sim.root == expected


def test_who_was_told_knows_it_after_the_next_step_and_can_be_asked(sim):
    sim.run(until="07:00")
    name = sim.agent("agent-1").name
    sim.tell(name, "There is a wedding tomorrow.")
    assert not any("wedding" in memory.text for memory in sim.agent("agent-1").memories)
    sim.step()
    said = sim.ask(name, "What do you know of the wedding?")
    assert said.known
    assert "wedding" in said.text
    assert said.memories[0].memory in {memory.id for memory in sim.agent(name).memories}


def test_twins_go_apart_where_one_is_told_something(sim):
    sim.run(until="07:00")
    twin = sim.fork()
    twin.tell("agent-1", "There is a wedding tomorrow.")
    twin.run()
    assert sim.clock == "day 1, 07:00"
    sim.run()
    assert sim.root != twin.root
    assert not any("wedding" in memory.text for memory in sim.agent("agent-1").memories)


def test_times_of_run(sim):
    assert sim.run(until="06:05").ended == SIX + 600
    assert sim.run(until=SIX + 600).steps == 0
    assert sim.run(until="day 1, 08:00").ended == 8 * 3600
    for past in ("day 1, 07:00", SIX, "07:00"):
        with pytest.raises(MomentError, match="is not ahead"):
            sim.run(until=past)
    with pytest.raises(MomentError, match="is not ahead"):
        sim.run(until="day 2, 08:00")
    for wrong in ("noon", -5, 3.5, True):
        with pytest.raises(MomentError, match="is no time"):
            sim.run(until=wrong)
    assert sim.time == 8 * 3600


def test_after_the_last_step_there_is_none(sim):
    sim.run()
    root = sim.root
    assert sim.run().steps == sim.run(until=NINE).steps == 0
    with pytest.raises(SimulationError, match="the simulation is done"):
        sim.step()
    with pytest.raises(SimulationError, match="no step is left"):
        sim.tell("agent-0", "Good night.")
    look_at_all(sim)
    assert sim.root == sim.fork().root == root


def test_nobody_and_nothing_can_be_asked_or_told(sim):
    for use in (sim.agent, lambda who: sim.ask(who, "Well?"), lambda who: sim.tell(who, "Well.")):
        with pytest.raises(AskError, match="nobody here is called 'Rumpelstiltskin'"):
            use("Rumpelstiltskin")
    with pytest.raises(AskError, match="there is no question"):
        sim.ask("agent-0", " ")
    with pytest.raises(SimulationError, match="there are no words"):
        sim.tell("agent-0", "\u202e\n")


def test_generators_are_named_or_objects():
    rules = resolve("text", "rules")
    by_object = Simulation.open(SMALL, generators={**QUICK, "text": rules, "image": Blank()})
    assert by_object.root == Simulation.open(SMALL, generators=QUICK).root
    with pytest.raises(ScenarioError, match="no generator kind 'smell'"):
        Simulation.open(SMALL, generators={"smell": Blank()})
    with pytest.raises(UnknownGeneratorError, match="no text generator is called 'blank'"):
        Simulation.open(SMALL, generators={"text": "blank"})


@pytest.mark.parametrize(
    ("scenario", "changes", "why"),
    [
        (SMALL, {"agents": 0}, "the scenario: agents"),
        (SMALL, {"seed": -1}, "the scenario: seed"),
        ("saltmarsh", {"hours": 0}, "saltmarsh: hours"),
        ("atlantis", {}, "Give a scenario file, or one of: .*saltmarsh"),
    ],
)
def test_what_cannot_be_opened_is_told(scenario, changes, why):
    with pytest.raises(ScenarioError, match=why):
        Simulation.open(scenario, generators=QUICK, **changes)


def test_half_a_step_is_not_gone_on_from():
    scenario = Scenario(name="broken", agents=2, hours=1, world={"size": 96}, step_seconds=600)

    @scenario.at(time="06:20")
    def fall(stage):
        stage.tell("agent-9", "Nobody hears this.")

    sim = Simulation.open(scenario, generators=QUICK)
    with pytest.raises(ScenarioError, match="'agent-9' is nobody here"):
        sim.run()
    with pytest.raises(SimulationError, match="failed half-way"):
        sim.run()
