"""Bytes of a manifest store that no hash covers: in ours they have one form, so that nothing can be hidden there."""

from __future__ import annotations

import pytest
from worldloom.provenance.audit.made_steps import credential_fault
from worldloom.provenance.errors import FormatError
from worldloom.provenance.parts import Part
from worldloom.provenance.reading import read_credential
from worldloom.provenance.store_form import hidden_bytes

KIND = "text/plain"
STRIDE = 13


@pytest.fixture(scope="module")
def signed(signer, payloads, making):
    return signer.sign(payloads[KIND], making(KIND))


def changed(store, at, by):
    return store[:at] + by + store[at + len(by) :]


def test_what_we_sign_hides_nothing(signer, payloads, making, keystore):
    for kind, payload in payloads.items():
        file = signer.sign(payload, making(kind))
        assert read_credential(file.data, kind, file.sidecar, keystore.anchors()).hidden == ()


def test_parts_hide_nothing_either(signer, signed, payloads, making, keystore):
    part = Part("letter", KIND, signed.data, signed.sidecar)
    whole = signer.sign(payloads[KIND], making(KIND, parts=(part,)))
    assert hidden_bytes(whole.sidecar) == []
    at = whole.sidecar.rindex(b"cpad") + 60
    assert len(hidden_bytes(changed(whole.sidecar, at, b"secret"))) == 1


HIDDEN = {
    "words in the padding": lambda store: changed(store, store.rindex(b"cpad") + 60, b"a secret"),
    "another header beside the signature": lambda store: changed(store, store.rindex(b"cpad"), b"cpbd"),
    "toggles of a description": lambda store: changed(store, store.index(b"\x03urn:"), b"\x23"),
    "toggles of embedded data": lambda store: changed(store, store.index(b"bfdb") + 4, b"\x01"),
    "the store under another name": lambda store: changed(store, store.index(b"\x03c2pa\0") + 1, b"c2px"),
    "assertions under another name": lambda store: changed(
        store, store.index(b"c2pa.assertions\0"), b"c2pa.assertionz"
    ),
}


@pytest.mark.parametrize("change", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_the_sdk_passes_over_is_tampering(signed, keystore, change):
    read = read_credential(signed.data, KIND, change(signed.sidecar), keystore.anchors())
    assert read.state == "Trusted"  # which is why somebody else has to look
    said, code = credential_fault(read)
    assert ("nobody signed" in said, code) == (True, 10)


def test_a_bit_flipped_in_a_sidecar_is_found_wherever_it_is(signed, keystore):
    store, missed = signed.sidecar, []
    for at in range(0, len(store), STRIDE):
        bad = changed(store, at, bytes([store[at] ^ 1 << at % 8]))
        if credential_fault(read_credential(signed.data, KIND, bad, keystore.anchors())) is None:
            missed.append(at)
    assert missed == []


@pytest.mark.parametrize("bad", [b"\0" * 8, b"\0\0\0\x0cjumb\0\0\0\x04"])
def test_boxes_that_do_not_fit_are_refused(bad):
    with pytest.raises(FormatError):
        hidden_bytes(bad)


def test_boxes_without_end_are_refused():
    inner = b""
    for _ in range(40):
        head = (25 + 3).to_bytes(4, "big") + b"jumd" + bytes(16) + b"\x03a\0\0"
        inner = (8 + len(head) + len(inner)).to_bytes(4, "big") + b"jumb" + head + inner
    with pytest.raises(FormatError, match="nested deeper"):
        hidden_bytes(inner)
