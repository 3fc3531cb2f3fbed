"""Trains a model by its course: loop, chance, rate, deadline, and going on after a kill. Judges nothing.

On the processor with one thread, a training that was killed at any moment and goes on gives the same weights bit for
bit as an undisturbed one, as long as no deadline bends its rate. A GPU promises no bits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.generators.errors import TrainingError

from .batches import batches, to_device
from .course import Course, Plan
from .curve import POINTS, Point, interval
from .optimisers import make, rate
from .starting import first_model
from .surroundings import one_thread, seeded
from .work import Progress, Work

LONGEST_GRADIENT = 1.0
"""Norm to which gradients are cut."""
_REPORT_S = 1.0


class Moment(NamedTuple):
    """Where a training is: steps done of those planned, mean loss since the last point, seconds of training so far."""

    step: int
    steps: int
    loss: float
    rate: float
    seconds: float

    def line(self) -> str:
        """Return one line for people."""
        return (
            f"step {self.step}/{self.steps}: loss {self.loss:.4f}, rate {self.rate:.2e}, {self.seconds:.0f} s, "
            f"{self.step / max(self.seconds, 1e-9):.1f} steps/s"
        )


Report = Callable[[Moment], None]


@dataclass(frozen=True)
class Means:
    """By what a training moves, where a machine wants it otherwise than the processor; the course stays the same.

    `optimiser` makes one from plan and named parameters, `bring` takes a batch to a device. `fetch_each`: the loss is
    awaited after every step; else it is summed in float32 on the device until it is told.
    """

    optimiser: Callable[[Plan, Mapping[str, Any]], Any] = make
    bring: Callable[[Any, str], Any] = to_device
    fetch_each: bool = True


@dataclass(frozen=True)
class Trained:
    """What a training gave: the model on the processor (averaged weights where the plan asks), ready to be saved.

    `steps` were done of `plan.steps`: fewer when the deadline ended it.
    """

    model: Any
    plan: Plan
    steps: int
    seconds: float
    points: tuple[Point, ...]


def train(
    course: Course,
    plan: Plan,
    work: Path,
    report: Report,
    *,
    deadline_s: float = math.inf,
    device: str = "cpu",
    workers: int = 0,
    save_every_s: float = 30.0,
    start: Path | None = None,
    means: Means | None = None,
) -> Trained:
    """Train from nothing, or go on from what the work folder keeps; `report` hears once a second at most.

    `start` is a folder of weights to begin with, those that the plan names.
    The rate falls to zero at the plan's last step, or at `deadline_s` seconds of training if that comes first. Raises
    TrainingError for a work folder of another plan, and where the loss is no number any more.
    """
    with one_thread():
        training = _Training(course, plan, Work(work, course.name, plan), device, start, means or Means())
        training.run(report, deadline_s, workers, save_every_s)
        return training.finished()


class _Training:
    """A training on its way: model, optimiser, average, progress."""

    def __init__(self, course: Course, plan: Plan, work: Work, device: str, start: Path | None, means: Means) -> None:
        if plan.steps < 1 or plan.rows < 1:
            raise TrainingError(f"{plan.steps} steps of {plan.rows} rows: a training has at least one of each")
        self._course, self._plan, self._work, self._device = course, plan, work, device
        self._means = means
        with seeded(plan.seed, -1):
            self._model = first_model(course, plan, start).to(device).train()
        self._moved = {name: each for name, each in self._model.named_parameters() if each.requires_grad}
        self._optimiser = means.optimiser(plan, self._moved)
        self._average = {name: each.detach().clone() for name, each in self._moved.items()} if plan.ema else {}
        self._progress = Progress()
        if work.begun:
            self._progress, tensors = work.load()
            self._put_back(tensors)

    def run(self, report: Report, deadline_s: float, workers: int, save_every_s: float) -> None:
        progress, plan = self._progress, self._plan
        begun, before = time.monotonic(), progress.seconds
        saved = reported = begun
        speed = 0.0
        for step, batch in batches(self._course, plan, progress.step, workers):
            share = max(step / plan.steps, progress.seconds / deadline_s)
            if share >= 1:
                break
            speed = rate(plan, step, share)
            progress.pending += self._step(step, self._means.bring(batch, self._device), speed)
            now = time.monotonic()
            progress.step, progress.seconds = step + 1, before + now - begun
            last = progress.step == plan.steps
            due = last or now - reported >= _REPORT_S
            moment = self._moment(speed) if due else None
            if last or progress.step % interval(plan.steps) == 0 or self._since_s() >= deadline_s / POINTS:
                self._mark(speed)
            if now - saved >= save_every_s:
                self._save()
                saved = time.monotonic()
            if moment is not None:
                report(moment)
                reported = now
        if progress.pending:  # the deadline came between two points
            self._mark(speed)
        self._save()

    def finished(self) -> Trained:
        """Return what came of it."""
        import torch  # noqa: PLC0415  (heavy: only where a model is trained)

        with torch.no_grad():
            for name, mean in self._average.items():
                self._moved[name].copy_(mean)
        progress = self._progress
        model = self._model.eval().to("cpu")
        return Trained(model, self._plan, progress.step, progress.seconds, tuple(progress.points))

    def _step(self, step: int, batch: Any, speed: float) -> Any:
        import torch  # noqa: PLC0415

        for group in self._optimiser.param_groups:
            group["lr"] = speed
        with seeded(self._plan.seed, step):
            loss = self._course.loss(self._model, batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._moved.values(), LONGEST_GRADIENT)
        self._optimiser.step()
        if self._average:
            self._follow(step)
        return float(loss.detach()) if self._means.fetch_each else loss.detach()

    def _follow(self, step: int) -> None:
        """Move the average; it forgets faster in the first steps, so that the beginning does not weigh on it."""
        import torch  # noqa: PLC0415

        decay = min(self._plan.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, mean in self._average.items():
                mean.lerp_(self._moved[name], 1 - decay)

    def _since(self) -> int:
        """Steps since the last point of the curve, at least one."""
        points = self._progress.points
        return max(1, self._progress.step - (points[-1].step if points else 0))

    def _since_s(self) -> float:
        """Seconds of training since the last point of the curve."""
        points = self._progress.points
        return self._progress.seconds - (points[-1].seconds if points else 0.0)

    def _save(self) -> None:
        self._fetch()
        self._work.save(self._progress, self._kept())

    def _fetch(self) -> float:
        """Return the loss summed since the last point, as a number from now on: it may be a tensor on the device."""
        self._progress.pending = float(self._progress.pending)
        return self._progress.pending

    def _moment(self, speed: float) -> Moment:
        progress = self._progress
        return Moment(progress.step, self._plan.steps, self._fetch() / self._since(), speed, progress.seconds)

    def _mark(self, speed: float) -> None:
        progress = self._progress
        loss = self._fetch() / self._since()
        if not math.isfinite(loss):
            raise TrainingError(f"step {progress.step}: the loss is {loss}; train with a smaller learning rate")
        progress.points.append(Point(progress.step, loss, speed, progress.seconds))
        progress.pending = 0.0

    def _kept(self) -> dict[str, Any]:
        """Return every tensor that going on needs, by name."""
        kept = {f"model/{name}": each for name, each in self._model.state_dict().items()}
        kept |= {f"average/{name}": each for name, each in self._average.items()}
        for name, each in self._moved.items():
            state = self._optimiser.state.get(each, {})
            kept |= {f"optimiser/{name}/{key}": value for key, value in state.items()}
        return kept

    def _put_back(self, kept: dict[str, Any]) -> None:
        try:
            self._model.load_state_dict({name: kept[f"model/{name}"] for name in self._model.state_dict()})
            self._average = {name: kept[f"average/{name}"].to(self._device) for name in self._average}
        except (KeyError, RuntimeError) as error:
            raise TrainingError(f"{self._work.folder}: its state does not fit this model: {error}") from error
        for path, tensor in kept.items():
            kind, _, rest = path.partition("/")
            if kind == "optimiser":
                name, _, key = rest.rpartition("/")
                # Adam counts its steps on the processor whatever the device.
                value = tensor if key == "step" else tensor.to(self._device)
                self._optimiser.state.setdefault(self._moved[name], {})[key] = value
