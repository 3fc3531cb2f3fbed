"""A new scenario file to begin with: the commented template under a name of one's own. Runs nothing."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from .errors import ScenarioError
from .scenario import Scenario
from .scenario_file import shipped_names

_TEMPLATE = "_template.py"
_NAMED = b'name="template"'


def begin(name: str, folder: Path) -> Path:
    """Write NAME.py into a folder that is there and return its path.

    Raises ScenarioError for a name that no scenario may have or that one has already, and where the file cannot be
    made; a file that is there stays as it is.
    """
    path = folder / f"{name}.py"
    if name in shipped_names():
        raise ScenarioError(f"{name!r} is a scenario that ships with Worldloom: take another name")
    try:
        Scenario(name=name)
    except ValidationError as error:
        raise ScenarioError(
            f"{name!r} names no scenario: a lower-case letter, then up to 63 lower-case letters, digits, - and _"
        ) from error
    source = (files(f"{__package__}.scenarios") / _TEMPLATE).read_bytes().replace(_NAMED, f'name="{name}"'.encode())
    try:
        with path.open("xb") as file:
            file.write(source)
    except FileExistsError:
        raise ScenarioError(f"{path} is there already: take another name, or move it away") from None
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror or error}; name a folder that you may write to") from error
    return path
