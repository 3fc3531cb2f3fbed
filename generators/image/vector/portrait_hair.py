"""Hair and beards of portraits for training, behind the head and before it. Hats stand elsewhere."""

from __future__ import annotations

from .pen import blob, box, dome, line, oval, pair
from .program import Item
from .sitter import Sitter


def behind(s: Sitter) -> list[Item]:
    """What falls behind the head and shoulders."""
    t, x, paint, style = s.top, 32 + s.cheek, "hair", s.plan["style"]
    match style:
        case "long":
            shape = dome(
                paint, (32, t - 4), (x + 2, t - 4), (x + 5, 30), (x + 6, 48), (x + 3, 57), (x - 4, 57), (32, 50)
            )
        case "waves":
            shape = dome(
                paint,
                (32, t - 4),
                (x + 3, t - 5),
                (x + 6, 24),
                (x + 3, 32),
                (x + 9, 40),
                (x + 5, 52),
                (x - 4, 54),
                (32, 48),
            )
        case "bob":
            shape = dome(
                paint, (32, t - 4), (x + 3, t - 4), (x + 5, t + 16), (x + 5, s.chin - 1), (x - 2, s.chin + 1), (32, 40)
            )
        case _:
            return []
    return [shape]


def before(s: Sitter) -> list[Item]:
    """What frames the face, under a hat if there is one."""
    t, x, paint, style = s.top, 32 + s.cheek, "hair", s.plan["style"]
    side = ((x - 6, t - 6), (x + 1, t - 2), (x + 3, t + 10), (x + 1, t + 14), (x + 1, t + 14), (x - 3, t + 6))
    crown = dome(paint, (32, t - 5), *side, (32, t + 5))
    lock = ((x - 1, t - 4), (x + 4, t + 8), (x + 3, t + 21), (x + 1, t + 21), (x - 2, t + 9))
    curtain = blob(paint, (32, t - 3), *lock, (35, t + 3), (32, t + 2), twin=True)
    match style:
        case "bald":
            items: list[Item] = [
                oval(paint, x + 1, s.eyes - 2, 2, 5, twin=True),
                oval("skin.blush", 28, t + 3, 2, 1),
            ]
        case "crop":
            items = [crown]
        case "side":
            items = [
                crown,
                blob(paint, (28, t - 5), (x - 1, t - 7), (x + 2, t + 7), (36, t + 8), (27, t + 3)),
                line("hair.shade", 3, (28, t + 1), (35, t + 3), (x - 1, t + 2)),
            ]
        case "curls":
            items = [
                oval(paint, x, t + 7, 4, 5, twin=True),
                oval(paint, x - 2, t + 1, 5, 5, twin=True),
                oval(paint, 37, t - 1, 5, 5, twin=True),
                oval(paint, 32, t + 1, 5, 5),
            ]
        case "long" | "waves":
            items = [curtain, line("hair.shade", 3, (x - 6, t), (x, t + 7), (x + 1, t + 18), twin=True)]
        case "bob":
            items = [
                dome(
                    paint,
                    (32, t - 4),
                    (x + 1, t - 4),
                    (x + 4, t + 10),
                    (x + 3, t + 22),
                    (x + 1, t + 22),
                    (x - 1, t + 9),
                    (x - 3, t + 8),
                    (32, t + 9),
                ),
                line("hair.shade", 3, (38, t + 1), (37, t + 8), twin=True),
            ]
        case "bun" | "wisps":
            low = style == "wisps"
            knot = oval(paint, 32, t - 5, 6, 5) if not low else oval(paint, x + 3, t + 22, 4, 4, twin=True)
            items = (
                [knot, curtain] if low else [knot, crown, line("hair.shade", 3, (28, t - 6), (32, t - 3), (36, t - 6))]
            )
        case "plaits":
            plait = [oval(paint, 32, y, 13 - y // 12, 10) for y in (12, 28, 44)]
            items = [
                curtain,
                pair(x + 3, s.chin + 1, 18, *plait, box("wine", 24, 50, 16, 5), oval(paint, 32, 59, 7, 4)),
            ]
        case "bunches":
            items = [
                curtain,
                oval(paint, x + 6, t + 12, 5, 7, twin=True),
                oval("brick", x + 3, t + 6, 2, 2, twin=True),
            ]
        case _:
            items = [crown, blob(paint, (28, t - 1), (30, t - 7), (38, t - 8), (35, t - 4), (37, t - 1), (34, t + 1))]
    return items


def beard(s: Sitter) -> list[Item]:
    """The beard or moustache that was planned, or none."""
    x, y, paint = 32 + s.cheek, s.mouth, "hair"
    tache = blob(paint, (32, y - 3), (36, y - 4), (40, y), (36, y), (32, y - 1), twin=True)
    match s.plan["beard"]:
        case "none":
            return []
        case "full":
            items: list[Item] = [
                dome(paint, (32, y - 3), (38, y - 4), (x, s.eyes + 3), (x + 1, y + 2), (32 + s.jaw + 1, 53), (32, 55)),
                tache,
            ]
        case "short":
            items = [
                dome(
                    paint, (32, y), (38, y - 2), (x, s.eyes + 4), (x + 1, y), (32 + s.jaw, s.chin + 1), (32, s.chin + 3)
                ),
                tache,
            ]
        case "tache":
            items = [tache]
        case _:
            items = [
                blob(paint, (32, y - 4), (37, y - 5), (43, y + 3), (39, y + 4), (36, y - 1), (32, y - 1), twin=True)
            ]
    return items
