"""Saltmarsh: a fishing village of 25 people, one day from six in the morning. Tonight there is a feast at the inn."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(
    name="saltmarsh",
    title="A day in a fishing village",
    agents=25,
    start="06:00",
    hours=24,
    step_seconds=60,
    seed=7,
    generators={"text": "embedded", "image": "embedded", "mesh": "embedded", "sound": "embedded"},
)


@scenario.at(day=1, time="06:00")
def feast(stage: Stage) -> None:
    """Let one person know of tonight's feast; everybody else can only hear of it in talk."""
    host = stage.agents(job="innkeeper")[0]
    stage.tell(host, f"There is a feast at {stage.place('inn').name} tonight at seven.")


@scenario.measure("knows_of_feast")
def knows_of_feast(stage: Stage) -> int:
    """How many have a memory of the feast."""
    return sum(any("feast" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
