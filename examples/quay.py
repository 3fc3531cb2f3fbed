"""Six people, three hours of a morning; the innkeeper, or whoever is first, knows of a wedding."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(name="quay", agents=6, start="06:00", hours=3, seed=11, world={"size": 128})


@scenario.at(time="06:30")
def wedding(stage: Stage) -> None:
    """One person learns of it; everybody else can only hear of it in talk."""
    stage.tell(stage.agents()[0], f"There is a wedding at {stage.place('inn').name} tomorrow.")


@scenario.measure("know_of_the_wedding")
def know_of_the_wedding(stage: Stage) -> int:
    """How many have a memory of it."""
    return sum(any("wedding" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
