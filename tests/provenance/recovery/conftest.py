"""Fixtures of the tests of recovery: the gallery of tests/simulators/gallery_run.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

NAME = "worldloom_tests_gallery_run"


def load() -> ModuleType:
    if NAME not in sys.modules:  # importlib mode puts no test folder on sys.path
        path = Path(__file__).parents[2] / "simulators" / "gallery_run.py"
        spec = importlib.util.spec_from_file_location(NAME, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return sys.modules[NAME]


gallery_run = load()
gallery, build_gallery = gallery_run.gallery, gallery_run.build_gallery
