"""Finds the artifact that a file was made from, in any number of runs: by its bytes, else by likeness. Audits nothing.

An answer says where the log of a run has the thing. Whether that run is whole and who signed it says the audit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from worldloom.provenance.audit.payload import payload_candidates
from worldloom.provenance.digests import file_digest

from .asking import Asked, ask
from .index import RunIndex, open_index
from .looking import look
from .made import Made
from .near import NO_CHANCE, Chance, chance, distances
from .thresholds import REACH

FILE, PAYLOAD, LIKENESS = "file", "payload", "likeness"
"""How a thing was found: the very bytes, the bytes without the credential, or by looks, sound or words."""

_MOST_LOOKS = 24
_MOST_SHOWN = 5
_CARRIERS = ("image/png", "image/svg+xml", "audio/wav", "image/webp", "audio/mpeg", "audio/flac")


@dataclass(frozen=True)
class Found:
    """One artifact of a run: `how` it was found, by which family of codes, at which distance in bits of 256.

    `alike` is what the closer look said in per mille, -1 where the stored file is gone; both are 0 and 1000 for the
    same bytes. `chance` says how often different things of these runs lie as near.
    """

    run: Path
    made: Made
    how: str
    family: str = ""
    distance: int = 0
    alike: int = 1000
    chance: Chance = NO_CHANCE


@dataclass(frozen=True)
class Recovery:
    """What was found for one file, best first; `searched` artifacts and exports of `runs` were looked at."""

    kind: str
    digest: str
    why: str
    runs: int
    searched: int
    found: tuple[Found, ...] = ()


def recover(data: bytes, runs: Sequence[Path], cache: Path | None = None) -> Recovery:
    """Look a file up in runs, folders or zips: bad bytes find nothing. Raises as `open_index` for what is no run."""
    indexes = [open_index(run, cache) for run in runs]
    return recover_in(data, indexes)


def recover_in(data: bytes, indexes: Sequence[RunIndex]) -> Recovery:
    """Look a file up in indexes that are open already."""
    asked = ask(data)
    found = sorted(_by_bytes(data, indexes), key=lambda each: each.how != FILE) or _by_likeness(asked, indexes)
    searched = sum(map(len, indexes))
    return Recovery(asked.kind, file_digest(data).hex(), asked.why, len(indexes), searched, tuple(found[:_MOST_SHOWN]))


def _by_bytes(data: bytes, indexes: Sequence[RunIndex]) -> Iterator[Found]:
    whole = {file_digest(data).hex()}
    inside = {file_digest(each).hex() for name in _CARRIERS for each in payload_candidates(data, name) or ()}
    for index in indexes:
        rows = dict.fromkeys(index.rows_where("file", whole), FILE)
        rows = dict.fromkeys(index.rows_where("payload", whole | inside), PAYLOAD) | rows
        yield from (Found(index.run, index.made(row), how) for row, how in rows.items())


def _by_likeness(asked: Asked, indexes: Sequence[RunIndex]) -> list[Found]:
    import numpy as np  # noqa: PLC0415  (start-up time)

    near = sorted(_near(asked, indexes), key=lambda each: each[0])
    odds: dict[tuple[str, int], Chance] = {}
    found: dict[tuple[Path, int], Found] = {}
    for bits, family, index, row in near[:_MOST_LOOKS]:
        made = index.made(row)
        seen = look(asked, made, index.run, family, bits)
        place = (index.run, row)
        if seen.same and (place not in found or found[place].alike < seen.alike):
            if (family, bits) not in odds:
                odds[family, bits] = chance(np.concatenate([each.codes[family] for each in indexes]), bits)
            found[place] = Found(index.run, made, LIKENESS, family, bits, seen.alike, odds[family, bits])
    return sorted(found.values(), key=lambda each: (-each.alike, each.distance, str(each.run), each.made.index))


def _near(asked: Asked, indexes: Sequence[RunIndex]) -> Iterator[tuple[int, str, RunIndex, int]]:
    """Yield (bits, family, index, row) for each row within reach of a code; its nearest family only."""
    for index in indexes:
        best: dict[int, tuple[int, str]] = {}
        for family, code in asked.codes:
            bits = distances(index.codes[family], code)
            for at in (bits <= REACH[family]).nonzero()[0]:
                row = int(index.rows[family][at])
                best[row] = min(best.get(row, (256, "")), (int(bits[at]), family))
        yield from ((bits, family, index, row) for row, (bits, family) in best.items())
