"""A course that notes each process in which it is made, as one that learns something first would do so there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


class NotingCourse:
    def __init__(self, notes: Path) -> None:
        self.notes = notes
        with notes.open("a") as file:
            file.write(f"{os.getpid()}\n")

    def __reduce__(self) -> tuple[Any, ...]:
        return NotingCourse, (self.notes,)

    def batch(self, plan: Any, step: int) -> int:
        del plan
        return step
