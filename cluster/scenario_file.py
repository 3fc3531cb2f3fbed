"""Loads a scenario from a Python file or from those that ship. A file's errors point into the user's own lines."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from operator import index
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.errors import CanonicalError
from worldloom.worlds.crowds.crowd import Crowd

from .errors import ScenarioError
from .own_files import with_files
from .scenario import Hook, Measure, Scenario

Outcome = TypeVar("Outcome")
_SHIPPED = "worldloom.cluster.scenarios"
MAX_BYTES = 1_000_000
"""Longest scenario file."""


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario with the bytes of the file that it came from."""

    scenario: Scenario
    source: bytes
    shipped: bool


def shipped_names() -> list[str]:
    """Names of the scenarios that come with Worldloom, sorted."""
    names = (entry.name for entry in files(_SHIPPED).iterdir())
    return sorted(name.removesuffix(".py") for name in names if name.endswith(".py") and not name.startswith("_"))


def load_scenario(name_or_path: str) -> LoadedScenario:
    """Load a shipped scenario by name, or a file by its path; raises ScenarioError."""
    if name_or_path in shipped_names():
        source = (files(_SHIPPED) / f"{name_or_path}.py").read_bytes()
        return LoadedScenario(run_source(source, f"{name_or_path}.py"), source, shipped=True)
    path = Path(name_or_path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScenarioError(f"{path}: {path.stat().st_size} bytes are more than a scenario's {MAX_BYTES}")
        source = path.read_bytes()
    except OSError as error:
        raise ScenarioError(
            f"{path}: {error.strerror or error}. Give a scenario file, or one of: {', '.join(shipped_names())}"
        ) from error
    scenario = with_files(run_source(source, str(path)), path.parent)
    return LoadedScenario(scenario, source, shipped=is_shipped(source))


def is_shipped(source: bytes) -> bool:
    """Whether the bytes are those of a scenario that comes with this Worldloom."""
    return any((files(_SHIPPED) / f"{name}.py").read_bytes() == source for name in shipped_names())


def run_source(source: bytes, where: str) -> Scenario:
    """Run a scenario file's code and return its `scenario`; raises ScenarioError naming the line at fault."""
    names: dict[str, Any] = {"__name__": "worldloom_scenario", "__file__": where}
    try:
        exec(compile(source, where, "exec", dont_inherit=True), names)  # noqa: S102  # a scenario is code; who may run it is decided before
    except SyntaxError as error:
        raise ScenarioError(f"{where}, line {error.lineno}: {error.msg}; the file is not Python") from error
    except ValueError as error:
        raise ScenarioError(f"{where}{_line(error, where)}: {explain(error)}") from error
    except Exception as error:
        raise ScenarioError(f"{where}{_line(error, where)}: {type(error).__name__}: {error}") from error
    scenario = names.get("scenario")
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"{where}: leaves no `scenario` behind; end with `scenario = Scenario(name=…, …)`")
    return scenario


def read_folded(data: bytes, code: Scenario | None) -> Scenario:
    """Read scenario.json; hooks and measures come from `code`, the scenario of the same run's file, if any."""
    try:
        folded = Scenario.model_validate(parse_canonical(data))
    except (CanonicalError, ValueError) as error:
        raise ScenarioError(f"scenario.json: {explain(error)}") from error
    # The file holds the crowd's name; its rule is in the code.
    return folded if code is None else code.folded(**folded.model_dump(exclude={"crowd"}))


def fold(scenario: Scenario, where: str, **changes: Any) -> Scenario:
    """Return the scenario with some fields changed; raises ScenarioError, which names `where` it is from."""
    try:
        return scenario.folded(**changes)
    except ValueError as error:
        raise ScenarioError(f"{where}: {explain(error)}") from error


def call_hook(hook: Hook, stage: Any) -> None:
    """Call a hook; raises ScenarioError that names the line of the user's file, whatever went wrong in it."""
    _call(hook, stage)


def call_rule(crowd: Crowd, act: Callable[[], Outcome]) -> Outcome:
    """Let a crowd's rule act; raises ScenarioError that names the line of its file, whatever went wrong in it."""
    result: Outcome = _told(lambda _: act(), None, type(crowd).step)
    return result


def take_measures(measures: Mapping[str, Measure], stage: Any) -> dict[str, int]:
    """Take measures by name; raises ScenarioError for one that fails or gives no integer."""
    taken: dict[str, int] = {}
    for name, measure in sorted(measures.items()):
        value = _call(measure, stage)
        try:
            taken[name] = index(value)
        except TypeError as error:
            raise ScenarioError(f"{_file_of(measure)}: measure {name}: gave {value!r}; return an integer") from error
    return taken


def _call(code: Callable[[Any], Any], stage: Any) -> Any:
    return _told(code, stage, code)


def _told(code: Callable[[Any], Any], stage: Any, written: Callable[..., Any]) -> Any:
    """Call code that a scenario's author wrote; `written` is the function whose file its errors point into."""
    try:
        return code(stage)
    except Exception as error:
        where = _file_of(written)
        kind = "" if isinstance(error, ScenarioError) else f"{type(error).__name__}: "
        raise ScenarioError(
            f"{where}{_line(error, where)}: {kind}{error}. A run keeps the file that it began with: correct yours and "
            "run it anew"
        ) from error


def _file_of(code: Callable[[Any], Any]) -> str:
    compiled = getattr(code, "__code__", None)
    return "the scenario" if compiled is None else str(compiled.co_filename)


def explain(error: Exception) -> str:
    """Return one line for a validation error: each field with what is wrong with it."""
    if not isinstance(error, ValidationError):
        return str(error)
    faults = []
    for fault in error.errors(include_url=False):
        field = ".".join(map(str, fault["loc"])) or "scenario"
        known = f"; fields are {', '.join(Scenario.model_fields)}" if fault["type"] == "extra_forbidden" else ""
        faults.append(f"{field}: {fault['msg']}{known}")
    return "; ".join(faults)


def _line(error: BaseException, where: str) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == where]
    return f", line {lines[-1]}" if lines else ""
