"""The words of primitive programs: kinds, colours, shapes, materials, numbers. No grammar, no geometry."""

from __future__ import annotations

from typing import NamedTuple

from worldloom.generators.errors import GeneratorError

BINS = 64
"""Values of a number token; positions and extents count bins of the prop's own grid."""

MAX_PRIMITIVES = 14
"""Primitives in the longest program."""

# Kind -> millimetres per bin: what makes a mug smaller than a boat.
KINDS: dict[str, int] = {
    "anchor": 18,
    "barrel": 16,
    "basket": 9,
    "bench": 28,
    "boat": 80,
    "bucket": 7,
    "candle": 5,
    "cart": 36,
    "chair": 18,
    "chest": 16,
    "crate": 14,
    "fish": 8,
    "float": 6,
    "hammer": 7,
    "lantern": 7,
    "loaf": 5,
    "mug": 2,
    "oar": 44,
    "pot": 7,
    "signpost": 44,
    "stool": 11,
    "table": 28,
    "tent": 48,
    "well": 40,
}
COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple")
SIZES = ("small", "medium", "large")
SHAPES = (
    "box", "ball", "dome", "cup", "vat", "hull", "fan", "cyl.x", "cyl.y", "cyl.z", "cone.y", "barrel.y",
    "ring.x", "ring.y", "ring.z", "arc.x", "arc.z", "smile.z", "vault.x", "wedge.x", "wedge.z",
)  # fmt: skip
"""A shape fills its box; the letter is its axis."""
SYMMETRIES = ("one", "mx", "mz", "four")
"""Also mirrored in x, in z, or in both."""
MATERIALS = (
    "oak", "pine", "driftwood", "iron", "brass", "rope", "canvas",
    "clay", "stone", "crust", "wax", "flame", "scales", "water",
)  # fmt: skip
"""What is not painted; painted parts name the colour itself."""


class Primitive(NamedTuple):
    """One solid: centre `x`, `z`, bottom `y`, extents `a`, `b`, `c` along x, y, z (1 to 64), all in bins."""

    shape: str
    symmetry: str
    material: str
    x: int
    y: int
    z: int
    a: int
    b: int
    c: int


class Program(NamedTuple):
    """A prop: what was asked and the primitives that answer it."""

    kind: str
    colour: str
    size: str
    primitives: tuple[Primitive, ...]


PAD, END = "pad", "end"
WORDS: tuple[str, ...] = (
    PAD,
    END,
    *(f"kind:{word}" for word in KINDS),
    *(f"colour:{word}" for word in COLOURS),
    *(f"size:{word}" for word in SIZES),
    *(f"shape:{word}" for word in SHAPES),
    *(f"symmetry:{word}" for word in SYMMETRIES),
    *(f"material:{word}" for word in (*MATERIALS, *COLOURS)),
    *(f"number:{value}" for value in range(BINS)),
)
"""Every token; its place is its number. Weights depend on this order."""
TOKENS: dict[str, int] = {word: number for number, word in enumerate(WORDS)}
HEADER = 3
"""Tokens before the first primitive: kind, colour, size."""
STRIDE = 9
"""Tokens of a primitive."""
MAX_TOKENS = HEADER + STRIDE * MAX_PRIMITIVES + 1


def header_tokens(kind: str, colour: str, size: str) -> list[int]:
    """Return the three tokens a program starts with; raises GeneratorError for an unknown word."""
    try:
        return [TOKENS[f"kind:{kind}"], TOKENS[f"colour:{colour}"], TOKENS[f"size:{size}"]]
    except KeyError as error:
        raise GeneratorError(f"{error.args[0]} is not a word of the 3D model") from None


def encode(program: Program) -> list[int]:
    """Return a program's tokens, END included; raises GeneratorError if it does not fit the grid."""
    tokens = header_tokens(program.kind, program.colour, program.size)
    if len(program.primitives) > MAX_PRIMITIVES:
        raise GeneratorError(f"{program.kind}: {len(program.primitives)} primitives, at most {MAX_PRIMITIVES}")
    for part in program.primitives:
        numbers = (part.x + BINS // 2, part.y, part.z + BINS // 2, part.a - 1, part.b - 1, part.c - 1)
        if not all(0 <= number < BINS for number in numbers):
            raise GeneratorError(f"{program.kind}: {part} leaves the grid of {BINS} bins")
        words = (f"shape:{part.shape}", f"symmetry:{part.symmetry}", f"material:{part.material}")
        tokens += [TOKENS[word] for word in words] + [TOKENS[f"number:{number}"] for number in numbers]
    return [*tokens, TOKENS[END]]


def decode(tokens: list[int]) -> Program:
    """Read what `encode` wrote; raises GeneratorError when the tokens follow no program's grammar."""
    try:
        words = [WORDS[token].split(":") for token in tokens]
        (k, kind), (c, colour), (s, size) = words[:HEADER]
        body = words[HEADER:-1]
        if (k, c, s, words[-1]) != ("kind", "colour", "size", [END]) or len(body) % STRIDE:
            raise ValueError("header, end or length")
        parts = tuple(_primitive(body[at : at + STRIDE]) for at in range(0, len(body), STRIDE))
    except (ValueError, IndexError) as error:
        raise GeneratorError(f"these {len(tokens)} tokens are no primitive program: {error}") from error
    return Program(kind, colour, size, parts)


def _primitive(words: list[list[str]]) -> Primitive:
    names = [name for name, _ in words]
    if names != ["shape", "symmetry", "material"] + ["number"] * 6:
        raise ValueError(f"a primitive of {names}")
    shape, symmetry, material = (value for _, value in words[:3])
    x, y, z, a, b, c = (int(value) for _, value in words[3:])
    return Primitive(shape, symmetry, material, x - BINS // 2, y, z - BINS // 2, a + 1, b + 1, c + 1)
