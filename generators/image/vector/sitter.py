"""Who sits for a portrait: what was asked, what was planned, and what follows for every part. Draws no shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worldloom.generators.sequence.draws import Draws

from .palette import SKINS
from .vocabulary import BEARDS, PLANS

COLOURED = ("raven", "brown", "chestnut", "red", "blond")
_HAIR_OF_AGE = {
    "child": COLOURED,
    "young": COLOURED,
    "grown": COLOURED,
    "ripe": (*COLOURED, "grey"),
    "old": ("grey", "white"),
}
_FAIR = {"red": 3, "blond": 4}
_HATS = {
    "fisher": ("beanie", "souwester"),
    "baker": ("toque",),
    "smith": ("bandana",),
    "trader": ("beret",),
    "netmaker": ("pompom",),
    "priest": ("skullcap",),
    "carpenter": ("flatcap",),
    "farmer": ("straw",),
    "healer": ("wrap",),
    "fish smoker": ("kerchief",),
    "miller": ("dusty",),
    "shepherd": ("felt", "hood"),
}
_GARBS = {
    "fisher": ("sweater", "oilskin"),
    "baker": ("baker",),
    "innkeeper": ("waistcoat",),
    "smith": ("apron",),
    "trader": ("coat",),
    "netmaker": ("stripes",),
    "priest": ("cassock",),
    "carpenter": ("shirt",),
    "farmer": ("dungarees",),
    "healer": ("cloak",),
    "teacher": ("bow",),
    "fish smoker": ("smock",),
    "miller": ("dusted",),
    "shepherd": ("fleece",),
    "child": ("tunic",),
}
_UNDER_HAT = {"woman": ("long", "plaits", "bob", "waves"), "man": ("crop",)}


def hair_of(age: str) -> tuple[str, ...]:
    """Return the hair colours that an age may have."""
    return _HAIR_OF_AGE[age]


def garbs_of(job: str) -> tuple[str, ...]:
    """Return what people of a job wear."""
    return _GARBS[job]


def hats_of(job: str, sex: str) -> tuple[str, ...]:
    """Return the hats of a job; `none` is one of them."""
    if job == "innkeeper":
        return ("mob",) if sex == "woman" else ("none",)
    if job in ("teacher", "child"):
        return ("ribbon", "none") if sex == "woman" else ("none",)
    return _HATS[job]


@dataclass(frozen=True)
class Sitter:
    """A person as the parts see them; places are those of the picture's grid."""

    age: str
    sex: str
    job: str
    mood: str
    plan: Mapping[str, str]
    top: int
    chin: int
    cheek: int
    jaw: int
    shoulder: int
    draws: Draws

    @property
    def woman(self) -> bool:
        """Whether they are a woman or a girl."""
        return self.sex == "woman"

    @property
    def child(self) -> bool:
        """Whether they are a child."""
        return self.age == "child"

    @property
    def bearded(self) -> bool:
        """Whether they have a beard or a moustache."""
        return self.plan["beard"] != "none"

    @property
    def eyes(self) -> int:
        """Height of the eyes."""
        return self.top + (19 if self.child else 17)

    @property
    def mouth(self) -> int:
        """Height of the mouth."""
        return self.eyes + (8 if self.child else 10)


def sit(wanted: Mapping[str, str], draws: Draws) -> Sitter:
    """Return a sitter of the attributes; the plan is drawn."""
    child, woman = wanted["age"] == "child", wanted["sex"] == "woman"
    plan = _plan(wanted, draws)
    build = PLANS["portrait"]["build"].index(plan["build"])
    return Sitter(
        age=wanted["age"],
        sex=wanted["sex"],
        job=wanted["job"],
        mood=wanted["mood"],
        plan=plan,
        top=18 if child else 13,
        chin=46,
        cheek=13 if child else (11, 12, 12)[build],
        jaw=(9, 10, 11)[build] if child else (6, 7, 8)[build] if woman else (8, 9, 10)[build],
        shoulder=15 if child else (19 if woman else 22) + build - (wanted["age"] == "old"),
        draws=draws,
    )


def _plan(wanted: Mapping[str, str], draws: Draws) -> dict[str, str]:
    skin = draws.pick(tuple(SKINS)[: _FAIR.get(wanted["hair"], len(SKINS))])
    fair = skin in ("skin1", "skin2", "skin3")
    plan = {
        "skin": skin,
        "eye": draws.pick(("blue", "green", "brown") if fair else ("brown", "dark")),
        "build": draws.pick(PLANS["portrait"]["build"]),
        "garb": draws.pick(garbs_of(wanted["job"])),
        "hat": draws.pick(hats_of(wanted["job"], wanted["sex"])),
    }
    plan["style"] = _style(wanted, draws, covered=plan["hat"] not in ("none", "ribbon"))
    shaven = wanted["sex"] == "woman" or wanted["age"] in ("child", "young")
    plan["beard"] = "none" if shaven else draws.pick(BEARDS)
    plan["scene"] = draws.pick(PLANS["portrait"]["scene"])
    return plan | {"back": draws.pick(PLANS["portrait"]["back"])}


def _style(wanted: Mapping[str, str], draws: Draws, *, covered: bool) -> str:
    """Draw a style of hair that suits the sitter, under a hat or not."""
    age, woman = wanted["age"], wanted["sex"] == "woman"
    if age == "child":
        return draws.pick(("bunches", "plaits", "bob") if woman else ("tuft", "side", "curls"))
    if covered:
        return draws.pick(_UNDER_HAT[wanted["sex"]])
    if woman:
        return draws.pick(("bun", "bob", "wisps") if age == "old" else ("long", "bun", "plaits", "bob", "waves"))
    return draws.pick(("bald", "crop", "side") if age in ("ripe", "old") else ("crop", "side", "curls"))
