"""The writer's side of a run folder: this process's keys, log, answers, store. Begun new, or recovered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.digests import file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import CHECKPOINT, RunFile, certificate_path, origin, read_run, write_run
from worldloom.provenance.keys import Keystore, RunAuthority, SigningKey
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.run_authority import write_certificates
from worldloom.provenance.signers import RunSigners
from worldloom.provenance.signing import SignedFile
from worldloom.provenance.storage import Storage
from worldloom.provenance.store import ArtifactStore
from worldloom.provenance.trust import log_verifiers

from .errors import RunFolderError
from .numeric import class_digest, numeric_class, software
from .parts import Parts
from .publisher import Publisher, now_text


@dataclass
class RunWriter:
    """Everything that one process needs to write a run. The caller holds the folder's lock.

    `certified` are role and serial number of the certificates that the start's entries name, authorities first.
    """

    storage: Storage
    run: RunFile
    key: SigningKey
    log: LogWriter
    answers: AnswerBook
    publisher: Publisher
    parts: Parts
    epoch: int
    keystore: Keystore
    certified: list[tuple[str, str]]

    _started: bool = field(default=False, init=False)

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
        self._started = True
        for role, serial in self.certified:
            self._append_certificate(role, serial, time)

    def announce(self, key: SigningKey, time: int) -> None:
        """Make the certificate of one more key of this process durable, and log it."""
        self.storage.write(certificate_path(key.role, self.epoch), key.certificate_pem)
        self.certified.append((key.role, key.serial))
        if self._started:
            self._append_certificate(key.role, key.serial, time)

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
    authority, key = _issue(storage, keystore, run, 1)
    log = LogWriter.create(storage, origin(run.run_id), key.note_key(origin(run.run_id)))
    return _writer(storage, run, authority, key, log, parts, keystore)


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
    authority, key = _issue(storage, keystore, run, epoch)
    log = LogWriter.recover(storage, origin(run.run_id), key.note_key(origin(run.run_id)), verifiers)
    return _writer(storage, run, authority, key, log, parts, keystore)


def reader(writer: RunWriter) -> LogReader:
    """Return a reader of the committed log."""
    return LogReader(writer.storage)


def _next_epoch(storage: Storage) -> int:
    epoch = 1
    while storage.exists(certificate_path("ca", epoch)) or storage.exists(certificate_path("conductor", epoch)):
        epoch += 1
    return epoch


def _issue(storage: Storage, keystore: Keystore, run: RunFile, epoch: int) -> tuple[RunAuthority, SigningKey]:
    """Return this start's authority and this process's key; their certificates are in trust/ already."""
    authority = RunAuthority(keystore.operator, run.run_id, epoch)
    key = authority.issue("conductor")
    write_certificates(storage, authority, [key])
    return authority, key


def _writer(
    storage: Storage,
    run: RunFile,
    authority: RunAuthority,
    key: SigningKey,
    log: LogWriter,
    parts: Parts,
    keystore: Keystore,
) -> RunWriter:
    store = ArtifactStore(storage)

    def adopt(artifact: Artifact) -> SignedFile | None:
        return store.adopt(artifact)

    def announce(born: SigningKey, time: int) -> None:
        writer.announce(born, time)

    certified = [*authority.above_serials, ("ca", authority.serial), (key.role, key.serial)]
    signers = RunSigners(key, authority, keystore.policy, announce, keystore.outside_key())
    publisher = Publisher(store, signers, origin(run.run_id), parts, adopt)
    writer = RunWriter(
        storage, run, key, log, AnswerBook(storage), publisher, parts, authority.part, keystore, certified
    )
    return writer
