"""Which folder of weights a specification names, and the same specification for another place. Opens no file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_WITH_OPTIONS = ("diffusers", "transformers")
"""Backends whose folder may stand before a question mark and options."""
_WITHOUT = ("embedded",)
"""Backends whose folder is all that follows the colon."""


class NamedFolder(NamedTuple):
    """A folder that exists here, absolute, with what stands before and behind it in its specification."""

    before: str
    folder: Path
    behind: str

    def spec(self, folder: Path) -> str:
        """Return the specification of the same generator with its weights in another folder."""
        return f"{self.before}{folder}{self.behind}"


def named_folder(spec: str) -> NamedFolder | None:
    """Return the folder that a specification such as `transformers:FOLDER?device=cpu` names.

    None where it names none: weights that are shipped, a hub id, a server, a backend that reads no weights.
    """
    name, _, argument = spec.partition(":")
    if name in _WITHOUT:
        subject, behind, folder = argument, "", Path(argument)
    elif name in _WITH_OPTIONS:
        subject, _, options = argument.rpartition("?") if "?" in argument else (argument, "", "")
        # A mark even where there are no options: then a folder's own question mark is none of them.
        behind, folder = f"?{options}", Path(subject).expanduser()
    else:
        return None
    return NamedFolder(f"{name}:", folder.absolute(), behind) if subject and folder.is_dir() else None
