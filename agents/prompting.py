"""Prompts from template files. A template is compiled once; its digest goes into every request. Knows no mind.

Templates are plain text: what goes into them has been made one clean line each (`view.cell`), so nothing is escaped,
and nothing that an agent wrote can begin a line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from worldloom.provenance.digests import file_digest

from .errors import PromptError

PURPOSES = (
    "plan",
    "decide",
    "talk",
    "make",
    "reflect",
    "interview",
    "trade",
    "letter",
    "song",
    "sign",
    "emblem",
    "portrait",
    "tile",
    "prop",
    "tune",
)
"""What is asked for; each has a template file of its name."""


class Template(NamedTuple):
    """A compiled template and the hex SHA-256 of its file."""

    purpose: str
    digest: str
    render: Callable[..., str]


@cache
def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined, select_autoescape  # noqa: PLC0415  # a tenth of a second

    return Environment(
        autoescape=select_autoescape(("html",), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


@cache
def template(purpose: str) -> Template:
    """Return the template of a purpose; raises PromptError when there is none."""
    source = files(__package__).joinpath("prompts", f"{purpose}.j2")
    if purpose not in PURPOSES or not source.is_file():
        raise PromptError(f"no prompt template for {purpose!r}; there are {', '.join(PURPOSES)}")
    data = source.read_bytes()
    compiled = _environment().from_string(data.decode())
    return Template(purpose, file_digest(data).hex(), compiled.render)


def instructions(purpose: str) -> str:
    """Return what stands before the case in a purpose's prompts, its line `task: …` last; the template's own text."""
    source = files(__package__).joinpath("prompts", f"{purpose}.j2").read_text(encoding="utf-8")
    before, mark, _ = source.partition(f"task: {purpose}\n")
    if not mark:
        raise PromptError(f"the template of {purpose!r} has no line task: {purpose}")
    return before + mark.rstrip("\n")


def render(purpose: str, **fields: Any) -> str:
    """Return the prompt of a purpose; raises PromptError when a field that the template names is not given."""
    from jinja2 import UndefinedError  # noqa: PLC0415

    try:
        return template(purpose).render(fields)
    except UndefinedError as error:
        raise PromptError(f"prompt {purpose}: {error}; give the field") from error
