"""What is kept of a training and its judging beside the weights: record.json, from which the card is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from worldloom.generators.errors import WeightsError

from .course import Evaluation, Metric, Plan

RECORD = "record.json"
WEIGHTS_FILE = "model.safetensors"
CARD = "README.md"
_NO_WEIGHTS = (CARD, RECORD, "__init__.py")
_NO_WEIGHTS_START = ("samples.", "curve.", ".")


@dataclass(frozen=True)
class Record:
    """How weights came about: model's title, plan, steps done, digest of the data, figures, name of the samples.

    `seconds` is the training's length, 0 where it was not taken.
    """

    title: str
    plan: Plan
    steps: int
    data: str
    seconds: int = 0
    metrics: tuple[Metric, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    samples: str = ""

    def judged(self, evaluation: Evaluation) -> Record:
        """Return the record with an evaluation's figures."""
        facts = dict(evaluation.facts)
        return replace(self, metrics=evaluation.metrics, facts=facts, samples=evaluation.samples_name)

    def write(self, folder: Path) -> None:
        """Write record.json."""
        body = {"format": 1, **asdict(self), "metrics": [metric._asdict() for metric in self.metrics]}
        (folder / RECORD).write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read record.json; raises WeightsError."""
        where = folder / RECORD
        try:
            body = json.loads(where.read_text(encoding="utf-8"))
            if body.pop("format") != 1:
                raise ValueError("its format is newer")
            metrics = tuple(Metric(**each) for each in body.pop("metrics"))
            return cls(plan=Plan(**body.pop("plan")), metrics=metrics, **body)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise WeightsError(f"{where}: is no record of a training ({error}); worldloom evaluate --write") from error

    def plan_text(self) -> dict[str, str]:
        """Return the plan as text, for logs that hold no fractions; what is empty is not told."""
        return {name: str(value) for name, value in asdict(self.plan).items() if value != ""}


def read_training(folder: Path) -> dict[str, Any]:
    """Return what config.json tells of the training (seed, steps, rows, …); raises WeightsError."""
    where = folder / "config.json"
    try:
        training = json.loads(where.read_text(encoding="utf-8"))["training"]
        if not all(isinstance(training[name], int) for name in ("seed", "steps", "rows")):
            raise ValueError("seed, steps and rows are numbers")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WeightsError(f"{where}: does not tell how the weights were trained ({error})") from error
    found: dict[str, Any] = training
    return found


def weight_files(folder: Path) -> dict[str, bytes]:
    """Return what the model itself consists of, bytes by name: not its card, samples, curve or log.

    Raises WeightsError where there are no weights.
    """
    try:
        found = {
            path.name: path.read_bytes()
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name not in _NO_WEIGHTS and not path.name.startswith(_NO_WEIGHTS_START)
        }
    except OSError as error:
        raise WeightsError(f"{folder}: {error.strerror}; worldloom train makes the weights") from error
    if WEIGHTS_FILE not in found:
        raise WeightsError(f"{folder / WEIGHTS_FILE}: missing; worldloom train makes the weights")
    return found
