"""The writer's side of a run folder: this process's keys, log, answers, store. Begun new, or recovered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.credential import CredentialSigner, SignedFile
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import CHECKPOINT, RunFile, certificate_path, origin, read_run, write_run
from worldloom.provenance.keys import Keystore, RunAuthority, SigningKey
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage
from worldloom.provenance.store import ArtifactStore
from worldloom.provenance.trust import log_verifiers

from .errors import RunFolderError
from .numeric import class_digest, numeric_class, software
from .parts import Parts
from .publisher import Publisher, now_text


@dataclass
class RunWriter:
    """Everything that one process needs to write a run. The caller holds the folder's lock."""

    storage: Storage
    run: RunFile
    key: SigningKey
    log: LogWriter
    answers: AnswerBook
    publisher: Publisher
    parts: Parts
    epoch: int
    keystore: Keystore
    authority_serial: str

    @property
    def origin(self) -> str:
        """The log's origin."""
        return origin(self.run.run_id)

    def commit(self) -> None:
        """Make answers durable, then the entries that cite them."""
        with self.parts.part("log"):
            self.answers.flush()
            self.log.commit()

    def append_start(self, time: int) -> None:
        """Log this process and its certificate: entries without content."""
        numeric = numeric_class()
        start = {"type": "start", "wall": now_text(), "epoch": self.epoch, "software": software()}
        self.log.append(
            EntryKind.START,
            time,
            evidence={**start, "numeric_class": numeric, "numeric_class_digest": class_digest(numeric)},
        )
        for role, serial in (("ca", self.authority_serial), ("conductor", self.key.serial)):
            self._append_certificate(role, serial, time)

    def _append_certificate(self, role: str, serial: str, time: int) -> None:
        path = certificate_path(role, self.epoch)
        pem = self.storage.read(path)
        body: dict[str, Any] = {"type": "certificate", "role": role, "path": path, "sha256": file_digest(pem).hex()}
        self.log.append(EntryKind.CERTIFICATE, time, evidence={**body, "serial": serial})


def begin(
    storage: Storage, keystore: Keystore, parts: Parts, kinds: Mapping[str, int], run_id: str | None = None
) -> RunWriter:
    """Write run.json and this process's certificates into an empty folder; the log is empty still."""
    run = RunFile(run_id or f"run-{secrets.token_hex(8)}", kinds)
    write_run(storage, run)
    key, serial = _issue(storage, keystore, run, 1)
    log = LogWriter.create(storage, origin(run.run_id), key.note_key(origin(run.run_id)))
    return _writer(storage, run, key, log, parts, 1, keystore, serial)


def recover(storage: Storage, keystore: Keystore, parts: Parts) -> RunWriter:
    """Go on with a run that a process left: fresh keys, the log as of its last signed checkpoint.

    Raises RunFolderError for a folder without a first checkpoint, LogError for a log that cannot be trusted.
    """
    run = read_run(storage)
    if not storage.exists(CHECKPOINT):
        raise RunFolderError("the folder holds no log checkpoint: the run had not begun; start it again with run --out")
    storage.clear_parts()
    verifiers = log_verifiers(storage, origin(run.run_id))
    epoch = _next_epoch(storage)
    key, serial = _issue(storage, keystore, run, epoch)
    log = LogWriter.recover(storage, origin(run.run_id), key.note_key(origin(run.run_id)), verifiers)
    return _writer(storage, run, key, log, parts, epoch, keystore, serial)


def reader(writer: RunWriter) -> LogReader:
    """Return a reader of the committed log."""
    return LogReader(writer.storage)


def _next_epoch(storage: Storage) -> int:
    epoch = 1
    while storage.exists(certificate_path("ca", epoch)) or storage.exists(certificate_path("conductor", epoch)):
        epoch += 1
    return epoch


def _issue(storage: Storage, keystore: Keystore, run: RunFile, epoch: int) -> tuple[SigningKey, str]:
    """Return this process's key and the serial of the authority that certified it, whose own key is gone by then."""
    authority = RunAuthority(keystore.operator, run.run_id, epoch)
    key = authority.issue("conductor")
    # Durable before the key's first use: what it signs can always be checked.
    storage.write(certificate_path("ca", epoch), authority.certificate_pem)
    storage.write(certificate_path("conductor", epoch), key.certificate_pem)
    authority.destroy()
    return key, authority.serial


def _writer(
    storage: Storage,
    run: RunFile,
    key: SigningKey,
    log: LogWriter,
    parts: Parts,
    epoch: int,
    keystore: Keystore,
    serial: str,
) -> RunWriter:
    store = ArtifactStore(storage)

    def adopt(artifact: Artifact) -> SignedFile | None:
        return store.adopt(artifact)

    publisher = Publisher(store, CredentialSigner(key), origin(run.run_id), parts, adopt)
    return RunWriter(storage, run, key, log, AnswerBook(storage), publisher, parts, epoch, keystore, serial)
