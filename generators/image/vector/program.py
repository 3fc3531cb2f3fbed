"""A picture as a program of shapes, and as tokens: encode and decode. Draws nothing, chooses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from worldloom.generators.errors import GeneratorError

from .palette import PAINT
from .vocabulary import ANY, CLIP, CLOSE, END, GROUPS, MAX_TOKENS, NUMBERS, PARTS, SHAPES, SLOTS, TOKENS, WORDS

_PARTS = frozenset(PARTS)


class Name(NamedTuple):
    """Says which part the next shapes are; draws nothing."""

    word: str


class Prim(NamedTuple):
    """One shape: its operation (see vocabulary.SHAPES), paint, and numbers."""

    op: str
    paint: str
    numbers: tuple[int, ...]


class Group(NamedTuple):
    """Shapes in a grid of their own, stamped at each placement (`op` G1, G2, G3) or mirrored (GM)."""

    op: str
    places: tuple[int, ...]
    items: tuple[Prim | Name, ...]


class Clip(NamedTuple):
    """Shapes cut to the outline of the first of them."""

    items: tuple[Prim | Name, ...]


Item = Name | Prim | Group | Clip


class Program(NamedTuple):
    """A picture: its domain, its attributes (those left open are `any`), and what is drawn, from back to front."""

    domain: str
    attributes: Mapping[str, str]
    items: tuple[Item, ...]

    def prims(self) -> Iterator[Prim]:
        """Yield every shape, those inside groups and clips as well."""
        for item in flat(self.items):
            if isinstance(item, Prim):
                yield item


def flat(items: tuple[Item, ...]) -> Iterator[Prim | Name]:
    """Yield names and shapes in order, groups and clips opened."""
    for item in items:
        if isinstance(item, (Group, Clip)):
            yield from item.items
        else:
            yield item


def header(domain: str, attributes: Mapping[str, str]) -> list[int]:
    """Return the tokens a picture starts with; an attribute that is absent is `any`. Raises GeneratorError."""
    if domain not in SLOTS:
        raise GeneratorError(f"{domain!r:.60} is no kind of vector picture; there are: {', '.join(SLOTS)}")
    slots = SLOTS[domain]
    for slot in attributes:
        if slot not in slots:
            raise GeneratorError(f"a {domain} has no {slot!r:.60}; it has: {', '.join(slots)}")
    tokens = [TOKENS[domain]]
    for slot, words in slots.items():
        word = attributes.get(slot, ANY)
        if word != ANY and word not in words:
            raise GeneratorError(f"{slot} {word!r:.60} is not known; the picture model knows: {', '.join(words)}")
        tokens.append(TOKENS[f"{slot}={word}"])
    return tokens


def encode(program: Program) -> list[int]:
    """Return a program's tokens, END included; raises GeneratorError if it does not fit."""
    words = [*_words(program.items), END]
    try:
        tokens = header(program.domain, program.attributes) + [TOKENS[word] for word in words]
    except KeyError as error:
        raise GeneratorError(f"{error.args[0]!r:.60} is no word of vector pictures") from None
    if len(tokens) > MAX_TOKENS:
        raise GeneratorError(f"{program.domain} of {len(tokens)} tokens, at most {MAX_TOKENS}")
    return tokens


def _words(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Name):
            yield item.word
        elif isinstance(item, Prim):
            yield from (item.op, item.paint, *map(str, item.numbers))
        elif isinstance(item, Group):
            yield from (item.op, *map(str, item.places), *_words(item.items), CLOSE)
        else:
            yield from (CLIP, *_words(item.items), CLOSE)


def decode(tokens: list[int]) -> Program:
    """Read what `encode` wrote; raises GeneratorError when the tokens follow no picture's grammar."""
    try:
        words = [WORDS[token] if token >= 0 else PARTS[-1] for token in tokens]
        domain = words[0]
        attributes = {}
        for place, slot in enumerate(SLOTS[domain], 1):
            name, _, word = words[place].partition("=")
            if name != slot or word not in (*SLOTS[domain][slot], ANY):
                raise ValueError(f"{words[place]} where {slot} belongs")
            if word != ANY:
                attributes[slot] = word
        reader = _Reader(words, len(SLOTS[domain]) + 1)
        program = Program(domain, attributes, tuple(reader.items()))
        reader.finish()
    except (ValueError, IndexError, KeyError) as error:
        raise GeneratorError(f"these {len(tokens)} tokens are no vector picture: {error}") from error
    return program


class _Reader:
    """Reads items from words, one after the other."""

    def __init__(self, words: list[str], at: int) -> None:
        self._words, self._at = words, at

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def finish(self) -> None:
        if self._next() != END or self._at != len(self._words):
            raise ValueError("it does not end with the end")

    def items(self) -> Iterator[Item]:
        while self._words[self._at] != END:
            word = self._next()
            if word in GROUPS:
                yield Group(word, self._numbers(GROUPS[word]), self._inner())
            elif word == CLIP:
                yield Clip(self._inner())
            else:
                yield self._simple(word)

    def _inner(self) -> tuple[Prim | Name, ...]:
        found: list[Prim | Name] = []
        while (word := self._next()) != CLOSE:
            found.append(self._simple(word))
        if not any(isinstance(item, Prim) for item in found):
            raise ValueError("a group without a shape")
        return tuple(found)

    def _simple(self, word: str) -> Prim | Name:
        if word in _PARTS:
            return Name(word)
        count, paint = SHAPES[word], self._next()
        if paint not in PAINT:
            raise ValueError(f"{paint} is no paint")
        return Prim(word, paint, self._numbers(count))

    def _numbers(self, count: int) -> tuple[int, ...]:
        numbers = tuple(int(self._next()) for _ in range(count))
        if not all(0 <= number < NUMBERS for number in numbers):
            raise ValueError("a number outside the grid")
        return numbers
