"""What a person is told when a command fails: what, where, what to do. Audit's exit codes are its own."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup
from worldloom.cluster.errors import Interrupted, SweepInterrupted

FAILED = 1
INTERRUPTED = 130
_MODULES = "worldloom."
_EXPECTED = ("Exit", "Abort")
"""How typer itself ends a command."""


class Front(TyperGroup):
    """The root group: every command runs inside its `invoke`, so every failure passes here once."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what it raises becomes a message and an exit status."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            _say(interrupted(error))
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError:
            raise
        except Exception as error:
            if type(error).__name__ in _EXPECTED or hasattr(error, "exit_code"):
                raise
            if ctx.params.get("debug"):
                _say("".join(traceback.format_exception(error)))
            _say(explained(error))
            raise typer.Exit(FAILED) from None


def interrupted(error: KeyboardInterrupt) -> str:
    """Return what to say after Ctrl-C: how to go on, if a run was stopped that can go on."""
    if isinstance(error, SweepInterrupted):
        return f"worldloom: interrupted after {error}. The same command again goes on with the others"
    if not isinstance(error, Interrupted):
        return "worldloom: interrupted"
    if not error.resumable:
        return f"worldloom: interrupted before {error.run} had anything to keep; run again"
    return f"worldloom: interrupted. Nothing committed is lost; go on with: worldloom resume {quoted(str(error.run))}"


def explained(error: Exception) -> str:
    """Return the message for a failure: an error of our own speaks for itself, others say where to look."""
    if is_ours(error):
        return f"worldloom: {error}"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"worldloom: {where}{error.strerror}. Nothing committed is lost. --debug shows where it happened"
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("worldloom"):
        return f"worldloom: the library {error.name.split('.')[0]} is not installed. Do: pip install 'worldloom[run]'"
    kind = type(error).__name__
    return f"worldloom: {kind}: {error}. This is a fault in Worldloom; --debug shows where it happened"


def is_ours(error: BaseException) -> bool:
    """Whether an error, or a class that it derives from, is declared in Worldloom (plug-ins derive from ours)."""
    return any(kind.__module__.startswith(_MODULES) for kind in type(error).__mro__)


def quoted(path: str) -> str:
    """Return a path as a shell takes it."""
    from shlex import quote  # noqa: PLC0415  (start-up time)

    return quote(path)


def _say(text: str) -> None:
    """Write to standard error as `main` set it up: what it cannot show is escaped, whatever the locale."""
    sys.stderr.write(text.rstrip("\n") + "\n")
