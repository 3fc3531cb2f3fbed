"""Reads a portrait back: age, sex, job, mood and hair from what is drawn. No model, no taste."""

from __future__ import annotations

from .palette import HAIRS
from .program import Group, Item, Name, Prim, Program, flat

_JOBS = {
    "garb:sweater": ("fisher",),
    "garb:oilskin": ("fisher",),
    "garb:baker": ("baker",),
    "garb:waistcoat": ("innkeeper",),
    "garb:apron": ("smith",),
    "garb:coat": ("trader",),
    "garb:stripes": ("netmaker",),
    "garb:cassock": ("priest",),
    "garb:shirt": ("carpenter",),
    "garb:dungarees": ("farmer",),
    "garb:cloak": ("healer",),
    "garb:bow": ("teacher",),
    "garb:smock": ("fish smoker", "miller"),
    "garb:fleece": ("shepherd",),
    "garb:tunic": ("child",),
}
_HATS = {
    "fisher": ("beanie", "souwester"),
    "baker": ("toque",),
    "innkeeper": ("mob", ""),
    "smith": ("bandana",),
    "trader": ("beret",),
    "netmaker": ("pompom",),
    "priest": ("skullcap",),
    "carpenter": ("flatcap",),
    "farmer": ("straw",),
    "healer": ("wrap",),
    "teacher": ("ribbon", ""),
    "fish smoker": ("kerchief",),
    "miller": ("dusty",),
    "shepherd": ("felt", "hood"),
    "child": ("ribbon", ""),
}
_BROWS = {
    "merry": (-6, -9, -6),
    "calm": (-6, -8, -6),
    "proud": (-7, -9, -7),
    "sad": (-8, -7, -4),
    "anxious": (-9, -9, -5),
}
_OFF = 2
"""Places by which the three points of a brow may miss a mood's, together."""
_GIRLS = ("bunches", "plaits", "bob")


def read_portrait(program: Program) -> dict[str, frozenset[str]]:
    """Return what a portrait shows; an attribute that cannot be told is absent."""
    parts = _parts(program.items)
    eyes = next(item for item in program.items if isinstance(item, Group) and _is_eyes(item))
    child = eyes.places[1] >= 34
    found = {
        "age": _age(parts, child=child),
        "sex": _sex(parts, child=child),
        "job": _job(parts),
        "mood": _mood(parts, eyes.places[1]),
        "hair": _hair(program),
    }
    return {slot: words for slot, words in found.items() if words}


def _parts(items: tuple[Item, ...]) -> dict[str, list[Prim]]:
    """Return the shapes after each name, groups and clips opened."""
    found: dict[str, list[Prim]] = {}
    name = ""
    for item in flat(items):
        if isinstance(item, Name):
            name = item.word
            found.setdefault(name, [])
        else:
            found.setdefault(name, []).append(item)
    return found


def _is_eyes(group: Group) -> bool:
    return group.op == "GM" and 8 <= group.places[2] <= 12 and group.places[1] < 45


def _of(parts: dict[str, list[Prim]], start: str) -> list[str]:
    return [name.removeprefix(start) for name in parts if name.startswith(start)]


def _age(parts: dict[str, list[Prim]], *, child: bool) -> frozenset[str]:
    if child:
        return frozenset(("child",))
    traces = parts.get("part:age", [])
    if not traces:
        return frozenset(("grown",) if _of(parts, "beard:") else ("young", "grown"))
    lines = [prim for prim in traces if prim.op in ("L3", "L3m", "L2m")]
    if any(prim.op == "L3" for prim in lines):
        return frozenset(("old",))
    return frozenset(("ripe",)) if lines else frozenset()


def _sex(parts: dict[str, list[Prim]], *, child: bool) -> frozenset[str]:
    styles = _of(parts, "hair:")
    if child:
        return frozenset(("woman" if styles[0] in _GIRLS else "man",))
    brow = parts["part:brow"][0].numbers[0] if parts.get("part:brow") else 6
    return frozenset(("woman" if brow <= 5 else "man",)) if not (brow <= 5 and _of(parts, "beard:")) else frozenset()


def _job(parts: dict[str, list[Prim]]) -> frozenset[str]:
    garbs, hats = _of(parts, "garb:"), _of(parts, "hat:") or [""]
    if len(garbs) != 1 or len(hats) != 1:
        return frozenset()
    jobs = _JOBS.get(f"garb:{garbs[0]}", ())
    if len(jobs) > 1:
        cloth = parts[f"garb:{garbs[0]}"][0].paint
        jobs = ("miller",) if cloth == "cream" else ("fish smoker",)
    return frozenset(job for job in jobs if hats[0] in _HATS[job])


def _mood(parts: dict[str, list[Prim]], eyes: int) -> frozenset[str]:
    mood = _mouth(parts.get("part:mouth", []))
    brow = parts.get("part:brow", [])
    if not mood or not brow or brow[0].op != "L3m":
        return frozenset()
    heights = (brow[0].numbers[place] - eyes for place in (2, 4, 6))
    off = sum(abs(height - wanted) for height, wanted in zip(heights, _BROWS[mood], strict=True))
    return frozenset((mood,)) if off <= _OFF else frozenset()


def _mouth(shapes: list[Prim]) -> str:
    if not shapes:
        return ""
    first = shapes[0]
    if first.op == "U4":
        return "merry"
    if first.op == "L5" or (first.op == "O" and first.paint == "mouth"):
        return "anxious"
    if first.op != "L3":
        return ""
    left, middle, right = first.numbers[2], first.numbers[4], first.numbers[6]
    if left - right >= 3:
        return "proud"
    return "sad" if middle < left else "merry" if middle - left >= 5 else "calm"


def _hair(program: Program) -> frozenset[str]:
    words = {
        prim.paint.split(".")[1]
        for prim in program.prims()
        if prim.paint.startswith("hair.") and prim.paint.count(".") == 1
    }
    return frozenset(words) if len(words) == 1 and words <= set(HAIRS) else frozenset()


def patched(program: Program) -> bool:
    """Whether a portrait's skin has more than one tone."""
    skins = {prim.paint.partition(".")[0] for prim in program.prims() if prim.paint.startswith("skin")}
    return len(skins) > 1
