"""Charges of the village: loaf, hammer, mug, key, lantern, in -500 to 500. Their table is in `charges`."""

from __future__ import annotations

from .drawing import BLACK, WHITE, Colour, Shape, both, mix, oval, rectangle, sector, smooth


def loaf(c: Colour) -> list[Shape]:
    """A loaf with three cuts."""
    dark, light = mix(c, BLACK, 30), mix(c, WHITE, 55)
    body = smooth(
        [
            (-480, 120),
            (-440, -60),
            (-300, -190),
            (0, -250),
            (300, -190),
            (440, -60),
            (480, 120),
            (400, 230),
            (0, 260),
            (-400, 230),
        ]
    )
    base = smooth(
        [
            (-478, 130),
            (-478, 130),
            (-200, 190),
            (0, 200),
            (200, 190),
            (478, 130),
            (478, 130),
            (400, 230),
            (0, 260),
            (-400, 230),
        ]
    )
    shapes = [Shape(body, c), Shape(base, dark)]
    for x in (-250, -20, 210):
        cut = smooth(
            [
                (x - 70, 80),
                (x - 70, 80),
                (x - 40, -40),
                (x + 70, -160),
                (x + 110, -165),
                (x + 70, -40),
                (x - 20, 60),
            ]
        )
        shapes += [Shape(cut, dark), Shape(tuple((px + 14, py + 6) for px, py in cut), light)]
    return shapes


def hammer(c: Colour) -> list[Shape]:
    """A smith's hammer."""
    dark, light = mix(c, BLACK, 32), mix(c, WHITE, 35)
    handle = smooth(both([(44, -190), (44, -190), (38, 100), (62, 380), (54, 470), (0, 490)]))
    head = (
        (-330, -400),
        (250, -400),
        (300, -370),
        (300, -190),
        (250, -160),
        (-330, -160),
        (-380, -190),
        (-380, -370),
    )
    return [
        Shape(handle, dark),
        Shape(rectangle(-20, -150, 4, 420), c),
        Shape(head, c),
        Shape(((300, -385), (400, -420), (400, -140), (300, -175)), dark),
        Shape(rectangle(-330, -380, 250, -340), light),
        Shape(rectangle(-78, -430, 78, -130), dark),
        Shape(rectangle(-48, -430, -14, -130), c),
    ]


def mug(c: Colour) -> list[Shape]:
    """A foaming mug."""
    dark, light = mix(c, BLACK, 35), mix(c, WHITE, 35)
    body = ((-300, -240), (200, -240), (220, 430), (170, 470), (-270, 470), (-320, 430))
    foam = smooth(
        [
            (-340, -230),
            (-360, -330),
            (-260, -400),
            (-160, -390),
            (-60, -460),
            (80, -440),
            (130, -380),
            (230, -370),
            (260, -270),
            (220, -200),
            (150, -170),
            (110, -60),
            (60, -60),
            (40, -170),
            (-200, -170),
        ]
    )
    return [
        Shape(sector(210, 110, 230, 150, (34, 62)), dark),
        Shape(body, c),
        *(Shape(rectangle(x, -220, x + 26, 460), dark) for x in (-180, -40, 90)),
        Shape(rectangle(-312, -60, 212, -10), mix(c, BLACK, 60)),
        Shape(rectangle(-320, 340, 220, 390), mix(c, BLACK, 60)),
        Shape(rectangle(-270, -200, -240, 440), light),
        Shape(foam, WHITE),
    ]


def key(c: Colour) -> list[Shape]:
    """A key, ring above."""
    dark, light = mix(c, BLACK, 30), mix(c, WHITE, 40)
    return [
        Shape(sector(0, -300, 190, 100, (0, 48)), c),
        Shape(oval(0, -300, 42, 42), dark),
        Shape(rectangle(-45, -120, 45, 490), c),
        Shape(rectangle(-90, -120, 90, -60), dark),
        Shape(((45, 260), (230, 260), (230, 330), (170, 330), (170, 380), (230, 380), (230, 460), (45, 460)), c),
        Shape(rectangle(-30, -50, -6, 470), light),
    ]


def lantern(c: Colour) -> list[Shape]:
    """A burning lantern."""
    dark = mix(c, BLACK, 35)
    flame = smooth([(0, -120), (0, -120), (70, 20), (80, 120), (0, 190), (-80, 120), (-60, 20)])
    return [
        Shape(sector(0, -380, 100, 64, (24, 48)), dark),
        Shape(
            smooth(
                [(-240, -210), (-240, -210), (-120, -330), (0, -380), (120, -330), (240, -210), (240, -210)],
                steps=6,
            ),
            c,
        ),
        Shape(rectangle(-200, -210, 200, 330), (255, 222, 130)),
        Shape(oval(0, 80, 150, 190), (255, 240, 190)),
        Shape(flame, (232, 128, 40)),
        Shape(smooth([(0, 20), (0, 20), (34, 110), (0, 170), (-34, 110)]), (255, 246, 214)),
        *(Shape(rectangle(x - 20, -210, x + 20, 330), dark) for x in (-190, 190)),
        Shape(rectangle(-260, -230, 260, -170), dark),
        Shape(rectangle(-260, 310, 260, 380), dark),
        Shape(((-300, 380), (300, 380), (260, 450), (-260, 450)), c),
    ]
