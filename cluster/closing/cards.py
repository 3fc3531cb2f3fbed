"""What the report's template is given of made things: cards on walls, faces of the cast. Values only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .ancestry import Ancestry

_LINKED = re.compile(r"artifacts/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}\Z")


@dataclass(frozen=True)
class Card:
    """One made thing. `picture` and `sound` are data: URIs or "", `words` are those of a letter or song.

    `note` says why something that should be here is not. `copied`: the sound is a smaller copy of the file's.
    `drawn`: the picture is drawn here, `coarse`: it is made of few large pixels. `rests_on` is its line back, as pairs
    of what and which, `ancestry` the same as a drawing, `signed` what its credential says.
    """

    digest: str
    path: str
    title: str
    media_type: str
    size: int
    maker: str
    agent: str
    hue: int
    time: str
    model: str
    credential: str
    holds: bool
    picture: str
    drawn: bool
    coarse: bool
    sound: str
    copied: bool
    words: str
    note: str
    met: str
    rests_on: tuple[tuple[str, str], ...]
    prompt: str
    ancestry: Ancestry | None
    signed: tuple[tuple[str, str], ...]

    @property
    def link(self) -> bool:
        """Whether the path is one that a page beside the run's files may link to."""
        return is_linked(self.path)


def is_linked(path: str) -> bool:
    """Whether a path is one that a page beside the run's files may link to."""
    return bool(_LINKED.match(path))


class Face(NamedTuple):
    """Somebody's portrait: a data: URI or "", where its file is, and what painted it."""

    picture: str
    path: str
    model: str

    @property
    def link(self) -> bool:
        """Whether the page may link to the file."""
        return is_linked(self.path)


@dataclass(frozen=True)
class Wall:
    """All cards of one craft, with how many there are beyond those shown."""

    craft: str
    layout: str
    heading: str
    cards: tuple[Card, ...]
    total: int
