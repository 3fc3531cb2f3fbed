"""Composes shop signs: bracket, chains, board, charge, lettering. The charges themselves are in `charges`."""

from __future__ import annotations

from .charges import CHARGES
from .drawing import (
    BLACK,
    WHITE,
    Choices,
    Colour,
    Layer,
    Lettering,
    Picture,
    Point,
    Shape,
    mix,
    oval,
    place,
    rectangle,
    rounded,
    sector,
    smooth,
)
from .palette import COLOURS, contrasting

HEIGHT = 1080
_IRON: Colour = (52, 50, 54)
_WOODS: tuple[Colour, ...] = ((122, 84, 50), (104, 70, 44), (146, 108, 68))
LINE = 18
"""Characters on a line of lettering before it breaks."""


def _bracket(choices: Choices) -> list[Shape]:
    """Return wall plate, arm and scrollwork."""
    light = mix(_IRON, WHITE, 22)
    parts = [
        Shape(rounded(40, 60, 84, 420, 18), _IRON),
        Shape(rectangle(60, 110, 930, 140), _IRON),
        Shape(rectangle(84, 112, 930, 120), light),
        Shape(oval(936, 125, 28, 28), _IRON),
        *(Shape(oval(62, y, 9, 9), light) for y in (90, 390)),
    ]
    if choices.pick((True, False)):
        parts += [
            Shape(sector(330, 140, 262, 238, (12, 24)), _IRON),
            Shape(sector(130, 190, 52, 34, (0, 48)), _IRON),
        ]
    else:
        parts.append(Shape(((84, 360), (84, 330), (380, 132), (420, 132)), _IRON))
        parts += [Shape(sector(150, 196, 50, 34, (6, 44)), _IRON)]
    finial = smooth([(960, 125), (960, 125), (975, 90), (999, 125), (975, 160)])
    return [*parts, Shape(finial, _IRON)]


def _chain(x: int) -> list[Shape]:
    links = [Shape(sector(x, y, 17, 9, (0, 48)), _IRON) for y in (152, 200)]
    return [
        *links,
        Shape(rounded(x - 6, 160, x + 6, 192, 6), _IRON),
        Shape(rounded(x - 6, 208, x + 6, 244, 6), _IRON),
    ]


def _board(name: str, inset: int) -> tuple[Point, ...]:
    left, top, right, bottom = 190 + inset, 240 + inset, 890 - inset, 1000 - inset
    if name == "shield":
        right_half = [(right, top), (right, top), (right, 700), (right - 40, 830 - inset // 2)]
        right_half += [(right - 160, 940 - inset // 2), (540, 1050 - inset), (540, 1050 - inset)]
        return smooth([*right_half, *((1080 - x, y) for x, y in reversed(right_half))])
    if name == "arched":
        half = [
            (right, bottom),
            (right, bottom),
            (right, top + 120),
            (right, top + 120),
            (right - 90, top + 50),
        ]
        half += [(right - 200, top + 12), (540, top)]
        return smooth([*half, *((1080 - x, y) for x, y in reversed(half[:-1]))])
    if name == "swallow":
        return ((left, top), (right, top), (right, bottom), (540, bottom - 70), (left, bottom))
    return rounded(left, top, right, bottom, 46)


def _planks(choices: Choices, wood: Colour) -> list[Shape]:
    shapes: list[Shape] = []
    for row, y in enumerate(range(240, 1060, 137)):
        tone = choices.pick((4, 8, 12, 16))
        shapes.append(Shape(rectangle(150, y, 930, y + 137), mix(wood, BLACK if row % 2 else WHITE, tone)))
        shapes.append(Shape(rectangle(150, y + 132, 930, y + 137), mix(wood, BLACK, 50)))
        for _ in range(3):
            x, dy, length = (
                choices.pick(range(200, 700, 20)),
                choices.pick((30, 60, 90)),
                choices.pick((90, 150, 220)),
            )
            shapes.append(Shape(rectangle(x, y + dy, x + length, y + dy + 3), mix(wood, BLACK, 30), 60))
    return shapes


def lines_of(text: str) -> list[str]:
    """Break lettering into at most two lines of LINE characters; what is longer is cut with an ellipsis."""
    words, lines = text.split(), [""]
    for word in words:
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= LINE or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]}…"]
    return [line if len(line) <= LINE + 1 else f"{line[: LINE - 1]}…" for line in lines if line]


def sign(choices: Choices, charge: str, colour: str, text: str) -> tuple[Picture, dict[str, str]]:
    """Return a hanging sign with the charge on the colour and the lettering under it, and what was chosen."""
    board, wood = choices.pick(("plain", "shield", "arched", "swallow")), choices.pick(_WOODS)
    paint = choices.pick(contrasting(colour))
    field, ink = COLOURS[colour], COLOURS[paint]
    outer, inner = _board(board, 0), _board(board, 34)
    painted = choices.pick((True, True, False))
    ground = [Shape(inner, field)] if painted else _planks(choices, mix(wood, WHITE, 25))
    lines = lines_of(text)
    size = (500, 430, 340)[len(lines)]
    middle = (600, 530, 500)[len(lines)] - (20 if board == "shield" else 0)
    if not painted:
        ground += [
            Shape(oval(540, middle, size * 5 // 8, size * 5 // 8), mix(field, BLACK, 40)),
            Shape(oval(540, middle, size * 3 // 5, size * 3 // 5), field),
        ]
    drawn = place(CHARGES[charge](ink), 540, middle, size if painted else size * 9 // 10)
    iron = [*_bracket(choices), *_chain(300), *_chain(780)]
    layers = (
        Layer(tuple(iron)),
        Layer((Shape(outer, mix(wood, BLACK, 35)), Shape(_board(board, 8), wood))),
        Layer((Shape(_board(board, 26), ink if painted else mix(wood, BLACK, 45)),)),
        Layer((*ground, *drawn), clip=inner),
    )
    lettering = _lettering(
        lines, 540, middle + size * (4 if painted else 5) // 8, ink if painted else (250, 240, 214), board
    )
    chosen = {"board": board, "painted": "field" if painted else "roundel", "ink": paint, "charge": charge}
    return Picture(layers, lettering, HEIGHT, title=f"{colour} sign with {charge}"), chosen


def _lettering(lines: list[str], x: int, top: int, ink: Colour, board: str) -> tuple[Lettering, ...]:
    height = 92 if len(lines) == 1 else 78
    widest = 560 if board != "shield" else 520
    rows = []
    for number, line in enumerate(lines):
        room = widest - (90 if board == "shield" and number else 0)
        width = min(room, len(line) * height * 11 // 20)
        rows.append(Lettering(line, x, top + 10 + (number + 1) * height, height, width, ink))
    return tuple(rows)
