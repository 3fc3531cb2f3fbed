"""Fixtures that all tests share: the independent C2PA verifier, loaded by its path as a package."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import pytest

NAME = "independent_verifier"


@pytest.fixture(scope="session")
def independent_verifier() -> ModuleType:
    """The module tests/verifier/verify.py, whose `verify_bytes` is the door."""
    if NAME not in sys.modules:  # importlib mode puts no test folder on sys.path
        spec = ModuleSpec(NAME, None, is_package=True)
        spec.submodule_search_locations = [str(Path(__file__).parent / "verifier")]
        sys.modules[NAME] = module_from_spec(spec)
    return importlib.import_module(f"{NAME}.verify")
