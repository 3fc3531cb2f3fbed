"""Charges of field and court: sheaf, star, crown, each in -500 to 500. Their table is in `charges`."""

from __future__ import annotations

from .drawing import BLACK, WHITE, Colour, Point, Shape, mix, oval, rectangle, smooth


def sheaf(c: Colour) -> list[Shape]:
    """A sheaf of five ears."""
    dark, light = mix(c, BLACK, 32), mix(c, WHITE, 35)
    shapes: list[Shape] = []
    for x, lean, top in ((-300, -3, -330), (300, 3, -330), (-160, -2, -430), (160, 2, -430), (0, 0, -480)):
        foot = -x * 3 // 4
        shapes.append(
            Shape(
                (
                    (x - 14, top + 100),
                    (x + 14, top + 100),
                    (18, 100),
                    (foot + 26, 480),
                    (foot - 26, 480),
                    (-18, 100),
                ),
                dark,
            )
        )
        for row in range(5):
            y, middle = top + 52 * row, x - lean * 14 * row
            for side in (-1, 1):
                grain = (
                    (middle, y + 60),
                    (middle + side * 58, y + 20),
                    (middle + side * 66, y - 40),
                    (middle + side * 12, y + 4),
                )
                shapes.append(Shape(grain, c if side < 0 else light))
        shapes.append(Shape(((x, top - 50), (x + 30, top + 20), (x, top + 60), (x - 30, top + 20)), light))
    band = smooth(
        [
            (-110, 60),
            (-110, 60),
            (0, 90),
            (110, 60),
            (110, 60),
            (120, 150),
            (120, 150),
            (0, 180),
            (-120, 150),
            (-120, 150),
        ]
    )
    return [*shapes, Shape(band, mix(c, BLACK, 55)), Shape(rectangle(-100, 100, 100, 116), light)]


_STAR: list[Point] = [
    (0, -490),
    (118, -152),
    (476, -146),
    (190, 70),
    (294, 410),
    (0, 206),
    (-294, 410),
    (-190, 70),
    (-476, -146),
    (-118, -152),
]


def star(c: Colour) -> list[Shape]:
    """A star of five points."""
    shapes = []
    for i in range(10):
        shade = mix(c, BLACK, 24) if i % 2 else mix(c, WHITE, 22)
        shapes.append(Shape(((0, 0), _STAR[i], _STAR[(i + 1) % 10]), shade))
    return [Shape(tuple(_STAR), c), *shapes]


def crown(c: Colour) -> list[Shape]:
    """A crown of three points."""
    dark, light = mix(c, BLACK, 28), mix(c, WHITE, 45)
    crown = ((-400, 260), (-460, -170), (-230, 40), (0, -300), (230, 40), (460, -170), (400, 260))
    jewels = [(-460, -200), (0, -340), (460, -200)]
    return [
        Shape(crown, c),
        Shape(((-400, 260), (-230, 40), (0, 260)), dark, 60),
        Shape(((0, 260), (230, 40), (400, 260)), dark, 60),
        Shape(rectangle(-410, 230, 410, 350), dark),
        *(Shape(oval(x, y, 54, 54), light) for x, y in jewels),
        *(Shape(oval(x, 290, 34, 34), light) for x in (-270, 0, 270)),
    ]
