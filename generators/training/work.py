"""The work folder of a training: what it needs to go on after being killed at any moment. Holds no finished weights.

progress.json is the commit: it names the state file (safetensors: model, optimiser, average) and its digest, and is
replaced after that file is durable. A state file that it does not name is what an interrupted save left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from worldloom.generators.errors import TrainingError
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import StorageError
from worldloom.provenance.storage import LocalDisk, Storage

from .course import Plan
from .curve import Point, from_json

PROGRESS = "progress.json"
_STATE = "state-"


@dataclass
class Progress:
    """How far a training came: steps done, seconds of training, the curve, and the loss summed since its last point."""

    step: int = 0
    seconds: float = 0.0
    points: list[Point] = field(default_factory=list)
    pending: float = 0.0


class Work:
    """One training's work folder; raises TrainingError when it holds another's."""

    def __init__(self, folder: Path, name: str, plan: Plan) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._storage = Storage(LocalDisk(folder))
        self._head: dict[str, Any] = {"format": 1, "model": name, "plan": asdict(plan)}

    @property
    def begun(self) -> bool:
        """Whether there is something to go on from."""
        return self._storage.exists(PROGRESS)

    def save(self, progress: Progress, tensors: Mapping[str, Any]) -> None:
        """Keep progress and tensors, durably; the last save stays whole until this one is."""
        from safetensors.torch import save  # noqa: PLC0415  (heavy)

        data: bytes = save({name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()})
        state = f"{_STATE}{progress.step:08d}.safetensors"
        self._storage.write(state, data)
        body = self._head | asdict(progress) | {"state": state, "sha256": file_digest(data).hex()}
        self._storage.write(PROGRESS, (json.dumps(body, indent=1) + "\n").encode())
        self._tidy(state)

    def load(self) -> tuple[Progress, dict[str, Any]]:
        """Return what the last save kept; raises TrainingError for another model or plan, or harmed files."""
        from safetensors.torch import load  # noqa: PLC0415

        where = self.folder / PROGRESS
        try:
            body = json.loads(self._storage.read(PROGRESS))
            other = {key for key, value in self._head.items() if body[key] != value}
            progress = Progress(body["step"], body["seconds"], from_json(body["points"]), body["pending"])
            data = self._storage.read(body["state"])
        except (ValueError, KeyError, TypeError, StorageError) as error:
            raise TrainingError(
                f"{where}: cannot be read ({error}); begin again with an empty --work folder"
            ) from error
        if other:
            raise TrainingError(
                f"{where}: is of another training (its {', '.join(sorted(other))} differ); give the options that it "
                "was begun with, or another --work folder"
            )
        if file_digest(data).hex() != body["sha256"]:
            raise TrainingError(f"{self.folder / body['state']}: its bytes changed; begin again with an empty --work")
        return progress, load(data)

    def clear(self) -> None:
        """Remove what `save` wrote; other files stay."""
        if self._storage.exists(PROGRESS):
            self._storage.remove(PROGRESS)
        self._tidy("")

    def _tidy(self, keep: str) -> None:
        stale = [path for path in self._storage.files() if path.startswith(_STATE) and path != keep]
        self._storage.remove_batch(stale)
