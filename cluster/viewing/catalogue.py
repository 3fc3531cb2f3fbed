"""Which runs the live page shows: those in the folders that it was given, by key. Opens none of them.

A key is what stands in the page's addresses. It is looked up among the runs that are there, never joined to a path.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from worldloom.cluster.errors import RunFolderError
from worldloom.provenance.folder import RUN_JSON

MOST_RUNS = 500
"""Runs that are shown of one folder, the newest first."""
MOST_NEAR = 3
"""Names that an error offers for one that is not there."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


@dataclass(frozen=True)
class Listed:
    """A run folder and the key of it."""

    key: str
    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


class Catalogue:
    """Runs of the folders given: run folders themselves, or folders that hold them. Looked at anew at every call."""

    def __init__(self, runs: Sequence[Path], folders: Sequence[Path]) -> None:
        self._runs = [folder.resolve() for folder in runs]
        self.folders = [folder.resolve() for folder in folders]

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Catalogue:
        """Sort paths into runs and folders of runs; raises RunFolderError for what is neither, or is not there.

        A folder that is empty yet is one of runs to come.
        """
        runs, folders = [], []
        for path in paths:
            if path.exists() and not path.is_dir():
                raise RunFolderError(f"{path}: is a file; give a run folder, or a folder that holds some")
            if (path / RUN_JSON).is_file():
                runs.append(path)
            elif not path.exists():
                raise RunFolderError(
                    f"{path}: there is no such folder{_meant(path)}. For a folder of runs to come, make it first: "
                    f"mkdir -p {shlex.quote(str(path))}"
                )
            elif any(path.iterdir()) and not list(_runs_in(path)):
                raise RunFolderError(
                    f"{path}: holds no {RUN_JSON} and no folder that does, so it is neither a run nor a folder of "
                    "runs; give the folder that `run` printed"
                )
            else:
                folders.append(path)
        return cls(runs, folders)

    def runs(self) -> list[Listed]:
        """Return all runs that are there now, newest first; none twice."""
        found = [*self._runs, *(run for folder in self.folders for run in _runs_in(folder))]
        by_key: dict[str, Path] = {}
        for run in dict.fromkeys(found):
            plain = run.name if _PLAIN.match(run.name) else ""
            key = plain if plain and plain not in by_key else f"run-{sha256(str(run).encode()).hexdigest()[:16]}"
            by_key[key] = run
        return sorted((Listed(key, run) for key, run in by_key.items()), key=_newest_first)

    def find(self, key: str) -> Listed | None:
        """Return the run of a key, None where there is none."""
        return next((each for each in self.runs() if each.key == key), None)

    def free_folder(self, name: str) -> Path:
        """Return a new run's folder in the first folder of runs; raises RunFolderError where none was given."""
        if not self.folders:
            raise RunFolderError("the page was given single runs, so it has no folder to write a new one to")
        base, number = self.folders[0], 1
        while (base / f"{name}-{number}").exists() or (base / f"{name}-{number}.zip").exists():
            number += 1
        return base / f"{name}-{number}"


def _meant(path: Path) -> str:
    """Return which folders beside a missing one have a name like its own, as the middle of a sentence; "" for none."""
    try:
        beside = [each.name for each in path.absolute().parent.iterdir() if each.is_dir()]
    except OSError:
        return ""
    near = [str(path.parent / name) for name in get_close_matches(path.name, beside, MOST_NEAR)]
    return f"; is it {' or '.join(near)}?" if near else ""


def _runs_in(folder: Path) -> Iterator[Path]:
    """Yield the run folders in a folder; links are left out, since they lead elsewhere."""
    if not folder.is_dir():
        return
    inside = [each for each in folder.iterdir() if not each.is_symlink() and (each / RUN_JSON).is_file()]
    yield from sorted((each.resolve() for each in inside), key=_age)[:MOST_RUNS]


def _newest_first(listed: Listed) -> tuple[float, str]:
    return _age(listed.folder)


def _age(folder: Path) -> tuple[float, str]:
    """Order by when run.json was written, newest first."""
    try:
        written = (folder / RUN_JSON).stat().st_mtime
    except OSError:
        written = 0.0
    return -written, folder.name
