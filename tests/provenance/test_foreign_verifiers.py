"""C2PA verifiers from npm read what Worldloom signs, of every format that they know, and find a flipped bit."""

from __future__ import annotations

import json

import pytest
from worldloom.provenance.media import EXTENSIONS

pytestmark = pytest.mark.external
BY_TS = {"image/png", "image/jpeg"}
"""Formats that c2pa-ts 0.9.4 reads of ours: it knows no sidecars, falls over our MP3, and does not take our MP4."""

NOT_BY_NODE = {"application/zip"}
"""Formats that c2pa-node 0.5.5 does not read: its core is older than the one that signs."""


@pytest.fixture(scope="module")
def told(node_script, signer, making, payloads, keystore, tmp_path_factory):
    """What both say by media type and whether the file was tampered with."""
    folder, anchors, asked = tmp_path_factory.mktemp("files"), keystore.anchors()[0].decode(), []
    for kind, payload in payloads.items():
        signed = signer.sign(payload, making(kind))
        at = (
            signed.data.rindex(payload[len(payload) // 2 :][:8])
            if payload[len(payload) // 2 :][:8] in signed.data
            else -5
        )
        bad = bytearray(signed.data)
        bad[at] ^= 1
        for state, data in (("whole", signed.data), ("changed", bytes(bad))):
            file = folder / f"{state}.{EXTENSIONS[kind]}"
            file.write_bytes(data)
            beside = folder / f"{EXTENSIONS[kind]}.c2pa"
            if signed.sidecar is not None:
                beside.write_bytes(signed.sidecar)
            sidecar = None if signed.sidecar is None else str(beside)
            asked.append(
                {"name": f"{kind} {state}", "type": kind, "file": str(file), "sidecar": sidecar, "anchors": anchors}
            )
    (folder / "list.json").write_text(json.dumps(asked))
    return node_script("verify_c2pa.mjs", str(folder / "list.json"))


@pytest.mark.parametrize("kind", sorted(EXTENSIONS))
def test_c2pa_node_reads_it(told, kind):
    whole, changed = told[f"{kind} whole"]["node"], told[f"{kind} changed"]["node"]
    if kind in NOT_BY_NODE:
        assert whole["state"] == "not read"
    else:
        assert (whole["state"], changed["state"]) == ("Trusted", "Invalid"), (whole, changed)


@pytest.mark.parametrize("kind", sorted(BY_TS))
def test_c2pa_ts_reads_it(told, kind):
    whole, changed = told[f"{kind} whole"]["ts"], told[f"{kind} changed"]["ts"]
    assert (whole["state"], changed["state"]) == ("valid", "invalid"), (whole, changed)
