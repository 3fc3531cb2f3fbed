"""Reads and checks the log of a training: which weights came from which data, and who says so. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from .digests import file_digest
from .entry import FIRST_PLUGIN_KIND
from .errors import FormatError, LogError, ProvenanceError
from .folder import CHECKPOINT, RUN_JSON, TRUST, read_run
from .log_reader import LogReader
from .merkle import Tree, leaf_hash, verify_inclusion
from .note import NoteVerifier
from .recipe import TrainingReference
from .storage import Storage
from .trust import chain_faults, run_certificates

KINDS: Mapping[str, int] = {
    "training.data": FIRST_PLUGIN_KIND + 1,
    "training.weights": FIRST_PLUGIN_KIND + 2,
    "training.evaluation": FIRST_PLUGIN_KIND + 3,
}
"""Kinds of entries, as run.json names them; the type that a body states is its kind's name."""
TRAINER = "trainer"
"""The role whose key signs a training's checkpoints."""
WEIGHTS_FILE = "model.safetensors"


class Told(NamedTuple):
    """An entry with content: its index in the log, content digest (hex), and body."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls on it
    digest: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class TrainingRecord:
    """What a training's log says last of weights: their entry, their data's, their evaluation's if there is one."""

    origin: str
    reference: TrainingReference
    weights: Told
    data: Told
    evaluation: Told | None
    starts: tuple[Mapping[str, Any], ...] = field(repr=False, default=())

    @classmethod
    def read(cls, storage: Storage) -> TrainingRecord:
        """Read a training's folder without judging its signer; raises LogError, FormatError, StorageError."""
        log = LogReader(storage)
        told = list(_told(log))
        weights = next((each for each in reversed(told) if each.body.get("type") == "training.weights"), None)
        if weights is None:
            raise LogError("this training's log names no weights: the training did not come to its end")
        data = next((each for each in told if each.digest in weights.body.get("parents", ())), None)
        if data is None or not isinstance(weights.body.get("files"), dict) or not _is_data(data.body):
            raise FormatError("this training's log has weights without the data that they came from")
        judged = [each for each in told if weights.digest in each.body.get("parents", ())]
        starts = [log.evidence(index) for index in range(log.size) if not log.entry(index).has_content]
        reference = TrainingReference(log.checkpoint.origin, weights.index, log.tree.root(weights.index + 1).hex())
        return cls(
            origin=log.checkpoint.origin,
            reference=reference,
            weights=weights,
            data=data,
            evaluation=judged[-1] if judged else None,
            starts=tuple(each for each in starts if each and each.get("type") == "start"),
        )

    @property
    def weights_digest(self) -> str:
        """Hex SHA-256 of model.safetensors, as logged."""
        return str(self.weights.body["files"].get(WEIGHTS_FILE, ""))


def training_reference(storage: Storage, weights: str) -> TrainingReference | None:
    """Return where a log tells of the weights with that hex SHA-256; None where its last weights are others.

    Nothing is verified; raises LogError, FormatError or StorageError for a log that cannot be read.
    """
    record = TrainingRecord.read(storage)
    return record.reference if record.weights_digest == weights else None


def training_faults(storage: Storage, files: Mapping[str, bytes] | None = None) -> list[str]:
    """Say what is wrong with a training's log, or with the files (if given) that it made; nothing means verified.

    Verified is: the trainer's key signed the head, the entries give its root, the entry of the weights is included
    (RFC 6962), certificates are those that the log names, and each file has the bytes that were logged.
    Whether the trainer is trusted says `trainer_faults`.
    """
    try:
        run = read_run(storage)
        origin = training_origin(run.run_id)
        log = LogReader(storage, training_verifiers(storage, origin))
        record = TrainingRecord.read(storage)
        log.check_tiles()
    except ProvenanceError as error:
        return [f"log: {error}"]
    faults = [] if run.kinds == KINDS else [f"{RUN_JSON}: names other kinds than those of a training"]
    if log.checkpoint.origin != origin or not log.signed_by:
        faults.append(f"{CHECKPOINT}: no trainer's key of trust/ signed it")
    leaf, index = leaf_hash(log.raw_entry(record.weights.index)), record.weights.index
    if not verify_inclusion(leaf, index, log.size, log.inclusion_proof(index), log.checkpoint.root):
        faults.append(f"{CHECKPOINT}: entry {index} (weights) is not included in the root that was signed")
    faults += _certificate_faults(log)
    return faults + ([] if files is None else _file_faults(record.weights.body["files"], files))


def _certificate_faults(log: LogReader) -> list[str]:
    """Say which certificates of trust/ are not those that the log names."""
    faults = []
    for index in range(log.size):
        told = None if log.entry(index).has_content else log.evidence(index)
        if told and told.get("type") == "certificate":
            try:
                found = file_digest(log.storage.read(str(told.get("path")))).hex()
            except ProvenanceError as error:
                found = str(error)
            if found != told.get("sha256"):
                faults.append(f"entry {index}: its certificate is not in {TRUST} ({found[:80]})")
    return faults


def _file_faults(logged: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    faults = []
    for name in sorted({*logged, *files}):
        found = file_digest(files[name]).hex() if name in files else "missing"
        if found != logged.get(name, "not logged"):
            faults.append(f"{name}: SHA-256 is {found[:16]}, and the log says {str(logged.get(name, 'nothing'))[:16]}")
    return faults


def trainer_faults(storage: Storage, anchors: Sequence[bytes], at: datetime) -> list[str]:
    """Say why no key that signed the log's head is trusted by the anchors (PEM) at a time; nothing means trusted.

    Raises KeystoreError for an anchor that is no certificate, ProvenanceError for a log that cannot be read.
    """
    origin = training_origin(read_run(storage).run_id)
    signed = LogReader(storage, training_verifiers(storage, origin)).signed_by
    keys = {verifier.public for verifier in signed}
    chains = [each.chain_pem for each in run_certificates(storage) if each.public in keys]
    judged = [chain_faults(chain, anchors, at) for chain in chains]
    return min(judged, key=len, default=["no trainer's certificate of trust/ signed the log"])


def includes(storage: Storage, reference: TrainingReference) -> bool:
    """Whether a folder's log is the one that a reference leads to and has that root with that entry."""
    log = LogReader(storage)
    if log.checkpoint.origin != reference.origin or not 0 <= reference.index < log.size:
        return False
    tree = Tree(leaf_hash(log.raw_entry(index)) for index in range(log.size))
    return tree.root(reference.index + 1).hex() == reference.root


def training_origin(run_id: str) -> str:
    """Return the origin of a training's log."""
    return f"worldloom.training/{run_id}"


def training_verifiers(storage: Storage, origin: str) -> list[NoteVerifier]:
    """Return the keys that may sign a training's checkpoints: those of its trainers, certified in its trust/."""
    return [
        NoteVerifier(origin, each.public)
        for each in run_certificates(storage)
        if each.role == TRAINER and training_origin(each.run_id) == origin
    ]


def _is_data(body: Mapping[str, Any]) -> bool:
    """Whether a body tells of data in the form that `training_log` writes."""
    plan = body.get("plan")
    if not isinstance(plan, Mapping) or not {"seed", "rows"} <= set(plan):
        return False
    texts = [*plan.values(), body.get("model"), body.get("digest"), body.get("recorded")]
    return all(isinstance(each, str) for each in texts) and type(body.get("steps")) is int


def _told(log: LogReader) -> Iterator[Told]:
    for index, entry in enumerate(log.entries()):
        body = log.content(index) if entry.has_content else None
        if isinstance(body, Mapping) and KINDS.get(str(body.get("type"))) == entry.kind:
            yield Told(index, entry.content.hex(), body)
