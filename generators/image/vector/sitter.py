"""Who sits for a portrait: what was asked and what follows from it for every part. Draws no shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worldloom.generators.sequence.draws import Draws

from .palette import SKINS

COLOURED = ("raven", "brown", "chestnut", "red", "blond")
_HAIR_OF_AGE = {
    "child": COLOURED,
    "young": COLOURED,
    "grown": COLOURED,
    "ripe": (*COLOURED, "grey"),
    "old": ("grey", "white"),
}
_FAIR = {"red": 3, "blond": 4}


def hair_of(age: str) -> tuple[str, ...]:
    """Return the hair colours that an age may have."""
    return _HAIR_OF_AGE[age]


@dataclass(frozen=True)
class Sitter:
    """A person as the parts see them; places are those of the picture's grid."""

    age: str
    sex: str
    job: str
    mood: str
    hair: str
    skin: str
    eye: str
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
    def eyes(self) -> int:
        """Height of the eyes."""
        return self.top + (19 if self.child else 17)

    @property
    def mouth(self) -> int:
        """Height of the mouth."""
        return self.eyes + (8 if self.child else 10)

    @property
    def paint(self) -> str:
        """Paint of the hair."""
        return f"hair.{self.hair}"

    @property
    def brow(self) -> str:
        """Paint of brows and lashes."""
        return "hair.grey.shade" if self.hair in ("grey", "white") else f"{self.paint}.shade"


def sit(wanted: Mapping[str, str], draws: Draws) -> Sitter:
    """Return a sitter of the attributes; skin, eyes and the shape of the head are drawn."""
    child, woman = wanted["age"] == "child", wanted["sex"] == "woman"
    skins = tuple(SKINS)[: _FAIR.get(wanted["hair"], len(SKINS))]
    skin = draws.pick(skins)
    fair = skin in ("skin1", "skin2", "skin3")
    eye = draws.pick(("eye.blue", "eye.green", "eye.brown") if fair else ("eye.brown", "eye.dark"))
    build = draws.pick((0, 1, 2))
    jaw = (9, 10, 11)[build] if child else (6, 7, 8)[build] if woman else (8, 9, 10)[build]
    return Sitter(
        **dict(wanted),
        skin=skin,
        eye=eye,
        top=18 if child else 13,
        chin=46,
        cheek=13 if child else (11, 12, 12)[build],
        jaw=jaw,
        shoulder=15 if child else (19 if woman else 22) + build - (wanted["age"] == "old"),
        draws=draws,
    )
