"""Hats of portraits for training, one or two a job. Hair under them stands elsewhere."""

from __future__ import annotations

from .pen import blob, clip, dome, line, oval
from .program import Item, Prim
from .sitter import Sitter


def hat(s: Sitter) -> list[Item]:
    """Draw the hat that was planned, or none."""
    name = s.plan["hat"]
    return _DRAWN[name](s) if name != "none" else []


def _cap(paint: str, x: int, low: int, high: int) -> Prim:
    """Return a round cap from its crown to its rim."""
    return dome(paint, (32, high), (x - 2, high), (x + 2, low - 3), (x + 2, low), (x + 2, low), (32, low - 2))


def _beanie(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("navy", "brick", "teal"))
    fold = dome(f"{paint}.light", (x + 2, t + 2), (x + 3, t + 2), (x + 3, t + 8), (x + 2, t + 8), (32, t + 6))
    ribs = [line(f"{paint}.shade", 2, (32 + d, t + 2), (32 + d, t + 6), twin=True) for d in (4, 9)]
    return [_cap(paint, x, t + 5, t - 6), fold, *ribs]


def _souwester(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    return [
        dome("oilskin", (32, t + 2), (x + 2, t + 1), (x + 7, t + 11), (x + 5, t + 13), (x - 2, t + 8), (32, t + 8)),
        _cap("oilskin", x - 1, t + 5, t - 7),
        line("oilskin.shade", 4, (32 - s.cheek, t + 4), (32, t + 2), (x, t + 4)),
        line("oilskin.light", 5, (24, t), (26, t - 4), (30, t - 5)),
    ]


def _toque(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    return [
        oval("linen", 42, t - 4, 6, 6, twin=True),
        oval("linen", 32, t - 6, 8, 6),
        dome("linen", (x - 1, t - 3), (x - 1, t - 3), (x, t + 6), (x, t + 6), (32, t + 5)),
        line("linen.shade", 3, (37, t - 1), (38, t - 5), twin=True),
        line("linen.shade", 3, (32 - s.cheek, t + 1), (32, t - 1), (x, t + 1)),
    ]


def _mob(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    ribbon = s.draws.pick(("wine", "moss", "navy"))
    return [
        dome("linen", (32, t - 8), (x + 1, t - 8), (x + 6, t + 3), (x + 1, t + 6), (32, t + 3)),
        dome("linen", (x + 1, t + 4), (x + 5, t + 7), (x + 1, t + 9), (x - 4, t + 6), (32, t + 6)),
        line(ribbon, 8, (32 - s.cheek, t + 5), (32, t + 2), (x, t + 5)),
    ]


def _bandana(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("brick", "navy"))
    return [
        blob(paint, (x, t + 5), (x + 8, t + 3), (x + 6, t + 10), (x + 1, t + 8)),
        dome(paint, (32, t - 4), (x, t - 4), (x + 3, t + 5), (x + 2, t + 9), (x + 2, t + 9), (32, t + 5)),
        *(oval("linen", 32 + dx, t + dy, 1, 1, twin=True) for dx, dy in ((3, 2), (8, 3), (6, -1))),
    ]


def _beret(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("plum", "wine", "forest"))
    return [
        blob(paint, (32 - s.cheek - 4, t + 5), (20, t - 6), (42, t - 7), (x + 10, t + 2), (x + 6, t + 7), (32, t + 4)),
        line(f"{paint}.shade", 7, (32 - s.cheek - 1, t + 6), (32, t + 3), (x + 2, t + 6)),
        blob("linen", (42, t + 1), (44, t - 9), (53, t - 9), (53, t - 9), (49, t - 3)),
        oval("gold", 42, t + 2, 2, 2),
    ]


def _pompom(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("teal", "rust", "wine"))
    return [
        oval("fleece", 32, t - 7, 4, 4),
        clip(
            _cap(paint, x, t + 6, t - 6),
            line("linen", 8, (20, t), (32, t - 3), (44, t)),
            line("linen", 4, (18, t - 3), (32, t - 7), (46, t - 3)),
        ),
        dome("fleece", (x + 2, t + 3), (x + 3, t + 3), (x + 3, t + 8), (x + 2, t + 8), (32, t + 6)),
    ]


def _skullcap(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("wine", "coal"))
    return [
        dome(paint, (32, t - 5), (x - 4, t - 5), (x, t + 3), (x, t + 3), (32, t + 1)),
        line("gold", 3, (34 - s.cheek, t + 2), (32, t), (x - 2, t + 2)),
    ]


def _flatcap(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("felt", "slate", "moss"))
    return [
        dome(paint, (32, t - 5), (x, t - 5), (x + 6, t + 4), (x + 2, t + 6), (32, t + 4)),
        blob(f"{paint}.shade", (20, t + 5), (32, t + 2), (44, t + 5), (44, t + 8), (32, t + 6), (20, t + 8)),
        line(f"{paint}.shade", 2, (32, t - 3), (39, t - 2), (42, t + 2), twin=True),
    ]


def _straw(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    band = s.draws.pick(("brick", "forest", "navy"))
    return [
        dome("straw", (32, t + 1), (x + 2, t), (x + 13, t + 4), (x + 13, t + 7), (x, t + 8), (32, t + 8)),
        clip(
            dome("straw", (32, t - 8), (x - 4, t - 8), (x - 1, t + 5), (x - 1, t + 5), (32, t + 4)),
            line(band, 12, (18, t + 3), (32, t + 2), (46, t + 3)),
        ),
        line("straw.shade", 3, (16, t + 6), (32, t + 5), (48, t + 6)),
    ]


def _wrap(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    return [
        dome(
            "linen",
            (32, t - 6),
            (x + 1, t - 6),
            (x + 4, t + 7),
            (x + 2, t + 11),
            (x + 2, t + 11),
            (x - 4, t + 6),
            (32, t + 3),
        ),
        line("linen.shade", 3, (32, t + 1), (38, t - 1), (x + 2, t + 6), twin=True),
        blob("forest", (32, t + 1), (37, t - 4), (40, t - 4), (38, t)),
        blob("moss", (32, t + 1), (30, t - 5), (33, t - 6), (34, t - 2)),
    ]


def _kerchief(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("wine", "rust", "slate"))
    return [
        dome(paint, (32, t - 4), (x, t - 4), (x + 3, t + 5), (x + 1, t + 10), (x + 1, t + 10), (32, t + 4)),
        blob(paint, (32, t - 4), (38, t - 9), (40, t - 6), (37, t - 3), twin=True),
        oval(f"{paint}.shade", 32, t - 4, 2, 2),
        *(oval("linen", 32 + dx, t + dy, 1, 1, twin=True) for dx, dy in ((4, 2), (9, 4))),
    ]


def _dusty(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    return [
        blob("cream", (18, t + 5), (17, t - 5), (34, t - 9), (52, t - 4), (53, t + 5), (46, t + 7), (32, t + 4)),
        line("cream.shade", 7, (32 - s.cheek - 1, t + 6), (32, t + 3), (x + 1, t + 6)),
        line("cream.shade", 3, (40, t - 4), (45, t - 1), (46, t + 2)),
    ]


def _felt(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("felt", "moss"))
    return [
        blob(paint, (16, t + 9), (6, t + 6), (14, t), (32, t + 2), (50, t), (58, t + 4), (48, t + 9), (32, t + 6)),
        dome(paint, (32, t - 6), (x - 4, t - 9), (x - 1, t + 5), (x - 1, t + 5), (32, t + 4)),
        line(f"{paint}.shade", 9, (21, t + 3), (32, t + 1), (43, t + 3)),
        blob("linen", (43, t + 3), (45, t - 5), (49, t - 8), (47, t - 1)),
    ]


def _hood(s: Sitter) -> list[Item]:
    t, x = s.top, 32 + s.cheek
    paint = s.draws.pick(("felt", "slate"))
    edge = (
        (32, t - 8),
        (x + 4, t - 7),
        (x + 9, 28),
        (x + 5, 50),
        (x - 3, 52),
        (x + 1, s.eyes + 6),
        (x + 1, t + 6),
        (32, t + 1),
    )
    return [dome(paint, *edge), line(f"{paint}.light", 4, (32, t), (x + 2, t + 2), (x + 4, 30), (x + 1, 44), twin=True)]


def _ribbon(s: Sitter) -> list[Item]:
    t = s.top
    paint = s.draws.pick(("brick", "sky", "plum"))
    return [
        blob(paint, (39, t - 1), (46, t - 7), (48, t - 1), (46, t + 3)),
        blob(paint, (39, t - 1), (33, t - 7), (31, t - 2), (33, t + 2)),
        oval(f"{paint}.shade", 39, t - 1, 2, 2),
    ]


_DRAWN = {
    "beanie": _beanie,
    "souwester": _souwester,
    "toque": _toque,
    "mob": _mob,
    "bandana": _bandana,
    "beret": _beret,
    "pompom": _pompom,
    "skullcap": _skullcap,
    "flatcap": _flatcap,
    "straw": _straw,
    "wrap": _wrap,
    "kerchief": _kerchief,
    "dusty": _dusty,
    "felt": _felt,
    "hood": _hood,
    "ribbon": _ribbon,
}
