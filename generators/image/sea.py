"""Charges of the sea: fish, anchor, wave, boat, each in -500 to 500. Their table is in `charges`."""

from __future__ import annotations

from .drawing import BLACK, WHITE, Colour, Shape, mirror, mix, oval, rectangle, sector, smooth


def fish(c: Colour) -> list[Shape]:
    """A fish swimming left."""
    dark, light = mix(c, BLACK, 30), mix(c, WHITE, 40)
    body = smooth(
        [
            (-470, 20),
            (-470, 20),
            (-300, -130),
            (-40, -190),
            (200, -110),
            (310, -20),
            (310, 60),
            (200, 140),
            (-40, 210),
            (-300, 150),
        ]
    )
    tail = smooth([(270, 20), (270, 20), (470, -210), (470, -210), (420, 20), (480, 250), (480, 250)])
    fin = smooth([(-140, -165), (-140, -165), (-20, -320), (150, -260), (180, -115), (180, -115)])
    belly = smooth([(-20, 190), (-20, 190), (60, 300), (150, 290), (130, 160), (130, 160)])
    shapes = [Shape(tail, dark), Shape(fin, dark), Shape(belly, dark), Shape(body, c)]
    shapes.append(
        Shape(
            smooth(
                [
                    (-440, 60),
                    (-440, 60),
                    (-200, 110),
                    (0, 110),
                    (280, 40),
                    (280, 40),
                    (200, 130),
                    (-40, 200),
                    (-300, 145),
                ]
            ),
            light,
        )
    )
    shapes += [Shape(sector(x, y, 58, 44, (38, 58)), dark) for x in (-60, 50, 160) for y in (-60, 30)]
    gill = sector(-330, 20, 150, 128, (41, 55))
    eye = [Shape(oval(-335, -40, 36, 36), WHITE), Shape(oval(-335, -40, 18, 18), BLACK)]
    return [*shapes, Shape(gill, dark), *eye]


def anchor(c: Colour) -> list[Shape]:
    """An anchor, stock above."""
    dark, light = mix(c, BLACK, 28), mix(c, WHITE, 35)
    fluke = ((470, -10), (400, 250), (250, 110))
    return [
        Shape(sector(0, -380, 110, 58, (0, 48)), c),
        Shape(rectangle(-40, -290, 40, 440), c),
        Shape(rectangle(-270, -225, 270, -150), dark),
        Shape(oval(-270, -188, 52, 52), dark),
        Shape(oval(270, -188, 52, 52), dark),
        Shape(sector(0, 40, 430, 350, (3, 21)), c),
        Shape(fluke, c),
        Shape(mirror(fluke), c),
        Shape(((-60, 420), (60, 420), (0, 500)), c),
        Shape(rectangle(-40, -140, -12, 390), light),
    ]


def wave(c: Colour) -> list[Shape]:
    """A breaking wave."""
    dark, light = mix(c, BLACK, 25), mix(c, WHITE, 50)
    crest = smooth(
        [
            (-490, 330),
            (-490, 330),
            (-420, 60),
            (-250, -210),
            (20, -340),
            (270, -290),
            (400, -130),
            (410, 20),
            (410, 20),
            (330, -80),
            (200, -110),
            (80, -40),
            (60, 100),
            (150, 220),
            (300, 270),
            (490, 260),
            (490, 260),
            (490, 400),
            (490, 400),
            (-490, 400),
            (-490, 400),
        ]
    )
    back = smooth(
        [
            (-420, 330),
            (-420, 330),
            (-350, 90),
            (-190, -140),
            (20, -250),
            (20, -250),
            (-100, -110),
            (-150, 70),
            (-90, 250),
            (60, 330),
            (60, 330),
        ]
    )
    foam = [oval(405, 0, 52, 52), oval(330, -70, 40, 40), oval(430, -90, 34, 34), oval(470, 60, 26, 26)]
    low = smooth(
        [
            (-490, 400),
            (-490, 400),
            (-360, 330),
            (-200, 390),
            (-40, 330),
            (120, 390),
            (280, 330),
            (490, 390),
            (490, 390),
            (490, 470),
            (490, 470),
            (-490, 470),
            (-490, 470),
        ]
    )
    return [Shape(crest, c), Shape(back, dark), *(Shape(points, light) for points in foam), Shape(low, light)]


def boat(c: Colour) -> list[Shape]:
    """A boat with two sails."""
    dark, light = mix(c, BLACK, 35), mix(c, WHITE, 45)
    hull = smooth(
        [
            (-460, 150),
            (-460, 150),
            (-200, 200),
            (200, 200),
            (460, 130),
            (460, 130),
            (360, 350),
            (300, 400),
            (-280, 400),
            (-360, 330),
        ]
    )
    main = smooth([(30, -440), (30, -440), (250, -160), (330, 120), (330, 120), (30, 120), (30, 120)])
    jib = smooth([(-30, -380), (-30, -380), (-190, -140), (-310, 120), (-310, 120), (-30, 120), (-30, 120)])
    flag = ((12, -490), (170, -455), (12, -415))
    return [
        Shape(rectangle(-13, -490, 13, 220), dark),
        Shape(flag, c),
        Shape(main, light),
        Shape(jib, c),
        Shape(hull, c),
        Shape(
            smooth(
                [
                    (-440, 200),
                    (-440, 200),
                    (-200, 250),
                    (200, 250),
                    (446, 190),
                    (446, 190),
                    (430, 230),
                    (200, 290),
                    (-200, 290),
                    (-425, 245),
                ]
            ),
            dark,
        ),
    ]
