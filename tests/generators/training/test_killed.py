"""A training whose process is killed (SIGKILL) goes on as if nothing had been."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from worldloom.generators.mesh.course import course
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train

PLAN = Plan(seed=6, steps=40, rows=2, warm_up=2)
CODE = """
import sys
from pathlib import Path
from worldloom.generators.mesh.course import course
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train
train(course(), Plan(seed=6, steps=40, rows=2, warm_up=2), Path(sys.argv[1]), lambda moment: None, save_every_s=0)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.4, 1.1])
def test_a_killed_process_loses_nothing_that_counts(tmp_path, bytes_of, after_s):
    work = tmp_path / "work"
    process = subprocess.Popen([sys.executable, "-c", CODE, str(work)])
    deadline = time.monotonic() + 120
    while not (work / "progress.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(after_s)
    process.kill()
    process.wait(30)
    assert (work / "progress.json").exists()
    again = train(course(), PLAN, work, lambda moment: None)
    whole = train(course(), PLAN, tmp_path / "whole", lambda moment: None)
    assert bytes_of(again.model) == bytes_of(whole.model)
