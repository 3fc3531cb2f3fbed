"""Fixtures of the verifier's tests: sibling modules, one signer for the session, one file of each kind."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def making(independent_verifier: ModuleType) -> ModuleType:
    return importlib.import_module(f"{independent_verifier.__package__}.making")


@pytest.fixture(scope="session")
def samples(independent_verifier: ModuleType) -> ModuleType:
    return importlib.import_module(f"{independent_verifier.__package__}.samples")


@pytest.fixture(scope="session")
def forge(independent_verifier: ModuleType) -> Any:
    return importlib.import_module(f"{independent_verifier.__package__}.forge").forge


@pytest.fixture(scope="session")
def signer(making: ModuleType) -> Any:
    return making.Signer()


@pytest.fixture(scope="session")
def files(making: ModuleType, samples: ModuleType, signer: Any) -> dict[str, tuple[str, bytes, bytes | None]]:
    """(media type, file, sidecar) by name."""
    embedded = {
        "png": ("image/png", making.png()),
        "svg": ("image/svg+xml", making.svg()),
        "wav": ("audio/wav", making.wav()),
        "jpg": ("image/jpeg", making.jpeg()),
        "zip": ("zip", making.archive()),
        "webp": ("image/webp", samples.webp()),
        "flac": ("audio/flac", samples.flac()),
        "mp3": ("audio/mpeg", samples.mp3()),
        "mp4": ("video/mp4", samples.mp4()),
        "pdf": ("application/pdf", samples.pdf()),
    }
    beside = {"txt": ("text/plain", b"some text\n"), "glb": ("model/gltf-binary", making.glb())}
    made: dict[str, tuple[str, bytes, bytes | None]] = {
        name: (kind, signer.sign(kind, data)[0], None) for name, (kind, data) in embedded.items()
    }
    for name, (kind, data) in beside.items():
        made[name] = (kind, data, signer.sign(kind, data, embed=False)[1])
    made["parts"] = ("image/png", signer.sign("image/png", making.png(16), part=made["png"][1])[0], None)
    return made
