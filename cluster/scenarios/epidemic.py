"""Epidemic: susceptible, infected, recovered. Every infection names whom it came from, back to the first cases.

After Kermack and McKendrick (1927), in steps of a day, with as many contacts a day for everybody. Where contacts are
with anybody (`mixing` 1000), the share that falls ill in the end, z, solves z = 1 - exp(-R0 z), where R0 is contacts x
transmission x days. Where they are with neighbours on a ring, far fewer do.
"""

from collections.abc import Mapping

import numpy as np
from pydantic import Field
from worldloom.cluster import CrowdStage, Scenario
from worldloom.worlds.crowds import Columns, Crowd, Moment, event_ids, rows_of

SUSCEPTIBLE, INFECTED, RECOVERED = 0, 1, 2
COLOURS = np.array([[232, 236, 240], [206, 58, 54], [88, 124, 148]], np.uint8)
NEVER = -1
DAY = 86_400


class Epidemic(Crowd):
    """`first`: cases at the start; `contacts` a day; `transmission`: thousandths of contacts that infect; `days` that
    one is infectious; `mixing`: thousandths of contacts that are with anybody; the others are with one of the `near`
    next ones on a ring.
    """

    first: int = Field(10, ge=0)
    contacts: int = Field(10, ge=0, le=1000)
    transmission: int = Field(40, ge=0, le=1000)
    days: int = Field(5, ge=1)
    mixing: int = Field(1000, ge=0, le=1000)
    near: int = Field(6, ge=2)

    def begin(self, moment: Moment) -> Columns:
        """Infect the first."""
        if moment.agents < 2 or self.first > moment.agents:
            raise ValueError(
                f"{self.first} first cases among {moment.agents} agents; there must be two and room for all"
            )
        state = np.full(moment.agents, SUSCEPTIBLE)
        state[moment.order(moment.numbers)[: self.first]] = INFECTED
        # `caught` is when (one infects from the next day on), `event` where in that day's events it stands: together
        # the id of the event, which is a cause of others.
        return {
            "state": state,
            "caught": np.where(state == INFECTED, moment.time - DAY, NEVER),
            "event": np.full(moment.agents, NEVER),
        }

    def step(self, columns: Columns, moment: Moment) -> None:
        """Let a day pass: the infected meet others, and get well when their days are over."""
        state = columns["state"]
        ill = np.flatnonzero(state == INFECTED)
        self._infect(columns, moment, ill)
        well = ill[moment.time - columns["caught"][ill] >= self.days * DAY]
        state[well] = RECOVERED
        moment.record("recover", well)

    def _infect(self, columns: Columns, moment: Moment, ill: np.ndarray) -> None:
        who, contact = np.repeat(ill, self.contacts), np.tile(np.arange(self.contacts), len(ill))
        met = self._met(moment, who, contact)
        catches = moment.below("transmission", 1000, who, contact) < self.transmission
        reached = catches & (columns["state"][met] == SUSCEPTIBLE)
        # Whoever is reached twice in a day has it from the one with the lower number.
        new, at = np.unique(met[reached], return_index=True)
        source = who[reached][at]
        causes = event_ids(
            np.where(columns["event"][source] >= 0, columns["caught"][source], NEVER), source, columns["event"][source]
        )
        events = moment.record("catch_from", new, targets=source, causes=causes)
        columns["state"][new] = INFECTED
        columns["caught"][new] = moment.time
        columns["event"][new] = rows_of(events)

    def _met(self, moment: Moment, who: np.ndarray, contact: np.ndarray) -> np.ndarray:
        """Return whom each meets: anybody but oneself, or one of the next on the ring."""
        anybody = (who + 1 + moment.below("anybody", moment.agents - 1, who, contact)) % moment.agents
        step = moment.below("near", self.near, who, contact) - self.near // 2
        neighbour = (who + np.where(step >= 0, step + 1, step)) % moment.agents
        mixed = moment.below("mixing", 1000, who, contact) < self.mixing
        return np.where(mixed, anybody, neighbour)

    def picture(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Draw everybody as a pixel, line by line along the ring."""
        side = int(np.ceil(np.sqrt(len(columns["state"]))))
        pixels = np.full((side * side, 3), 255, np.uint8)
        pixels[: len(columns["state"])] = COLOURS[columns["state"]]
        return pixels.reshape(side, side, 3)


scenario = Scenario(
    name="epidemic",
    title="An epidemic in a town of ten thousand",
    agents=10_000,
    start="00:00",
    hours=24 * 120,
    step_seconds=DAY,
    seed=7,
    crowd=Epidemic,
    parameters={"first": 10, "contacts": 10, "transmission": 40, "days": 5, "mixing": 1000},
)


@scenario.measure("fell_ill")
def fell_ill(stage: CrowdStage) -> int:
    """Thousandths that had it."""
    return round(1000 * float(np.mean(stage.columns["state"] != SUSCEPTIBLE)))


@scenario.measure("ill_now")
def ill_now(stage: CrowdStage) -> int:
    """How many are infectious."""
    return int(np.sum(stage.columns["state"] == INFECTED))
