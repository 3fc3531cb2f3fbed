"""Fixtures of the redaction's tests: the small run of tests/simulators/small_run.py, in memory."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.keys import Keystore
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

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
forged, stranger = small_run.forged, small_run.stranger


@pytest.fixture(scope="session")
def keystore(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("operator"))


@pytest.fixture(scope="session")
def operator(keystore):
    return keystore.operator


@pytest.fixture(scope="session")
def sealed(forged):
    """The run; never change its storage: `place` gives copies."""
    return forged()


@pytest.fixture
def place(sealed):
    """A copy of the sealed run, in memory, without a zip."""
    return RunPlace(Storage(sealed.storage.disk.after_crash(0)), Storage(PowerLossDisk()), "village-1")


@pytest.fixture
def judged(sealed):
    """Give a function that audits a copy."""

    def judge(place):
        return dataclasses.replace(sealed, storage=place.storage).judge()

    return judge
