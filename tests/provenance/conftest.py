"""What the tests of keys, credentials and store share: an operator, a signer, one real payload of each media type."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy
import pyarrow
import pytest
from pyarrow import parquet
from worldloom.generators.image.procedural import ProceduralImage
from worldloom.generators.mesh.embedded import EmbeddedMesh
from worldloom.generators.requests import Request
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner


@pytest.fixture(scope="session")
def keystore(tmp_path_factory) -> Keystore:
    return Keystore.open(tmp_path_factory.mktemp("keystore"))


@pytest.fixture(scope="session")
def run_key(keystore: Keystore) -> Any:
    """A conductor's key of run `a`."""
    return RunAuthority(keystore.operator, "a", 1).issue("conductor")


@pytest.fixture(scope="session")
def signer(run_key) -> CredentialSigner:
    return CredentialSigner(run_key)


def answer(generator, kind: str, **parameters: Any):
    given = generator.generate([Request(kind, "make", "agent-3", 60, 0, 11, "", parameters=parameters)])[0]
    assert given.payload, given.detail
    return given.payload


def table() -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table({"agent": ["agent-1"], "coins": [3]}), stream)
    return stream.getvalue()


def tensors() -> bytes:
    """One weight of four bytes, as the format's description has it."""
    head = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    return len(head).to_bytes(8, "little") + head + bytes(4)


def arrays() -> bytes:
    stream = io.BytesIO()
    numpy.savez(stream, heights=numpy.arange(4))
    return stream.getvalue()


@pytest.fixture(scope="session")
def payloads(independent_verifier: ModuleType) -> dict[str, bytes]:
    """One payload by media type; PNG, SVG and GLB as the shipped generators make them."""
    made = importlib.import_module(f"{independent_verifier.__package__}.making")
    samples = importlib.import_module(f"{independent_verifier.__package__}.samples")
    pictures = ProceduralImage()
    return {
        "image/png": answer(pictures, "image", craft="emblem", subject="a fish"),
        "image/svg+xml": answer(pictures, "image", craft="sign", subject="bread", text="Baker & Söhne <1>"),
        "image/jpeg": made.jpeg(),
        "audio/wav": made.wav(),
        "application/zip": made.archive(),
        "model/gltf-binary": answer(EmbeddedMesh(), "mesh", craft="prop", thing="barrel"),
        "text/plain": "Dear Wren, the feast is tonight. Ünna\n".encode(),
        "text/x-python": b"scenario = 1\n",
        "text/html": b"<!doctype html><title>report</title>",
        "application/json": b'{"a":1}',
        "image/webp": samples.webp(),
        "audio/flac": samples.flac(),
        "audio/mpeg": samples.mp3(),
        "video/mp4": samples.mp4(),
        "application/pdf": samples.pdf(),
        "model/vnd.usda": b'#usda 1.0\ndef Xform "World"\n{\n}\n',
        "model/vnd.usdz+zip": made.archive(),
        "application/x-tmx+xml": b'<?xml version="1.0"?>\n<map version="1.10" width="1" height="1"/>\n',
        "text/markdown": b"# The feast\n\nTonight.\n",
        "application/vnd.apache.parquet": table(),
        "application/x-safetensors": tensors(),
        "application/x-npz": arrays(),
    }


@pytest.fixture(scope="session")
def trained() -> Identity:
    """A model with weights."""
    return Identity(
        backend="embedded",
        model="mesh-programs-1",
        weights="5a" * 32,
        template="6b" * 32,
        weights_licence="Apache-2.0",
        output_licence="Apache-2.0",
        source_type="trainedAlgorithmicMedia",
        model_type="c2pa.types.model",
    )


@pytest.fixture(scope="session")
def ruled() -> Identity:
    """A backend without a model."""
    return Identity(backend="procedural", model="heraldry-1", output_licence="Apache-2.0")


@pytest.fixture(scope="session")
def making(trained: Identity) -> Callable[..., Making]:
    """Makes a Making of a letter by agent-3; every field can be replaced."""

    def make(media_type: str = "text/plain", **changes: Any) -> Making:
        facts: dict[str, Any] = {
            "title": "A letter to Wren",
            "media_type": media_type,
            "kind": "letter",
            "on_behalf": "agent-3",
            "generator": trained,
            "content": "c0" * 32,
            "request": "d1" * 32,
            "prompt": "Write to Wren that the feast is tonight.",
            "seed": 2**64 - 1,
            "time": 36060,
            "parameters": {"tokens": [1, 2, 300], "style": "plain"},
            "parents": ("e2" * 32, "e3" * 32),
            "inputs": ("f4" * 32,),
            "origin": "worldloom.run/a",
        }
        return Making(**{**facts, **changes})

    return make
