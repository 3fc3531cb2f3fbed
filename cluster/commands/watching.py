"""Shows how a run goes on: a live display on a terminal, plain lines elsewhere, nothing beside `--json`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from worldloom.cluster.options import Progress, Silent, Status

if TYPE_CHECKING:
    from rich.console import RenderableType

PLAIN_SECONDS = 5.0
"""Wall time between two plain lines."""


def status_text(status: Status) -> str:
    """Return one line: step, simulated time, speed, model calls, artifacts, errors."""
    from worldloom.worlds.clock import clock_text  # noqa: PLC0415  (numpy)

    calls = sum(status.calls.values())
    parts = [
        f"step {status.step}/{status.steps}",
        clock_text(status.time),
        f"{status.agent_steps_per_second:,.0f} agent-steps/s",
        f"{calls:,} model calls",
        f"{status.artifacts} artifacts",
        f"{status.errors} errors",
    ]
    return ", ".join(parts) + (f": {status.note}" if status.note else "")


class PlainLines:
    """One line a phase, and one every few seconds while steps go on, on standard error."""

    def __init__(self, seconds: float = PLAIN_SECONDS) -> None:
        self._seconds = seconds
        self._next = time.monotonic() + seconds

    def phase(self, name: str) -> None:
        """Print the phase."""
        _say(name)

    def status(self, status: Status) -> None:
        """Print where the run stands, if the last line is old enough or this is the last step."""
        now = time.monotonic()
        if now >= self._next or status.step == status.steps:
            self._next = now + self._seconds
            _say(status_text(status))


class LiveDisplay:
    """Two lines at the foot of the terminal that rich redraws: a bar of steps, and the figures."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415  (start-up time)
        from rich.live import Live  # noqa: PLC0415

        self._phase = "starting"
        self._status: Status | None = None
        self._live = Live(get_renderable=self._draw, console=Console(stderr=True), refresh_per_second=4, transient=True)

    def __enter__(self) -> LiveDisplay:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def phase(self, name: str) -> None:
        """Show the phase."""
        self._phase = name

    def status(self, status: Status) -> None:
        """Show where the run stands at the next redraw."""
        self._status = status

    def _draw(self) -> RenderableType:
        from rich.console import Group  # noqa: PLC0415  (start-up time)
        from rich.progress_bar import ProgressBar  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        if self._status is None:
            return Text(f"{self._phase} …")
        bar = ProgressBar(total=max(1, self._status.steps), completed=self._status.step, width=40)
        return Group(Text(self._phase), bar, Text(status_text(self._status)))


@contextmanager
def watched(quiet: bool) -> Iterator[Progress]:
    """Give the progress that fits where standard error goes; `quiet` (for `--json`) gives one that says nothing."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        with LiveDisplay() as display:
            yield display
    else:
        yield PlainLines()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
