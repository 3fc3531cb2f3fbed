"""A village of your own. Everything here may be changed; what is left out has the value shown."""

from worldloom.cluster import Scenario, Stage, WorldSpec

scenario = Scenario(
    name="template",
    title="A day in a village of my own",
    # Who lives here: 1 to 100,000 people. Jobs, families and characters are drawn from the seed; with
    # cast="people.csv" the first of them are those of a table beside this file (docs/howto/cast.md).
    agents=12,
    # From when, for how many hours, in steps of how many seconds (a divisor of an hour).
    start="06:00",
    hours=24,
    step_seconds=60,
    # Another seed: other people, another land, another day. The same one: the same run, to the byte of its content.
    seed=7,
    # The land: cells of 2 m a side, 64 to 8,192; its own seed if it shall stay while people change. With
    # heightmap="island.png" in place of a size it is that picture's (docs/howto/map.md).
    world=WorldSpec(size=256, seed=None),
    # Who makes each kind of thing: "embedded" are the small models that ship. Text may also be "rules" (an expert
    # system, fastest), "transformers:FOLDER" or "openai:BASE_URL#MODEL"; images "procedural" or "diffusers:FOLDER".
    generators={"text": "rules", "image": "procedural", "mesh": "embedded", "sound": "procedural"},
    # Everybody's portrait is painted at the beginning.
    portraits=True,
)


@scenario.at(day=1, time="08:00")
def news(stage: Stage) -> None:
    """Happens in the step that holds this time. One person learns something; others can only hear of it in talk."""
    first = stage.agents()[0]
    stage.tell(first, f"There is a market at {stage.place('square').name} this afternoon at three.")


@scenario.measure("know_of_the_market")
def know_of_the_market(stage: Stage) -> int:
    """Taken at the end of the run, an integer. Here: how many have a memory of it."""
    return sum(any("market" in memory.text for memory in stage.memories(agent)) for agent in stage.agents())
