"""Checks what a run says of its models' trainings against logs of trainings that the auditor was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.recipe import TrainingReference
from worldloom.provenance.storage import Storage
from worldloom.provenance.training_proof import TrainingRecord, includes, training_faults

from .findings import Code, Finding, Level
from .opened import OpenRun

STEP = "made.training"


def training_findings(run: OpenRun, logs: Sequence[Storage]) -> Iterator[Finding]:
    """Yield a note for each model whose training's log holds, or was not given, and a fault for each that does not.

    A model is an ingredient of what it made, so this is of that level; without any log nothing is checked.
    """
    identities: Mapping[str, Mapping[str, Any]] = run.scenario.get("generators", {}) if logs else {}
    for kind, identity in sorted(identities.items()):
        if not identity.get("training"):
            continue
        reference = TrainingReference(**identity["training"])
        storage = next((each for each in logs if _origin(each) == reference.origin), None)
        if storage is None:
            yield _finding(Code.NOTE, kind, f"the log {reference.origin} of its model's training was not given")
            continue
        faults = _faults(storage, reference, identity["weights"])
        for fault in faults:
            yield _finding(Code.TAMPERED, kind, f"its model's training: {fault}")
        if not faults:
            yield _finding(Code.NOTE, kind, f"its model's weights are entry {reference.index} of {reference.origin}")


def _faults(storage: Storage, reference: TrainingReference, weights: str) -> list[str]:
    faults = training_faults(storage)
    if faults:
        return faults
    if not includes(storage, reference):
        return [f"its log has not the root that the run names for entry {reference.index}"]
    record = TrainingRecord.read(storage)
    if (record.reference, record.weights_digest) != (reference, weights):
        return [f"entry {reference.index} names other weights than the run"]
    return []


def _origin(storage: Storage) -> str:
    try:
        return TrainingRecord.read(storage).origin
    except ProvenanceError:
        return ""


def _finding(code: Code, kind: str, message: str) -> Finding:
    return Finding(Level.INGREDIENTS, code, "", f"generator of {kind}: {message}", STEP)
