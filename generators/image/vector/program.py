"""A picture as a program of shapes, and as tokens: encode and decode. Draws nothing, chooses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from worldloom.generators.errors import GeneratorError

from .vocabulary import (
    CLIP,
    CLOSE,
    CUES,
    END,
    GROUPS,
    MAX_TOKENS,
    PAINTS,
    PLANS,
    SHAPES,
    SLOTS,
    TOKENS,
    WORDS,
    may_have,
    slots,
)


class Prim(NamedTuple):
    """One shape: its operation (see vocabulary.SHAPES), paint, and numbers."""

    op: str
    paint: str
    numbers: tuple[int, ...]


class Group(NamedTuple):
    """Shapes in a grid of their own, stamped at each placement (`op` G1, G2, G3) or mirrored (GM)."""

    op: str
    places: tuple[int, ...]
    items: tuple[Prim, ...]


class Clip(NamedTuple):
    """Shapes cut to the outline of the first of them."""

    items: tuple[Prim, ...]


Item = Prim | Group | Clip


class Part(NamedTuple):
    """A part of a picture, such as a hat: its name and what is drawn, from back to front."""

    name: str
    items: tuple[Item, ...]

    def prims(self) -> Iterator[Prim]:
        """Yield every shape, those inside groups and clips as well."""
        for item in self.items:
            if isinstance(item, Prim):
                yield item
            else:
                yield from item.items


class Program(NamedTuple):
    """A picture: what was asked for, what was planned, and its parts, from back to front."""

    domain: str
    attributes: Mapping[str, str]
    plan: Mapping[str, str]
    parts: tuple[Part, ...]

    @property
    def words(self) -> dict[str, str]:
        """Attributes and plan together: what cues and paint refer to."""
        return {**self.attributes, **self.plan}


def header(domain: str, attributes: Mapping[str, str]) -> list[int]:
    """Return the tokens a picture starts with: its domain and all attributes. Raises GeneratorError."""
    if domain not in SLOTS:
        raise GeneratorError(f"{domain!r:.60} is no kind of vector picture; there are: {', '.join(SLOTS)}")
    if set(attributes) != set(SLOTS[domain]):
        raise GeneratorError(f"a {domain} has these attributes, neither less nor more: {', '.join(SLOTS[domain])}")
    return [TOKENS[domain], *_said(SLOTS[domain], attributes)]


def _said(table: Mapping[str, tuple[str, ...]], words: Mapping[str, str]) -> list[int]:
    for slot, known in table.items():
        if words.get(slot) not in known:
            raise GeneratorError(f"{slot} {words.get(slot)!r:.60} is not known; there are: {', '.join(known)}")
    return [TOKENS[f"{slot}={words[slot]}"] for slot in table]


def encode(program: Program) -> list[int]:
    """Return a program's tokens, END included; raises GeneratorError if it does not fit."""
    head = [*header(program.domain, program.attributes), *_said(PLANS[program.domain], program.plan)]
    said = program.words
    for part in program.parts:
        if not may_have(part.name, said):
            raise GeneratorError(f"the words of this {program.domain} leave no room for {part.name!r:.60}")
    try:
        body = [TOKENS[word] for part in program.parts for word in _spelt(program.domain, part, said)]
    except KeyError as error:
        raise GeneratorError(f"{error.args[0]!r:.60} is no word of a {program.domain}") from None
    tokens = [*head, *body, TOKENS[END]]
    if len(tokens) > MAX_TOKENS:
        raise GeneratorError(f"{program.domain} of {len(tokens)} tokens, at most {MAX_TOKENS}")
    return tokens


def _spelt(domain: str, part: Part, said: Mapping[str, str]) -> Iterator[str]:
    yield f"part:{part.name}"
    yield from (f"{slot}={said[slot]}" for slot in CUES[domain][part.name])
    for item in part.items:
        if isinstance(item, Prim):
            yield from _shape(domain, item)
            continue
        yield from (item.op, *map(str, item.places)) if isinstance(item, Group) else (CLIP,)
        for prim in item.items:
            yield from _shape(domain, prim)
        yield CLOSE


def _shape(domain: str, prim: Prim) -> Iterator[str]:
    if prim.paint not in PAINTS[domain]:
        raise KeyError(prim.paint)
    yield from (prim.op, f"paint:{prim.paint}", *map(str, prim.numbers))


def decode(tokens: list[int]) -> Program:
    """Read what `encode` wrote; raises GeneratorError when the tokens follow no picture's grammar."""
    try:
        reader = _Reader([WORDS[token] if token >= 0 else "" for token in tokens])
        return reader.program()
    except (ValueError, IndexError, KeyError) as error:
        raise GeneratorError(f"these {len(tokens)} tokens are no vector picture: {error}") from error


class _Reader:
    """Reads a program from words, one after the other."""

    def __init__(self, words: list[str]) -> None:
        self._words, self._at = words, 0
        self._domain = ""
        self._said: dict[str, str] = {}

    def program(self) -> Program:
        self._domain = self._next()
        for slot, known in slots(self._domain).items():
            word = self._next().removeprefix(f"{slot}=")
            if word not in known:
                raise ValueError(f"{word} is no {slot}")
            self._said[slot] = word
        parts = []
        while (word := self._next()) != END:
            parts.append(self._part(word.removeprefix("part:")))
        if self._at != len(self._words) or not parts:
            raise ValueError("it has no part, or does not end with the end")
        asked, planned = ({slot: self._said[slot] for slot in table[self._domain]} for table in (SLOTS, PLANS))
        return Program(self._domain, asked, planned, tuple(parts))

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _part(self, name: str) -> Part:
        if not may_have(name, self._said):
            raise ValueError(f"its words leave no room for {name}")
        for slot in CUES[self._domain][name]:
            if self._next() != f"{slot}={self._said[slot]}":
                raise ValueError(f"{name} is not told its {slot}")
        items: list[Item] = []
        while not (self._words[self._at] == END or self._words[self._at].startswith("part:")):
            word = self._next()
            if word in GROUPS:
                items.append(Group(word, self._numbers(GROUPS[word]), self._inner()))
            else:
                items.append(Clip(self._inner()) if word == CLIP else self._prim(word))
        if not items:
            raise ValueError(f"{name} has no shape")
        return Part(name, tuple(items))

    def _inner(self) -> tuple[Prim, ...]:
        found: list[Prim] = []
        while (word := self._next()) != CLOSE:
            found.append(self._prim(word))
        if not found:
            raise ValueError("a group without a shape")
        return tuple(found)

    def _prim(self, word: str) -> Prim:
        count, paint = SHAPES[word], self._next()
        if not paint.startswith("paint:") or paint.removeprefix("paint:") not in PAINTS[self._domain]:
            raise ValueError(f"{paint} is no paint of a {self._domain}")
        return Prim(word, paint.removeprefix("paint:"), self._numbers(count))

    def _numbers(self, count: int) -> tuple[int, ...]:
        return tuple(int(self._next()) for _ in range(count))
