"""SIGKILL at seeded places of a run in process, some runs twice: content as if nothing had happened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LAB = Path(__file__).parent / "kill_lab.py"
SEED = 20_26


@pytest.mark.parametrize("kills", [4, pytest.param(25, marks=pytest.mark.slow)])
def test_a_killed_run_resumes_to_the_undisturbed_content(tmp_path, small_file, keystore_home, kills):
    done = subprocess.run(
        [sys.executable, str(LAB), str(small_file), str(tmp_path), str(keystore_home), str(SEED), str(kills)],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, f"seed {SEED}: {done.stderr[-3000:]}"
    undisturbed, *cases = json.loads(done.stdout)
    assert sum(len(case["kills"]) for case in cases) >= kills
    for case in cases:
        assert case["content_root"] == undisturbed["content_root"], f"seed {SEED}: {case}"
        assert (case["exit_code"], case["findings"], case["twice"]) == (0, [], []), f"seed {SEED}: {case}"
        assert case["artifacts"] == undisturbed["artifacts"] > 0
