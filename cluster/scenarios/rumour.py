"""Rumour: a day of 40 people in which two pieces of news begin with one person each. Who knows when?

After the party and the candidate of Smallville (Park et al. 2023, arXiv:2304.03442), where after two days of 25 people
52 and 32 % knew. Here to know is to have a memory, a memory has a source, and so every knower has a path to the first.
The rules speak: it is the way of news along talk that is measured, not words.
"""

from worldloom.cluster import Scenario, Stage

HOURS = (8, 10, 12, 15, 18, 22)

scenario = Scenario(
    name="rumour",
    title="Two pieces of news in a village of 40",
    agents=40,
    start="06:00",
    hours=18,
    step_seconds=60,
    seed=3,
    generators={"text": "rules"},
    portraits=False,
)


@scenario.at(day=1, time="08:00")
def news(stage: Stage) -> None:
    """Let one person know of a party, another of somebody who stands for office."""
    first, last = stage.agents()[0], stage.agents()[-1]
    stage.tell(first, f"There is a party at {stage.place('square').name} tonight at eight.")
    stage.tell(last, f"{stage.persona(last).name} is a candidate for mayor.")


def measure(word: str, hour: int) -> None:
    """Count who has a memory of something by an hour."""

    @scenario.measure(f"{word}_by_{hour:02d}")
    def known(stage: Stage) -> int:
        return sum(
            any(word in memory.text and memory.time <= hour * 3600 for memory in stage.memories(agent))
            for agent in stage.agents()
        )


for word in ("party", "candidate"):
    for hour in HOURS:
        measure(word, hour)
