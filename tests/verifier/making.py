"""Makes files signed through c2pa-python with throw-away certificates, for the verifier's own tests."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import c2pa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from throwaway_certificates import issue, pem

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


class Signer:
    """A root, an intermediate and a leaf, and c2pa-python set up to sign and read with them."""

    def __init__(self, algorithm: str = "ed25519") -> None:
        fresh = ed25519.Ed25519PrivateKey.generate
        self.root = issue("root", None, fresh(), authority=True)
        self.middle = issue("middle", self.root, fresh(), authority=True)
        key = fresh() if algorithm == "ed25519" else ec.generate_private_key(ec.SECP256R1())
        self.leaf = issue("leaf", self.middle, key, authority=False)
        self.anchors = [pem(self.root.certificate)]
        self.context = c2pa.Context(
            c2pa.Settings.from_dict(
                {
                    "version": 1,
                    "trust": {"trust_anchors": self.anchors[0].decode()},
                    "verify": {"verify_trust": True, "verify_after_sign": False},
                    "builder": {
                        "thumbnail": {"enabled": False},
                        "created_assertion_labels": ["c2pa.actions"],
                    },
                }
            )
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        chain = pem(self.leaf.certificate) + pem(self.middle.certificate)
        self.sdk = c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm.encode(), chain, private, None))

    def sign(
        self, media_type: str, data: bytes, *, embed: bool = True, part: bytes | None = None
    ) -> tuple[bytes, bytes]:
        """(file, manifest store); `part` is a signed PNG that becomes a componentOf ingredient."""
        builder = c2pa.Builder(manifest_definition(), context=self.context)
        prompt = {"format": "text/plain", "identifier": "prompt.txt"}
        builder.add_ingredient(
            {"title": "prompt", "relationship": "inputTo", "data": prompt}, "text/plain", io.BytesIO(b"a")
        )
        builder.add_resource("prompt.txt", io.BytesIO(b"a red fox"))
        if part is not None:
            builder.add_ingredient({"title": "part", "relationship": "componentOf"}, "image/png", io.BytesIO(part))
        if not embed:
            builder.set_no_embed()
        written = io.BytesIO()
        store = builder.sign(self.sdk, media_type, io.BytesIO(data), written)
        return (written.getvalue() if embed else data), store

    def withdraw(self, text: bytes, store: bytes) -> bytes:
        """A text's manifest store with an update above it that takes the prompt out."""
        with c2pa.Reader("text/plain", io.BytesIO(text), manifest_data=store, context=self.context) as reader:
            label, results = reader.get_active_manifest()["label"], reader.get_validation_results()
        uri = f"self#jumbf=/c2pa/{label}/c2pa.assertions/c2pa.embedded-data"
        action = {"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": uri}}
        told = {"label": "c2pa.actions.v2", "created": True, "data": {"actions": [action]}}
        generator = [{"name": "verifier-tests", "version": "1"}]
        definition = {"claim_generator_info": generator, "redactions": [uri], "assertions": [told]}
        builder = c2pa.Builder(definition, context=self.context)
        builder.set_intent(c2pa.C2paBuilderIntent.UPDATE)
        builder.set_no_embed()
        builder.add_resource("before.c2pa", io.BytesIO(store))
        held = {"format": "application/c2pa", "identifier": "before.c2pa"}
        parent = {"relationship": "parentOf", "manifest_data": held, "validation_results": results}
        builder.add_ingredient(parent, "text/plain", io.BytesIO(text))
        return bytes(builder.sign(self.sdk, "text/plain", io.BytesIO(text), io.BytesIO()))

    def sdk_state(self, media_type: str, data: bytes, sidecar: bytes | None = None) -> str:
        """What c2pa-rs says: Trusted, Valid, Invalid, or Unreadable."""
        try:
            reader = c2pa.Reader(media_type, io.BytesIO(data), manifest_data=sidecar, context=self.context)
            return str(reader.get_validation_state())
        except c2pa.C2paError:
            return "Unreadable"


def manifest_definition() -> dict[str, object]:
    actions = {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE}]}
    return {
        "claim_generator_info": [{"name": "verifier-tests", "version": "1"}],
        "title": "t",
        "assertions": [
            {"label": "c2pa.actions.v2", "created": True, "data": actions},
            {"label": "org.worldloom.generation", "created": True, "data": {"seed": 7}},
            {"label": "org.worldloom.note", "data": {"text": "gathered"}},
        ],
    }


def png(side: int = 24) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([row, 9, 7]) * side for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def wav() -> bytes:
    """400 samples of silence."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + form + b"data" + struct.pack("<I", 400) + b"\x80" * 400
    return b"RIFF" + struct.pack("<I", len(body)) + body


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def jpeg() -> bytes:
    """A 1 by 1 grey picture, written out because Pillow is not part of the test installation."""
    counts = bytes([1] + [0] * 15)
    tables = (
        b"\xff\xdb\0\x43\0"
        + b"\1" * 64
        + b"".join(b"\xff\xc4\0\x14" + bytes([kind]) + counts + b"\0" for kind in (0x00, 0x10))
    )
    frame = b"\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0"
    jfif = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    return b"\xff\xd8" + jfif + tables + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0\x3f\xff\xd9"


def archive() -> bytes:
    """Two stored members, one in a folder."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("a.txt", "hello")
        packed.writestr("d/b.bin", b"\1" * 300)
    return stream.getvalue()


def glb() -> bytes:
    """An empty scene."""
    scene = b'{"asset":{"version":"2.0"}}'.ljust(28)
    return b"glTF" + struct.pack("<II", 2, 20 + len(scene)) + struct.pack("<I4s", len(scene), b"JSON") + scene
