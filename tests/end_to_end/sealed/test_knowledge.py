"""One fact is known only along talk: there is no flag anywhere, and who is cut off from talk never knows.

The days are lived in the engine itself, with minds, world and log, up to the point where a run would be closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from worldloom.agents.memory import Memory
from worldloom.cluster import Silent
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import run_source
from worldloom.cluster.session import Session
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.keys import Keystore
from worldloom.provenance.storage import LocalDisk, Storage

FACT = "There is a feast at the inn tonight at seven."
SOURCE = "agent-0"
SCENARIO = f'''"""Ten people, a morning; one of them knows of a feast."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="news", agents=10, start="06:00", hours=7, step_seconds=120, seed=18, world={{"size": 128}})


@scenario.at(time="06:00")
def feast(stage: Stage) -> None:
    CUT
    stage.tell("{SOURCE}", "{FACT}")
'''


@dataclass
class Morning:
    """How a morning went: what happened, and what everybody remembers at its end."""

    chronicle: object
    memories: dict[str, Sequence[Memory]]

    @property
    def told(self) -> str:
        """The event by which the scenario told it."""
        return next(id_ for id_, row in self.chronicle.events.items() if row.kind == "tell")

    @property
    def knowers(self) -> set[str]:
        """Everybody with a memory of it."""
        return {agent for agent, memories in self.memories.items() if any(FACT in each.text for each in memories)}

    @property
    def tellings(self) -> dict[str, EventRow]:
        """Every utterance of it, by id of the event."""
        events = self.chronicle.events.items()
        return {id_: row for id_, row in events if row.kind == "say" and FACT in row.detail["text"]}

    def memory_of(self, agent: str) -> Memory:
        """The first memory that an agent has of it."""
        return next(each for each in self.memories[agent] if FACT in each.text)


@pytest.fixture(scope="module")
def live(keystore: Keystore, chronicle: Callable, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Morning]:
    """Live through the morning after something was cut."""

    def go(cut: str) -> Morning:
        source = SCENARIO.replace("CUT", cut).encode()
        scenario = run_source(source, "news.py")
        folder = tmp_path_factory.mktemp("news")
        place = RunPlace(Storage(LocalDisk(folder)), Storage(LocalDisk(folder.parent)), folder.name)
        runtime = LocalRuntime(scenario.generators)
        run = Session(place, keystore, runtime, Silent(), identities(scenario.generators))
        run.begin(scenario, source)
        for _ in range(scenario.steps):
            run.conductor.step()
        run.writer.commit()
        minds = run.conductor.minds()
        runtime.close()
        return Morning(chronicle(folder), {agent: minds.memories(agent) for agent in run.conductor.village.by_agent})

    return go


@pytest.fixture(scope="module")
def undisturbed(live: Callable[[str], Morning]) -> Morning:
    return live("pass")


def test_every_knower_has_it_from_a_chain_of_utterances(undisturbed: Morning) -> None:
    assert len(undisturbed.knowers) >= 4
    longest = 0
    for agent in undisturbed.knowers - {SOURCE}:
        memory, hops = undisturbed.memory_of(agent), 0
        hearer, source = agent, memory.source
        while source != undisturbed.told:
            row = undisturbed.tellings[source]
            assert hearer in row.detail["heard"]
            assert row.time <= memory.time
            hearer, source, hops = row.actor, row.detail["source"], hops + 1
        assert hearer == SOURCE
        assert hops >= 1
        longest = max(longest, hops)
    assert longest >= 2, "somebody has it from somebody who was told"
    assert undisturbed.memory_of(SOURCE).source == undisturbed.told


def test_whoever_tells_it_knew_it_before(undisturbed: Morning) -> None:
    assert undisturbed.tellings
    for row in undisturbed.tellings.values():
        assert undisturbed.memory_of(row.actor).time <= row.time


def test_lineage_finds_the_same_people(undisturbed: Morning) -> None:
    found = undisturbed.chronicle.lineage.knowers(undisturbed.told)
    assert {knower.agent for knower in found} == undisturbed.knowers
    assert found[0][:2] == (SOURCE, undisturbed.chronicle.events[undisturbed.told].time)
    for knower in found[1:]:
        telling = undisturbed.chronicle.events[knower.event]
        assert (telling.kind, telling.actor) == ("say", knower.teller)
        assert knower.agent in telling.detail["heard"]


def test_nothing_in_the_world_says_who_knows(undisturbed: Morning) -> None:
    """The fact stands in utterances and the scenario's event alone: no item, no other event carries it."""
    for row in undisturbed.chronicle.events.values():
        if row.kind not in ("say", "tell"):
            assert FACT not in str(row.detail)


@pytest.mark.parametrize("which", [0, -1])
def test_with_all_talk_to_one_cut_this_one_never_knows(
    live: Callable[[str], Morning], undisturbed: Morning, which: int
) -> None:
    """The first and the last to hear of it in the undisturbed morning."""
    told = undisturbed.chronicle.lineage.knowers(undisturbed.told)[1:]
    cut_off = told[which].agent
    morning = live(f'stage.intervene("deafen", target="{cut_off}")')
    assert cut_off not in morning.knowers
    assert SOURCE in morning.knowers
    assert len(morning.knowers) >= 2
    assert all(cut_off not in row.detail["heard"] for row in morning.chronicle.events.values() if row.kind == "say")
    assert cut_off not in {knower.agent for knower in morning.chronicle.lineage.knowers(morning.told)}


def test_with_the_source_mute_there_is_one_knower(live: Callable[[str], Morning]) -> None:
    morning = live(f'stage.intervene("mute", target="{SOURCE}")')
    assert morning.knowers == {SOURCE}
    assert morning.tellings == {}
    assert [knower.agent for knower in morning.chronicle.lineage.knowers(morning.told)] == [SOURCE]
    assert any(row.kind == "say" for row in morning.chronicle.events.values()), "nobody else talks, so this says little"
