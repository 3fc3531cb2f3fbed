"""The payload under an embedded credential comes out again to the byte; what is no such file gives nothing."""

import importlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.audit.payload import payload_candidates
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner


def chunk(kind, body):
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def wav(samples=401):
    body = b"WAVE" + chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)) + chunk(b"data", b"\x80" * samples)
    return b"RIFF" + struct.pack("<I", len(body)) + body


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"{0}>{1}<rect width="9" height="9"/></svg>'
SVGS = {
    "plain": SVG.format("", ""),
    "title": SVG.format("", "<title>ü &amp; co</title>"),
    "metadata": SVG.format("", "<metadata><x/></metadata>"),
    "empty metadata": SVG.format("", "<metadata></metadata>"),
    "declared": '<?xml version="1.0" encoding="UTF-8"?>\n' + SVG.format(' viewBox="0 0 9 9"', ""),
}


SAMPLES = {"webp": "image/webp", "flac": "audio/flac", "mp3": "audio/mpeg"}


@pytest.fixture(scope="module")
def signer(operator):
    return CredentialSigner(RunAuthority(operator, "run-village", 1).issue("conductor"))


def signed(signer, media_type, payload):
    making = Making("x", media_type, "x", "agent-0", Identity("procedural", "p"), content="ab" * 32, prompt="a prompt")
    return signer.sign(payload, making).data


@pytest.mark.parametrize("name", SVGS)
def test_svg(signer, name):
    payload = SVGS[name].encode()
    data = signed(signer, "image/svg+xml", payload)
    assert data != payload
    assert payload in payload_candidates(data, "image/svg+xml")
    assert payload not in payload_candidates(data.replace(b"rect", b"reft"), "image/svg+xml")


def test_png(signer, original):
    payload = original.maker.picture.payload
    assert payload_candidates(signed(signer, "image/png", payload), "image/png") == [payload]


@pytest.mark.parametrize(("name", "media_type"), SAMPLES.items())
def test_small_files_of_other_formats(signer, independent_verifier, name, media_type):
    samples = importlib.import_module(f"{independent_verifier.__package__}.samples")
    payload = getattr(samples, name)()
    data = signed(signer, media_type, payload)
    assert payload_candidates(data, media_type) == [payload]
    assert payload_candidates(b"x" + data, media_type) == []


@pytest.mark.parametrize("samples", [400, 401])
def test_wav(signer, samples):
    payload = wav(samples)
    assert payload_candidates(signed(signer, "audio/wav", payload), "audio/wav") == [payload]


def test_formats_that_are_not_taken_apart():
    assert payload_candidates(b"x", "image/jpeg") is None


@given(st.binary(max_size=80), st.sampled_from(["image/png", "audio/wav"]))
def test_other_bytes_give_nothing(data, media_type):
    assert payload_candidates(b"other" + data, media_type) == []


@given(st.binary(max_size=80))
def test_damaged_containers_end(tail):
    payload_candidates(b"\x89PNG\r\n\x1a\n" + tail, "image/png")
    payload_candidates(b"RIFF" + tail, "audio/wav")
    payload_candidates(tail, "image/svg+xml")
