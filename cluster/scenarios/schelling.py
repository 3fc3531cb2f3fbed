"""Schelling: two kinds of people on a torus. Nobody minds a mixed street, and yet they end up among their own.

After T. C. Schelling, Dynamic Models of Segregation (1971). Who has too few of their own kind around moves to a free
cell, anywhere; all see the street as it is when the step begins. A step is an hour, and nobody has a mind.
"""

from collections.abc import Mapping

import numpy as np
from pydantic import Field
from worldloom.cluster import CrowdStage, Scenario
from worldloom.worlds.crowds import Columns, Crowd, Moment, Torus

COLOURS = np.array([[244, 241, 234], [38, 96, 164], [224, 122, 48]], np.uint8)
"""A free cell, and the two kinds."""


class Schelling(Crowd):
    """`side`: cells of the torus along an edge; `threshold`: thousandths of neighbours that must be of one's kind."""

    side: int = Field(36, ge=3, le=4096)
    threshold: int = Field(400, ge=0, le=1000)

    def begin(self, moment: Moment) -> Columns:
        """Put everybody on a cell of their own."""
        cells = Torus(self.side).cells
        if moment.agents > cells:
            raise ValueError(f"{moment.agents} agents find no room on {cells} cells; choose a larger side")
        return {"kind": moment.below("kind", 2), "cell": moment.order(np.arange(cells))[: moment.agents]}

    def step(self, columns: Columns, moment: Moment) -> None:
        """Let those who are unhappy move, each to a free cell of their own."""
        cells = np.arange(Torus(self.side).cells)
        free = moment.order(np.setdiff1d(cells, columns["cell"]))
        movers = moment.order(np.flatnonzero(self.unhappy(columns)))[: len(free)]
        moment.record("move", movers, cell=free[: len(movers)], left=columns["cell"][movers])
        columns["cell"][movers] = free[: len(movers)]

    def around(self, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return how many of one's kind, and how many in all, stand next to each."""
        grid = np.full(self.side * self.side, -1)
        grid[columns["cell"]] = columns["kind"]
        near = grid[Torus(self.side).neighbours[columns["cell"]]]
        return (near == columns["kind"][:, None]).sum(axis=1), (near >= 0).sum(axis=1)

    def unhappy(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return who has too few of their own kind around; nobody minds having no neighbours."""
        alike, near = self.around(columns)
        return alike * 1000 < self.threshold * near

    def picture(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Draw the torus, a pixel a cell."""
        grid = np.zeros(self.side * self.side, np.int64)
        grid[columns["cell"]] = columns["kind"] + 1
        return COLOURS[grid.reshape(self.side, self.side)]


scenario = Scenario(
    name="schelling",
    title="Segregation that nobody wants",
    agents=1036,
    start="00:00",
    hours=50,
    step_seconds=3600,
    seed=7,
    crowd=Schelling,
    parameters={"side": 36, "threshold": 400},
)


@scenario.measure("alike")
def alike(stage: CrowdStage) -> int:
    """Thousandths of neighbours that are of one's own kind, on average over all who have neighbours."""
    same, near = stage.crowd.around(stage.columns)
    return round(1000 * float(np.mean(same[near > 0] / near[near > 0]))) if near.any() else 0


@scenario.measure("unhappy")
def unhappy(stage: CrowdStage) -> int:
    """How many would move."""
    return int(stage.crowd.unhappy(stage.columns).sum())
