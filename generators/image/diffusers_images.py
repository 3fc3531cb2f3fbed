"""The backend `diffusers:PATH_OR_ID` for images: a text-to-image pipeline of the user's, from safetensors only."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from worldloom.generators.backends.batching import Batches
from worldloom.generators.backends.chance import fold
from worldloom.generators.backends.checkpoint import Checkpoint
from worldloom.generators.backends.control import Control, Patience
from worldloom.generators.backends.devices import DEVICES, PRECISIONS, choose_device, choose_precision
from worldloom.generators.backends.specification import Specification
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.recipe import Identity

from .pipeline import Painted, Pipeline, require_no_code

OPTIONS = ("batch", "deadline", "device", "dtype", "guidance", "size", "steps")
"""What may stand behind the question mark of a specification; ADR 0009 says what each does."""

_LATE = "the picture was not done by the call's deadline; ask for fewer at once or give it longer with deadline="


class DiffusersImages:
    """Answers image requests by painting their prompts; a PNG of 8 bits a channel each.

    With `device=cpu` (then float32 and one picture at a time) it is repeatable. With more at a time it is not: the
    bits of a picture change with the number of its neighbours.
    """

    def __init__(self, argument: str) -> None:
        """Read a specification's argument; raises UnknownGeneratorError. Weights are loaded when they are needed."""
        options = Specification("diffusers", argument, OPTIONS)
        self._checkpoint = Checkpoint(options.subject)
        self._device = options.word("device", "auto", DEVICES)
        self._precision = options.word("dtype", "auto", PRECISIONS)
        self._steps = options.whole("steps", 20, 1, 1000)
        self._guidance = options.hundredths("guidance", 500, 10_000)
        self._size = options.whole("size", 0, 8, 4096)
        self._rows = options.whole("batch", 1 if self._device == "cpu" else 4, 1, 256)
        self._control = Control(options.whole("deadline", 300, 1, 86_400))
        self._batches = Batches(self._rows, self._rows, self._control.facts)
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> Identity:
        """Who answers; reads files, loads neither torch nor weights. Raises WeightsError."""
        checkpoint = self._checkpoint
        options = (self._precision, str(self._steps), str(self._guidance), str(self._size))
        fixed = self._device == "cpu" and self._precision in ("auto", "float32") and self._rows == 1
        return Identity(
            backend="diffusers",
            model=checkpoint.name,
            weights=checkpoint.digest,
            template=checkpoint.settings_digest(*options),
            repeatable=fixed,
            weights_licence=checkpoint.licence,
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
        )

    @property
    def facts(self) -> dict[str, int]:
        """Counts of what happened so far: diagnostics, never content."""
        return self._control.facts.read()

    def prepare(self) -> None:
        """Load the weights now; raises WeightsError."""
        with self._lock:
            _ = self._pipeline

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; raises WeightsError, and CancelledError when `cancel` ended the call."""
        with self._lock:
            pipeline = self._pipeline
            with self._control.call() as patience:
                answers = [Answer(status=Status.FAILED, detail="there are no words to paint")] * len(requests)
                asked = [place for place, request in enumerate(requests) if request.prompt.strip()]

                def work(group: list[int], rows: int) -> None:
                    del rows
                    chosen = [asked[at] for at in group]
                    painted = self._paint(pipeline, [requests[place] for place in chosen], patience)
                    for place, answer in zip(chosen, painted, strict=True):
                        answers[place] = answer

                for at in self._batches.run([1] * len(asked), work):
                    answers[asked[at]] = Answer(status=Status.FAILED, detail="memory does not suffice for one picture")
                patience.require()
                for status in (Status.LATE, Status.INVALID, Status.FAILED):
                    self._control.facts.add(str(status), sum(answer.status is status for answer in answers))
                return answers

    def cancel(self) -> None:
        """Give up the calls under way, from another thread; they raise CancelledError within a step."""
        self._control.cancel()

    def close(self) -> None:
        """Give up the calls under way, refuse later ones, and let go of the weights."""
        self._control.close()
        with self._lock:
            self.__dict__.pop("_pipeline", None)

    @cached_property
    def _pipeline(self) -> Pipeline:
        _ = self._checkpoint.files
        require_no_code(self._checkpoint)
        device = choose_device(self._device)
        return Pipeline(self._checkpoint, device, choose_precision(self._precision, device))

    def _paint(self, pipeline: Pipeline, requests: Sequence[Request], patience: Patience) -> list[Answer]:
        """Paint one batch."""

        def on_step() -> None:
            if patience.ended:
                raise _EndedError

        settings: dict[str, Any] = {"num_inference_steps": self._steps, "guidance_scale": self._guidance / 100}
        if self._size:
            settings |= {"height": self._size, "width": self._size}
        prompts = [request.prompt for request in requests]
        try:
            on_step()
            painted = pipeline.paint(prompts, [fold(request.seed) for request in requests], settings, on_step)
        except _EndedError:
            return [Answer(status=Status.LATE, detail=_LATE)] * len(requests)
        except (ValueError, TypeError, IndexError) as error:
            # How pipelines and schedulers refuse a size, a prompt or a number of steps.
            detail = f"the pipeline refuses ({type(error).__name__}: {error})"
            return [Answer(status=Status.FAILED, detail=detail)] * len(requests)
        self._control.facts.add("asked", len(requests))
        return [self._answer(pipeline, request, each) for request, each in zip(requests, painted, strict=True)]

    def _answer(self, pipeline: Pipeline, request: Request, painted: Painted) -> Answer:
        cut = pipeline.tokens_cut(request.prompt)
        self._control.facts.add("prompts_cut", cut > 0)
        made = {"steps": self._steps, "guidance_percent": self._guidance, "prompt_tokens_cut": cut}
        if painted.withheld:
            detail = "the pipeline's own safety checker withheld the picture"
            return Answer(status=Status.INVALID, detail=detail, parameters=made)
        data = to_png(painted.pixels)
        if data is None:
            detail = "the picture is not made of numbers; with float16 that is an overflow: try dtype=float32"
            return Answer(status=Status.INVALID, detail=detail, parameters=made)
        height, width = painted.pixels.shape[:2]
        return Answer(payload=data, media_type="image/png", parameters={**made, "width": width, "height": height})


class _EndedError(Exception):
    """Leaves a pipeline from its callback."""


def from_argument(argument: str) -> DiffusersImages:
    """Make the generator of `diffusers:PATH_OR_ID?option=value&…`; raises UnknownGeneratorError."""
    return DiffusersImages(argument)


def to_png(pixels: Any) -> bytes | None:
    """Return numbers from 0 to 1 (height, width, 3) as a PNG of 8 bits a channel, None if one is no number."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415  (an extra; the audit installation has no Pillow)

    if not np.isfinite(pixels).all():
        return None
    levels = np.rint(np.clip(pixels, 0.0, 1.0) * 255.0).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(levels).save(out, "PNG", compress_level=6)
    return out.getvalue()
