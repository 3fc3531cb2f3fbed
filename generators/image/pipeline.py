"""A text-to-image pipeline of diffusers, loaded from a checked folder and made to paint a batch. Knows no request."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.generators.backends.checkpoint import Checkpoint
from worldloom.generators.errors import WeightsError

_LIBRARIES = ("diffusers", "transformers")
"""Where the classes of a pipeline may come from; anything else would be code of the checkpoint's own."""


class Painted(NamedTuple):
    """What became of one prompt: numbers from 0 to 1 (height, width, 3), or why the pipeline itself withheld it."""

    pixels: Any
    withheld: bool


class Pipeline:
    """A pipeline on one device."""

    def __init__(self, checkpoint: Checkpoint, device: str, precision: Any) -> None:
        """Load weights; raises WeightsError when they are not whole, need code, or paint nothing from words."""
        require_no_code(checkpoint)
        self._pipe = _load(checkpoint)
        _require_all_weights(self._pipe, checkpoint.folder, _variant(checkpoint))
        self._takes = inspect.signature(self._pipe.__call__).parameters
        if "prompt" not in self._takes or not hasattr(self._pipe, "tokenizer"):
            raise WeightsError(f"{checkpoint.folder}: {type(self._pipe).__name__} paints nothing from words alone")
        self._pipe.set_progress_bar_config(disable=True)
        self._pipe.to(device, None if precision == "auto" else precision)

    def paint(
        self, prompts: Sequence[str], seeds: Sequence[int], settings: dict[str, Any], on_step: Callable[[], None]
    ) -> list[Painted]:
        """Paint every prompt with noise of its own seed; `on_step` is called after every step and may raise."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        def after(pipe: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            del pipe, step, time
            on_step()
            return tensors

        # Noise comes from the processor's generator on every device, so that a seed means one noise everywhere.
        noise = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        given = {"generator": noise, "output_type": "np", "callback_on_step_end": after, **settings}
        with torch.inference_mode():
            out = self._pipe(list(prompts), **{name: value for name, value in given.items() if name in self._takes})
        withheld = getattr(out, "nsfw_content_detected", None) or [False] * len(prompts)
        return [Painted(pixels, bool(hidden)) for pixels, hidden in zip(out.images, withheld, strict=True)]

    def tokens_cut(self, prompt: str) -> int:
        """Return how many tokens of a prompt the pipeline does not read, since its text model has no room for them."""
        room = int(getattr(self._pipe.tokenizer, "model_max_length", 0) or 0)
        found = len(self._pipe.tokenizer(prompt, truncation=False, verbose=False)["input_ids"])
        return max(0, found - room) if 0 < room < 1 << 20 else 0


def require_no_code(checkpoint: Checkpoint) -> None:
    """Raise WeightsError unless model_index.json names classes of diffusers and transformers alone."""
    index = checkpoint.config("model_index.json")
    if not index:
        raise WeightsError(f"{checkpoint.folder} has no model_index.json: it is no pipeline that save_pretrained wrote")
    name = index.get("_class_name")
    if not isinstance(name, str):
        raise WeightsError(f"{checkpoint.folder}: the pipeline {name!r} is code of the checkpoint's own, which is off")
    for part, value in index.items():
        if part.startswith("_") or not isinstance(value, list) or value[:1] == [None]:
            continue
        if not value or not (value[0] in _LIBRARIES or _is_pipeline_module(value[0])):
            raise WeightsError(
                f"{checkpoint.folder}: part {part} is of {value[:1]}, neither diffusers nor transformers"
            )


def _is_pipeline_module(name: Any) -> bool:
    """Whether a library's name is a module of diffusers' own pipelines, as safety checkers are."""
    if not isinstance(name, str) or not name.isidentifier():
        return False
    return find_spec(f"diffusers.pipelines.{name}") is not None


def _load(checkpoint: Checkpoint) -> Any:
    from diffusers import DiffusionPipeline  # noqa: PLC0415
    from diffusers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    try:
        return DiffusionPipeline.from_pretrained(
            checkpoint.folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            variant=_variant(checkpoint),
            low_cpu_mem_usage=find_spec("accelerate") is not None,
        )
    except Exception as error:
        # diffusers raises OSError, ValueError, AttributeError, TypeError, or safetensors' own.
        raise WeightsError(
            f"{checkpoint.folder} cannot be loaded as a pipeline ({type(error).__name__}: {str(error)[:300]}); "
            "it must be whole and hold safetensors only"
        ) from error


def _variant(checkpoint: Checkpoint) -> str | None:
    """Return `fp16` for a folder that holds its weights in half precision only, under that name."""
    names = [file.name for file in checkpoint.files]
    return "fp16" if all(".fp16." in name for name in names) else None


def _require_all_weights(pipe: Any, folder: Path, variant: str | None) -> None:
    """Raise WeightsError when a part has more numbers than its files: diffusers would leave chance in their place."""
    import torch  # noqa: PLC0415

    for name, part in pipe.components.items():
        if isinstance(part, torch.nn.Module):
            wanted = sum(parameter.numel() for parameter in part.parameters())
            there = sum(_numbers(file) for file in (folder / name).glob("*.safetensors") if _counts(file, variant))
            if there < wanted:
                raise WeightsError(
                    f"{folder / name}: the files hold {there:,} numbers and its configuration asks for {wanted:,}; "
                    "fetch the checkpoint again"
                )


def _counts(file: Path, variant: str | None) -> bool:
    return (f".{variant}." in file.name) if variant else (".fp16." not in file.name)


def _numbers(file: Path) -> int:
    """Return how many numbers a safetensors file holds, from its header."""
    with file.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
