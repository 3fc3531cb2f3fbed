"""The same run on other processors: other kernels and no AVX-512, and still the same content root.

Each test first shows that the setting changes floating point results here, for else it would show nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster import RunResult

FLOATS = """
import hashlib, json
import numpy as np
values = np.linspace(-5, 5, 100_001)
draw = np.random.default_rng(7).random((300, 300))
name = lambda array: hashlib.sha256(array.tobytes()).hexdigest()
print(json.dumps({"exp": name(np.exp(values)), "product": name(draw @ draw)}))
"""
COMMAND = "from worldloom.cluster.commands.main import main; main()"
SETTINGS = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")


def avx512() -> str:
    """Names of numpy's dispatched AVX-512 groups that this processor has (X86_V4 since numpy 2.4)."""
    import numpy as np

    assert np.exp(0.0) == 1
    umath = sys.modules.get("numpy._core._multiarray_umath") or sys.modules["numpy.core._multiarray_umath"]
    has = umath.__cpu_features__
    names = [name for name in umath.__cpu_dispatch__ if name.startswith("AVX512") or name == "X86_V4"]
    return " ".join(name for name in names if has.get(name))


def run_python(code: str, *arguments: str, **settings: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=clean | settings, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def changing(*names: str) -> dict[str, str]:
    """Settings that make numpy compute as on another processor, each shown to change a result here."""
    features = avx512()
    if not features:
        pytest.skip("this processor has no AVX-512, so that neither setting changes what numpy computes with")
    here, found = json.loads(run_python(FLOATS)), {}
    for name in names:
        value, changed = {"OPENBLAS_CORETYPE": ("Haswell", "product"), "NPY_DISABLE_CPU_FEATURES": (features, "exp")}[
            name
        ]
        there = json.loads(run_python(FLOATS, **{name: value}))
        assert here[changed] != there[changed], f"{name}={value} changes no {changed} here, so this shows nothing"
        found[name] = value
    return found


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_replay_there_has_the_same_content_root(
    crafts_run: RunResult, keystore_home: Path, copy: Callable[[Path], Path], setting: str
) -> None:
    """World, minds and retrieval compute anew; terrain and what models said come from the recordings."""
    arguments = ["replay", str(copy(crafts_run.run)), "--json"]
    said = json.loads(run_python(COMMAND, *arguments, WORLDLOOM_HOME=str(keystore_home), **changing(setting)))
    assert said["equal"], said["first_difference"]
    assert said["replayed_root"] == crafts_run.content_root


def test_the_run_there_with_empty_caches_has_the_same_content_root(
    small_file: Path, small_run: RunResult, keystore_home: Path, tmp_path: Path
) -> None:
    """Terrain and rules too: no float whose last bits differ reaches the content."""
    arguments = ["run", str(small_file), "--local", "--out", str(tmp_path / "there"), "--json"]
    said = json.loads(run_python(COMMAND, *arguments, WORLDLOOM_HOME=str(keystore_home), **changing(*SETTINGS)))
    assert said["content_root"] == small_run.content_root
    assert said["calls"] == dict(small_run.calls)
