"""One string names a generator: built-ins, plug-ins, registered factories. Loads none unasked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.metadata import EntryPoint, entry_points

from .errors import GeneratorError, UnknownGeneratorError
from .ports import Generator

GROUP = "worldloom.generators"
"""Entry-point group of plug-ins; an entry named `kind.name`, such as `image.watercolour`, loads a Factory."""

Factory = Callable[[str], Generator]
"""Makes a generator from what follows the first colon of its specification; empty when nothing does."""

_BUILT_IN = (
    EntryPoint("image.diffusers", "worldloom.generators.image.diffusers_images:from_argument", GROUP),
    EntryPoint("image.embedded", "worldloom.generators.image.embedded:from_argument", GROUP),
    EntryPoint("image.procedural", "worldloom.generators.image.procedural:from_argument", GROUP),
    EntryPoint("image.recorded", "worldloom.generators.recorded:image", GROUP),
    EntryPoint("mesh.embedded", "worldloom.generators.mesh.embedded:from_argument", GROUP),
    EntryPoint("mesh.recorded", "worldloom.generators.recorded:mesh", GROUP),
    EntryPoint("sound.embedded", "worldloom.generators.sound.embedded:from_argument", GROUP),
    EntryPoint("sound.procedural", "worldloom.generators.sound.procedural:from_argument", GROUP),
    EntryPoint("sound.recorded", "worldloom.generators.recorded:sound", GROUP),
    EntryPoint("text.embedded", "worldloom.generators.text.embedded:from_argument", GROUP),
    EntryPoint("text.openai", "worldloom.generators.text.openai_text:from_argument", GROUP),
    EntryPoint("text.recorded", "worldloom.generators.recorded:text", GROUP),
    EntryPoint("text.transformers", "worldloom.generators.text.transformers_text:from_argument", GROUP),
    EntryPoint("text.uniform", "worldloom.generators.text.uniform:from_argument", GROUP),
)
_registered: dict[tuple[str, str], Factory] = {}


def register(kind: str, name: str, factory: Factory) -> None:
    """Add a backend of this process; raises GeneratorError when another one has the name already."""
    if not kind.isidentifier() or not name or not set(name).isdisjoint(":. \t\n"):
        raise GeneratorError(f"{kind!r}, {name!r}: a kind is one word, a name has no colon, dot or space")
    known = _table()
    if known.get((kind, name), factory) is not factory:
        raise GeneratorError(f"{kind} generator {name!r} exists already; choose another name for yours")
    _registered[kind, name] = factory


def resolve(kind: str, spec: str) -> Generator:
    """Return the generator that a specification such as `embedded` or `openai:http://host#model` names.

    Raises UnknownGeneratorError, listing what exists, and GeneratorError when a plug-in cannot be loaded.
    """
    name, _, argument = spec.partition(":")
    table = _table()
    if (kind, name) not in table:
        names = sorted(known for of_kind, known in table if of_kind == kind)
        kinds = sorted({of_kind for of_kind, _ in table})
        there = f"there are: {', '.join(names)}" if names else f"there are generators of: {', '.join(kinds)}"
        raise UnknownGeneratorError(
            f"no {kind} generator is called {name!r}; {there}. Install its plug-in or correct the name"
        )
    return table[kind, name](argument)


def known() -> dict[str, list[str]]:
    """Return the names of all backends by kind, sorted."""
    found: dict[str, list[str]] = {}
    for kind, name in sorted(_table()):
        found.setdefault(kind, []).append(name)
    return found


def _table() -> dict[tuple[str, str], Factory]:
    table: dict[tuple[str, str], Factory] = {}
    for entry in (*_BUILT_IN, *entry_points(group=GROUP)):
        kind, dot, name = entry.name.partition(".")
        if not dot or not name:
            raise GeneratorError(f"plug-in entry {entry.name!r} in group {GROUP}: name it kind.name")
        if (kind, name) in table:
            raise GeneratorError(
                f"two plug-ins offer {kind} generator {name!r} (the second is {entry.value}); remove one"
            )
        table[kind, name] = partial(_load, entry)
    return table | _registered


def _load(entry: EntryPoint, argument: str) -> Generator:
    try:
        factory = entry.load()
    except (ImportError, AttributeError) as error:
        raise GeneratorError(
            f"generator {entry.name} cannot be loaded from {entry.value}: {error}; "
            "is worldloom[run], or the plug-in, installed?"
        ) from error
    generator: Generator = factory(argument)
    return generator
