"""A checkpoint's language model and tokenizer: loads them, writes a batch. Knows no request and judges no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from worldloom.generators.backends.control import Patience
from worldloom.generators.errors import WeightsError

from .decoding import Ending, Row, Sampler
from .grammar import Grammars, grammars


class Written(NamedTuple):
    """What a row became: its words, how many tokens, whether it came to an end of its own."""

    words: str
    tokens: int
    ended: bool


class LanguageModel:
    """A causal language model on one device; `context` is the number of tokens that it reads and writes at most."""

    def __init__(self, folder: Path, device: str, precision: Any, grammar: str) -> None:
        """Load weights; raises WeightsError when they do not fit, GeneratorError when grammar=on has no xgrammar."""
        self.tokenizer, self._model = _load(folder, precision)
        self._model.to(device).eval()
        self._device = device
        text = self._model.config.get_text_config()
        self.context = int(getattr(text, "max_position_embeddings", 0) or 1 << 30)
        self._ends = _ends(self._model, self.tokenizer)
        self._pad = next((mark for mark in (self.tokenizer.pad_token_id, *self._ends) if mark is not None), 0)
        self._grammars: Grammars | None = grammars(grammar, self.tokenizer, int(text.vocab_size), self._ends)

    @property
    def constrains(self) -> bool:
        """Whether schemas hold while words are written."""
        return self._grammars is not None

    def write(
        self,
        prompts: Sequence[Sequence[int]],
        rows: Sequence[Row],
        schemas: Sequence[Mapping[str, Any]],
        width: int,
        temperature: float,
        top_p: float,
        patience: Patience,
    ) -> list[Written]:
        """Go on with every prompt (token ids, padded on the left to `width`); a row hears nothing of the others."""
        import torch  # noqa: PLC0415  (heavy: only where a model is used)
        from transformers import GenerationConfig  # noqa: PLC0415

        ids = torch.tensor([[self._pad] * (width - len(prompt)) + list(prompt) for prompt in prompts])
        mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
        ending = Ending(rows, width, patience, self._decode)
        guides = [self._grammars.processor(schemas, width)] if self._grammars is not None else []
        with torch.inference_mode():
            out = self._model.generate(
                input_ids=ids.to(self._device),
                attention_mask=mask.to(self._device),
                logits_processor=[*guides, Sampler(rows, width, temperature, top_p)],
                stopping_criteria=[ending],
                generation_config=GenerationConfig(
                    max_new_tokens=max(row.budget for row in rows),
                    do_sample=False,
                    eos_token_id=list(self._ends) or None,
                    pad_token_id=self._pad,
                ),
            )
        return [self._read(line.tolist(), done) for line, done in zip(out[:, width:], ending.done, strict=True)]

    def _read(self, tokens: list[int], done: bool) -> Written:
        ends = [at for at, token in enumerate(tokens) if token in self._ends]
        kept = tokens[: ends[0]] if ends else tokens
        return Written(self._decode(kept), len(kept), done or bool(ends))

    def _decode(self, ids: Any) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))


def _load(folder: Path, precision: Any) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415

    try:
        with _without_bars():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            model, info = AutoModelForCausalLM.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                dtype=precision,
                output_loading_info=True,
            )
    except Exception as error:
        # transformers raises OSError, ValueError, KeyError, RuntimeError or the tokenizers' and safetensors' own.
        raise WeightsError(
            f"{folder} cannot be loaded as a language model ({type(error).__name__}: {str(error)[:300]}); "
            "it must hold config.json, a tokenizer and safetensors, and need no code of its own"
        ) from error
    wrong = [f"{what} {sorted(map(str, info[what]))[:3]}" for what in ("missing_keys", "mismatched_keys") if info[what]]
    if wrong:
        # transformers would go on with random numbers in their place.
        raise WeightsError(
            f"{folder}: the weights do not fit config.json: {'; '.join(wrong)}. Fetch the checkpoint again"
        )
    return tokenizer, model


def _ends(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Return the ids that end an answer: the model's and the tokenizer's."""
    own = model.generation_config.eos_token_id
    found = [*(own if isinstance(own, list) else [own]), tokenizer.eos_token_id]
    return tuple(dict.fromkeys(int(end) for end in found if end is not None))


@contextmanager
def _without_bars() -> Iterator[None]:
    """No progress bars while weights are loaded: Worldloom has a display of its own."""
    from transformers.utils import logging  # noqa: PLC0415

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
