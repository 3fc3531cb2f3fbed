"""Finds a model's course by its name. Loads no course unasked, and torch never."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from worldloom.generators.errors import TrainingError

from .course import Course

COURSES: dict[str, str] = {
    "mesh": "worldloom.generators.mesh.course:course",
    "clip": "worldloom.generators.image.clip.course:course",
    "sprite": "worldloom.generators.image.sprites.course:course",
    "picture": "worldloom.generators.image.vector.course:course",
    "tune": "worldloom.generators.sound.course:course",
}
"""Model -> `module:function` whose function returns its course. Courses that need agents are added in cluster."""


def find(name: str, courses: Mapping[str, str] = COURSES) -> Course:
    """Return the course of a model; raises TrainingError, naming those there are, for an unknown one."""
    if name not in courses:
        raise TrainingError(f"no model is called {name!r}; there are: {', '.join(sorted(courses))}")
    module, _, function = courses[name].partition(":")
    course: Course = getattr(import_module(module), function)()
    return course
