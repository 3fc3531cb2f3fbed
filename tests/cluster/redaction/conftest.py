"""Fixtures of the redaction's tests: the small run of tests/simulators/small_run.py, in memory."""

from __future__ import annotations

import dataclasses

import pytest
import small_run
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance.keys import Keystore
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage

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
