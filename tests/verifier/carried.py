"""What a reader of a container hands on: the manifest store and where it lay. Reads no format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .result import MalformedError
from .zips import Archive


class TopBox(NamedTuple):
    """A box at the top of an ISO base media file: its type, where it starts and ends."""

    kind: bytes
    start: int
    end: int


@dataclass(frozen=True)
class Carried:
    """A store and where it lay: `span` (start, length) is what a data hash must leave out, if any.

    `archive` is the ZIP that it lay in, `boxes` are those of the ISO base media file.
    """

    store: bytes
    span: tuple[int, int] | None = None
    archive: Archive | None = None
    boxes: tuple[TopBox, ...] = ()


def only(found: list[Carried], what: str) -> Carried:
    """The single hit; MalformedError when nothing or more than one thing was found."""
    if len(found) != 1:
        raise MalformedError(f"{len(found)} {what}, expected exactly one")
    return found[0]
