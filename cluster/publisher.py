"""Signs files and puts them into the run folder; returns what their log entries say of them. Decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from worldloom.provenance.artifact import Artifact
from worldloom.provenance.digests import file_digest
from worldloom.provenance.fingerprints import ISCC, Fingerprints, take
from worldloom.provenance.making import Making
from worldloom.provenance.signers import RunSigners
from worldloom.provenance.signing import EMPTY_FILE, CredentialSigner, SignedFile
from worldloom.provenance.store import ArtifactStore

from .numeric import device
from .parts import Parts


def now_text() -> str:
    """Wall time as ISO 8601 in UTC, to the second: evidence, never content."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Publisher:
    """The one way of a payload into the run folder: signed, stored, described."""

    def __init__(
        self,
        store: ArtifactStore,
        signer: CredentialSigner | RunSigners,
        origin: str,
        parts: Parts,
        adopt: Callable[[Artifact], SignedFile | None],
    ) -> None:
        self._store = store
        self._signer = signer
        self._origin = origin
        self._parts = parts
        self._adopt = adopt

    def publish(self, artifact: Artifact) -> dict[str, Any]:
        """Sign and store an artifact, or take over the one that a killed process left; returns its evidence."""
        with self._parts.part("sign"):
            taken = take(artifact.payload, artifact.media_type)
            found = self._adopt(artifact)
            making = Making.of(artifact, self._origin)
            signed = self._sign(artifact.payload, making, taken) if found is None else found
            path = self._store.put(artifact, signed)
        return evidence(path, signed, taken)

    def publish_at(self, path: str, payload: bytes, making: Making) -> dict[str, Any]:
        """Sign a file and write it at a fixed path, its sidecar first; returns its evidence."""
        with self._parts.part("sign"):
            taken = take(payload, making.media_type)
            signed = self._sign(payload, making, taken)
            self._store.write_named(path, signed)
        return evidence(path, signed, taken)

    def sign(self, payload: bytes, making: Making) -> SignedFile:
        """Sign bytes; those of an empty file cannot be, which its evidence says then."""
        return self._signer.sign(payload, making) if payload else EMPTY_FILE

    def _sign(self, payload: bytes, making: Making, taken: Fingerprints) -> SignedFile:
        return self.sign(payload, replace(making, fingerprints=taken.get(ISCC, ())))


def evidence(path: str, signed: SignedFile, taken: Fingerprints) -> dict[str, Any]:
    """Return the evidence body of a signed file, with the fingerprints of its payload."""
    said = {
        "type": "file",
        "path": path,
        "file": file_digest(signed.data).hex(),
        "sidecar": "" if signed.sidecar is None else file_digest(signed.sidecar).hex(),
        "manifest": signed.manifest,
        "serial": signed.serial,
        "wall": now_text(),
        "device": device(),
    }
    if signed.unsigned:
        return said | {"unsigned": signed.unsigned}
    return said | {"fingerprints": {name: list(values) for name, values in taken.items()}}
