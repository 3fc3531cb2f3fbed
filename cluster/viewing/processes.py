"""Starts and resumes runs as processes of their own, and stops those that run here. Knows no page.

A run that was started here goes on when the page ends, since it leads a session of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from worldloom.cluster.options import Placement, RunOptions

LONGEST_OUTPUT = 4_000
"""Characters of a process's last words that are kept."""
_COMMAND = (sys.executable, "-m", "worldloom.cluster.commands.main")


@dataclass
class Job:
    """A process that writes a run; `output` takes both of its streams."""

    process: subprocess.Popen[bytes]
    output: IO[bytes]

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.process.poll() is None

    @property
    def failed(self) -> bool:
        """Whether it has ended otherwise than sealed or stopped by a person."""
        return self.process.poll() not in (None, 0, 130, -2, -15)

    def last_words(self) -> str:
        """Return the end of what it wrote: untrusted text, since messages quote scenarios."""
        self.output.flush()
        size = self.output.seek(0, 2)
        self.output.seek(max(0, size - LONGEST_OUTPUT))
        return self.output.read().decode("utf-8", "replace")


@dataclass
class Jobs:
    """The processes that this page started, by run folder; the last one of each folder."""

    _jobs: dict[Path, Job] = field(default_factory=dict)

    def run(self, options: RunOptions) -> Job:
        """Start `worldloom run` into `options.out`, which must be given."""
        if options.out is None:
            raise ValueError("the folder of a run that a page starts must be given")
        numbers = {"--seed": options.seed, "--agents": options.agents, "--hours": options.hours}
        asked = [part for name, value in numbers.items() if value is not None for part in (name, str(value))]
        asked += [part for kind, spec in options.generators.items() for part in ("--generator", f"{kind}={spec}")]
        asked += [*_where(options.placement), "--out", str(options.out), "--", options.scenario]
        return self._start(options.out, ["run", *asked])

    def resume(self, folder: Path, placement: Placement) -> Job:
        """Start `worldloom resume`; code that the keystore does not vouch for is refused there, and stays so."""
        return self._start(folder, ["resume", *_where(placement), "--", str(folder)])

    def of(self, folder: Path) -> Job | None:
        """Return the process that was started last for a folder."""
        return self._jobs.get(folder)

    def running(self) -> list[Path]:
        """Return the folders whose processes go on."""
        return [folder for folder, job in self._jobs.items() if job.running]

    def forget(self, folder: Path) -> None:
        """Drop what is known of a process that has ended."""
        self._jobs.pop(folder, None)

    def _start(self, folder: Path, arguments: Sequence[str]) -> Job:
        # No name on the disk: the file is gone when both processes are.
        output = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as the process)
        process = subprocess.Popen(
            [*_COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._jobs[folder] = Job(process, output)
        return self._jobs[folder]


def _where(placement: Placement) -> list[str]:
    if placement.local:
        return ["--local"]
    address = ["--address", placement.address] if placement.address else []
    return ["--cohorts", str(placement.cohorts), *address]
