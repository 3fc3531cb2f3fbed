"""The artifact store of a run folder: the one way in for made things, which refuses unsigned bytes. Signs nothing.

Every file is written whole or not at all, its sidecar before it; a file is named by its content digest, which no
signature changes (docs/formats.md, Who writes, when).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .artifact import Artifact
from .credential import TRUSTED, Credential
from .errors import UnsignedError
from .folder import ARTIFACTS, artifact_path, sidecar
from .media import embeds, media_type_of
from .reading import read_credential
from .signing import EMPTY_FILE, SignedFile
from .storage import Storage
from .trust import AUTHORITY, RunCertificate, run_certificates


@dataclass(frozen=True)
class StoredFile:
    """A file of the store, and the sidecar beside it if it has one."""

    path: str
    data: bytes
    sidecar: bytes | None


class ArtifactStore:
    """Artifacts under artifacts/, exports and other signed files at fixed paths of one run folder."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def put(self, artifact: Artifact, signed: SignedFile) -> str:
        """Store an artifact and return its path; what stands there already is replaced.

        Raises UnsignedError for bytes without a credential that holds for them and names this artifact's digest and
        media type (only an empty artifact has none), StorageError when the disk refuses.
        """
        path = artifact_path(artifact.digest, artifact.extension)
        if not embeds(artifact.media_type) and signed.data != artifact.payload:
            raise UnsignedError(f"{path}: the bytes beside the sidecar are not the artifact's payload")
        if signed.unsigned and artifact.payload:
            raise UnsignedError(f"{path}: the artifact holds something, so it needs a credential; sign it first")
        _require_credential(path, artifact.media_type, signed, content=artifact.digest)
        self._write(path, signed)
        return path

    def write_named(self, path: str, signed: SignedFile) -> None:
        """Write a signed file (scenario source, export, report) at its own path, by the same rule as `put`."""
        _require_credential(path, media_type_of(path), signed)
        self._write(path, signed)

    def find(self, artifact_digest: str, extension: str) -> StoredFile | None:
        """Return the file of that hex content digest, if it is there; raises StorageError when it cannot be read."""
        path = artifact_path(artifact_digest, extension)
        if not self._storage.exists(path):
            return None
        beside = sidecar(path)
        return StoredFile(
            path, self._storage.read(path), self._storage.read(beside) if self._storage.exists(beside) else None
        )

    def adopt(self, artifact: Artifact, certificates: Sequence[RunCertificate] | None = None) -> SignedFile | None:
        """Return the artifact as an interrupted start left it, if its credential is good; else None: sign it anew.

        Good is: signed by a key whose certificate stands in trust/ (read from there unless given), over these bytes,
        naming this artifact.
        """
        found = self.find(artifact.digest, artifact.extension)
        if found is None or (found.sidecar is None) != embeds(artifact.media_type):
            return None
        if found.sidecar is not None and found.data != artifact.payload:
            return None
        known = run_certificates(self._storage) if certificates is None else certificates
        authorities = [each.pem for each in known if each.role == AUTHORITY]
        credential = read_credential(found.data, artifact.media_type, found.sidecar, authorities)
        leaf_is_known = any(each.chain_pem == credential.chain_pem for each in known if each.role != AUTHORITY)
        if credential.state != TRUSTED or not leaf_is_known:
            return None
        if _fault(credential, artifact.media_type, artifact.digest):
            return None
        return SignedFile(found.data, found.sidecar, credential.manifest, credential.serial)

    def sweep(self, keep: Collection[str]) -> list[str]:
        """Remove artifacts whose path is not kept, with their sidecars, and what writes left; returns what went.

        For the close of a run: an artifact of a branch that was never logged is no part of it.
        """
        kept = {*keep, *(sidecar(path) for path in keep)}
        gone = [path for path in self._storage.files(ARTIFACTS) if path not in kept]
        # A file goes before its sidecar, so that no file is ever without one.
        for path in sorted(gone, key=lambda path: (path.endswith(".c2pa"), path)):
            self._storage.remove(path)
        return gone

    def _write(self, path: str, signed: SignedFile) -> None:
        if signed.sidecar is not None:
            self._storage.write(sidecar(path), signed.sidecar)
        self._storage.write(path, signed.data)


def _require_credential(path: str, media_type: str, signed: SignedFile, content: str | None = None) -> None:
    if signed.unsigned:
        if signed != EMPTY_FILE:
            raise UnsignedError(f"{path}: only an empty file may be without a credential, and this one holds something")
        return
    if (signed.sidecar is None) != embeds(media_type):
        where = "inside the file" if embeds(media_type) else "in a sidecar"
        raise UnsignedError(f"{path}: the credential of {media_type} stands {where}, and there is none; sign it first")
    credential = read_credential(signed.data, media_type, signed.sidecar)
    fault = _fault(credential, media_type, content)
    if not fault and (credential.manifest, credential.serial) != (signed.manifest, signed.serial):
        fault = f"its manifest is {credential.manifest}, not {signed.manifest} of certificate {signed.serial}"
    if fault:
        raise UnsignedError(f"{path}: {fault}; only what was signed for this place may stand there")


def _fault(credential: Credential, media_type: str, content: str | None) -> str:
    """Say why a credential does not speak for content of that type; `""` when it does."""
    if not credential.holds:
        return f"its credential is {credential.state.lower()} ({', '.join(credential.failures)})"
    said = credential.generation
    if said.get("media_type") != media_type:
        return f"its credential says media type {said.get('media_type')!r}, not {media_type!r}"
    if content is not None and said.get("content") != content:
        return f"its credential names content {said.get('content')!r}, not {content!r}"
    return ""
