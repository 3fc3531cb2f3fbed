"""Fixtures of the audit's tests: the small run of tests/simulators/small_run.py, on disk, in memory and forged."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

NAME = "worldloom_tests_small_run"


def load() -> ModuleType:
    if NAME not in sys.modules:  # importlib mode puts no test folder on sys.path
        path = Path(__file__).parents[2] / "simulators" / "small_run.py"
        spec = importlib.util.spec_from_file_location(NAME, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return sys.modules[NAME]


small_run = load()
operator, stranger = small_run.operator, small_run.stranger
maker, forged = small_run.maker, small_run.forged
original, run = small_run.original, small_run.run
with_a_bad_ingredient = small_run.with_a_bad_ingredient
