"""Composes emblems: shield, division, charges. The charges themselves are in `charges`."""

from __future__ import annotations

from .charges import CHARGES
from .drawing import (
    BLACK,
    CANVAS,
    WHITE,
    Choices,
    Colour,
    Layer,
    Picture,
    Point,
    Shape,
    mix,
    oval,
    place,
    rectangle,
    smooth,
)
from .palette import COLOURS, contrasting

_MIDDLE = CANVAS // 2


def _shield(name: str, grow: int) -> tuple[Point, ...]:
    """Return the outline, `grow` units wider than the field on every side."""
    if name == "round":
        return oval(_MIDDLE, _MIDDLE, 420 + grow, 420 + grow)
    if name == "spanish":
        half: list[Point] = [(380 + grow, -430 - grow), (380 + grow, -430 - grow), (380 + grow, -430 - grow)]
        half += [(380 + grow, 60), (350 + grow * 7 // 8, 230), (200 + grow // 2, 390 + grow), (0, 440 + grow)]
    else:
        half = [(390 + grow, -420 - grow), (390 + grow, -420 - grow), (384 + grow, -120), (330 + grow, 140)]
        half += [(190 + grow * 3 // 4, 340 + grow // 2), (0, 470 + grow), (0, 470 + grow)]
    outline = [*half, *((-x, y) for x, y in reversed(half))]
    return tuple((_MIDDLE + x, _MIDDLE + y) for x, y in smooth(outline))


def _division(name: str, second: Colour) -> list[Shape]:
    """Return what the division lays over the plain field."""
    bands: dict[str, list[tuple[Point, ...]]] = {
        "plain": [],
        "per pale": [rectangle(_MIDDLE, 0, CANVAS, CANVAS)],
        "per fess": [rectangle(0, _MIDDLE, CANVAS, CANVAS)],
        "per bend": [((0, 0), (CANVAS, CANVAS), (0, CANVAS))],
        "quarterly": [rectangle(_MIDDLE, 0, CANVAS, _MIDDLE), rectangle(0, _MIDDLE, _MIDDLE, CANVAS)],
        "chief": [rectangle(0, 0, CANVAS, 290)],
        "chevron": [((500, 500), (980, 900), (980, 1090), (500, 690), (20, 1090), (20, 900))],
        "pales": [rectangle(x, 0, x + 112, CANVAS) for x in (108, 332, 556, 780)],
        "barry wavy": [_wavy(y) for y in (640, 760, 880)],
    }
    return [Shape(points, second) for points in bands[name]]


def _wavy(y: int) -> tuple[Point, ...]:
    top = [(x, y + (26 if x // 100 % 2 else -26)) for x in range(-100, 1200, 100)]
    curve = smooth([top[0], *top, top[-1], (1100, y + 60), (1100, y + 60), (-100, y + 60), (-100, y + 60)], steps=5)
    return tuple((px, min(py, y + 60)) for px, py in curve)


_LAYOUTS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "one": ((500, 490, 520),),
    "three": ((335, 350, 250), (665, 350, 250), (500, 670, 250)),
    "two": ((500, 300, 300), (500, 640, 300)),
    "chief": ((320, 188, 145), (500, 188, 145), (680, 188, 145)),
}


def _charged(choices: Choices, division: str, charge: str, first: str, second: str) -> list[Shape]:
    """Return the charges, each in a colour that stands out from what is behind it."""
    paint = choices.pick(contrasting(first))
    main = COLOURS[paint]
    if division == "chief":
        lesser = choices.pick(("star", charge))
        row = [place(CHARGES[lesser](COLOURS[first]), *at) for at in _LAYOUTS["chief"]]
        return [
            *place(_outlined(CHARGES[charge](main)), 500, 600, 470),
            *(shape for one in row for shape in one),
        ]
    if division == "chevron":
        lesser = choices.pick(("star", charge))
        sides = [place(CHARGES[lesser](main), x, 320, 200) for x in (270, 730)]
        return [shape for one in sides for shape in one] + list(place(CHARGES[charge](main), 500, 800, 190))
    if division == "barry wavy":
        return list(place(_outlined(CHARGES[charge](main)), 500, 360, 430))
    layout = "one" if division in ("pales", "per bend") else choices.pick(("one", "one", "three"))
    if division in ("per pale", "per fess", "quarterly", "per bend", "pales"):
        # A charge over two grounds stands on a roundel, else half of it would vanish.
        disc = [
            Shape(oval(500, 490, 300, 300), COLOURS[second]),
            Shape(oval(500, 490, 280, 280), COLOURS[first]),
        ]
        return [*disc, *place(_outlined(CHARGES[charge](main)), 500, 490, 400)]
    return [shape for at in _LAYOUTS[layout] for shape in place(_outlined(CHARGES[charge](main)), *at)]


def _outlined(shapes: list[Shape]) -> list[Shape]:
    """Lay a soft shadow under a charge."""
    shadow = [Shape(tuple((x + 14, y + 18) for x, y in shape.points), BLACK, 22) for shape in shapes[:1]]
    return [*shadow, *shapes]


def emblem(choices: Choices, charge: str, colour: str) -> tuple[Picture, dict[str, str]]:
    """Return an emblem of the charge on a field of the colour, and the names of what was chosen."""
    outline = choices.pick(("heater", "spanish", "round"))
    division = choices.pick(
        (
            "plain",
            "plain",
            "per pale",
            "per fess",
            "per bend",
            "quarterly",
            "chief",
            "chevron",
            "pales",
            "barry wavy",
        )
    )
    second = choices.pick(contrasting(colour))
    field = _shield(outline, 0)
    rim = COLOURS["yellow"] if choices.pick((True, True, False)) else (176, 180, 184)
    ground = [Shape(field, COLOURS[colour]), *_division(division, COLOURS[second])]
    light = Shape(smooth([(60, 40), (560, 20), (420, 420), (260, 760), (80, 700)]), WHITE, 9)
    shade = Shape(smooth([(620, 980), (960, 640), (980, 120), (900, 120), (820, 560), (520, 940)]), BLACK, 16)
    frame = (
        Shape(_shield(outline, 36), mix(rim, BLACK, 62)),
        Shape(_shield(outline, 28), rim),
        Shape(_shield(outline, 14), mix(rim, WHITE, 38)),
        Shape(_shield(outline, 8), mix(rim, BLACK, 50)),
    )
    charges = _charged(choices, division, charge, colour, second)
    layers = (Layer(frame), Layer((*ground, *charges, light, shade), clip=field))
    chosen = {"outline": outline, "division": division, "second": second, "charge": charge}
    return Picture(layers, title=f"{colour} emblem with {charge}"), chosen
