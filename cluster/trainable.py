"""Every model that can be trained from the command line: those of generators, and those whose data needs agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldloom.generators.training import registry

if TYPE_CHECKING:
    from worldloom.generators.training.course import Course

COURSES: dict[str, str] = {
    **registry.COURSES,
    "language": "worldloom.cluster.courses:language",
}
"""Model -> `module:function` whose function returns its course."""


def find(name: str) -> Course:
    """Return the course of a model; raises TrainingError, naming those there are, for an unknown one."""
    return registry.find(name, COURSES)
