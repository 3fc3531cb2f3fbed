"""Writes the log of one model's training: what it was shown, which weights came out, how they did. Trains nothing.

The folder has the form of a run folder as far as it goes (docs/formats.md): run.json names the kinds below, trust/ the
trainer's certificates, log/ and bodies/ the entries. Reading and checking it is `training_proof`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .digests import file_digest
from .entry import EntryKind
from .folder import CHECKPOINT, RunFile, certificate_path, read_run, write_run
from .keys import Keystore, RunAuthority, SigningKey
from .log import LogWriter
from .run_authority import write_certificates
from .storage import Storage
from .training_proof import KINDS, TRAINER, TrainingRecord, training_origin, training_verifiers

DURING, AFTERWARDS = "during", "afterwards"
"""Whether a log was begun with its training or written when the weights were there already."""


class TrainingLog:
    """The one writer of a training's log; every entry is durable and signed when its method returns.

    Made by `open`, once a process; `close` forgets the key. Raises what LogWriter and Keystore raise.
    """

    def __init__(self, storage: Storage, log: LogWriter, key: SigningKey, recorded: str) -> None:
        self._storage, self._log, self._key, self._recorded = storage, log, key, recorded

    @classmethod
    def open(
        cls, storage: Storage, keystore: Keystore, evidence: Mapping[str, Any], recorded: str = DURING
    ) -> TrainingLog:
        """Begin the log of an empty folder, or go on with the one that an earlier sitting left, with a fresh key.

        `evidence` (machine, libraries, …; integers and text) is what this sitting says of itself.
        """
        if not storage.exists(CHECKPOINT):
            for path in storage.files():
                storage.remove(path)  # a folder without a first checkpoint is no log yet
            write_run(storage, RunFile(f"training-{secrets.token_hex(8)}", KINDS))
        run = read_run(storage)
        origin = training_origin(run.run_id)
        epoch = 1
        while storage.exists(certificate_path("ca", epoch)):
            epoch += 1
        verifiers = training_verifiers(storage, origin)
        key, serial = _issue(storage, keystore, run, epoch)
        if storage.exists(CHECKPOINT):
            log = LogWriter.recover(storage, origin, key.note_key(origin), verifiers)
        else:
            log = LogWriter.create(storage, origin, key.note_key(origin))
        writer = cls(storage, log, key, recorded)
        writer._start(epoch, serial, evidence)
        return writer

    def data(self, model: str, plan: Mapping[str, str], steps: int, digest: str) -> str:
        """Log what was shown: the model's title, plan as text, steps done, hex digest; returns the content digest."""
        body = {"model": model, "plan": dict(plan), "steps": steps, "digest": digest, "recorded": self._recorded}
        return self._append("training.data", body, ())

    def weights(self, model: str, files: Mapping[str, bytes], data: str) -> str:
        """Log the weights, bytes by file name, made from what the content digest `data` names."""
        digests = {name: file_digest(content).hex() for name, content in files.items()}
        return self._append("training.weights", {"model": model, "files": digests}, (data,))

    def evaluation(self, record: Mapping[str, Any], weights: str) -> str:
        """Log what judging found (text and integers) of what the content digest `weights` names."""
        return self._append("training.evaluation", {"found": dict(record)}, (weights,))

    def close(self) -> TrainingRecord:
        """Forget the key and return what the log says."""
        self._log.tidy()
        self._key.destroy()
        return TrainingRecord.read(self._storage)

    def _start(self, epoch: int, authority: str, evidence: Mapping[str, Any]) -> None:
        wall = datetime.now(UTC).isoformat(timespec="seconds")
        body = {"type": "start", "wall": wall, "epoch": epoch, "recorded": self._recorded}
        self._log.append(EntryKind.START, 0, evidence={**evidence, **body})
        for role, serial in (("ca", authority), (TRAINER, self._key.serial)):
            path = certificate_path(role, epoch)
            told = {"type": "certificate", "role": role, "path": path, "serial": serial}
            self._log.append(
                EntryKind.CERTIFICATE, 0, evidence=told | {"sha256": file_digest(self._storage.read(path)).hex()}
            )
        self._log.commit()

    def _append(self, kind: str, body: Mapping[str, Any], parents: tuple[str, ...]) -> str:
        told = {"type": kind, **body, "parents": list(parents)}
        entry = self._log.append(KINDS[kind], 0, told)
        self._log.commit()
        return (entry.content_digest or b"").hex()


def _issue(storage: Storage, keystore: Keystore, run: RunFile, epoch: int) -> tuple[SigningKey, str]:
    """Return this sitting's key and the serial of the authority that certified it, whose own key is gone by then."""
    authority = RunAuthority(keystore.operator, run.run_id, epoch)
    key = authority.issue(TRAINER)
    write_certificates(storage, authority, [key])
    authority.destroy()
    return key, authority.serial
