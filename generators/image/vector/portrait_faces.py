"""Heads of portraits for training: face, eyes, brows, mouth, what age leaves. Hair and clothes stand elsewhere."""

from __future__ import annotations

from .pen import box, dome, line, oval, pair
from .program import Item
from .sitter import Sitter


def neck(s: Sitter) -> list[Item]:
    """Neck, its base as the neckline, and the chin's shade."""
    wide = 4 if s.child else 5 if s.woman else 6
    right = 32 + wide
    return [
        dome("skin", (32, 40), (right, 42), (right, 48), (right + 1, 52), (32, 55)),
        dome("skin.shade", (32, 43), (right, 43), (right, 47), (32, s.chin + 5)),
    ]


def head(s: Sitter) -> list[Item]:
    """Ears and face with warm cheeks."""
    right = 32 + s.cheek
    ear = right + 1
    face = dome(
        "skin",
        (32, s.top),
        (right, s.top),
        (right + 1, s.eyes),
        (right, s.eyes + 7),
        (32 + s.jaw, s.chin - 1),
        (32, s.chin + 1),
    )
    items: list[Item] = [
        oval("skin", ear, s.eyes + 2, 2, 4, twin=True),
        oval("skin.shade", ear, s.eyes + 2, 1, 2, twin=True),
        face,
    ]
    if s.child or s.woman or s.mood == "merry":
        items.append(oval("skin.blush", 32 + s.cheek - 4, s.eyes + 6, 3, 2, twin=True))
    return items


def eyes(s: Sitter) -> list[Item]:
    """Both eyes; the mood opens or half closes them."""
    size = 10 if s.child else 9
    at = (32 + (6 if s.child else 5), s.eyes, size)
    lash = "line" if s.woman or s.child else "hair.shade"
    thick = 20 if s.woman else 14
    if s.mood == "merry" and s.draws.pick((False, False, True)):
        return [pair(*at, line("line", 24, (6, 42), (18, 18), (46, 18), (58, 42)))]
    round_ = {"merry": 18, "calm": 18, "proud": 16, "sad": 19, "anxious": 20}[s.mood]
    iris = 13 if s.mood == "anxious" else 15
    lid = {"merry": 16, "calm": 20, "proud": 26, "sad": 20, "anxious": 12}[s.mood]
    inner, outer = {"sad": (lid - 4, lid + 10), "proud": (lid, lid)}.get(s.mood, (lid, lid + 2))
    parts = [
        oval("eyewhite", 32, 34, 25, round_),
        oval("eye", 32, 34, iris, iris),
        oval("line", 32, 34, 7, 8),
        oval("spark", 27, 28, 4, 5),
        line("skin.shade", 36, (6, inner + 2), (22, lid - 6), (44, lid - 6), (60, outer + 2)),
        line(lash, thick, (3, inner + 10), (18, lid), (46, lid), (61, outer + 8)),
    ]
    return [pair(*at, *parts)]


def brows(s: Sitter) -> list[Item]:
    """Brows, which tell the mood with the mouth."""
    y, x = s.eyes, 33 if s.child else 34
    rise = {
        "merry": (-6, -9, -6),
        "calm": (-6, -8, -6),
        "proud": (-7, -9, -7),
        "sad": (-8, -7, -4),
        "anxious": (-9, -9, -5),
    }
    inner, middle, outer = rise[s.mood]
    width = 4 if s.child else 5 if s.woman else 8 if s.age == "old" else 7
    reach = x + 8
    return [line("hair.shade", width, (x, y + inner), (x + 4, y + middle), (reach, y + outer), twin=True)]


def nose(s: Sitter) -> list[Item]:
    """A nose: a button, a hook or a bulb."""
    y, dark = s.mouth - 4, "skin.line"
    if s.child:
        return [oval("skin.shade", 32, y, 2, 1)]
    match s.draws.pick(("button", "hook", "bulb")):
        case "button":
            return [line(dark, 3, (30, y - 1), (32, y + 1), (34, y - 1))]
        case "hook":
            return [line(dark, 3, (33, s.eyes), (36, y + 1), (31, y + 1))]
        case _:
            return [oval("skin.shade", 32, y - 1, 3, 2)]


def mouth(s: Sitter) -> list[Item]:
    """The mouth of the mood; in a beard it shows by its lips."""
    y = s.mouth
    paint, width = ("lip", 5) if s.woman or s.bearded else ("skin.line", 4)
    match s.mood:
        case "merry":
            if s.draws.pick((True, False)):
                return [
                    dome("mouth", (39, y - 2), (39, y - 2), (37, y + 4), (32, y + 5)),
                    box("spark", 28, y - 2, 8, 2),
                ]
            items = [line(paint, width, (25, y - 2), (32, y + 6), (39, y - 2))]
        case "calm":
            items = [line(paint, width, (28, y), (32, y + 2), (36, y))]
        case "proud":
            items = [line(paint, width, (28, y + 1), (34, y + 2), (38, y - 3))]
        case "sad":
            items = [line(paint, width, (27, y + 3), (32, y - 3), (37, y + 3))]
            if s.draws.pick((False, False, True)):
                items.append(oval("tear", 38, s.eyes + 7, 1, 2))
        case _:
            if s.draws.pick((True, False)):
                items = [line(paint, width, (26, y + 1), (29, y - 3), (32, y + 4), (35, y - 3), (38, y + 1))]
            else:
                items = [oval("mouth", 32, y + 1, 3, 2), line(paint, 3, (29, y), (32, y - 2), (35, y))]
    return [*items]


def traces(s: Sitter) -> list[Item]:
    """What the years left: freckles, crow's feet, folds, furrows."""
    dark, x, y = "skin.shade", 32 + s.cheek, s.eyes
    if s.child:
        if s.draws.pick((True, False)):
            return []
        spots = [oval(dark, 32 + dx, y + dy, 1, 1, twin=True) for dx, dy in ((6, 5), (9, 6))]
        return [*spots]
    if s.age in ("young", "grown"):
        return []
    fold = line(dark, 3, (35, s.mouth - 4), (39, s.mouth - 2), (39, s.mouth + 1), twin=True)
    foot = line(dark, 3, (x - 1, y), (x + 1, y - 1), twin=True)
    if s.age == "ripe":
        return [fold, foot]
    furrows = [line(dark, 3, (26, y - 11), (32, y - 12), (38, y - 11))]
    bag = line(dark, 3, (34, y + 5), (37, y + 6), (41, y + 4), twin=True)
    return [fold, foot, bag, *furrows]
