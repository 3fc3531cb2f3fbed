"""What the logs of trainings say of the weights that a run's models have. Proves nothing: `training_proof` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.recipe import TrainingReference
from worldloom.provenance.storage import Storage
from worldloom.provenance.training_proof import TrainingRecord, includes

NO_LOG = "whose log is not at hand"


class Trained(NamedTuple):
    """A training in words, and the hex digest of its data, `""` where its log is not at hand."""

    what: str
    data: str


class Trainings:
    """The logs of trainings that are at hand; one that cannot be read, or has another root, is as if it were not."""

    def __init__(self, logs: Iterable[Storage]) -> None:
        self._logs = tuple(logs)

    def find(self, reference: Mapping[str, Any], weights: str) -> Trained:
        """Return what is known of the training that an identity refers to."""
        wanted = TrainingReference(**reference)
        for storage in self._logs:
            try:
                record = TrainingRecord.read(storage)
                if includes(storage, wanted) and record.weights_digest == weights:
                    return _told(record)
            except ProvenanceError:
                continue
        return Trained(NO_LOG, "")


def _told(record: TrainingRecord) -> Trained:
    data = record.data.body
    plan = data["plan"]
    what = f"{data['steps']} steps of {plan['rows']} rows, seed {plan['seed']}, logged {data['recorded']} the training"
    return Trained(what, str(data["digest"]))
