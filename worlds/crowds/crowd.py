"""What a crowd is: its parameters, how it begins, the rule of a step, and how it looks. Written by scenarios."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from worldloom.worlds.noise import Ints

from .moment import Moment

Columns = dict[str, Ints]
"""What all agents have: int64[agents] by name; row n belongs to agent-n."""

Pixels = NDArray[np.uint8]
"""uint8[height, width, 3]: red, green, blue; the first row is the top."""


class Crowd(BaseModel, ABC):
    """A population whose agents follow one rule. Fields are its parameters: integers, checked as pydantic says.

    A rule is a function of columns, parameters and the moment's chance alone; it keeps nothing in between, so that a
    run can be cut, resumed and replayed. Whatever can be computed from these (neighbours, a network) may be cached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def begin(self, moment: Moment) -> Columns:
        """Return everybody's columns at the start; raises ValueError when so many agents cannot be."""

    @abstractmethod
    def step(self, columns: Columns, moment: Moment) -> None:
        """Let one step pass: change the columns in place and record what happened."""

    def picture(self, columns: Mapping[str, Ints]) -> Pixels:
        """Return what the crowd looks like, a pixel or a few for each agent; a rule without one has no map.png."""
        raise NotImplementedError(f"{type(self).__name__} draws no picture of {len(columns)} columns")
