"""How an audit tells what it found: formats, files, a bar while it goes on. Judges nothing, holds no command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .shared import print_json, printable

if TYPE_CHECKING:
    from worldloom.provenance.audit import AuditResult


class Format(StrEnum):
    """What an audit can be told as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    HTML = "html"


_ENDINGS = {
    ".txt": Format.TEXT,
    ".json": Format.JSON,
    ".sarif": Format.SARIF,
    ".xml": Format.JUNIT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}
As = Annotated[
    Format | None,
    typer.Option("--format", metavar="FORMAT", help="text, json, sarif, junit or html; else text."),
]
Out = Annotated[
    list[Path] | None,
    typer.Option("--out", metavar="FILE", help="Write the findings there, in the format of its ending; repeatable."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No bar while it goes on; only what was found.")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, max=256, metavar="N", help="Processes that read files; else one a core.")
]
Largest = Annotated[
    int | None,
    typer.Option("--largest", min=1, metavar="GIB", help="Read files of up to so many GiB; else 4. Larger ones fail."),
]
Told = Callable[[str, int, int], None]
_LONGEST_NAME = 60


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def files(out: Sequence[Path] | None, chosen: Format | None, paths: Sequence[Path]) -> list[tuple[Path, Format]]:
    """Return each file to write with its format; refuses at once what cannot be written after a long audit."""
    found = []
    for path in out or ():
        format_ = _ENDINGS.get(path.suffix.lower()) if chosen is None or len(out or ()) > 1 else chosen
        if format_ is None:
            endings = ", ".join(_ENDINGS)
            raise typer.BadParameter(f"--out {path}: its ending names no format; give --format, or one of {endings}")
        if not path.absolute().parent.is_dir():
            raise typer.BadParameter(f"--out {path}: there is no such folder")
        if any(each.is_dir() and each.resolve() in path.resolve().parents for each in paths):
            raise typer.BadParameter(f"--out {path}: lies in what is audited, and would change it")
        found.append((path, format_))
    return found


def told_as(results: Sequence[AuditResult], format_: Format, exit_code: int) -> str:
    """Return one document of all results."""
    from importlib.metadata import version  # noqa: PLC0415  (start-up time)

    from worldloom.provenance import audit  # noqa: PLC0415

    worldloom = version("worldloom")
    if format_ == Format.TEXT:
        return "".join(map(audit.render, results))
    if format_ == Format.JSON:
        whole = {"worldloom": worldloom, "exit": exit_code, "results": [each.to_json() for each in results]}
        return json.dumps(whole, indent=1) + "\n"
    if format_ == Format.SARIF:
        return json.dumps(audit.sarif(results, worldloom, exit_code), indent=1) + "\n"
    if format_ == Format.JUNIT:
        return audit.junit(results)
    from worldloom.cluster.audit_page import audit_page  # noqa: PLC0415

    return audit_page(results, worldloom, exit_code)


def write(results: Sequence[AuditResult], outputs: Sequence[tuple[Path, Format]], exit_code: int) -> None:
    """Write all results into each file; raises StorageError."""
    from worldloom.provenance.storage import storage_error  # noqa: PLC0415  (start-up time)

    for path, format_ in outputs:
        text = told_as(results, format_, exit_code)
        try:
            path.write_bytes(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise storage_error(error, str(path)) from error


@dataclass(frozen=True)
class Teller:
    """Tells results on standard output and in files: `lines` is JSON, a line a path; `chosen` one document of all."""

    lines: bool
    chosen: Format | None
    outputs: tuple[tuple[Path, Format], ...]

    @classmethod
    def of(cls, lines: bool, chosen: Format | None, out: Sequence[Path] | None, paths: Sequence[Path]) -> Teller:
        """Return one for the options as given; refuses those that contradict each other."""
        if lines and chosen is not None:
            raise typer.BadParameter("--json prints an object a path, --format json one of all: give one of them")
        return cls(lines, chosen, tuple(files(out, chosen, paths)))

    @property
    def as_text(self) -> bool:
        """Whether people read standard output."""
        return not self.lines and (bool(self.outputs) or self.chosen in (None, Format.TEXT))

    def path(self, result: AuditResult) -> None:
        """Tell of one path as soon as it is judged."""
        from worldloom.provenance.audit import render  # noqa: PLC0415  (start-up time)

        if self.lines:
            print_json(result.to_json())
        elif self.as_text:
            sys.stdout.write(render(result))

    def all(self, results: Sequence[AuditResult], exit_code: int) -> None:
        """Tell of all at the end; raises StorageError for a file that cannot be written."""
        write(results, self.outputs, exit_code)
        if self.chosen is not None and not self.as_text:
            sys.stdout.write(told_as(results, self.chosen, exit_code))


@contextmanager
def watched(quiet: bool, paths: int) -> Iterator[Callable[[Path], Told | None]]:
    """Give a function that begins the bar of a path, and gives what is called as its audit goes on.

    Nothing is shown where standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _path: None
        return
    from rich import progress as bars  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415  (start-up time)

    text = bars.TextColumn("{task.description}", markup=False)
    columns = (text, bars.BarColumn(), bars.MofNCompleteColumn(), bars.TimeElapsedColumn())
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        number = 0

        def begin(path: Path) -> Told:
            nonlocal number
            number += 1
            which = f"{number}/{paths} " if paths > 1 else ""
            named = printable(path.name)[:_LONGEST_NAME]
            bar.reset(task, total=None, description=f"{which}{named}")

            def told(name: str, at: int, of: int) -> None:
                said = printable(name)[-_LONGEST_NAME:]
                bar.update(task, total=of, completed=at, description=f"{which}{named}: {said}")

            return told

        yield begin
