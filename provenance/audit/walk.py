"""Finds what an audit can look at below a folder of anything. Follows no link, opens no file, judges nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worldloom.provenance.folder import sidecar
from worldloom.provenance.foreign_media import any_media_type, carries_inside

from .regular_file import odd_kind
from .run_on_disk import is_run_folder

MOST_FILES = 1_000_000
"""Names that are looked at; what is beyond them is told."""

_SIDECAR = ".c2pa"


@dataclass
class Walk:
    """Paths relative to the folder, sorted: runs, files to judge, sidecars without a file; what was passed over.

    `others` counts files that nothing is expected of by their extension, `odd` says what is no file, `closed` what
    could not be listed, and `cut` whether there was more than is looked at.
    """

    runs: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    odd: list[tuple[str, str]] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False


def walk(root: Path, most: int = MOST_FILES) -> Walk:
    """Look at every name below a folder, runs as one each."""
    found = Walk()
    seen = 0
    folders = [""]
    while folders:
        here = folders.pop()
        names = _listed(root, here, found)
        seen += len(names)
        if seen > most:
            found.cut = True
            names = names[: max(0, most - (seen - len(names)))]
        known = {name for name, _ in names}
        for name, is_folder in names:
            path = f"{here}{name}"
            if not is_folder:
                _sort_in(root, path, name, known, found)
            elif is_run_folder(root / path):
                found.runs.append(path)
            else:
                folders.append(f"{path}/")
        if found.cut:
            break
    for paths in (found.runs, found.files, found.alone):
        paths.sort(key=os.fsencode)
    return found


def _listed(root: Path, here: str, found: Walk) -> list[tuple[str, bool]]:
    """Return the names in a folder and whether each is a folder itself; a link to one is none."""
    try:
        with os.scandir(root / here) as entries:
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        found.closed.append((here.rstrip("/"), error.strerror or str(error)))
        return []


def _sort_in(root: Path, path: str, name: str, known: set[str], found: Walk) -> None:
    kind = odd_kind(root / path)
    if kind:
        found.odd.append((path, kind))
    elif name.endswith(_SIDECAR) and name != _SIDECAR:
        if name.removesuffix(_SIDECAR) not in known:
            found.alone.append(path)
    elif sidecar(name) in known or carries_inside(any_media_type(name)):
        found.files.append(path)
    else:
        extension = os.path.splitext(name)[1].lower()  # noqa: PTH122  (a Path for each name would take longer)
        found.others[extension] = found.others.get(extension, 0) + 1


def told(others: dict[str, int], most: int = 8) -> str:
    """Return counts by extension as words, the most frequent first."""
    ranked = sorted(others.items(), key=lambda each: (-each[1], each[0]))
    words = [f"{count:,} {extension or 'without extension'}" for extension, count in ranked[:most]]
    rest = sum(count for _, count in ranked[most:])
    return ", ".join([*words, *([f"{rest:,} others"] if rest else [])])


def every(found: Walk) -> Iterator[str]:
    """Yield what is to be judged, in the order of paths."""
    yield from sorted((*found.runs, *found.files), key=os.fsencode)
